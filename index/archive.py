"""Where articles live for good: the archive, over an SQLite database in its folder.

Every acknowledged change (an article added, changed, removed or restored) has a rising sequence
number, each version of a text is kept, and a removal can be undone. The index is made from here,
and asks only for what changed since the number it has reached. Knows no index.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import Self

from index.archive_database import BUSY_MILLISECONDS, Database, open_database
from index.archive_forgetting import ForgottenMarks, forget, scrub
from index.archive_putting import (
    CHUNK,
    Putting,
    article_from_version,
    fingerprint_of,
    for_each,
    last_sequence,
    seal,
)
from index.archive_values import ArchiveSummary, Change, ChangeKind, PutReport, Version
from index.article import Article
from index.errors import ArchiveError
from index.locking import WAIT_SECONDS, held

LOCK_NAME = ".lock"

__all__ = ["Archive", "ArchiveSummary", "Change", "ChangeKind", "PutReport", "Version"]


class Archive:
    """One archive, open. Threads may share it; `with` closes it."""

    def __init__(self, folder: Path, database: Database, clock: Callable[[], float]) -> None:
        self.folder = folder
        self._database = database
        self._clock = clock

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        create: bool = False,
        read_only: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> Self:
        """Open the archive in `folder`; with `create`, make one where there is none.

        `clock` gives UTC seconds for the history. Raises `ArchiveError`: nothing there, no archive
        of kupur, made by a newer kupur, not readable.
        """
        return cls(folder, open_database(folder, create=create, read_only=read_only), clock)

    def close(self) -> None:
        """Close all connections. The archive must not be used afterwards."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Writing

    def put(self, articles: Iterable[Article]) -> PutReport:
        """Add or change articles, all or none: they are acknowledged when this returns.

        An article whose text and fields are as they were makes no change. One that was removed
        gets its new text but stays removed, so that the next reading of the same source does not
        bring back what a person took out; `restore` does. Raises `ArchiveError`.
        """
        with self._database.writing() as connection:
            return Putting(connection, recorded=int(self._clock())).put(articles)

    def remove(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Take articles out, and return the ids of those that were there. `restore` undoes it."""
        return self._mark(ids, ChangeKind.REMOVE)

    def restore(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Bring removed articles back, and return the ids of those that were removed."""
        return self._mark(ids, ChangeKind.RESTORE)

    def forget(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Delete articles with all their versions for good; return the ids of those there were.

        Their marks stay, so that no later import brings them back. `scrub` must follow: only then
        is the text gone from the database's files.
        """
        with self._database.writing() as connection:
            return forget(connection, dict.fromkeys(filter(_storable, ids)))

    def scrub(self) -> bool:
        """Overwrite what is left of forgotten texts in the files; False where nothing was left.

        Writes the whole database anew, once, and empties the write-ahead log. Raises
        `ArchiveError` where readers do not let go of the log within seconds: call it again.
        """
        with self._database.lent() as connection:
            return scrub(connection, self._database.path)

    @contextmanager
    def writing_alone(self, purpose: str, wait: float = WAIT_SECONDS) -> Iterator[None]:
        """Keep every other command from writing while the block runs.

        Finishes a forgetting that was interrupted. Raises `BusyError` that says who is writing.
        """
        with held(self.folder / LOCK_NAME, purpose, wait=wait):
            self.scrub()
            yield

    def settle(self) -> None:
        """Fold the write-ahead log into the database where no reader is in the way."""
        with self._database.lent() as connection:
            # Emptied where that is possible at once: what is not there cannot be damaged.
            connection.execute("PRAGMA busy_timeout = 200")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")

    def _mark(self, ids: Iterable[str], kind: ChangeKind) -> tuple[str, ...]:
        removed = kind is ChangeKind.REMOVE
        done = []
        recorded = int(self._clock())
        with self._database.writing() as connection:
            sequence = last_sequence(connection)
            for article_id in dict.fromkeys(filter(_storable, ids)):
                found = connection.execute(
                    "UPDATE article SET removed = ?, sequence = ? "
                    "WHERE id = ? AND removed <> ? RETURNING number",
                    (removed, sequence + 1, article_id, removed),
                ).fetchall()
                for (number,) in found:
                    sequence += 1
                    mark = seal(sequence, article_id, kind, recorded, None)
                    connection.execute(
                        "INSERT INTO change VALUES (?, ?, ?, ?, NULL, ?)",
                        (sequence, number, kind.value, recorded, mark),
                    )
                    done.append(article_id)
            connection.execute("UPDATE archive SET sequence = ?", (sequence,))
        return tuple(done)

    # Reading

    def get(self, id: str) -> Article | None:
        """Return one article, None where there is none or it is removed."""
        return self.get_many([id]).get(id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return those of `ids` that are there, in the order of `ids`."""
        wanted = list(dict.fromkeys(filter(_storable, ids)))
        found: dict[str, Article] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), CHUNK):
                chunk = wanted[start : start + CHUNK]
                query = (
                    "SELECT article.id, record, fingerprint FROM article "
                    "JOIN change ON change.sequence = article.version "
                    "WHERE removed = 0 AND id IN (?)"
                )
                rows = connection.execute(for_each(chunk, query), chunk)
                found.update((row[0], article_from_version(*row)) for row in rows)
        return {article_id: found[article_id] for article_id in wanted if article_id in found}

    def contains(self, id: str) -> bool:
        """Tell whether an article is there and not removed."""
        if not _storable(id):
            return False
        with self._database.reading() as connection:
            query = "SELECT 1 FROM article WHERE id = ? AND removed = 0"
            return connection.execute(query, (id,)).fetchone() is not None

    def is_gone(self, id: str) -> bool:
        """Tell whether there was such an article, which was removed or forgotten since."""
        if not _storable(id):
            return False
        with self._database.reading() as connection:
            query = "SELECT 1 FROM article WHERE id = ? AND removed = 1"
            if connection.execute(query, (id,)).fetchone() is not None:
                return True
            return id in ForgottenMarks.read(connection)

    def forgotten_since(self, sequence: int) -> ForgottenMarks | None:
        """Return marks of what was forgotten after `sequence`; None where nothing was."""
        with self._database.reading() as connection:
            return ForgottenMarks.read(connection, sequence) or None

    def ids_upto(self, sequence: int) -> tuple[int, set[str], set[str]]:
        """Return (newest sequence number, ids there unchanged since `sequence`, ids changed since).

        Removed articles are not among the unchanged ones, but may be among the changed ones.
        """
        with self._database.reading() as connection:
            query = "SELECT id FROM article WHERE sequence <= ? AND removed = 0"
            settled = {article_id for (article_id,) in connection.execute(query, (sequence,))}
            query = "SELECT id FROM article WHERE sequence > ?"
            moved = {article_id for (article_id,) in connection.execute(query, (sequence,))}
            return last_sequence(connection), settled, moved

    def history(self, id: str) -> tuple[Version, ...]:
        """Return everything that was ever done to an article, the oldest first."""
        if not _storable(id):
            return ()
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT change.sequence, kind, recorded, record, seal FROM change "
                "JOIN article ON article.number = change.article "
                "WHERE article.id = ? ORDER BY change.sequence",
                (id,),
            ).fetchall()
        return tuple(_version(id, row) for row in rows)

    def articles(self) -> Iterator[Article]:
        """Stream all articles as they are at this moment, the longest unchanged first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT article.id, record, fingerprint FROM article "
                "JOIN change ON change.sequence = article.version "
                "WHERE removed = 0 ORDER BY article.sequence"
            )
            for row in rows:
                yield article_from_version(*row)

    def changes_since(self, sequence: int, limit: int) -> Sequence[Change]:
        """Return the newest state of articles changed after `sequence`, in the order of changes.

        At most `limit`; ask again with the last one's sequence until there are none, and an archive
        larger than memory streams.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{_NEWEST} WHERE article.sequence > ? ORDER BY article.sequence LIMIT ?",
                (sequence, limit),
            ).fetchall()
        return [_change(*row) for row in rows]

    def changed_again_since(self, sequence: int) -> Iterator[Change]:
        """Stream the newest state of articles that changed more than once after `sequence`."""
        with self._database.reading() as connection:
            # The + keeps SQLite to its index of changes by article, which holds both numbers.
            rows = connection.execute(
                f"{_NEWEST} WHERE number IN (SELECT article FROM change "  # noqa: S608  # ours
                "WHERE +sequence > ? "
                "GROUP BY article HAVING count(*) > 1) ORDER BY article.sequence",
                (sequence,),
            )
            for row in rows:
                yield _change(*row)

    @property
    def sequence(self) -> int:
        """The number of the newest acknowledged change, 0 in a new archive."""
        with self._database.reading() as connection:
            return last_sequence(connection)

    @property
    def identity(self) -> str:
        """32 random hexadecimal digits, made with the archive and never changed."""
        with self._database.reading() as connection:
            (identity,) = connection.execute("SELECT identity FROM archive").fetchone()
            return str(identity)

    @property
    def count(self) -> int:
        """How many articles there are, removed ones left out."""
        with self._database.reading() as connection:
            query = "SELECT count(*) FROM article WHERE removed = 0"
            return int(connection.execute(query).fetchone()[0])

    @property
    def bytes_on_disk(self) -> int:
        """How many bytes the database takes, its write-ahead log included."""
        path = self._database.path
        parts = (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm")))
        total = 0
        for part in parts:
            try:
                total += part.stat().st_size
            except FileNotFoundError:  # the log goes when the last connection closes
                continue
            except OSError as error:
                raise ArchiveError(f"{part}: cannot be read: {error.strerror}") from error
        return total

    def summary(self) -> ArchiveSummary:
        """Return what the archive holds; takes time in proportion to the number of articles."""
        with self._database.reading() as connection:
            count, first_day, last_day = connection.execute(
                "SELECT count(*), min(day), max(day) FROM article WHERE removed = 0"
            ).fetchone()
            (total,) = connection.execute("SELECT count(*) FROM article").fetchone()
            return ArchiveSummary(
                articles=count,
                removed=total - count,
                sections=_distinct(connection, "section"),
                sources=_distinct(connection, "source"),
                first_day=date.fromisoformat(first_day) if first_day else None,
                last_day=date.fromisoformat(last_day) if last_day else None,
                sequence=last_sequence(connection),
                bytes_on_disk=self.bytes_on_disk,
            )


_NEWEST = (
    "SELECT article.sequence, article.id, CASE removed WHEN 0 THEN record END, fingerprint "
    "FROM article JOIN change ON change.sequence = article.version"
)
"""Rows of which `_change` makes the newest state of an article."""


def _change(sequence: int, article_id: str, text: str | None, fingerprint: bytes) -> Change:
    article = article_from_version(article_id, text, fingerprint) if text is not None else None
    return Change(sequence, article_id, article)


def _version(article_id: str, row: tuple[int, str, int, str | None, bytes]) -> Version:
    sequence, kind, recorded, text, mark = row
    fingerprint = fingerprint_of(text) if text is not None else None
    if seal(sequence, article_id, kind, recorded, fingerprint) != mark:
        raise ArchiveError(
            f"article {article_id}: its change {sequence} is damaged; see `kupur verify`, "
            "restore a backup"
        )
    return Version(
        sequence,
        ChangeKind(kind),
        datetime.fromtimestamp(recorded, UTC),
        article_from_version(article_id, text) if text is not None else None,
    )


def _distinct(connection: Connection, column: str) -> tuple[str, ...]:
    rows = connection.execute(
        f"SELECT {column} FROM article WHERE removed = 0 AND {column} <> '' "  # noqa: S608  # ours
        f"GROUP BY {column} ORDER BY count(*) DESC, {column}"
    )
    return tuple(value for (value,) in rows)


def _storable(id: str) -> bool:
    """Tell whether SQLite can be asked for an id; half a surrogate pair from an address cannot."""
    try:
        id.encode()
    except UnicodeEncodeError:
        return False
    return True
