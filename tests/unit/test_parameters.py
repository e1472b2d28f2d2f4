"""Parameters of a URL become a request, and a request becomes parameters again."""

from __future__ import annotations

from datetime import date

import pytest

from search.request import FacetField, Interval, Match, Operator, SearchRequest, Sort
from web.parameters import (
    API_PARAMETERS,
    PAGE_PARAMETERS,
    ParameterErrors,
    read_search,
    write_search,
)

FULL = SearchRequest(
    q='"meşru müdafaa" -spor',
    date_from=date(2019, 1, 1),
    date_to=date(2019, 12, 31),
    sections=("dünya", "ekonomi"),
    sources=("Örnek Ajans",),
    authors=("Ayşe Öz",),
    match=Match.EXACT,
    operator=Operator.AND,
    sort=Sort.OLDEST,
    page=3,
    per_page=20,
    facets=(FacetField.SECTION, FacetField.YEAR),
    histogram=Interval.MONTH,
    repair=False,
)


def wrong(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """Return (parameter, code) of everything that is wrong with `pairs`."""
    with pytest.raises(ParameterErrors) as caught:
        read_search(pairs, API_PARAMETERS)
    return [(error.parameter, error.code) for error in caught.value.errors]


def test_nothing_given_is_the_default_request() -> None:
    assert read_search([], API_PARAMETERS) == SearchRequest()


def test_every_parameter_reaches_its_field() -> None:
    pairs = [
        ("q", '"meşru müdafaa" -spor'),
        ("from", "2019"),
        ("to", "2019-12"),
        ("section", "dünya"),
        ("section", "ekonomi"),
        ("source", "Örnek Ajans"),
        ("author", "Ayşe Öz"),
        ("match", "exact"),
        ("op", "and"),
        ("sort", "oldest"),
        ("page", "3"),
        ("per_page", "20"),
        ("facets", "section,year"),
        ("histogram", "month"),
        ("repair", "false"),
    ]
    assert read_search(pairs, API_PARAMETERS) == FULL


def test_what_is_written_reads_back() -> None:
    assert read_search(write_search(FULL, API_PARAMETERS), API_PARAMETERS) == FULL


def test_the_pages_names_say_the_same_in_turkish() -> None:
    shown = SearchRequest(q="kar", sort=Sort.NEWEST, page=2, sections=("spor",), repair=False)
    pairs = write_search(shown, PAGE_PARAMETERS)
    assert ("sirala", "yeni") in pairs
    assert ("sayfa", "2") in pairs
    assert ("bolum", "spor") in pairs
    assert read_search(pairs, PAGE_PARAMETERS) == shown


def test_defaults_are_not_written() -> None:
    assert write_search(SearchRequest(q="kar"), API_PARAMETERS) == (("q", "kar"),)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-06-09", date(2024, 6, 9), date(2024, 6, 9)),
    ],
)
def test_a_partial_date_stands_for_all_its_days(text: str, first: date, last: date) -> None:
    request = read_search([("from", text), ("to", text)], API_PARAMETERS)
    assert (request.date_from, request.date_to) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["dün", "24", "2024-13", "2024-00", "2023-02-29", "0000", "2024-1", "2024-01-1",
     "01.02.2024", "2024-01-01T10:00", "٢٠٢٤", "-2024", "2024-", "12024"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    assert wrong(("from", text)) == [("from", "invalid_date")]
    assert wrong(("to", text)) == [("to", "invalid_date")]


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    assert wrong(("from", "2020"), ("to", "2019-12-31")) == [("from", "invalid_date_range")]


def test_a_range_of_one_day_is_fine() -> None:
    request = read_search([("from", "2020-02-03"), ("to", "2020-02-03")], API_PARAMETERS)
    assert request.date_from == request.date_to == date(2020, 2, 3)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "bir", "²", "٣", "1_0", "9999999999"])
def test_what_is_no_positive_whole_number_is_refused(text: str) -> None:
    assert wrong(("page", text)) == [("page", "invalid_number")]


@pytest.mark.parametrize("name", ["match", "op", "sort", "repair", "facets", "histogram"])
def test_what_is_no_choice_is_refused_with_the_choices(name: str) -> None:
    with pytest.raises(ParameterErrors) as caught:
        read_search([(name, "yok")], API_PARAMETERS)
    (error,) = caught.value.errors
    assert error.code == "invalid_choice"
    assert "choose" in error.detail


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ParameterErrors) as caught:
        read_search([("sectoin", "spor")], API_PARAMETERS)
    (error,) = caught.value.errors
    assert error.code == "unknown_parameter"
    assert "did you mean 'section'?" in error.detail


def test_names_are_case_sensitive() -> None:
    assert wrong(("Q", "kar")) == [("Q", "unknown_parameter")]


def test_a_single_value_given_twice_is_refused() -> None:
    assert wrong(("q", "kar"), ("q", "kış")) == [("q", "repeated_parameter")]


def test_a_repeatable_value_given_twice_counts_once() -> None:
    request = read_search([("source", "A"), ("source", " A "), ("source", "B")], API_PARAMETERS)
    assert request.sources == ("A", "B")


def test_empty_values_count_as_not_given() -> None:
    empty = [(each.name, " ") for each in API_PARAMETERS]
    assert read_search(empty, API_PARAMETERS) == SearchRequest()


def test_a_doubled_facet_counts_once() -> None:
    request = read_search([("facets", "year, section,,year")], API_PARAMETERS)
    assert request.facets == (FacetField.YEAR, FacetField.SECTION)


def test_all_errors_are_reported_together_and_in_order() -> None:
    pairs = [("form", "2019"), ("to", "x"), ("page", "0"), ("sort", "best"), ("q", "kar")]
    assert wrong(*pairs) == [
        ("form", "unknown_parameter"),
        ("to", "invalid_date"),
        ("page", "invalid_number"),
        ("sort", "invalid_choice"),
    ]


def test_the_errors_carry_what_could_be_read() -> None:
    with pytest.raises(ParameterErrors) as caught:
        read_search([("q", "kar"), ("page", "x"), ("sort", "newest")], API_PARAMETERS)
    assert caught.value.request == SearchRequest(q="kar", sort=Sort.NEWEST)


@pytest.mark.parametrize("table", [API_PARAMETERS, PAGE_PARAMETERS])
def test_a_table_names_each_field_and_parameter_once(table: tuple) -> None:  # type: ignore[type-arg]  # either table
    assert len({each.name for each in table}) == len(table)
    assert {each.field for each in table} <= set(SearchRequest.__dataclass_fields__)
    assert len({each.field for each in table}) == len(table)


def test_the_endpoint_reaches_every_field_of_a_request() -> None:
    assert {each.field for each in API_PARAMETERS} == set(SearchRequest.__dataclass_fields__)
