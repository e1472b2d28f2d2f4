"""The one call that page, endpoint and command line use: a request in, a result page out.

It joins the parts (parser, planning, engine, archive, snippets) and refuses to know any of their
insides: no engine, no database and no web framework is named here. It holds no state between
requests, so threads may share one service.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from index.analysis import Analyzer
from index.article import Article
from search.engine import Engine
from search.request import SearchRequest
from search.results import ArchiveStats, MarkedArticle, ResultPage


class ArticleStore(Protocol):
    """What the service needs of the archive."""

    def get(self, id: str) -> Article | None:  # noqa: A002 - the archive's own name for it
        """Return one article, or None where there is none or it was removed."""

    def get_many(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Return those of `ids` that the archive still has."""


class SearchService:
    """Search over one archive and one engine."""

    def __init__(
        self,
        engine: Engine,
        articles: ArticleStore,
        analyzer: Analyzer,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._engine = engine
        self._articles = articles
        self._analyzer = analyzer
        self._clock = clock

    def search(self, request: SearchRequest) -> ResultPage:
        """Answer one request. Raises `QueryError` on a bad one, `EngineError` where it failed."""
        raise NotImplementedError  # in progress: lands with planning and snippets

    def article(self, id: str, q: str = "") -> MarkedArticle | None:  # noqa: A002 - as above
        """Return an article with the words of `q` marked; None where the archive has none such."""
        raise NotImplementedError  # in progress

    def stats(self) -> ArchiveStats:
        """Return what the archive holds and how far the index has come."""
        raise NotImplementedError  # in progress
