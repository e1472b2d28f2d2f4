"""The port between kupur and an engine: an analysed query tree in; ids, scores and counts out.

An engine looks terms up, combines, scores, sorts and counts. It may not analyse words, cut
snippets or make markup, and its own document numbers never leave it. The adapters live in
`search.engines`; all pass the suite in `tests/contract`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from index.layers import Layer
from search.deadline import NO_DEADLINE, Deadline
from search.request import FacetField, Interval, Sort


class Term(NamedTuple):
    """One entry of one layer, with the weight of its BM25 in the score (0: it only matches)."""

    layer: Layer
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class TermQuery:
    """One query word: an article matches that holds any of `match`; its score sums `score`.

    The two differ because a wide layer (the first four letters) may lift an article that matches
    by a narrow one, but must not make a match by itself. Weights in `match` say nothing.
    """

    match: tuple[Term, ...]
    score: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class PhraseQuery:
    """Terms side by side in this order, with at most `slop` other positions between.

    Each of `words` is a set of alternatives for one position. `score` as in `TermQuery`.
    """

    words: tuple[tuple[Term, ...], ...]
    score: tuple[Term, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class PrefixQuery:
    """Any word of `layer` (exact or folded) that begins with `prefix`; scored as one term."""

    layer: Layer
    prefix: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class WildcardQuery:
    """Any word of `layer` (exact or folded) that `pattern` describes; scored as one term.

    In it * stands for any letters or none, ? for exactly one.
    """

    layer: Layer
    pattern: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class FuzzyQuery:
    """`word`, and any word of `layer` (exact or folded) one slip away from it; scored as one term.

    A slip is a letter dropped, added or changed, or two neighbours swapped.
    """

    layer: Layer
    word: str
    weight: float = 1.0


OpenQuery = PrefixQuery | WildcardQuery | FuzzyQuery
"""What stands for words that only the vocabulary knows."""


def open_text(query: OpenQuery) -> str:
    """Return what a query is told apart by, besides its layer and whether it is a prefix.

    A term has no sign in it, so no text of a wildcard or of a fuzzy word is that of a term.
    """
    match query:
        case PrefixQuery():
            return query.prefix
        case WildcardQuery():
            return query.pattern
        case FuzzyQuery():
            return f"{query.word}~"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Matches where one child matches; the score is the sum of all children's scores.

    Each word under it, at any depth, is raised to `Ranking.word_power` by itself.
    """

    children: tuple[EngineQuery, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Matches where every child matches; the score is the children's sum."""

    children: tuple[EngineQuery, ...]


@dataclass(frozen=True, slots=True)
class Excluding:
    """Matches `wanted` but none of `unwanted`; scored as `wanted`."""

    wanted: EngineQuery
    unwanted: EngineQuery


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every article, with score 0."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Matches no article."""


EngineQuery = TermQuery | PhraseQuery | OpenQuery | AnyOf | AllOf | Excluding | Everything | Nothing


ScoredWord = TermQuery | PhraseQuery | OpenQuery
"""What is scored as one (see `Ranking.word_power`)."""


def scored_words(query: EngineQuery) -> Iterator[ScoredWord]:
    """Yield every word of what is wanted, in the order of the query."""
    match query:
        case TermQuery() | PhraseQuery() | PrefixQuery() | WildcardQuery() | FuzzyQuery():
            yield query
        case AnyOf() | AllOf():
            for child in query.children:
                yield from scored_words(child)
        case Excluding():
            yield from scored_words(query.wanted)
        case Everything() | Nothing():
            return


@dataclass(frozen=True, slots=True)
class Ranking:
    """BM25 over title and body together, plus `title_weight` times the same over the title alone.

    idf = ln(1 + (N - df + .5) / (df + .5)); tf' = tf (k1 + 1) / (tf + k1 (1 - b + b len / avglen)).
    Robertson and Zaragoza 2009, with the idf of Lucene's BM25Similarity, which is never negative.
    What the terms of one word (or phrase, or prefix) add up to is raised to `word_power`, so that
    an article with all the words comes before one that has one of them often.
    """

    k1: float = 0.9
    b: float = 0.7
    title_weight: float = 0.2
    title_b: float = 0.3
    word_power: float = 0.75


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search. Seconds are UTC, `published_from` inclusive, `published_to` exclusive.

    An undated article passes no date filter. An empty tuple lets everything pass.
    """

    published_from: int | None = None
    published_to: int | None = None
    sections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineRequest:
    """One search for an engine. Articles with equal sort keys come in the order of their ids.

    An engine checks `deadline` between its steps and lets `EngineTimeout` out.
    """

    query: EngineQuery
    ranking: Ranking = Ranking()
    filters: Filters = Filters()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[FacetField, ...] = ()
    histogram: Interval | None = None
    deadline: Deadline = NO_DEADLINE


MOST_BUCKETS = 100
"""`Interval.AUTO` is the shortest of which so many span the matches; a year, where none does."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many of all matches were published when, in Turkish time.

    `buckets` are (ISO year, month or day; count), ascending, empty ones left out. `interval` is
    never `AUTO`. With the `undated` ones the counts add up to the number of matches.
    """

    interval: Interval
    buckets: tuple[tuple[str, int], ...]
    undated: int


@dataclass(frozen=True, slots=True)
class EngineResult:
    """What an engine found: one page of ids with their scores, and the exact number of matches.

    `facets` counts over all matches, each value once an article; the largest count first. A facet
    counts what its own filter lets through or not (so that a reader sees the alternatives).
    """

    ids: tuple[str, ...]
    scores: tuple[float, ...]
    total: int
    facets: Mapping[FacetField, tuple[tuple[str, int], ...]]
    histogram: Histogram | None = None


class ScoredField(StrEnum):
    """Where a term counts: in title and body together, and in the title once more."""

    TEXT = "text"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class TermScore:
    """What one scored term, or all words of an open query, add to the score of one article.

    score = `weight` · `idf` · tf', as `Ranking` has it, times what `Ranking.word_power` leaves of
    its word's sum; the weight is the sum of that of all equal terms of the query, and in the title
    includes `Ranking.title_weight`. `frequency` is how often the term stands in the field,
    `document_frequency` how many articles have it there. `text` of an open query is `open_text`.
    """

    layer: Layer
    text: str
    is_prefix: bool
    field: ScoredField
    frequency: int
    document_frequency: int
    weight: float
    idf: float
    score: float


class Vocabulary(Protocol):
    """The indexed words, for query repair and suggestions. Counts are articles."""

    def count(self, layer: Layer, text: str) -> int:
        """Return how many articles hold this term of this layer; 0 where there is none."""

    def counts_at_most(self, terms: Sequence[Term]) -> list[int]:
        """Return for each term a number that its count is not above, without reading postings.

        An article that holds several words of a stem may be counted for each.
        """

    def spellings(self, folded: str) -> Sequence[tuple[str, int]]:
        """Return the exact words whose fold is `folded`, with their counts."""

    def spellings_of(self, folds: Sequence[str]) -> list[Sequence[tuple[str, int]]]:
        """Return the `spellings` of each of many folds, looked up together."""

    def beginning_with(self, folded_prefix: str) -> Iterable[tuple[str, str, int]]:
        """Return (folded, exact, count) of every word whose fold begins so, in folded order."""


class Searcher(Protocol):
    """One unchanging state (generation) of the index; safe to share between threads."""

    @property
    def generation(self) -> int:
        """The number of this state; it rises with each change."""

    @property
    def words(self) -> int:
        """How many words its articles have in all, titles included, each as often as it stands."""

    @property
    def bytes_on_disk(self) -> int:
        """How much it takes on disk; 0 where it lies in memory."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of this state."""

    def search(self, request: EngineRequest) -> EngineResult:
        """Run one search. Raises `EngineError` where the index cannot be read.

        Raises `EngineTimeout` where the request's deadline passes.
        """

    def explain(self, request: EngineRequest, id: str) -> tuple[TermScore, ...] | None:
        """Return what an article's score is made of; None where this search does not find it.

        One part for each scored term and field in which it stands, in the order of the query; they
        add up to the score that `search` answers. Raises as `search` does.
        """


class Engine(Protocol):
    """Where searchers come from."""

    def searcher(self) -> Searcher:
        """Return the newest state. Raises `EngineError` where there is none."""
