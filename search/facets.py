"""What results can be narrowed to: the engine's counts in the order and state a reader sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from search.collation import turkish_key
from search.request import FacetField, SearchRequest
from search.results import FacetValue


def facet_values(
    counts: Mapping[FacetField, Sequence[tuple[str, int]]], request: SearchRequest
) -> dict[FacetField, tuple[FacetValue, ...]]:
    """Return each facet's values, the largest count first, equal ones by the Turkish alphabet.

    A selected value that no result has is listed with count 0, so that it can be taken back.
    """
    return {facet: _values(facet, counts.get(facet, ()), request) for facet in request.facets}


def _values(
    facet: FacetField, counts: Sequence[tuple[str, int]], request: SearchRequest
) -> tuple[FacetValue, ...]:
    selected = _selected(facet, request)
    counted = dict(counts) | {value: 0 for value in selected if value not in dict(counts)}
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], turkish_key(pair[0])))
    return tuple(FacetValue(value, count, value in selected) for value, count in ordered)


def _selected(facet: FacetField, request: SearchRequest) -> frozenset[str]:
    match facet:
        case FacetField.SECTION:
            return frozenset(request.sections)
        case FacetField.SOURCE:
            return frozenset(request.sources)
        case FacetField.AUTHOR:
            return frozenset(request.authors)
        case FacetField.YEAR:
            return _selected_year(request.date_from, request.date_to)


def _selected_year(first: date | None, last: date | None) -> frozenset[str]:
    """Return the year whose first and last day the date filter names, if it is one."""
    if first is None or last is None or first.year != last.year:
        return frozenset()
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return frozenset({str(first.year)}) if whole else frozenset()
