"""What results can be narrowed to, as a reader sees it."""

from __future__ import annotations

from datetime import date

import pytest

from search.facets import facet_values
from search.request import FacetField, SearchRequest
from search.results import FacetValue


def test_the_largest_count_comes_first_and_equal_ones_by_the_turkish_alphabet() -> None:
    request = SearchRequest(facets=(FacetField.SECTION,))
    counts = {FacetField.SECTION: [("Dünya", 2), ("Çevre", 2), ("Spor", 9), ("Cumhuriyet", 2)]}
    values = facet_values(counts, request)[FacetField.SECTION]
    assert [value.value for value in values] == ["Spor", "Cumhuriyet", "Çevre", "Dünya"]


def test_selected_values_are_told_and_stay_even_with_no_result() -> None:
    request = SearchRequest(sources=("AA", "Yok"), facets=(FacetField.SOURCE,))
    values = facet_values({FacetField.SOURCE: [("AA", 2), ("DHA", 1)]}, request)
    assert values[FacetField.SOURCE] == (
        FacetValue("AA", 2, selected=True),
        FacetValue("DHA", 1),
        FacetValue("Yok", 0, selected=True),
    )


@pytest.mark.parametrize(
    ("first", "last", "selected"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), True),
        (date(2019, 1, 1), date(2019, 12, 30), False),
        (date(2018, 1, 1), date(2019, 12, 31), False),
        (date(2019, 1, 1), None, False),
        (None, None, False),
    ],
)
def test_a_year_is_selected_where_the_dates_are_its_first_and_last_day(
    first: date | None, last: date | None, selected: bool
) -> None:
    request = SearchRequest(date_from=first, date_to=last, facets=(FacetField.YEAR,))
    values = facet_values({FacetField.YEAR: [("2019", 3)]}, request)[FacetField.YEAR]
    assert values == (FacetValue("2019", 3, selected=selected),)


def test_only_what_was_asked_for_is_answered() -> None:
    request = SearchRequest(facets=(FacetField.AUTHOR,))
    assert facet_values({FacetField.SOURCE: [("AA", 2)]}, request) == {FacetField.AUTHOR: ()}
