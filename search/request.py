"""What a person asks for: one immutable value, the same from page, endpoint and command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Match(StrEnum):
    """How words match: with their suffixes conflated, or letter by letter."""

    STEM = "stem"
    EXACT = "exact"


class Operator(StrEnum):
    """Whether an article must hold any or all of the words."""

    OR = "or"
    AND = "and"


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class FacetField(StrEnum):
    """What results can be counted by, and narrowed to."""

    SECTION = "section"
    SOURCE = "source"
    AUTHOR = "author"
    YEAR = "year"


class Interval(StrEnum):
    """How long the times are that a histogram counts by, in Turkish time; `AUTO`: what is fit."""

    AUTO = "auto"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search. An empty `q` asks for every article that the filters let through.

    `date_from` and `date_to` are inclusive days of Europe/Istanbul. Values of one filter are
    alternatives; different filters must all hold. `page` counts from 1. With `repair` off the
    query is taken letter by letter as typed: no spelling is mended.
    """

    q: str = ""
    date_from: date | None = None
    date_to: date | None = None
    sections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    match: Match = Match.STEM
    operator: Operator = Operator.OR
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 10
    facets: tuple[FacetField, ...] = ()
    histogram: Interval | None = None
    repair: bool = True
