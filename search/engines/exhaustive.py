"""The slow engine that is obviously right: it looks at every token of every article, every time.

It is the oracle that fast engines are tested against, and the engine of tests that need one
without an index on disk. It holds its articles in memory and refuses to be fast: each rule is
written out as `search.engine` words it, and nothing is shared with the engines it judges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from index.analysis import Analyzer
from index.article import ISTANBUL, Article, published_seconds
from index.layers import Layer
from search.engine import (
    MOST_BUCKETS,
    AllOf,
    AnyOf,
    EngineQuery,
    EngineRequest,
    EngineResult,
    Everything,
    Excluding,
    Filters,
    FuzzyQuery,
    Histogram,
    Nothing,
    PhraseQuery,
    PrefixQuery,
    Term,
    TermQuery,
    TermScore,
    Vocabulary,
    WildcardQuery,
)
from search.engines.exhaustive_scoring import (
    Document,
    Placed,
    Scorer,
    Test,
    asks_for,
    frequency,
    holds,
)
from search.request import FacetField, Interval, Sort

_OWN_FILTER: Mapping[FacetField, frozenset[str]] = {
    FacetField.SECTION: frozenset({"sections"}),
    FacetField.SOURCE: frozenset({"sources"}),
    FacetField.AUTHOR: frozenset({"authors"}),
    FacetField.YEAR: frozenset({"published"}),
}


class ExhaustiveEngine:
    """An engine over articles in memory; its state never changes."""

    def __init__(
        self, articles: Iterable[Article], analyzer: Analyzer, *, generation: int = 1
    ) -> None:
        documents = [_analysed(article, analyzer) for article in articles]
        self._searcher = ExhaustiveSearcher(documents, generation)

    def searcher(self) -> ExhaustiveSearcher:
        """Return the one state there is."""
        return self._searcher


class ExhaustiveSearcher:
    """The state of an `ExhaustiveEngine`."""

    def __init__(self, documents: Sequence[Document], generation: int) -> None:
        self._documents = sorted(documents, key=lambda document: document.article.id)
        self._generation = generation

    @property
    def generation(self) -> int:
        """The number that the engine was given."""
        return self._generation

    @property
    def words(self) -> int:
        """How many words the articles have in all."""
        return sum(1 for document in self._documents for _ in document.tokens())

    @property
    def bytes_on_disk(self) -> int:
        """Nothing: all of it lies in memory."""
        return 0

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of all articles."""
        return ExhaustiveVocabulary(self._documents)

    def search(self, request: EngineRequest) -> EngineResult:
        """Run one search by looking at everything."""
        matching = [document for document in self._documents if _matches(document, request.query)]
        passing = [document for document in matching if _passes(document.article, request.filters)]
        scorer = Scorer(self._documents, request.ranking)
        scored = [(document, scorer.score(document, request.query)) for document in passing]
        # The documents stand in the order of their ids, and sorting keeps that order in ties.
        if request.sort is Sort.RELEVANCE:
            scored.sort(key=lambda pair: -pair[1])
        else:
            scored.sort(key=lambda pair: _date_key(pair[0].article, request.sort))
        page = scored[request.offset : request.offset + request.limit]
        return EngineResult(
            ids=tuple(document.article.id for document, _ in page),
            scores=tuple(score for _, score in page),
            total=len(passing),
            facets={
                facet: _facet_counts(matching, facet, request.filters) for facet in request.facets
            },
            histogram=_histogram(passing, request.histogram) if request.histogram else None,
        )

    def explain(self, request: EngineRequest, id: str) -> tuple[TermScore, ...] | None:
        """Take the score of one article apart."""
        for document in self._documents:
            if (
                document.article.id == id
                and _matches(document, request.query)
                and _passes(document.article, request.filters)
            ):
                return Scorer(self._documents, request.ranking).parts(document, request.query)
        return None


