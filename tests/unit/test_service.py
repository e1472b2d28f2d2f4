"""The one call: from a request to a result page, over the exhaustive engine and a dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

import pytest

from index.analysis import Analyzer
from index.archive import ArchiveSummary
from index.article import Article, Block, BlockKind
from index.errors import EngineError, EngineTimeout
from search.engine import Searcher, Vocabulary
from search.engines.exhaustive import ExhaustiveEngine
from search.errors import QueryError
from search.query import Query, Word
from search.request import FacetField, Match, Operator, SearchRequest, Sort
from search.respelling import RepairedQuery, Respelling
from search.results import FacetValue, Repair, RepairKind
from search.service import SearchService


class Articles:
    """An archive in memory."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = {article.id: article for article in articles}
        self._gone: set[str] = set()
        self.sequence = len(self._articles)
        self.summaries = 0

    def get(self, id: str) -> Article | None:
        return self._articles.get(id)

    def get_many(self, ids: Iterable[str]) -> Mapping[str, Article]:
        return {id_: self._articles[id_] for id_ in ids if id_ in self._articles}

    def remove(self, id_: str) -> None:
        del self._articles[id_]
        self._gone.add(id_)
        self.sequence += 1

    def is_gone(self, id: str) -> bool:
        return id in self._gone

    def summary(self) -> ArchiveSummary:
        self.summaries += 1
        return ArchiveSummary(
            articles=len(self._articles),
            removed=0,
            sections=("Dünya", "Spor"),
            sources=("AA",),
            first_day=date(2019, 3, 1) if self._articles else None,
            last_day=date(2024, 12, 1) if self._articles else None,
            sequence=self.sequence,
            bytes_on_disk=4096,
        )


class NoIndex:
    """An engine for which nothing was indexed yet."""

    def searcher(self) -> Searcher:
        raise EngineError("no index yet")


class Ticks:
    """A clock that goes on by a step whenever it is read."""

    def __init__(self, step: float = 0.01) -> None:
        self.step = step
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += self.step
        return self.seconds


def story(
    id_: str,
    title: str,
    *paragraphs: str,
    published: date | datetime | None = None,
    section: str = "",
) -> Article:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Article(id_, title, blocks, published, section, source="AA")


STORIES = [
    story(
        "belousov",
        "Kim Jong-un, Belousov’u kabul etti",
        "Kuzey Kore lideri konuğunu karşıladı.",
        "Belousov’un ziyareti iki gün sürdü. Taraflar meşru müdafaa hakkını andı.",
        published=date(2024, 11, 30),
        section="Dünya",
    ),
    story(
        "maç",
        "Kuzey derbisi berabere",
        "Maç 1-1 bitti. Işık kesildi.",
        published=datetime(2019, 3, 1, 20, 59, tzinfo=UTC),  # 23:59 in Istanbul
        section="Spor",
    ),
    story("yeni", "Kore restoranı açıldı", "Lezzet.", published=date(2024, 12, 1)),
    story("tarihsiz", "Eski bir ilan", "Satılık ışık."),
]


@pytest.fixture
def articles() -> Articles:
    return Articles(STORIES)


@pytest.fixture
def service(articles: Articles) -> SearchService:
    analyzer = Analyzer()
    engine = ExhaustiveEngine(STORIES, analyzer, generation=7)
    return SearchService(engine, articles, analyzer, clock=Ticks())


def ids(service: SearchService, **fields: object) -> list[str]:
    request = SearchRequest(**fields)  # type: ignore[arg-type] # any field of a request
    return [hit.article.id for hit in service.search(request).hits]


def test_a_hit_has_its_article_score_snippet_and_marks(service: SearchService) -> None:
    page = service.search(SearchRequest(q="belousov görüşme"))
    assert (page.total, page.pages, len(page.hits)) == (1, 1, 1)
    hit = page.hits[0]
    assert hit.article == STORIES[0]
    assert hit.score > 0
    assert [hit.article.title[span.start : span.end] for span in hit.title_spans] == ["Belousov’u"]
    (snippet,) = hit.snippets
    assert [snippet.text[span.start : span.end] for span in snippet.spans] == ["Belousov’un"]
    assert hit.article.body[snippet.start :].startswith(snippet.text)


