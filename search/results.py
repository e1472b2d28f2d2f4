"""What a search answers: immutable values without markup, the same whoever asked.

Offsets are characters (code points). A snippet is text plus spans; only templates make markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from index.article import Article
from search.engine import Histogram
from search.request import FacetField, SearchRequest


class Span(NamedTuple):
    """A half-open range of characters: `text[start:end]`.

    A tuple, which is made four times as fast as a dataclass: a page has a thousand of them.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Snippet:
    """One or two sentences of a body: `body[start:start + len(text)] == text`.

    `spans` are the marked words, relative to `text`, sorted and disjoint.
    """

    text: str
    start: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One article among the results, in the order of the results."""

    article: Article
    score: float
    title_spans: tuple[Span, ...]
    snippets: tuple[Snippet, ...]


class RepairKind(StrEnum):
    """Why a word was searched in another spelling."""

    DIACRITICS = "diacritics"
    TYPO = "typo"
    JOINED = "joined"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Repair:
    """One spelling that was mended: `typed` was searched as (or also as) `used`."""

    kind: RepairKind
    typed: str
    used: str


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many of all matching articles have this value."""

    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of results. `total` is exact. `interpreted` is the query as it was understood.

    `warnings` are stable English codes (`unbalanced_quote`, `only_exclusions`).
    """

    request: SearchRequest
    interpreted: str
    total: int
    took_ms: float
    generation: int
    hits: tuple[Hit, ...]
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[str, ...] = ()
    did_you_mean: str | None = None
    facets: Mapping[FacetField, tuple[FacetValue, ...]] | None = None
    histogram: Histogram | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.request.per_page))


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """One article as a reader opens it from the results: with the query's words marked.

    `body_spans` point into `article.body`.
    """

    article: Article
    title_spans: tuple[Span, ...]
    body_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ArchiveStats:
    """What an archive holds. Dates are ISO days, empty for an archive without dated articles."""

    articles: int
    sections: int
    sources: int
    words: int
    first_day: str
    last_day: str
    generation: int
    sequence: int
    archive_bytes: int
    index_bytes: int
