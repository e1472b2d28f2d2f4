"""The engines that must pass the contract, and how each is made from articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.analysis import Analyzer
from index.article import Article
from index.build import update_index
from search.engine import Engine
from search.engines.embedded import EmbeddedEngine
from search.engines.exhaustive import ExhaustiveEngine

EngineMaker = Callable[[Sequence[Article]], Engine]


@dataclass(frozen=True, slots=True)
class _Change:
    sequence: int
    id: str
    article: Article | None


class _Changes:
    """An archive in memory, as far as the index reads one."""

    def __init__(self) -> None:
        self._changes: dict[str, _Change] = {}
        self.sequence = 0

    def put(self, articles: Sequence[Article]) -> None:
        for article in articles:
            self._record(article.id, article)

    def remove(self, article_id: str) -> None:
        self._record(article_id, None)

    @property
    def identity(self) -> str:
        return "in memory"

    def forgotten_since(self, sequence: int) -> None:
        assert sequence <= self.sequence

    def changes_since(self, sequence: int, limit: int) -> list[_Change]:
        newest = sorted(self._changes.values(), key=lambda change: change.sequence)
        return [change for change in newest if change.sequence > sequence][:limit]

    def _record(self, article_id: str, article: Article | None) -> None:
        self.sequence += 1
        self._changes[article_id] = _Change(self.sequence, article_id, article)


def exhaustive(articles: Sequence[Article], _folder: Path) -> Engine:
    return ExhaustiveEngine(articles, Analyzer())


def embedded(articles: Sequence[Article], folder: Path) -> Engine:
    changes = _Changes()
    changes.put(articles)
    update_index(changes, folder, Analyzer())
    return EmbeddedEngine(folder)


def embedded_with_history(articles: Sequence[Article], folder: Path) -> Engine:
    """Return an index of several segments, in which articles have been changed and removed."""
    changes = _Changes()
    analyzer = Analyzer()
    half = len(articles) // 2
    doomed = [
        Article(f"doomed-{number}", article.title, article.blocks, article.published, "Eski")
        for number, article in enumerate(articles)
    ]
    drafts = [Article(article.id, "Taslak", ()) for article in articles[:half]]
    changes.put([*drafts, *doomed])
    update_index(changes, folder, analyzer)
    changes.put(articles[:half])
    update_index(changes, folder, analyzer)
    for article in doomed:
        changes.remove(article.id)
    changes.put(articles[half:])
    update_index(changes, folder, analyzer)
    return EmbeddedEngine(folder)


ENGINES: dict[str, Callable[[Sequence[Article], Path], Engine]] = {
    "exhaustive": exhaustive,
    "embedded": embedded,
    "embedded with history": embedded_with_history,
}
