"""What the archive answers with: immutable values, free of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from index.article import Article


class ChangeKind(StrEnum):
    """What was done to an article."""

    PUT = "put"
    REMOVE = "remove"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class PutReport:
    """What became of the articles that were put.

    `removed`: they had been removed and stay so; `forgotten`: likewise, and nothing of them was
    written.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    forgotten: int = 0


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
