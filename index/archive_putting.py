"""How articles are put: what is new, what has changed, and the rows that are written for it.

Knows the schema of `index.archive_database`, runs inside a transaction of `index.archive`, and
holds the one place where an article becomes the text of a version, and back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from sqlite3 import Connection

from index.archive_forgetting import ForgottenMarks
from index.archive_values import ChangeKind, PutReport
from index.article import ISTANBUL, Article, article_from_record, article_to_record
from index.errors import ArchiveError, ArticleError

CHUNK = 500
"""How many articles or ids one statement deals with."""


class Putting:
    """The putting of any number of articles within one transaction."""

    def __init__(self, connection: Connection, recorded: int) -> None:
        self._connection = connection
        self._recorded = recorded
        self._sequence = last_sequence(connection)
        query = "SELECT coalesce(max(number), 0) FROM article"
        self._number: int = connection.execute(query).fetchone()[0]
        self._forgotten = ForgottenMarks.read(connection)
        self._counts = dict.fromkeys(PutReport.__dataclass_fields__, 0)

    def put(self, articles: Iterable[Article]) -> PutReport:
        """Put all of `articles`; an id that comes twice ends as its last."""
        remaining = iter(articles)
        while chunk := list(islice(remaining, CHUNK)):
            self._put_chunk(chunk)
        self._connection.execute("UPDATE archive SET sequence = ?", (self._sequence,))
        return PutReport(**self._counts)

    def _put_chunk(self, articles: Sequence[Article]) -> None:
        known = self._known(articles)
        states: dict[str, tuple[object, ...]] = {}
        changes = []
        for article in articles:
            if self._forgotten and self._forgotten.cover(article):
                self._counts["forgotten"] += 1
                continue
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
            mark = seal(self._sequence, article.id, ChangeKind.PUT, self._recorded, fingerprint)
            changes.append((self._sequence, number, self._recorded, record, mark))
            states[article.id] = (
                number,
                article.id,
                self._sequence,
                self._sequence,
                fingerprint,
                *shown(article),
            )
        self._connection.executemany(
            "INSERT INTO article VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?) "
            "ON CONFLICT (number) DO UPDATE SET sequence = excluded.sequence, "
            "version = excluded.version, fingerprint = excluded.fingerprint, "
            "day = excluded.day, section = excluded.section, source = excluded.source",
            states.values(),
        )
        self._connection.executemany("INSERT INTO change VALUES (?, ?, 'put', ?, ?, ?)", changes)

    def _known(self, articles: Sequence[Article]) -> dict[str, tuple[int, bytes, int]]:
        ids = [article.id for article in articles]
        query = "SELECT id, number, fingerprint, removed FROM article WHERE id IN (?)"
        rows = self._connection.execute(for_each(ids, query), ids)
        return {article_id: (number, mark, removed) for article_id, number, mark, removed in rows}


def _record(article: Article) -> str:
    """Return an article as its version is kept: what `Article.fingerprint` is the SHA-256 of.

    One JSON text serves both: nothing is written twice, and a flipped bit on disk shows.
    """
    record = article_to_record(article)
    del record["id"]
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def seal(
    sequence: int, article_id: str, kind: str, recorded: int, fingerprint: bytes | None
) -> bytes:
    """Return what shows that one row of the history is as it was written."""
    row = f"{sequence}\n{kind}\n{recorded}\n{article_id}\n".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(row + (fingerprint or b""), digest_size=16).digest()


def fingerprint_of(text: str) -> bytes:
    """Return the SHA-256 of a version's text; undecodable bytes count as they are."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def shown(article: Article) -> tuple[str | None, str, str]:
    """Return (day, section, source): what the database repeats of the newest version."""
    return _day(article), article.section, article.source


def article_from_version(article_id: str, text: str, fingerprint: bytes | None = None) -> Article:
    """Return the article that the text of a version holds.

    Raises `ArchiveError` where it is not one, or has another fingerprint: a flipped bit on the
    disk must not become a word that nobody wrote.
    """
    if fingerprint is not None and fingerprint_of(text) != fingerprint:
        raise ArchiveError(
            f"article {article_id}: its text is damaged; see `kupur verify`, restore a backup"
        )
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


def last_sequence(connection: Connection) -> int:
    """Return the number of the newest acknowledged change."""
    return int(connection.execute("SELECT sequence FROM archive").fetchone()[0])


def for_each(values: Sequence[str], query: str) -> str:
    """Return `query` with a question mark for each value in its `IN (?)`.

    SQLite's json_each would take one parameter for all, but cuts text off at a NUL.
    """
    return query.replace("(?)", f"({', '.join('?' * len(values))})")
