"""The one call that page, endpoint and command line use: a request in, a result page out.

It joins the parts (parser, repair, planning, engine, archive, snippets) and refuses to know any of
their insides: no engine, no database and no web framework is named here. Between requests it keeps
nothing but the archive's last summary, so threads may share one service.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from index.analysis import Analyzer
from index.analysis.steps import AnalyzedSurface, analysis_steps
from index.archive import ArchiveSummary
from index.article import BLOCK_SEPARATOR, Article, published_seconds
from index.errors import EngineError
from index.layers import Layer
from search.characters import load_loops as load_character_loops
from search.deadline import SEARCH_SECONDS, Deadline
from search.engine import (
    Engine,
    EngineRequest,
    Filters,
    Nothing,
    OpenQuery,
    Searcher,
    Term,
    Vocabulary,
)
from search.explain import Explanation, explained_words
from search.facets import facet_values
from search.limits import MAX_QUERY_CHARACTERS, check_query, check_request, without_refused
from search.marking import Mark, Marker, spans_of
from search.parser import NO_WORDS, ParsedQuery, parse
from search.planning import Plan, plan
from search.query import Query
from search.remembering import RememberingAnalyzer
from search.request import Match, SearchRequest, Sort
from search.respelling import QueryRepair, RepairedQuery, respelled
from search.results import ArchiveStats, Hit, MarkedArticle, ResultPage, Span
from search.snippets import best_snippet
from search.windows import load_loops as load_window_loops


class ArticleStore(Protocol):
    """What the service needs of the archive."""

    @property
    def sequence(self) -> int:
        """The number of the newest change."""

    def get(self, id: str) -> Article | None:
        """Return one article, or None where there is none or it was removed."""

    def get_many(self, ids: Iterable[str]) -> Mapping[str, Article]:
        """Return those of `ids` that the archive still has."""

    def is_gone(self, id: str) -> bool:
        """Tell whether there was such an article, which was removed or forgotten since."""

    def summary(self) -> ArchiveSummary:
        """Return what the archive holds."""


class _Asked(NamedTuple):
    """One request on its way to the engine."""

    parsed: ParsedQuery
    searcher: Searcher
    started: float
    deadline: Deadline
    repaired: RepairedQuery
    planned: Plan

    @property
    def interpreted(self) -> str:
        return str(respelled(self.parsed.query, self.repaired.respellings))


class SearchService:
    """Search over one archive and one engine.

    `repair` knows better spellings; without it every query is taken as typed. `clock` gives
    seconds from any start; a search may take `seconds`.
    """

    def __init__(
        self,
        engine: Engine,
        articles: ArticleStore,
        analyzer: Analyzer,
        *,
        repair: QueryRepair | None = None,
        clock: Callable[[], float] = time.perf_counter,
        seconds: float = SEARCH_SECONDS,
    ) -> None:
        self._engine = engine
        self._articles = articles
        self._analyzer = analyzer
        self._remembering = RememberingAnalyzer(analyzer)
        self._repair = repair
        self._clock = clock
        self._seconds = seconds
        self._summary: ArchiveSummary | None = None

    def search(self, request: SearchRequest) -> ResultPage:
        """Answer one request; a page past the end is empty, with the right total.

        Raises `QueryError` where the request goes beyond the limits, `EngineError` where the
        engine failed, `EngineTimeout` where the search took too long.
        """
        asked = self._ask(request)
        searcher, planned, repaired = asked.searcher, asked.planned, asked.repaired
        result = searcher.search(_engine_request(request, planned, asked.deadline))
        found = self._articles.get_many(result.ids)
        marker = Marker(planned.clauses, self._remembering)
        rarities = _rarities(marker, searcher.vocabulary)
        hits = tuple(
            _hit(found[article_id], score, marker, rarities, asked.deadline)
            for article_id, score in zip(result.ids, result.scores, strict=True)
            if article_id in found  # removed since this state of the index was made
        )
        return ResultPage(
            request=request,
            interpreted=asked.interpreted,
            total=result.total,
            took_ms=(self._clock() - asked.started) * 1000,
            generation=searcher.generation,
            hits=hits,
            repairs=repaired.repairs,
            warnings=asked.parsed.warnings,
            did_you_mean=repaired.did_you_mean,
            facets=facet_values(result.facets, request) if request.facets else None,
            histogram=result.histogram,
        )

    def article(self, id: str, q: str = "") -> MarkedArticle | None:
        """Return an article with the words of `q` marked; None where the archive has none such.

        The article is what counts here, so nothing about `q` is an error: of a text beyond the
        limits the beginning is taken, and no wildcard or fuzzy word that a search refuses.
        """
        article = self._articles.get(id)
        if article is None:
            return None
        request = SearchRequest(q=q[:MAX_QUERY_CHARACTERS])
        parsed = parse(request.q)
        parsed = replace(parsed, query=without_refused(parsed.query))
        if not parsed.query.wanted:
            return MarkedArticle(article, (), ())
        repaired = RepairedQuery()
        if self._repair is not None:
            repaired = self._repaired(parsed, request, self._engine.searcher().vocabulary)
        marker = Marker(self._plan(parsed, request, repaired).clauses, self._remembering)
        title, *blocks = marker.marks(_texts(article))
        return MarkedArticle(article, spans_of(title), _body_spans(article, blocks))

    def is_gone(self, id: str) -> bool:
        """Tell whether an article that is not there was there once, and was taken out."""
        return self._articles.is_gone(id)

    def explain(self, id: str, request: SearchRequest) -> Explanation | None:
        """Tell why a search finds an article, or that it does not; None without such an article.

        Raises as `search` does.
        """
        article = self._articles.get(id)
        if article is None:
            return None
        asked = self._ask(request)
        scores = asked.searcher.explain(_engine_request(request, asked.planned, asked.deadline), id)
        words, together = explained_words(
            asked.parsed.query,
            article,
            scores or (),
            plan_of=lambda query: self._planned(query, request, asked.repaired).query,
            respellings=asked.repaired.respellings,
            analyzer=self._analyzer,
        )
        return Explanation(
            article=article,
            request=request,
            interpreted=asked.interpreted,
            generation=asked.searcher.generation,
            is_found=scores is not None,
            words=words if scores is not None else (),
            together=together,
            repairs=asked.repaired.repairs,
        )

    def analyze(self, text: str) -> tuple[AnalyzedSurface, ...]:
        """Return what the Turkish chain makes of a text, step by step."""
        return analysis_steps(text, self._analyzer)

    @property
    def analyzer_version(self) -> str:
        """The rules and word lists that texts and queries are analysed by."""
        return self._analyzer.version

    def stats(self) -> ArchiveStats:
        """Return what the archive holds and how far the index has come.

        Raises `EngineError` where there are articles but no index that can be read.
        """
        summary = self._current_summary()
        searcher = self._searcher_if_any(summary)
        return ArchiveStats(
            articles=summary.articles,
            sections=len(summary.sections),
            sources=len(summary.sources),
            words=searcher.words if searcher else 0,
            first_day=summary.first_day.isoformat() if summary.first_day else "",
            last_day=summary.last_day.isoformat() if summary.last_day else "",
            generation=searcher.generation if searcher else 0,
            sequence=summary.sequence,
            archive_bytes=summary.bytes_on_disk,
            index_bytes=searcher.bytes_on_disk if searcher else 0,
        )

    def _ask(self, request: SearchRequest) -> _Asked:
        """Return how a request is answered: read, mended and planned. Raises `QueryError`."""
        check_request(request)
        parsed = parse(request.q)
        check_query(parsed.query)
        # One state of the index for the whole request, whatever is imported meanwhile.
        searcher = self._engine.searcher()
        load_character_loops()
        load_window_loops()
        # From here on: opening a new state of the index is no fault of the query.
        started = self._clock()
        deadline = Deadline(started + self._seconds, self._clock)
        repaired = self._repaired(parsed, request, searcher.vocabulary)
        deadline.check()
        planned = self._plan(parsed, request, repaired)
        return _Asked(parsed, searcher, started, deadline, repaired, planned)

    def _repaired(
        self, parsed: ParsedQuery, request: SearchRequest, vocabulary: Vocabulary
    ) -> RepairedQuery:
        if self._repair is None or not request.repair or request.match is Match.EXACT:
            return RepairedQuery()
        return self._repair.repair(parsed.query, vocabulary)

    def _plan(self, parsed: ParsedQuery, request: SearchRequest, repaired: RepairedQuery) -> Plan:
        if NO_WORDS in parsed.warnings:
            # Something was asked for, but it is no word (an emoji, a dash): not "everything".
            return Plan(Nothing(), ())
        return self._planned(parsed.query, request, repaired)

    def _planned(self, query: Query, request: SearchRequest, repaired: RepairedQuery) -> Plan:
        return plan(
            query,
            self._analyzer,
            match=request.match,
            operator=request.operator,
            respellings=repaired.respellings,
        )

    def _current_summary(self) -> ArchiveSummary:
        # Two threads may both make it; they make the same one.
        summary = self._summary
        if summary is None or summary.sequence != self._articles.sequence:
            summary = self._summary = self._articles.summary()
        return summary

    def _searcher_if_any(self, summary: ArchiveSummary) -> Searcher | None:
        try:
            return self._engine.searcher()
        except EngineError:
            if summary.articles:
                raise
            return None  # an archive that was just made: nothing was indexed yet


def _engine_request(request: SearchRequest, planned: Plan, deadline: Deadline) -> EngineRequest:
    sort = request.sort
    if not planned.clauses and sort is Sort.RELEVANCE:
        sort = Sort.NEWEST  # nothing to be relevant to: whoever browses news wants the newest
    return EngineRequest(
        query=planned.query,
        filters=Filters(
            published_from=published_seconds(request.date_from),
            published_to=_first_second_after(request.date_to),
            sections=request.sections,
            sources=request.sources,
            authors=request.authors,
        ),
        sort=sort,
        offset=(request.page - 1) * request.per_page,
        limit=request.per_page,
        facets=request.facets,
        histogram=request.histogram,
        deadline=deadline,
    )


def _first_second_after(day: date | None) -> int | None:
    """Return the UTC second at which the day after `day` begins in Istanbul."""
    if day is None or day == date.max:
        return None
    return published_seconds(day + timedelta(days=1))


def _rarities(marker: Marker, vocabulary: Vocabulary) -> list[float]:
    """Return a weight for each word: the fewer articles hold it, the more a sentence says by it.

    Words are counted by their stem where they have one, about: what a snippet shows is not worth
    reading postings for.
    """
    counted = [_counted_term(word) for word in marker.words]
    known = iter(vocabulary.counts_at_most([term for term in counted if term is not None]))
    counts = (0 if term is None else next(known) for term in counted)
    return [1 / (1 + count) ** 0.25 for count in counts]


def _counted_term(word: Sequence[Term | OpenQuery]) -> Term | None:
    terms = [wanted for wanted in word if isinstance(wanted, Term)]
    return next((term for term in terms if term.layer is Layer.STEM), terms[0] if terms else None)


def _hit(
    article: Article, score: float, marker: Marker, rarities: Sequence[float], deadline: Deadline
) -> Hit:
    deadline.check()
    title, *blocks = marker.marks(_texts(article))
    snippet = best_snippet(article.blocks, blocks, rarities, title=article.title)
    return Hit(article, score, spans_of(title), (snippet,) if snippet else ())


def _texts(article: Article) -> tuple[str, ...]:
    return (article.title, *(block.text for block in article.blocks))


def _body_spans(article: Article, marks: Sequence[Sequence[Mark]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    offset = 0
    for block, own in zip(article.blocks, marks, strict=True):
        spans.extend(Span(offset + span.start, offset + span.end) for span in spans_of(own))
        offset += len(block.text) + len(BLOCK_SEPARATOR)
    return tuple(spans)