class ExhaustiveVocabulary:
    """The words of some documents, counted anew for every question."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents

    def count(self, layer: Layer, text: str) -> int:
        """Return how many articles hold this term of this layer."""
        test = asks_for(Term(layer, text))
        return sum(frequency(document.tokens(), test) > 0 for document in self._documents)

    def counts_at_most(self, terms: Sequence[Term]) -> list[int]:
        """Return the number of articles of each term: here it costs nothing more."""
        return [self.count(term.layer, term.text) for term in terms]

    def spellings_of(self, folds: Sequence[str]) -> list[Sequence[tuple[str, int]]]:
        """Return the spellings of each fold."""
        return [self.spellings(folded) for folded in folds]

    def spellings(self, folded: str) -> Sequence[tuple[str, int]]:
        """Return the exact words whose fold is `folded`, with their counts."""
        counts = self._counts(lambda forms: forms.folded == folded)
        return sorted((exact, count) for (_, exact), count in counts.items())

    def beginning_with(self, folded_prefix: str) -> Iterable[tuple[str, str, int]]:
        """Return (folded, exact, count) of every word whose fold begins so, in folded order."""
        counts = self._counts(lambda forms: forms.folded.startswith(folded_prefix))
        return sorted((folded, exact, count) for (folded, exact), count in counts.items())

    def _counts(self, test: Test) -> Counter[tuple[str, str]]:
        counts: Counter[tuple[str, str]] = Counter()
        for document in self._documents:
            words = {token.forms for token in document.tokens() if test(token.forms)}
            counts.update((forms.folded, forms.exact) for forms in words)
        return counts


def _analysed(article: Article, analyzer: Analyzer) -> Document:
    def placed(text: str) -> tuple[Placed, ...]:
        return tuple(Placed(token.forms, token.position) for token in analyzer.tokens(text))

    title = placed(article.title)
    return Document(article, title, (title, *(placed(block.text) for block in article.blocks)))


def _matches(document: Document, query: EngineQuery) -> bool:
    match query:
        case TermQuery():
            return any(holds(document, asks_for(term)) for term in query.match)
        case PrefixQuery() | WildcardQuery() | FuzzyQuery():
            return holds(document, asks_for(query))
        case PhraseQuery():
            return any(_holds_phrase(block, query) for block in document.blocks)
        case AnyOf():
            return any(_matches(document, child) for child in query.children)
        case AllOf():
            return all(_matches(document, child) for child in query.children)
        case Excluding():
            return _matches(document, query.wanted) and not _matches(document, query.unwanted)
        case Everything():
            return True
        case Nothing():
            return False


def _holds_phrase(block: Sequence[Placed], phrase: PhraseQuery) -> bool:
    """Try every way to place the words in rising positions with at most `slop` others between."""
    places = [
        [token.position for token in block if any(asks_for(term)(token.forms) for term in word)]
        for word in phrase.words
    ]

    def placeable(number: int, previous: int, slop: int) -> bool:
        if number == len(places):
            return True
        return any(
            placeable(number + 1, position, slop - (position - previous - 1))
            for position in places[number]
            if 0 <= position - previous - 1 <= slop
        )

    return any(placeable(1, position, phrase.slop) for position in places[0])


def _passes(article: Article, filters: Filters, *, without: Iterable[str] = ()) -> bool:
    seconds = published_seconds(article.published)
    passed = {
        "published": (
            filters.published_from is None
            or (seconds is not None and seconds >= filters.published_from)
        )
        and (
            filters.published_to is None or (seconds is not None and seconds < filters.published_to)
        ),
        "sections": not filters.sections or article.section in filters.sections,
        "sources": not filters.sources or article.source in filters.sources,
        "authors": not filters.authors or any(name in filters.authors for name in article.authors),
    }
    return all(passed[name] for name in passed if name not in without)


def _date_key(article: Article, sort: Sort) -> tuple[bool, int]:
    seconds = published_seconds(article.published)
    if seconds is None:
        return True, 0
    return False, -seconds if sort is Sort.NEWEST else seconds


def _facet_counts(
    matching: Sequence[Document], facet: FacetField, filters: Filters
) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for document in matching:
        if _passes(document.article, filters, without=_OWN_FILTER[facet]):
            counts.update(_facet_values(document.article, facet))
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _histogram(passing: Sequence[Document], interval: Interval) -> Histogram:
    seconds = [published_seconds(document.article.published) for document in passing]
    dated = [datetime.fromtimestamp(each, ISTANBUL) for each in seconds if each is not None]
    if interval is Interval.AUTO:
        interval = _shortest_fit(dated)
    length = {Interval.DAY: len("2019-03-01"), Interval.MONTH: len("2019-03")}
    counts = Counter(each.isoformat()[: length.get(interval, len("2019"))] for each in dated)
    return Histogram(interval, tuple(sorted(counts.items())), len(passing) - len(dated))


def _shortest_fit(dated: Sequence[datetime]) -> Interval:
    if not dated:
        return Interval.DAY
    first, last = min(dated), max(dated)
    if (last.date() - first.date()).days < MOST_BUCKETS:
        return Interval.DAY
    months = 12 * (last.year - first.year) + last.month - first.month
    return Interval.MONTH if months < MOST_BUCKETS else Interval.YEAR


def _facet_values(article: Article, facet: FacetField) -> set[str]:
    match facet:
        case FacetField.SECTION:
            values = {article.section}
        case FacetField.SOURCE:
            values = {article.source}
        case FacetField.AUTHOR:
            values = set(article.authors)
        case FacetField.YEAR:
            seconds = published_seconds(article.published)
            if seconds is None:
                return set()
            values = {str(datetime.fromtimestamp(seconds, ISTANBUL).year)}
    return values - {""}
