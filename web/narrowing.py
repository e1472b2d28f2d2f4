"""How a reader narrows a search: facet links, chips that take a filter off again, orders.

Every choice is a plain link, that is the parameters of another search. Pure: a result page in,
labels and parameters out; templates make the links.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from search.collation import turkish_key
from search.request import FacetField, Match, Operator, SearchRequest, Sort
from search.results import FacetValue, ResultPage
from web.language import Language
from web.search_address import Parameters, page_parameters

SHOWN = 8
"""How many values of a facet stand open; the rest are folded away."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to narrow by. A selected one leads to the search without it."""

    label: str
    parameters: Parameters
    count: int = 0
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one facet: those that stand open, and those that are folded away."""

    name: str
    shown: tuple[Choice, ...]
    folded: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on; `key` is the catalogue's word for its kind."""

    key: str
    label: str
    parameters: Parameters


def groups(page: ResultPage) -> tuple[Group, ...]:
    """Return the facets worth showing: one with a single value narrows nothing."""
    facets = page.facets or {}
    request = page.request
    found = (
        _group("year", year_choices(request, facets.get(FacetField.YEAR, ()))),
        _group("section", _values(request, "sections", facets.get(FacetField.SECTION, ()))),
        _group("source", _values(request, "sources", facets.get(FacetField.SOURCE, ()))),
    )
    return tuple(
        group
        for group in found
        if len(group.shown) > 1 or any(choice.selected for choice in group.shown)
    )


def year_choices(request: SearchRequest, values: Iterable[FacetValue]) -> list[Choice]:
    """Return the years, the newest first."""
    choices = []
    for each in sorted(values, key=lambda value: value.value, reverse=True):
        first, last = date(int(each.value), 1, 1), date(int(each.value), 12, 31)
        selected = (request.date_from, request.date_to) == (first, last)
        dates = (None, None) if selected else (first, last)
        parameters = page_parameters(request, date_from=dates[0], date_to=dates[1])
        choices.append(Choice(each.value, parameters, each.count, selected))
    return choices


def chips(request: SearchRequest, language: Language) -> tuple[Chip, ...]:
    """Return one chip a filter, each with the search that has all the others."""
    found = []
    if request.date_from or request.date_to:
        label = _dates(request, language)
        found.append(
            Chip("filter.date", label, page_parameters(request, date_from=None, date_to=None))
        )
    for key, field in (("section", "sections"), ("source", "sources"), ("author", "authors")):
        for value in getattr(request, field):
            rest = tuple(other for other in getattr(request, field) if other != value)
            found.append(Chip(f"filter.{key}", value, page_parameters(request, **{field: rest})))
    for key, field, usual in (
        ("filter.all_words", "operator", Operator.OR),
        ("filter.exact", "match", Match.STEM),
        ("filter.as_typed", "repair", True),
    ):
        if getattr(request, field) != usual:
            found.append(Chip(key, "", page_parameters(request, **{field: usual})))
    return tuple(found)


def orders(request: SearchRequest) -> tuple[Choice, ...]:
    """Return the orders to choose from; without words there is no relevance."""
    sorts = [Sort.RELEVANCE, Sort.NEWEST, Sort.OLDEST]
    return tuple(
        Choice(
            f"sort.{sort.value}", page_parameters(request, sort=sort), selected=request.sort is sort
        )
        for sort in (sorts if request.q.strip() else sorts[1:])
    )


def manners(request: SearchRequest) -> tuple[Choice, ...]:
    """Return the two switches of how words match: all of them, and exactly as typed."""
    if not request.q.strip():
        return ()
    every, exact = request.operator is Operator.AND, request.match is Match.EXACT
    return (
        Choice(
            "filter.all_words",
            page_parameters(request, operator=Operator.OR if every else Operator.AND),
            selected=every,
        ),
        Choice(
            "filter.exact",
            page_parameters(request, match=Match.STEM if exact else Match.EXACT),
            selected=exact,
        ),
    )


def _group(name: str, choices: list[Choice]) -> Group:
    # A value that is on must not hide among the folded ones.
    first = [each for i, each in enumerate(choices) if i < SHOWN or each.selected]
    rest = [each for i, each in enumerate(choices) if i >= SHOWN and not each.selected]
    if name != "year":  # a long list is looked through by name
        rest.sort(key=lambda choice: turkish_key(choice.label))
    return Group(name, tuple(first), tuple(rest))


def _values(request: SearchRequest, field: str, values: Iterable[FacetValue]) -> list[Choice]:
    chosen: tuple[str, ...] = getattr(request, field)
    choices = []
    for each in values:
        selected = each.value in chosen
        rest = tuple(value for value in chosen if value != each.value)
        changed = rest if selected else (*chosen, each.value)
        if each.value:
            parameters = page_parameters(request, **{field: changed})
            choices.append(Choice(each.value, parameters, each.count, selected))
    return choices


def _dates(request: SearchRequest, language: Language) -> str:
    first, last = request.date_from, request.date_to
    if first and last:
        return language.range_of_days(first, last)
    if first:
        return language.text("filter.since", day=language.day(first))
    return language.text("filter.until", day=language.day(last)) if last else ""