def test_a_page_tells_how_it_was_made(service: SearchService) -> None:
    request = SearchRequest(q="  “kuzey   kore” -spor ")
    page = service.search(request)
    assert page.request is request
    assert page.interpreted == '"kuzey kore" -spor'
    assert page.generation == 7
    assert page.warnings == ()
    assert page.repairs == ()
    assert page.facets is None


def timed(articles: Articles, clock: Ticks) -> SearchService:
    analyzer = Analyzer()
    return SearchService(ExhaustiveEngine(STORIES, analyzer), articles, analyzer, clock=clock)


def test_a_page_tells_how_long_it_took(articles: Articles) -> None:
    clock = Ticks()
    page = timed(articles, clock).search(SearchRequest(q="kuzey"))
    first_reading = clock.step
    assert page.took_ms == pytest.approx((clock.seconds - first_reading) * 1000)


def test_a_search_that_takes_too_long_ends_with_a_clear_answer(articles: Articles) -> None:
    with pytest.raises(EngineTimeout, match="too long"):
        timed(articles, Ticks(step=1)).search(SearchRequest(q="kuzey"))


def test_operator_and_match_reach_the_engine(service: SearchService) -> None:
    assert set(ids(service, q="kuzey kore")) == {"belousov", "maç", "yeni"}
    assert ids(service, q="kuzey kore", operator=Operator.AND) == ["belousov"]
    assert set(ids(service, q="isik")) == {"maç", "tarihsiz"}
    assert ids(service, q="isik", match=Match.EXACT) == []


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2019, 3, 1), date(2019, 3, 1), ["maç"]),
        (date(2019, 3, 2), date(2024, 11, 30), ["belousov"]),
        (date(2024, 11, 30), None, ["yeni", "belousov"]),
        (None, date(2019, 2, 28), []),
        (date.min, date.max, ["yeni", "belousov", "maç"]),
    ],
)
def test_date_filters_are_whole_days_of_istanbul(
    service: SearchService, first: date | None, last: date | None, expected: list[str]
) -> None:
    assert ids(service, date_from=first, date_to=last) == expected


def test_sections_and_sources_narrow(service: SearchService) -> None:
    assert ids(service, q="kuzey", sections=("Spor",)) == ["maç"]
    assert ids(service, q="kuzey", sources=("DHA",)) == []


def test_nothing_asked_for_shows_the_newest_first_unless_told_otherwise(
    service: SearchService,
) -> None:
    assert ids(service) == ["yeni", "belousov", "maç", "tarihsiz"]
    assert ids(service, sort=Sort.OLDEST) == ["maç", "belousov", "yeni", "tarihsiz"]
    assert ids(service, q="-kuzey") == ["yeni", "tarihsiz"]


def test_pages_follow_each_other_and_past_the_end_is_empty(service: SearchService) -> None:
    assert ids(service, page=1, per_page=3) == ["yeni", "belousov", "maç"]
    assert ids(service, page=2, per_page=3) == ["tarihsiz"]
    page = service.search(SearchRequest(page=3, per_page=3))
    assert (page.hits, page.total, page.pages) == ((), 4, 2)


@pytest.mark.parametrize("q", ["🎉", "-", "?!", "''"])
def test_a_text_without_words_finds_nothing_and_says_so(service: SearchService, q: str) -> None:
    page = service.search(SearchRequest(q=q))
    assert (page.total, page.interpreted) == (0, "")
    assert "no_words" in page.warnings


@pytest.mark.parametrize(
    "request_",
    [SearchRequest(q="a" * 513), SearchRequest(q="x " * 40), SearchRequest(page=0)],
    ids=["characters", "words", "page"],
)
def test_beyond_the_limits_a_request_is_refused(
    service: SearchService, request_: SearchRequest
) -> None:
    with pytest.raises(QueryError):
        service.search(request_)


def test_an_article_removed_since_is_left_out_of_the_hits(
    service: SearchService, articles: Articles
) -> None:
    articles.remove("belousov")
    page = service.search(SearchRequest(q="kuzey"))
    assert [hit.article.id for hit in page.hits] == ["maç"]
    assert page.total == 2
    assert service.article("belousov") is None
    assert service.is_gone("belousov")
    assert not service.is_gone("yok")


def test_facets_are_counted_for_what_is_asked(service: SearchService) -> None:
    request = SearchRequest(q="kuzey", sections=("Spor",), facets=(FacetField.SECTION,))
    facets = service.search(request).facets
    assert facets == {
        FacetField.SECTION: (FacetValue("Dünya", 1), FacetValue("Spor", 1, selected=True))
    }


