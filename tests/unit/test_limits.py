"""How much one search may ask for, and what is said where it is too much."""

from __future__ import annotations

import pytest

from search.errors import QueryError
from search.limits import check_query, check_request, without_refused
from search.parser import parse
from search.request import SearchRequest


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(),
        SearchRequest(q="a" * 512),
        SearchRequest(page=100, per_page=10),
        SearchRequest(page=20, per_page=50),
        SearchRequest(page=1000, per_page=1),
    ],
    ids=repr,
)
def test_what_is_within_the_limits_passes(request_: SearchRequest) -> None:
    check_request(request_)


@pytest.mark.parametrize(
    ("request_", "code", "parameter"),
    [
        (SearchRequest(q="a" * 513), "query_too_long", "q"),
        (SearchRequest(page=0), "invalid_page", "page"),
        (SearchRequest(page=-3), "invalid_page", "page"),
        (SearchRequest(per_page=0), "invalid_per_page", "per_page"),
        (SearchRequest(per_page=51), "invalid_per_page", "per_page"),
        (SearchRequest(page=101, per_page=10), "page_too_deep", "page"),
        (SearchRequest(page=21, per_page=50), "page_too_deep", "page"),
    ],
    ids=["513 characters", "page 0", "page -3", "none a page", "51 a page", "1010th", "1050th"],
)
def test_a_request_beyond_the_limits_is_refused(
    request_: SearchRequest, code: str, parameter: str
) -> None:
    with pytest.raises(QueryError) as caught:
        check_request(request_)
    assert (caught.value.code, caught.value.parameter) == (code, parameter)


@pytest.mark.parametrize(
    "q",
    [
        " ".join(["kar"] * 32),
        '"' + " ".join(["kar"] * 8) + '"~10',
        "-".join(["kar"] * 64),
        "bel* bel*ye bel?ye -kar*",
        "kara~ kale~ -kumar~",
    ],
)
def test_a_query_within_the_limits_passes(q: str) -> None:
    check_query(parse(q).query)


@pytest.mark.parametrize(
    ("q", "code"),
    [
        (" ".join(["kar"] * 33), "too_many_words"),
        ('"a b c d e f g h" ' * 4 + "i", "too_many_words"),
        ("-x " * 33, "too_many_words"),
        ("-".join(["kar"] * 65), "too_many_words"),
        ('"a b c d e f g h i"', "phrase_too_long"),
        ('"a b"~11', "slop_too_wide"),
        ('-"a b"~11', "slop_too_wide"),
        ("be*", "wildcard_too_early"),
        ("be*ye", "wildcard_too_early"),
        ("b?ye", "wildcard_too_early"),
        ("*ye", "wildcard_too_early"),
        ("kar -be*", "wildcard_too_early"),
        ("kar~", "fuzzy_too_short"),
        ("karanlık~2", "fuzzy_too_far"),
        ("kara~ kale~ kumar~ -kitap~", "too_many_fuzzy"),
    ],
)
def test_a_query_beyond_the_limits_is_refused(q: str, code: str) -> None:
    with pytest.raises(QueryError) as caught:
        check_query(parse(q).query)
    assert (caught.value.code, caught.value.parameter) == (code, "q")
    assert str(caught.value.values["limit"]) in caught.value.detail


def test_what_is_refused_can_be_left_out() -> None:
    query = without_refused(parse("kar be* bel* kar~ kara~ -*ye -spor").query)
    assert query == parse("kar bel* kara~ -spor").query


def test_a_refusal_names_the_word() -> None:
    with pytest.raises(QueryError, match=r"In be\*ye the first \* or \? comes after 2 letters"):
        check_query(parse("deprem be*ye").query)
