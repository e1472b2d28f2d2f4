"""The address of a search page: between `/ara?q=…&bolum=…` and a `SearchRequest`.

The names are those of `web.parameters`; added here is what only pages do: forgive. Parameters of
other people's making (utm_source) are ignored, a date may be written the Turkish way (1.3.2019),
and an error leaves the rest of the request standing, so that the page can show its form again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from search.errors import QueryError
from search.request import FacetField, SearchRequest, Sort
from web.parameters import (
    PAGE_PARAMETERS,
    ParameterErrors,
    parameter_name,
    read_search,
    write_search,
)

Parameters = Mapping[str, list[str]]
"""What `url_for` takes: each name with all its values."""

FACETS = (FacetField.SECTION, FacetField.SOURCE, FacetField.YEAR)

NAMES = frozenset(parameter.name for parameter in PAGE_PARAMETERS)
DATE_NAMES = ("baslangic", "bitis")

TURKISH_DATE = re.compile(r"(?:(?:([0-9]{1,2})[./])?([0-9]{1,2})[./])?([0-9]{4})")


def read_page_search(
    pairs: Iterable[tuple[str, str]], per_page: int
) -> tuple[SearchRequest, tuple[QueryError, ...]]:
    """Return the request that a page's address spells, and what is wrong with it.

    Without words there is no relevance, so the newest come first.
    """
    known = [(name, _iso(name, text)) for name, text in pairs if name in NAMES]
    errors: tuple[QueryError, ...] = ()
    try:
        request = read_search(known, PAGE_PARAMETERS)
    except ParameterErrors as error:
        request, errors = error.request, error.errors
    request = replace(request, per_page=per_page, facets=FACETS)
    if not request.q.strip() and request.sort is Sort.RELEVANCE:
        request = replace(request, sort=Sort.NEWEST)
    return request, errors


def page_parameters(request: SearchRequest, **changes: object) -> Parameters:
    """Return the parameters of `request` with `changes`; any change leads to its first page.

    >>> page_parameters(SearchRequest(q="kar", page=3), sort=Sort.OLDEST)
    {'q': ['kar'], 'sirala': ['eski']}
    """
    if changes and "page" not in changes:
        changes["page"] = 1
    request = replace(request, **changes)  # type: ignore[arg-type]  # each field its own type
    if not request.q.strip() and request.sort is Sort.NEWEST:
        request = replace(request, sort=Sort.RELEVANCE)
    parameters: dict[str, list[str]] = {}
    for name, value in write_search(request, PAGE_PARAMETERS):
        parameters.setdefault(name, []).append(value)
    return parameters


def parameter_of(error: QueryError) -> str:
    """Return the page's name of what is wrong, whichever room found it."""
    return parameter_name(error.parameter, PAGE_PARAMETERS)


def without_filters(request: SearchRequest) -> SearchRequest:
    """Return the request with nothing but its query and its order."""
    return SearchRequest(q=request.q, sort=request.sort, repair=request.repair)


def _iso(name: str, text: str) -> str:
    """Turn 1.3.2019 and 3.2019 into what the parameters' table reads; leave all else alone."""
    parts = TURKISH_DATE.fullmatch(text.strip()) if name in DATE_NAMES else None
    if parts is None:
        return text
    day, month, year = parts.groups()
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
