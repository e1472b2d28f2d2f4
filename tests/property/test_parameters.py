"""Whatever is asked, its parameters spell it; whatever is typed, reading it ends."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import QueryError
from search.request import FacetField, Interval, Match, Operator, SearchRequest, Sort
from web.parameters import (
    API_PARAMETERS,
    PAGE_PARAMETERS,
    Parameter,
    ParameterErrors,
    read_search,
    write_search,
)
from web.problems import error_detail, query_problem

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = TEXTS.map(str.strip).filter(bool)
VALUES = st.lists(NAMES, max_size=3, unique=True).map(tuple)
TABLES = pytest.mark.parametrize("table", [API_PARAMETERS, PAGE_PARAMETERS])


@st.composite
def requests(draw: st.DrawFn) -> SearchRequest:
    days = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2)))
    ends: tuple[date | None, ...] = draw(
        st.sampled_from([(None, None), (days[0], None), (None, days[1]), tuple(days)])
    )
    return SearchRequest(
        q=draw(TEXTS.filter(lambda text: not text or text.strip())),
        date_from=ends[0],
        date_to=ends[1],
        sections=draw(VALUES),
        sources=draw(VALUES),
        authors=draw(VALUES),
        match=draw(st.sampled_from(Match)),
        operator=draw(st.sampled_from(Operator)),
        sort=draw(st.sampled_from(Sort)),
        page=draw(st.integers(1, 1000)),
        repair=draw(st.booleans()),
    )


@TABLES
@given(wanted=requests())
def test_what_is_written_into_an_address_reads_back(
    table: tuple[Parameter, ...], wanted: SearchRequest
) -> None:
    address = urlencode(write_search(wanted, table))
    assert read_search(parse_qsl(address, keep_blank_values=True), table) == wanted


@given(
    facets=st.lists(st.sampled_from(FacetField), unique=True).map(tuple),
    histogram=st.none() | st.sampled_from(Interval),
    per_page=st.integers(1, 50),
)
def test_what_only_the_endpoint_has_reads_back(
    facets: tuple[FacetField, ...], histogram: Interval | None, per_page: int
) -> None:
    wanted = SearchRequest(facets=facets, histogram=histogram, per_page=per_page)
    assert read_search(write_search(wanted, API_PARAMETERS), API_PARAMETERS) == wanted


KNOWN_NAMES = st.sampled_from([each.name for each in (*API_PARAMETERS, *PAGE_PARAMETERS)])


@TABLES
@given(pairs=st.lists(st.tuples(KNOWN_NAMES | st.text(max_size=8), st.text(max_size=12))))
def test_anything_typed_is_a_request_or_an_error_with_its_sentences(
    table: tuple[Parameter, ...], pairs: list[tuple[str, str]]
) -> None:
    errors: tuple[QueryError, ...] = ()
    try:
        read_search(pairs, table)
    except ParameterErrors as wrong:
        errors = wrong.errors
    for language in ("tr", "en"):
        for error in errors:
            assert error_detail(error, language)
            assert query_problem([error], language).status == 400
