"""Which page links stand under the results. Pure."""

from __future__ import annotations

from dataclasses import dataclass

NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Paging:
    """Links from one page of results to others.

    `numbers` are the pages to name, rising; 0 stands for a gap. `reachable` is the last page that
    can be opened, which is less than `pages` where the results go on beyond the search's limit.
    """

    page: int
    pages: int
    reachable: int
    numbers: tuple[int, ...]

    @property
    def previous(self) -> int | None:
        """The page before; from beyond the end, the last one."""
        return min(self.page - 1, self.reachable) if self.page > 1 else None

    @property
    def following(self) -> int | None:
        """The page after, None on the last."""
        return self.page + 1 if self.page < self.reachable else None


def paging(page: int, pages: int, most: int) -> Paging:
    """Return the links for `page` of `pages`, of which only the first `most` can be opened.

    >>> paging(6, 40, 100).numbers
    (1, 0, 4, 5, 6, 7, 8, 0, 40)
    """
    reachable = min(pages, most)
    near = range(page - NEIGHBOURS, page + NEIGHBOURS + 1)
    named = sorted({1, reachable, *near} & set(range(1, reachable + 1)))
    numbers: list[int] = []
    for number in named:
        if numbers and number - numbers[-1] == 2:
            numbers.append(number - 1)  # a gap of one page is no shorter than its number
        elif numbers and number - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(number)
    return Paging(page, pages, reachable, tuple(numbers))
