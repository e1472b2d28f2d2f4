"""An archive in memory, as far as the index reads one, and short ways to write articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from index.article import Article, Block, BlockKind


@dataclass(frozen=True, slots=True)
class Change:
    """The newest state of one article."""

    sequence: int
    id: str
    article: Article | None


class MemoryArchive:
    """The changes of some articles, in order; only the newest state of each is kept."""

    identity = "memory"

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self.sequence = 0
        self._changes: dict[str, Change] = {}
        self._forgotten: dict[str, int] = {}
        self.put(*articles)

    def put(self, *articles: Article) -> None:
        for article in articles:
            self._record(article.id, article)

    def remove(self, *ids: str) -> None:
        for article_id in ids:
            self._record(article_id, None)

    def forget(self, *ids: str) -> None:
        for article_id in ids:
            self.sequence += 1
            self._changes.pop(article_id, None)
            self._forgotten[article_id] = self.sequence

    def forgotten_since(self, sequence: int) -> frozenset[str] | None:
        return frozenset(each for each, at in self._forgotten.items() if at > sequence) or None

    def changes_since(self, sequence: int, limit: int) -> Sequence[Change]:
        later = (change for change in self._changes.values() if change.sequence > sequence)
        return list(islice(later, limit))

    def articles(self) -> list[Article]:
        """Return the articles that are there now."""
        return [each.article for each in self._changes.values() if each.article is not None]

    def _record(self, article_id: str, article: Article | None) -> None:
        self.sequence += 1
        self._changes.pop(article_id, None)  # so that they stand in the order of their numbers
        self._changes[article_id] = Change(self.sequence, article_id, article)


def news(
    article_id: str,
    title: str,
    *paragraphs: str,
    published: date | datetime | None = None,
    section: str = "",
    source: str = "",
    authors: tuple[str, ...] = (),
) -> Article:
    """Return an article of plain paragraphs."""
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Article(article_id, title, blocks, published, section, source, authors)
