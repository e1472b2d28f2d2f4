"""The check of an archive: is its database, row by row, what was once acknowledged.

SQLite's own check finds broken pages and indexes; the seals of the history find a changed bit in
any value; and all else in the file can be told from the history: the newest state of each
article, and whether a sequence number is missing. What is left over (free pages, padding) holds
nothing. Reads only, in one transaction, and keeps some 300 bytes an article in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.archive_database import APPLICATION_ID, DATABASE_NAME, SCHEMA_VERSION, statements
from index.archive_putting import article_from_version, fingerprint_of, seal, shown
from index.errors import ArchiveError
from index.findings import Finding, Part

_INTEGRITY_LINES = 100


@dataclass(slots=True)
class _State:
    """What the history says of one article so far."""

    id: str
    newest: int = 0
    version: int = 0
    removed: int = 0
    fingerprint: bytes = b""
    shown: tuple[str | None, str, str] = (None, "", "")

    def row(self) -> tuple[object, ...]:
        return (self.newest, self.version, self.removed, self.fingerprint, *self.shown)


def check_archive(folder: Path) -> list[Finding]:
    """Return everything that is wrong with the archive in `folder`; nothing where it is whole."""
    path = folder / DATABASE_NAME
    if not path.is_file():
        return [_finding(path, "missing")]
    try:
        connection = checking_connection(path)
    except sqlite3.Error as error:
        return [_finding(path, f"cannot be opened: {error}")]
    try:
        connection.execute("BEGIN")
        return list(_Check(path, connection).findings())
    except (sqlite3.Error, TypeError, ValueError, OverflowError) as error:
        # A value of a type that was never written is damage, too.
        return [_finding(path, f"cannot be read: {error}")]
    finally:
        connection.close()


def checking_connection(path: Path) -> sqlite3.Connection:
    """Open a database that may be damaged: only read, and bytes that are no UTF-8 stay visible."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
    )
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _finding(where: object, what: str) -> Finding:
    return Finding(Part.ARCHIVE, str(where), what)


class _Check:
    """The check of one open database."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong, the file as a whole first."""
        yield from self._file()
        states = {
            number: _State(str(article_id))
            for number, article_id in self._rows("SELECT number, id FROM article NOT INDEXED")
        }
        count = 0
        for row in self._rows(
            "SELECT sequence, article, kind, recorded, record, seal FROM change ORDER BY sequence"
        ):
            count += 1
            yield from self._change(row, states)
        yield from self._articles(states)
        yield from self._numbers(count)

    def _rows(self, query: str) -> Iterator[tuple[object, ...]]:
        return self._connection.execute(query)

    def _pragma(self, name: str) -> object:
        return self._connection.execute(f"PRAGMA {name}").fetchone()[0]

    def _file(self) -> Iterator[Finding]:
        expected = {
            "application_id": APPLICATION_ID,
            "user_version": SCHEMA_VERSION,
            "journal_mode": "wal",
            "encoding": "UTF-8",
        }
        for name, value in expected.items():
            if self._pragma(name) != value:
                yield _finding(self._path, f"its {name} is damaged")
        held = self._rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
        if sorted(str(sql) for (sql,) in held) != sorted(statements()):
            yield _finding(self._path, "its schema is damaged")
        for (line,) in self._rows(f"PRAGMA integrity_check({_INTEGRITY_LINES})"):
            if line != "ok":
                yield _finding(self._path, " ".join(str(line).split()))

    def _change(self, row: tuple[object, ...], states: dict[object, _State]) -> Iterator[Finding]:
        sequence, number, kind, recorded, record, mark = row
        state = states.get(number)
        if state is None:
            yield _finding(self._path, f"change {sequence} is of an article that is not there")
            return
        fingerprint = fingerprint_of(record) if isinstance(record, str) else None
        if not isinstance(sequence, int) or not isinstance(recorded, int):
            yield _finding(f"article {state.id}", f"its change {sequence} is damaged")
            return
        if seal(sequence, state.id, str(kind), recorded, fingerprint) != mark:
            yield _finding(f"article {state.id}", f"its change {sequence} ({kind}) is damaged")
            return
        state.newest = sequence
        if isinstance(record, str) and fingerprint is not None:
            state.version, state.fingerprint = sequence, fingerprint
            try:
                state.shown = shown(article_from_version(state.id, record))
            except ArchiveError as error:
                yield _finding(f"article {state.id}", str(error))
        else:
            state.removed = int(kind == "remove")

    def _articles(self, states: dict[object, _State]) -> Iterator[Finding]:
        for number, *row in self._rows(
            "SELECT number, sequence, version, removed, fingerprint, day, section, source "
            "FROM article NOT INDEXED"
        ):
            state = states[number]
            if tuple(row) != state.row():
                yield _finding(f"article {state.id}", "its newest state is not its history's")

    def _numbers(self, count: int) -> Iterator[Finding]:
        ((sequence, salt, identity, rows),) = self._rows(
            "SELECT max(sequence), max(salt), max(identity), count(*) FROM archive"
        )
        ((newest, dropped, forgotten),) = self._rows(
            "SELECT coalesce((SELECT max(sequence) FROM change), 0), coalesce(sum(dropped), 0), "
            "coalesce(max(sequence), 0) FROM forgotten"
        )
        sound = rows == 1 and isinstance(salt, bytes) and len(salt) == 32
        if not sound or not isinstance(identity, str) or len(identity) != 32:
            yield _finding(self._path, "its identity is damaged")
        if not isinstance(sequence, int) or sequence != max(int(str(newest)), int(str(forgotten))):
            yield _finding(self._path, "its sequence number is damaged, or changes are missing")
        elif sequence - count != dropped:
            missing = sequence - count - int(str(dropped))
            yield _finding(self._path, f"{missing} changes of its history are missing")
