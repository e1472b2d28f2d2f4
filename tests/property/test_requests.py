"""Whatever is typed: an answer or a `QueryError`, with spans that hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.archive import Archive
from index.article import Article, Block, BlockKind
from search.engines.exhaustive import ExhaustiveEngine
from search.errors import QueryError
from search.repair import SpellingRepair
from search.request import FacetField, Interval, Match, Operator, SearchRequest, Sort
from search.results import Span
from search.service import SearchService

STORY = (
    "Kim Jong-un, Belousov’u ağırladı.",
    "Ara başlık",
    "T.B.M.M. %20 artışı, 1.250.000 lirayı ve F.Bahçe’nin kârını konuştu. İğne ışık gü\u00adven.",
)
ARTICLES = [
    Article(
        f"haber-{number}",
        title,
        tuple(Block(BlockKind.PARAGRAPH, text) for text in STORY[number:]),
        date(2019 + number, 1, 31) if number else None,
        "Spor" if number % 2 else "",
    )
    for number, title in enumerate(STORY)
]

typed = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="\"“”«»'’-–*~%.,:()&\\/ \t\x00\u200b\u202e\u0307ıİIiğ1aA🎉", max_size=200),
    st.lists(
        st.sampled_from([*" ".join(STORY).split(), '"kim jong"~2', "-kim", "kim*", '"', "~3", "-"])
    ).map(" ".join),
)
requests = st.builds(
    SearchRequest,
    q=typed,
    date_from=st.none() | st.dates(),
    date_to=st.none() | st.dates(),
    sections=st.sampled_from([(), ("Spor",), ("",)]),
    match=st.sampled_from(Match),
    operator=st.sampled_from(Operator),
    sort=st.sampled_from(Sort),
    page=st.integers(-1, 120),
    per_page=st.integers(-1, 60),
    facets=st.sampled_from([(), tuple(FacetField)]),
    histogram=st.none() | st.sampled_from(Interval),
    repair=st.booleans(),
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> SearchService:
    analyzer = Analyzer()
    archive = Archive.open(tmp_path_factory.mktemp("archive"), create=True)
    archive.put(ARTICLES)
    engine = ExhaustiveEngine(ARTICLES, analyzer)
    return SearchService(engine, archive, analyzer, repair=SpellingRepair(analyzer))


def hold(spans: Sequence[Span], text: str) -> bool:
    inside = all(0 <= span.start < span.end <= len(text) for span in spans)
    return inside and all(before.end <= after.start for before, after in pairwise(spans))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests)
@example(request=SearchRequest(q="\x00" * 512))
@example(request=SearchRequest(q='"' * 512, operator=Operator.AND))
@example(request=SearchRequest(date_from=date.min, date_to=date.max))
@example(request=SearchRequest(date_from=date.max, date_to=date.min))
def test_every_request_is_answered_or_refused(
    service: SearchService, request: SearchRequest
) -> None:
    try:
        page = service.search(request)
    except QueryError as error:
        assert error.code  # noqa: PT017 - a refusal is one of two right answers
        return
    assert len(page.hits) <= min(page.total, request.per_page)
    assert page.total <= len(ARTICLES)
    for hit in page.hits:
        assert hold(hit.title_spans, hit.article.title)
        for snippet in hit.snippets:
            assert hit.article.body.startswith(snippet.text, snippet.start)
            assert hold(snippet.spans, snippet.text)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text() | typed)
def test_every_article_can_be_shown_for_every_query(service: SearchService, q: str) -> None:
    marked = service.article("haber-0", q)
    assert marked is not None
    assert hold(marked.title_spans, marked.article.title)
    assert hold(marked.body_spans, marked.article.body)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=typed)
def test_what_was_understood_asks_for_the_same(service: SearchService, q: str) -> None:
    try:
        page = service.search(SearchRequest(q=q, repair=False))
        again = service.search(SearchRequest(q=page.interpreted, repair=False))
    except QueryError:
        return
    if "no_words" not in page.warnings:
        assert [hit.article.id for hit in again.hits] == [hit.article.id for hit in page.hits]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=typed, sort=st.sampled_from(Sort))
def test_pages_neither_lose_nor_double_a_hit(service: SearchService, q: str, sort: Sort) -> None:
    try:
        whole = service.search(SearchRequest(q=q, sort=sort, per_page=50))
    except QueryError:
        return
    paged = [
        hit.article.id
        for page in range(1, whole.total + 1)
        for hit in service.search(SearchRequest(q=q, sort=sort, page=page, per_page=1)).hits
    ]
    assert paged == [hit.article.id for hit in whole.hits]
