"""How the text of one URL parameter becomes a value: dates, numbers, choices, lists.

Each reader gets (name, text), returns the value, and raises `QueryError` with what to write
instead. Pure; `web.parameters` says which parameter is read by which.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from search.errors import QueryError


def choice(choices: Mapping[str, StrEnum]) -> Callable[[str, str], Any]:
    """Return a reader that takes one of the names in `choices`."""

    def read(name: str, text: str) -> StrEnum:
        try:
            return choices[text]
        except KeyError:
            known = ", ".join(choices)
            detail = f"'{text}' is no value of '{name}'; choose one of {known}"
            raise QueryError("invalid_choice", name, detail, value=text, known=known) from None

    return read


def chosen(choices: Mapping[str, StrEnum]) -> Callable[[Any], str]:
    """Return the writer that belongs to `choice(choices)`."""
    names = {value: name for name, value in choices.items()}
    return lambda value: names[value]


def list_of(choices: Mapping[str, StrEnum]) -> Callable[[str, str], tuple[StrEnum, ...]]:
    """Return a reader of comma-separated names in `choices`; doubled ones count once."""
    read_one = choice(choices)

    def read(name: str, text: str) -> tuple[StrEnum, ...]:
        names = [part.strip() for part in text.split(",")]
        return tuple(dict.fromkeys(read_one(name, part) for part in names if part))

    return read


def first_day(name: str, text: str) -> date:
    """Read YYYY, YYYY-MM or YYYY-MM-DD as the first day of that time."""
    year, month, day = _date_parts(name, text)
    return _day(name, text, year, month or 1, day or 1)


def last_day(name: str, text: str) -> date:
    """Read YYYY, YYYY-MM or YYYY-MM-DD as the last day of that time.

    >>> last_day("to", "2024-02")
    datetime.date(2024, 2, 29)
    """
    year, month, day = _date_parts(name, text)
    month = month or 12
    start = _day(name, text, year, month, day or 1)
    return start if day else start.replace(day=monthrange(year, month)[1])


def whole_number(name: str, text: str) -> int:
    """Read a positive whole number in ASCII digits."""
    if not re.fullmatch(r"[0-9]{1,9}", text.strip()) or not int(text):
        detail = f"'{text}' is no value of '{name}'; give a whole number from 1"
        raise QueryError("invalid_number", name, detail, value=text)
    return int(text)


def flag(name: str, text: str) -> bool:
    """Read true, false, 1 or 0."""
    known = {"true": True, "1": True, "false": False, "0": False}
    if text not in known:
        detail = f"'{text}' is no value of '{name}'; choose true or false"
        raise QueryError("invalid_choice", name, detail, value=text, known="true, false")
    return known[text]


def written_flag(value: bool) -> str:
    """Write what `flag` reads."""
    return "true" if value else "false"


def plain(_name: str, text: str) -> str:
    """Read any text as it stands."""
    return text


def trimmed(_name: str, text: str) -> str:
    """Read any text without the white space around it."""
    return text.strip()


def _date_parts(name: str, text: str) -> tuple[int, int | None, int | None]:
    parts = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text.strip())
    if parts is None:
        raise _invalid_date(name, text)
    year, month, day = (None if part is None else int(part) for part in parts.groups())
    # A month or day of zero must not pass for one that is left out.
    if not year or month == 0 or day == 0:
        raise _invalid_date(name, text)
    return year, month, day


def _day(name: str, text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _invalid_date(name, text) from None


def _invalid_date(name: str, text: str) -> QueryError:
    detail = f"'{text}' is no date; write YYYY, YYYY-MM or YYYY-MM-DD in '{name}'"
    return QueryError("invalid_date", name, detail, value=text)