def test_an_article_is_marked_in_title_and_body(service: SearchService) -> None:
    marked = service.article("belousov", "belousov kore")
    assert marked is not None
    title, body = marked.article.title, marked.article.body
    assert [title[span.start : span.end] for span in marked.title_spans] == ["Belousov’u"]
    assert [body[span.start : span.end] for span in marked.body_spans] == ["Kore", "Belousov’un"]


@pytest.mark.parametrize("q", ["", "-", "yokböylesi", '"', "\x00", "-belousov"])
def test_an_article_is_shown_without_marks_where_there_is_nothing_to_mark(
    service: SearchService, q: str
) -> None:
    marked = service.article("belousov", q)
    assert marked is not None
    assert (marked.title_spans, marked.body_spans) == ((), ())


def test_an_article_is_shown_however_long_the_query(service: SearchService) -> None:
    marked = service.article("belousov", "belousov " * 2000)
    assert marked is not None
    assert len(marked.body_spans) == 1


def test_an_unknown_article_is_none(service: SearchService) -> None:
    assert service.article("yok", "kuzey") is None


def test_stats_come_from_archive_and_index(service: SearchService, articles: Articles) -> None:
    stats = service.stats()
    assert (stats.articles, stats.sections, stats.sources) == (4, 2, 1)
    assert (stats.first_day, stats.last_day) == ("2019-03-01", "2024-12-01")
    assert (stats.generation, stats.sequence) == (7, 4)
    assert stats.words == sum(
        len(Analyzer().tokens(text))
        for each in STORIES
        for text in (each.title, *(block.text for block in each.blocks))
    )
    service.stats()
    assert articles.summaries == 1
    articles.remove("yeni")
    assert service.stats().articles == 3


def test_an_archive_that_was_just_made_has_stats_without_an_index() -> None:
    stats = SearchService(NoIndex(), Articles([]), Analyzer()).stats()
    assert (stats.articles, stats.words, stats.generation, stats.first_day) == (0, 0, 0, "")


def test_a_missing_index_over_articles_is_an_error(articles: Articles) -> None:
    service = SearchService(NoIndex(), articles, Analyzer())
    with pytest.raises(EngineError):
        service.stats()
    with pytest.raises(EngineError):
        service.search(SearchRequest(q="kuzey"))


class Mender:
    """Mends one word, and asks whether another was meant."""

    def __init__(self, respelling: Respelling) -> None:
        self._respelling = respelling

    def repair(self, query: Query, vocabulary: Vocabulary) -> RepairedQuery:
        typed = self._respelling.repair.typed
        if Word(typed) not in query.wanted or not list(vocabulary.spellings("isik")):
            return RepairedQuery()
        return RepairedQuery({typed: (self._respelling,)}, did_you_mean="ışıklar")


def mending(articles: Articles, kind: RepairKind, typed: str, *, instead: bool) -> SearchService:
    analyzer = Analyzer()
    mender = Mender(Respelling(Repair(kind, typed, "ışık"), instead=instead))
    return SearchService(ExhaustiveEngine(STORIES, analyzer), articles, analyzer, repair=mender)


def test_a_mended_word_is_searched_told_and_marked(articles: Articles) -> None:
    service = mending(articles, RepairKind.TYPO, "ışkı", instead=True)
    page = service.search(SearchRequest(q="ışkı"))
    assert page.interpreted == "ışık"
    assert page.repairs == (Repair(RepairKind.TYPO, "ışkı", "ışık"),)
    assert page.did_you_mean == "ışıklar"
    assert {hit.article.id for hit in page.hits} == {"maç", "tarihsiz"}
    marked = service.article("tarihsiz", "ışkı")
    assert marked is not None
    assert len(marked.body_spans) == 1


@pytest.mark.parametrize("field", [{"repair": False}, {"match": Match.EXACT}])
def test_repair_can_be_refused(articles: Articles, field: dict[str, object]) -> None:
    service = mending(articles, RepairKind.TYPO, "ışkı", instead=True)
    page = service.search(SearchRequest(q="ışkı", **field))  # type: ignore[arg-type] # as above
    assert (page.total, page.repairs, page.interpreted) == (0, (), "ışkı")
