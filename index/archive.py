"""Where articles live for good: the archive, over an SQLite database in its folder.

Every acknowledged change (an article added, changed, removed or restored) has a rising sequence
number, each version of a text is kept, and a removal can be undone. The index is made from here,
and asks only for what changed since the number it has reached. Knows no index.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import Self

from index.archive_database import Database, open_database
from index.article import ISTANBUL, Article, article_from_record, article_to_record
from index.errors import ArchiveError, ArticleError

_CHUNK = 500
"""How many articles or ids one statement deals with."""


class ChangeKind(StrEnum):
    """What was done to an article."""

    PUT = "put"
    REMOVE = "remove"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class PutReport:
    """What became of the articles that were put. `removed`: they had been removed and stay so."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """The newest state of one article; `article` is None where it is removed."""

    sequence: int
    id: str
    article: Article | None


@dataclass(frozen=True, slots=True)
class Version:
    """One entry of an article's history; `article` is its text where the change brought one."""

    sequence: int
    kind: ChangeKind
    recorded: datetime
    article: Article | None


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """What an archive holds. Days are of Istanbul, None where no article has a date.

    `sections` and `sources` are the distinct ones that are not empty, the most frequent first.
    """

    articles: int
    removed: int
    sections: tuple[str, ...]
    sources: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    sequence: int
    bytes_on_disk: int


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
        remaining = iter(articles)
        with self._database.writing() as connection:
            putting = _Putting(connection, recorded=int(self._clock()))
            while chunk := list(islice(remaining, _CHUNK)):
                putting.add(chunk)
            return putting.finish()

    def remove(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Take articles out, and return the ids of those that were there. `restore` undoes it."""
        return self._mark(ids, ChangeKind.REMOVE)

    def restore(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Bring removed articles back, and return the ids of those that were removed."""
        return self._mark(ids, ChangeKind.RESTORE)

    def _mark(self, ids: Iterable[str], kind: ChangeKind) -> tuple[str, ...]:
        removed = kind is ChangeKind.REMOVE
        done = []
        with self._database.writing() as connection:
            sequence = _sequence(connection)
            for article_id in dict.fromkeys(filter(_storable, ids)):
                found = connection.execute(
                    "UPDATE article SET removed = ?, sequence = ? "
                    "WHERE id = ? AND removed <> ? RETURNING number",
                    (removed, sequence + 1, article_id, removed),
                ).fetchall()
                for (number,) in found:
                    sequence += 1
                    connection.execute(
                        "INSERT INTO change VALUES (?, ?, ?, ?, NULL)",
                        (sequence, number, kind.value, int(self._clock())),
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
            for start in range(0, len(wanted), _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                query = (
                    "SELECT article.id, record FROM article "
                    "JOIN change ON change.sequence = article.version "
                    "WHERE removed = 0 AND id IN (?)"
                )
                rows = connection.execute(_for_each(chunk, query), chunk)
                found.update((article_id, _article(article_id, text)) for article_id, text in rows)
        return {article_id: found[article_id] for article_id in wanted if article_id in found}

    def contains(self, id: str) -> bool:
        """Tell whether an article is there and not removed."""
        if not _storable(id):
            return False
        with self._database.reading() as connection:
            query = "SELECT 1 FROM article WHERE id = ? AND removed = 0"
            return connection.execute(query, (id,)).fetchone() is not None

    def history(self, id: str) -> tuple[Version, ...]:
        """Return everything that was ever done to an article, the oldest first."""
        if not _storable(id):
            return ()
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT change.sequence, kind, recorded, record FROM change "
                "JOIN article ON article.number = change.article "
                "WHERE article.id = ? ORDER BY change.sequence",
                (id,),
            ).fetchall()
        return tuple(
            Version(
                sequence,
                ChangeKind(kind),
                datetime.fromtimestamp(recorded, UTC),
                _article(id, text) if text is not None else None,
            )
            for sequence, kind, recorded, text in rows
        )

    def articles(self) -> Iterator[Article]:
        """Stream all articles as they are at this moment, the longest unchanged first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT article.id, record FROM article "
                "JOIN change ON change.sequence = article.version "
                "WHERE removed = 0 ORDER BY article.sequence"
            )
            for article_id, text in rows:
                yield _article(article_id, text)

    def changes_since(self, sequence: int, limit: int) -> Sequence[Change]:
        """Return the newest state of articles changed after `sequence`, in the order of changes.

        At most `limit`; ask again with the last one's sequence until there are none, and an archive
        larger than memory streams.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT article.sequence, article.id, CASE removed WHEN 0 THEN record END "
                "FROM article JOIN change ON change.sequence = article.version "
                "WHERE article.sequence > ? ORDER BY article.sequence LIMIT ?",
                (sequence, limit),
            ).fetchall()
        return [
            Change(number, article_id, _article(article_id, text) if text is not None else None)
            for number, article_id, text in rows
        ]

    @property
    def sequence(self) -> int:
        """The number of the newest acknowledged change, 0 in a new archive."""
        with self._database.reading() as connection:
            return _sequence(connection)

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
                sequence=_sequence(connection),
                bytes_on_disk=self.bytes_on_disk,
            )


