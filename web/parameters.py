"""How a URL's parameters become a `SearchRequest`, and a request the parameters of a URL.

One table a front: `API_PARAMETERS` has the names of the endpoint, `PAGE_PARAMETERS` the Turkish
ones of the pages; both go through `read_search` and `write_search`, so they cannot drift apart.
Pure: no web framework, no clock, no limits (those are the service's). A wrong parameter is an
error, and all errors are reported at once, since a silent typo costs more than a loud one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from index.errors import InputError
from search.errors import QueryError
from search.request import FacetField, Interval, Match, Operator, SearchRequest, Sort
from web.parameter_values import (
    choice,
    chosen,
    first_day,
    flag,
    last_day,
    list_of,
    plain,
    trimmed,
    whole_number,
    written_flag,
)

Pairs = Iterable[tuple[str, str]]
"""Names and decoded values in the order of the URL; a repeated name comes more than once."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of one front: its name there, and the field of `SearchRequest` it fills.

    `read` gets (name, text) and raises `QueryError`; `write` is its inverse. Of a `repeatable`
    parameter every value is read and they are gathered in a tuple.
    """

    name: str
    field: str
    read: Callable[[str, str], Any]  # Any: each field has its own type, checked by the tests
    write: Callable[[Any], str] = str
    repeatable: bool = False


_DEFAULT = SearchRequest()


class ParameterErrors(InputError):
    """One or more parameters are wrong.

    `errors` holds one `QueryError` each, in the order of the URL; `request` is what the others
    say, so that a page can show its form again.
    """

    def __init__(self, errors: Sequence[QueryError], request: SearchRequest) -> None:
        super().__init__("; ".join(error.detail for error in errors))
        self.errors = tuple(errors)
        self.request = request


def read_search(pairs: Pairs, parameters: Sequence[Parameter]) -> SearchRequest:
    """Return the request that `pairs` spell; an empty value counts as not given.

    Raises `ParameterErrors` with everything that is wrong: unknown names, repeated single values,
    unreadable values, a range that ends before it begins.

    >>> read_search([("q", "kar"), ("from", "2019-02")], API_PARAMETERS).date_from
    datetime.date(2019, 2, 1)
    """
    return read_search_with(pairs, parameters, ())[0]


def read_search_with(
    pairs: Pairs, parameters: Sequence[Parameter], beside: Sequence[Parameter]
) -> tuple[SearchRequest, dict[str, Any]]:
    """Return the request, and by field what the parameters `beside` it say (how to show it).

    Raises `ParameterErrors` as `read_search` does.
    """
    values, errors = read_parameters(pairs, (*parameters, *beside))
    aside = {each.field: values.pop(each.field) for each in beside if each.field in values}
    request = SearchRequest(**values)
    if request.date_from and request.date_to and request.date_from > request.date_to:
        errors.append(_reversed_range(request, parameters))
    if errors:
        raise ParameterErrors(errors, request)
    return request, aside


def read_parameters(
    pairs: Pairs, parameters: Sequence[Parameter]
) -> tuple[dict[str, Any], list[QueryError]]:
    """Return the values by field, and everything that is wrong with single parameters."""
    by_name = {parameter.name: parameter for parameter in parameters}
    values: dict[str, Any] = {}
    errors: list[QueryError] = []
    for name, texts in _grouped(pairs).items():
        parameter = by_name.get(name)
        try:
            if parameter is None:
                raise _unknown(name, by_name)
            if given := [text for text in texts if text.strip()]:
                values[parameter.field] = _read_values(parameter, given)
        except QueryError as error:
            errors.append(error)
    return values, errors


def write_search(
    request: SearchRequest, parameters: Sequence[Parameter]
) -> tuple[tuple[str, str], ...]:
    """Return the parameters that spell `request`, defaults left out: one spelling a request."""
    pairs: list[tuple[str, str]] = []
    for parameter in parameters:
        value = getattr(request, parameter.field)
        if value == getattr(_DEFAULT, parameter.field):
            continue
        items = value if parameter.repeatable else (value,)
        pairs.extend((parameter.name, parameter.write(item)) for item in items)
    return tuple(pairs)


def parameter_name(field: str, parameters: Sequence[Parameter]) -> str:
    """Return what the front of `parameters` calls a field of `SearchRequest`, else `field`."""
    return next((each.name for each in parameters if each.field == field), field)


def _grouped(pairs: Pairs) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, text in pairs:
        grouped.setdefault(name, []).append(text)
    return grouped


def _read_values(parameter: Parameter, texts: Sequence[str]) -> Any:
    if not parameter.repeatable:
        return parameter.read(parameter.name, _single(parameter.name, texts))
    return tuple(dict.fromkeys(parameter.read(parameter.name, text) for text in texts))


def _unknown(name: str, known: Iterable[str]) -> QueryError:
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    listed = ", ".join(known) or "—"
    hint = f"did you mean '{near[0]}'?" if near else f"known are: {listed}"
    detail = f"There is no parameter '{name}'; {hint}"
    return QueryError("unknown_parameter", name, detail, known=listed)


def _single(name: str, texts: Sequence[str]) -> str:
    if len(texts) > 1:
        detail = f"The parameter '{name}' is given {len(texts)} times; it takes one value"
        raise QueryError("repeated_parameter", name, detail, count=len(texts))
    return texts[0]


def _reversed_range(request: SearchRequest, parameters: Sequence[Parameter]) -> QueryError:
    first, last = (parameter_name(field, parameters) for field in ("date_from", "date_to"))
    detail = f"The range begins ({request.date_from}) after it ends ({request.date_to})"
    return QueryError(
        "invalid_date_range",
        first,
        f"{detail}; exchange '{first}' and '{last}'",
        first=str(request.date_from),
        last=str(request.date_to),
    )


_API_MATCH = {each.value: each for each in Match}
_API_OPERATOR = {each.value: each for each in Operator}
_API_SORT = {each.value: each for each in Sort}
_API_HISTOGRAM = {each.value: each for each in Interval}
_API_FACETS = {each.value: each for each in FacetField}

API_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("q", "q", plain),
    Parameter("from", "date_from", first_day),
    Parameter("to", "date_to", last_day),
    Parameter("source", "sources", trimmed, repeatable=True),
    Parameter("section", "sections", trimmed, repeatable=True),
    Parameter("author", "authors", trimmed, repeatable=True),
    Parameter("match", "match", choice(_API_MATCH)),
    Parameter("op", "operator", choice(_API_OPERATOR)),
    Parameter("sort", "sort", choice(_API_SORT)),
    Parameter("page", "page", whole_number),
    Parameter("per_page", "per_page", whole_number),
    Parameter("facets", "facets", list_of(_API_FACETS), ",".join),
    Parameter("histogram", "histogram", choice(_API_HISTOGRAM)),
    Parameter("repair", "repair", flag, written_flag),
)
"""The endpoint's names (docs/api.md); the command line shares their values."""

_PAGE_MATCH = {"kok": Match.STEM, "tam": Match.EXACT}
_PAGE_OPERATOR = {"veya": Operator.OR, "ve": Operator.AND}
_PAGE_SORT = {"ilgi": Sort.RELEVANCE, "yeni": Sort.NEWEST, "eski": Sort.OLDEST}

PAGE_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("q", "q", plain),
    Parameter("baslangic", "date_from", first_day),
    Parameter("bitis", "date_to", last_day),
    Parameter("kaynak", "sources", trimmed, repeatable=True),
    Parameter("bolum", "sections", trimmed, repeatable=True),
    Parameter("yazar", "authors", trimmed, repeatable=True),
    Parameter("eslesme", "match", choice(_PAGE_MATCH), chosen(_PAGE_MATCH)),
    Parameter("islec", "operator", choice(_PAGE_OPERATOR), chosen(_PAGE_OPERATOR)),
    Parameter("sirala", "sort", choice(_PAGE_SORT), chosen(_PAGE_SORT)),
    Parameter("sayfa", "page", whole_number),
    Parameter("onarim", "repair", flag, written_flag),
)
"""The Turkish names of the pages (/ara?q=…&sirala=yeni)."""
