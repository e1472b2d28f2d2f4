"""Mending: the index from the archive, and the archive from what is sound of it and a backup.

The index is made again from nothing, so its repair is exact. The archive is the truth: of a
damaged one, every change whose seal is whole is kept; what is missing must be in the backup; and
where a change is in neither, nothing is replaced and the loss is named. Never guesses.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from index.archive_checking import checking_connection
from index.archive_database import DATABASE_NAME, lay_out, sync_folder
from index.archive_forgetting import ForgottenMarks
from index.archive_putting import article_from_version, fingerprint_of, seal, shown
from index.errors import ArchiveError

DAMAGED_SUFFIX = ".damaged"
_NEW_NAME = ".archive.db.repaired"
_SHOWN_NUMBERS = 10

ChangeRow = tuple[int, int, str, int, str | None, bytes]


@dataclass(slots=True)
class _Sound:
    """What is whole of an archive: rows of its history, ids by number, marks of the forgotten."""

    identity: str = ""
    salt: bytes = b""
    sequence: int = 0
    ids: dict[int, str] = field(default_factory=dict)
    changes: dict[int, ChangeRow] = field(default_factory=dict)
    forgotten: dict[bytes, tuple[int, int]] = field(default_factory=dict)

    def missing(self) -> tuple[int, list[int]]:
        """Return how many changes are lost, and the sequence numbers that they are among.

        A forgetting says how many numbers went with it, but not which.
        """
        gaps = [n for n in range(1, self.sequence + 1) if n not in self.changes]
        lost = len(gaps) - sum(count for _, count in self.forgotten.values())
        forgettings = {sequence for sequence, _ in self.forgotten.values()}
        return lost, [number for number in gaps if number not in forgettings]

    def take_missing(self, other: _Sound) -> None:
        """Add what `other`, the same archive at some other time, has and this one lacks."""
        if self.identity and self.identity != other.identity:
            raise ArchiveError("the backup is one of another archive; name one of this archive")
        self.identity, self.salt = other.identity, other.salt
        self.ids = other.ids | self.ids
        self.forgotten = other.forgotten | self.forgotten
        forgotten = ForgottenMarks(self.salt, frozenset(self.forgotten))
        gone = {number for number, article_id in self.ids.items() if article_id in forgotten}
        for sequence, row in other.changes.items():
            if row[1] not in gone:
                self.changes.setdefault(sequence, row)


def repair_archive(folder: Path, backup: Path | None, at_least: int = 0) -> Path:
    """Make a sound archive of a damaged one, and return where the damaged file lies now.

    `at_least`: a sequence number that is known to have been reached. Raises `ArchiveError` where
    a change is lost; then nothing was replaced.
    """
    path = folder / DATABASE_NAME
    sound = _read_sound(path)
    if backup is not None:
        sound.take_missing(_read_sound(backup))
    sound.sequence = max(sound.sequence, at_least, *sound.changes, 0)
    if sound.missing()[0] or not sound.identity or len(sound.salt) != 32:
        raise ArchiveError(_loss(folder, sound, backup))
    new = folder / _NEW_NAME
    new.unlink(missing_ok=True)
    try:
        _write(new, sound)
        return _exchange(path, new)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{new}: cannot be written: {error}") from error


def _read_sound(path: Path) -> _Sound:
    sound = _Sound()
    with suppress(sqlite3.Error), closing(checking_connection(path)) as connection:
        query = "SELECT identity, salt, sequence FROM archive"
        for row in _surviving(connection, query, str, bytes, int):
            sound.identity, sound.salt, sound.sequence = row
        query = "SELECT mark, sequence, dropped FROM forgotten"
        for mark, sequence, dropped in _surviving(connection, query, bytes, int, int):
            sound.forgotten[mark] = (sequence, dropped)
        query = "SELECT number, id FROM article NOT INDEXED"
        sound.ids = dict(_surviving(connection, query, int, str))
        highest = _highest(connection, sound.sequence)
        for row in _changes(connection, highest):
            if _is_sound(row, sound.ids):
                sound.changes[row[0]] = row
    return sound


def _surviving(connection: sqlite3.Connection, query: str, *kinds: type) -> Iterator[tuple]:  # type: ignore[type-arg]  # rows as they come
    """Yield the rows that can be read and hold values of these kinds: damage makes NULL of some."""
    with suppress(sqlite3.Error):
        for row in connection.execute(query):
            if all(map(isinstance, row, kinds)):
                yield row


def _highest(connection: sqlite3.Connection, known: int) -> int:
    for (highest,) in _surviving(connection, "SELECT max(sequence) FROM change", int):
        return max(highest, known) if highest < 1 << 40 else known
    return known


def _changes(connection: sqlite3.Connection, highest: int) -> Iterator[ChangeRow]:
    """Yield every change that can still be read: one by one, since a scan ends at a bad page."""
    query = "SELECT sequence, article, kind, recorded, record, seal FROM change WHERE sequence = ?"
    for sequence in range(1, highest + 1):
        with suppress(sqlite3.Error):
            yield from connection.execute(query, (sequence,))


def _is_sound(row: ChangeRow, ids: dict[int, str]) -> bool:
    sequence, number, kind, recorded, record, mark = row
    if number not in ids or not isinstance(recorded, int):
        return False
    fingerprint = fingerprint_of(record) if isinstance(record, str) else None
    return seal(sequence, ids[number], kind, recorded, fingerprint) == mark


def _loss(folder: Path, sound: _Sound, backup: Path | None) -> str:
    lost, numbers = sound.missing()
    shown_numbers = ", ".join(map(str, numbers[:_SHOWN_NUMBERS]))
    more = " …" if len(numbers) > _SHOWN_NUMBERS else ""
    among = "" if lost == len(numbers) else "among "
    what = f"{lost} of {sound.sequence} changes are lost ({among}{shown_numbers}{more})"
    if not sound.identity:
        what = "nothing of it can be read"
    advice = (
        "the backup does not have them either; restore it into a new folder to have its state"
        if backup
        else "nothing was replaced; name a backup: kupur repair --from BACKUP; if they are only its"
        " newest changes, kupur rebuild goes on without them"
    )
    return f"{folder / DATABASE_NAME}: {what}; {advice}"


def _write(path: Path, sound: _Sound) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        lay_out(connection, sound.identity, sound.salt)
        connection.executemany(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _articles(sound)
        )
        rows = (sound.changes[sequence] for sequence in sorted(sound.changes))
        connection.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO forgotten VALUES (?, ?, ?)",
            [(mark, *counts) for mark, counts in sorted(sound.forgotten.items())],
        )
        connection.execute("UPDATE archive SET sequence = ?", (sound.sequence,))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _articles(sound: _Sound) -> Iterator[tuple[object, ...]]:
    newest: dict[int, int] = {}
    version: dict[int, int] = {}
    removed: dict[int, int] = {}
    for sequence in sorted(sound.changes):
        _, number, kind, _, _, _ = sound.changes[sequence]
        newest[number] = sequence
        if kind == "put":
            version[number] = sequence
        else:
            removed[number] = int(kind == "remove")
    for number, sequence in newest.items():
        record = sound.changes[version[number]][4]
        assert record is not None  # noqa: S101  # the schema says so of every put
        article = article_from_version(sound.ids[number], record)
        yield (
            number,
            article.id,
            sequence,
            version[number],
            removed.get(number, 0),
            fingerprint_of(record),
            *shown(article),
        )


def _exchange(path: Path, new: Path) -> Path:
    """Put the new file in the place of the damaged one, which is kept under another name."""
    aside = path.with_name(path.name + DAMAGED_SUFFIX)
    # The write-ahead log first: it must never be taken for the new file's.
    for end in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            Path(f"{path}{end}").replace(f"{aside}{end}")
    sync_folder(path.parent)
    new.replace(path)
    sync_folder(path.parent)
    return aside