class _Putting:
    """The putting of any number of articles within one transaction."""

    def __init__(self, connection: Connection, recorded: int) -> None:
        self._connection = connection
        self._recorded = recorded
        self._sequence = _sequence(connection)
        query = "SELECT coalesce(max(number), 0) FROM article"
        self._number: int = connection.execute(query).fetchone()[0]
        self._counts = dict.fromkeys(PutReport.__dataclass_fields__, 0)

    def add(self, articles: Sequence[Article]) -> None:
        """Put some articles; an id that comes twice ends as its last."""
        known = self._known(articles)
        states: dict[str, tuple[object, ...]] = {}
        changes = []
        for article in articles:
            record = _record(article)
            fingerprint = hashlib.sha256(record.encode()).digest()
            number, before, removed = known.get(article.id, (0, b"", 0))
            if before == fingerprint:
                self._counts["removed" if removed else "unchanged"] += 1
                continue
            self._counts["removed" if removed else "changed" if number else "added"] += 1
            if not number:
                self._number += 1
                number = self._number
            self._sequence += 1
            known[article.id] = (number, fingerprint, removed)
            changes.append((self._sequence, number, self._recorded, record))
            states[article.id] = (
                number,
                article.id,
                self._sequence,
                self._sequence,
                fingerprint,
                _day(article),
                article.section,
                article.source,
            )
        self._connection.executemany(
            "INSERT INTO article VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?) "
            "ON CONFLICT (number) DO UPDATE SET sequence = excluded.sequence, "
            "version = excluded.version, fingerprint = excluded.fingerprint, "
            "day = excluded.day, section = excluded.section, source = excluded.source",
            states.values(),
        )
        self._connection.executemany("INSERT INTO change VALUES (?, ?, 'put', ?, ?)", changes)

    def finish(self) -> PutReport:
        """Record how far the numbers have come."""
        self._connection.execute("UPDATE archive SET sequence = ?", (self._sequence,))
        return PutReport(**self._counts)

    def _known(self, articles: Sequence[Article]) -> dict[str, tuple[int, bytes, int]]:
        ids = [article.id for article in articles]
        query = "SELECT id, number, fingerprint, removed FROM article WHERE id IN (?)"
        rows = self._connection.execute(_for_each(ids, query), ids)
        return {article_id: (number, mark, removed) for article_id, number, mark, removed in rows}


def _record(article: Article) -> str:
    """Return an article as its version is kept: what `Article.fingerprint` is the SHA-256 of.

    One JSON text serves both: nothing is written twice, and a flipped bit on disk shows.
    """
    record = article_to_record(article)
    del record["id"]
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def _article(article_id: str, text: str) -> Article:
    try:
        record = json.loads(text)
        record["id"] = article_id
        return article_from_record(record)
    except (ValueError, TypeError, ArticleError) as error:
        raise ArchiveError(
            f"article {article_id}: its record is damaged ({error}); restore a backup"
        ) from error


def _day(article: Article) -> str | None:
    published = article.published
    if isinstance(published, datetime):
        published = published.astimezone(ISTANBUL).date()
    return published.isoformat() if published else None


def _sequence(connection: Connection) -> int:
    return int(connection.execute("SELECT sequence FROM archive").fetchone()[0])


def _for_each(values: Sequence[str], query: str) -> str:
    """Return `query` with a question mark for each value in its `IN (?)`.

    SQLite's json_each would take one parameter for all, but cuts text off at a NUL.
    """
    return query.replace("(?)", f"({', '.join('?' * len(values))})")


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
