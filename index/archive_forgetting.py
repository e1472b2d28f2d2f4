"""Forgetting: an article goes for good, and what stays keeps it from coming back.

What stays is a keyed BLAKE2b of its id, of its source's URL and of each of its texts; the key is
the archive's own random salt, so the marks mean nothing elsewhere. Whoever has the archive can
still ask whether a text they already know was forgotten. Runs inside `index.archive`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Self

from index.article import Article
from index.errors import ArchiveError


@dataclass(frozen=True, slots=True)
class ForgottenMarks:
    """The marks of forgotten articles; false where there are none."""

    salt: bytes
    marks: frozenset[bytes]

    @classmethod
    def read(cls, connection: Connection, since: int = 0) -> Self:
        """Return the marks of what was forgotten after the sequence number `since`."""
        rows = connection.execute("SELECT mark FROM forgotten WHERE sequence > ?", (since,))
        marks = frozenset(mark for (mark,) in rows)
        (salt,) = connection.execute("SELECT salt FROM archive").fetchone()
        return cls(salt, marks)

    def __bool__(self) -> bool:
        return bool(self.marks)

    def __contains__(self, article_id: object) -> bool:
        return isinstance(article_id, str) and _mark(self.salt, b"id", article_id) in self.marks

    def cover(self, article: Article) -> bool:
        """Tell whether an article is a forgotten one: by its id, its source or its text."""
        return not self.marks.isdisjoint(_marks(self.salt, article.id, article.source_url)) or (
            _mark(self.salt, b"text", _text(article.title, [b.text for b in article.blocks]))
            in self.marks
        )


def forget(connection: Connection, ids: Iterable[str]) -> tuple[str, ...]:
    """Delete these articles, inside a transaction; return the ids of those there were."""
    sequence, salt = connection.execute("SELECT sequence, salt FROM archive").fetchone()
    done = []
    for article_id in ids:
        found = connection.execute("SELECT number FROM article WHERE id = ?", (article_id,))
        row = found.fetchone()
        if row is None:
            continue
        sequence += 1
        _forget_one(connection, article_id, row[0], sequence, salt)
        done.append(article_id)
    if done:
        connection.execute("UPDATE archive SET sequence = ?, scrub = 1", (sequence,))
    return tuple(done)


def _forget_one(
    connection: Connection, article_id: str, number: int, sequence: int, salt: bytes
) -> None:
    marks = _marks(salt, article_id, "")
    records = connection.execute(
        "SELECT record FROM change WHERE article = ? AND record IS NOT NULL", (number,)
    )
    for (text,) in records:
        record = json.loads(text)
        marks |= _marks(salt, article_id, record["source_url"])
        blocks = [block for _, block in record["blocks"]]
        marks.add(_mark(salt, b"text", _text(record["title"], blocks)))
    changes = connection.execute("DELETE FROM change WHERE article = ?", (number,)).rowcount
    connection.execute("DELETE FROM article WHERE number = ?", (number,))
    # The gap in the sequence numbers is written down, or it would look like a loss.
    own = _mark(salt, b"id", article_id)
    connection.executemany(
        "INSERT INTO forgotten VALUES (?, ?, ?) ON CONFLICT (mark) DO UPDATE SET "
        "sequence = excluded.sequence, dropped = dropped + excluded.dropped",
        [(mark, sequence, changes + 1 if mark == own else 0) for mark in sorted(marks)],
    )


def scrub(connection: Connection, path: Path) -> bool:
    """Write the database anew without its free pages, and empty the log, where that is due."""
    (due,) = connection.execute("SELECT scrub FROM archive").fetchone()
    if not due:
        return False
    # Deleted cells are zeroed already (secure_delete); but pages that were split earlier can
    # hold old copies, and only writing every page anew is sure to drop those.
    connection.execute("VACUUM")
    _empty_log(connection, path)
    connection.execute("UPDATE archive SET scrub = 0")
    _empty_log(connection, path)
    return True


def _empty_log(connection: Connection, path: Path) -> None:
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise ArchiveError(
            f"{path}: a reader holds on to the write-ahead log, where forgotten text still lies; "
            "run the same command again"
        )


def _marks(salt: bytes, article_id: str, source_url: str) -> set[bytes]:
    marks = {_mark(salt, b"id", article_id)}
    if source_url:
        marks.add(_mark(salt, b"url", source_url))
    return marks


def _mark(salt: bytes, kind: bytes, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, key=salt, person=kind, digest_size=32).digest()


def _text(title: str, blocks: Iterable[str]) -> str:
    """Return the words of a story, whatever its spaces and breaks."""
    return " ".join(" ".join((title, *blocks)).split())
