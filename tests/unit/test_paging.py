"""Which page links stand under the results."""

from __future__ import annotations

import pytest

from web.paging import paging


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, (1,)),
        (1, 9, (1, 2, 3, 0, 9)),
        (5, 9, (1, 2, 3, 4, 5, 6, 7, 8, 9)),
        (5, 40, (1, 2, 3, 4, 5, 6, 7, 0, 40)),
        (40, 40, (1, 0, 38, 39, 40)),
        (90, 9, (1, 0, 9)),
    ],
)
def test_first_last_and_neighbours_are_named(
    page: int, pages: int, numbers: tuple[int, ...]
) -> None:
    assert paging(page, pages, 100).numbers == numbers


def test_the_first_page_has_no_previous_and_the_last_no_next() -> None:
    assert (paging(1, 3, 100).previous, paging(1, 3, 100).following) == (None, 2)
    assert (paging(3, 3, 100).previous, paging(3, 3, 100).following) == (2, None)


def test_from_beyond_the_end_previous_leads_to_the_last_page() -> None:
    beyond = paging(40, 3, 100)
    assert (beyond.previous, beyond.following) == (3, None)


def test_no_link_leads_further_than_the_search_reaches() -> None:
    deep = paging(100, 5000, 100)
    assert max(deep.numbers) == 100
    assert deep.following is None
