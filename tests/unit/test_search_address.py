"""The Turkish addresses of searches: what they mean, what they forgive, how links change them."""

from __future__ import annotations

from datetime import date

import pytest

from search.request import FacetField, Match, Operator, SearchRequest, Sort
from search.results import FacetValue, ResultPage
from web.language import load_language
from web.narrowing import SHOWN, chips, groups, manners, orders
from web.search_address import page_parameters, read_page_search, without_filters


def read(*pairs: tuple[str, str]) -> SearchRequest:
    request, errors = read_page_search(pairs, 10)
    assert errors == ()
    return request


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019", date(2019, 1, 1)),
        ("2019-03", date(2019, 3, 1)),
        ("2019-03-07", date(2019, 3, 7)),
        ("3.2019", date(2019, 3, 1)),
        ("7.3.2019", date(2019, 3, 7)),
        ("07/03/2019", date(2019, 3, 7)),
    ],
)
def test_a_date_may_be_written_the_turkish_way(text: str, day: date) -> None:
    assert read(("baslangic", text)).date_from == day


def test_a_wrong_date_is_named_and_the_rest_of_the_request_stands() -> None:
    request, errors = read_page_search([("q", "kar"), ("baslangic", "dün"), ("bolum", "Spor")], 10)
    assert (request.q, request.sections, request.date_from) == ("kar", ("Spor",), None)
    assert [(error.parameter, error.code) for error in errors] == [("baslangic", "invalid_date")]


@pytest.mark.parametrize("text", ["31.2.2019", "2019-13", "0.2019", "99999", "٢٠١٩"])
def test_a_day_that_does_not_exist_is_an_error(text: str) -> None:
    assert read_page_search([("bitis", text)], 10)[1]


def test_parameters_of_other_peoples_making_are_ignored() -> None:
    assert read(("q", "kar"), ("utm_source", "x"), ("dil", "en")).q == "kar"


def test_without_words_the_newest_come_first_and_the_address_stays_short() -> None:
    request = read(("bolum", "Spor"))
    assert request.sort is Sort.NEWEST
    assert page_parameters(request) == {"bolum": ["Spor"]}


def test_any_change_leads_to_the_first_page() -> None:
    request = read(("q", "kar"), ("sayfa", "4"))
    assert page_parameters(request) == {"q": ["kar"], "sayfa": ["4"]}
    assert page_parameters(request, sort=Sort.OLDEST) == {"q": ["kar"], "sirala": ["eski"]}


def test_an_address_survives_reading_and_writing() -> None:
    pairs = [
        ("q", '"meşru müdafaa" -spor'),
        ("baslangic", "2019-01-01"),
        ("kaynak", "A & B"),
        ("kaynak", "Ç"),
        ("islec", "ve"),
        ("sayfa", "2"),
    ]
    written = page_parameters(read(*pairs))
    assert [(name, value) for name, values in written.items() for value in values] == pairs


def page_with(request: SearchRequest, **facets: list[tuple[str, int]]) -> ResultPage:
    values = {
        FacetField(name): tuple(FacetValue(value, count) for value, count in counted)
        for name, counted in facets.items()
    }
    return ResultPage(request, request.q, 1, 1.0, 1, (), facets=values)


def test_choosing_adds_a_value_and_choosing_it_again_takes_it_away() -> None:
    request = read(("q", "kar"), ("bolum", "Spor"))
    (group,) = groups(page_with(request, section=[("Spor", 3), ("Yerel", 2)]))
    spor, yerel = group.shown
    assert (spor.selected, yerel.selected) == (True, False)
    assert spor.parameters == {"q": ["kar"]}
    assert yerel.parameters == {"q": ["kar"], "bolum": ["Spor", "Yerel"]}


def test_a_year_is_a_range_of_days() -> None:
    (group,) = groups(page_with(read(("q", "kar")), year=[("2018", 1), ("2019", 9)]))
    assert [choice.label for choice in group.shown] == ["2019", "2018"]
    wanted = {"q": ["kar"], "baslangic": ["2019-01-01"], "bitis": ["2019-12-31"]}
    assert group.shown[0].parameters == wanted
    chosen = read(("q", "kar"), ("baslangic", "2019"), ("bitis", "2019"))
    (group,) = groups(page_with(chosen, year=[("2018", 1), ("2019", 9)]))
    assert group.shown[0].selected
    assert group.shown[0].parameters == {"q": ["kar"]}


def test_a_facet_with_one_value_is_not_shown_unless_it_is_on() -> None:
    assert groups(page_with(read(("q", "kar")), section=[("Spor", 3)])) == ()
    assert groups(page_with(read(("bolum", "Spor")), section=[("Spor", 3)]))


def test_many_values_are_folded_by_the_alphabet_but_never_a_chosen_one() -> None:
    names = [f"Bölüm {i}" for i in range(SHOWN)] + ["Öğle", "Oda", "Zonguldak"]
    counted = [(name, 50 - i) for i, name in enumerate(names)]
    (group,) = groups(page_with(read(("q", "x"), ("bolum", "Zonguldak")), section=counted))
    assert group.shown[-1].label == "Zonguldak"
    assert [choice.label for choice in group.folded] == ["Oda", "Öğle"]


def test_every_filter_has_a_chip_that_takes_off_just_itself() -> None:
    request = read(
        ("q", "kar"), ("bolum", "Spor"), ("bolum", "Yerel"), ("baslangic", "2019"), ("islec", "ve")
    )
    found = chips(request, load_language("tr"))
    assert [(chip.key, chip.label) for chip in found] == [
        ("filter.date", "1 Ocak 2019 ve sonrası"),
        ("filter.section", "Spor"),
        ("filter.section", "Yerel"),
        ("filter.all_words", ""),
    ]
    assert found[1].parameters == {
        "q": ["kar"],
        "baslangic": ["2019-01-01"],
        "bolum": ["Yerel"],
        "islec": ["ve"],
    }
    assert chips(read(("q", "kar")), load_language("tr")) == ()


def test_without_words_relevance_and_matching_are_not_offered() -> None:
    assert [choice.label for choice in orders(read(("q", " ")))] == ["sort.newest", "sort.oldest"]
    assert manners(read()) == ()
    assert len(orders(read(("q", "kar")))) == 3


def test_matching_switches_know_their_state() -> None:
    request = read(("q", "kar"), ("eslesme", "tam"))
    every, exact = manners(request)
    assert (every.selected, exact.selected) == (False, True)
    assert exact.parameters == {"q": ["kar"]}
    assert request.match is Match.EXACT
    assert request.operator is Operator.OR


def test_removing_all_filters_keeps_words_and_order() -> None:
    request = read(("q", "kar"), ("bolum", "Spor"), ("sirala", "eski"), ("islec", "ve"))
    assert page_parameters(without_filters(request)) == {"q": ["kar"], "sirala": ["eski"]}
