"""Reads the dates that Turkish newspapers and their exports write. Pure: knows no today.

`12.03.2019`, `12 Mart 2019 Salı 09:12`, ISO 8601 and RFC 2822. The day comes before the month in
numbers, as it does in Turkey. A time without a zone is a time of Europe/Istanbul.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from email.utils import parsedate_to_datetime

from index.article import ISTANBUL
from index.errors import ArticleError

_EARLIEST_YEAR = 1800  # the first Turkish newspaper, Vekâyi-i Mısriyye, is of 1828
_LATEST_YEAR = 2100

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ocak oca january jan",
            "subat sub february feb",
            "mart mar march",
            "nisan nis april apr",
            "mayis may",
            "haziran haz june jun",
            "temmuz tem july jul",
            "agustos agu august aug",
            "eylul eyl september sep sept",
            "ekim eki october oct",
            "kasim kas november nov",
            "aralik ara december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_TO_ASCII = str.maketrans("çğıöşüÇĞİIÖŞÜâîûÂÎÛ", "cgiosucgiiosuaiuaiu")

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = r"(?:[\s,|/–-]*(?:saat\s*)?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?)?"
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME,
        r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})" + _TIME,
        r"(?:[a-z]+,?\s+)?(?P<day>\d{1,2})\s+(?P<name>[a-z]+)\.?,?\s+(?P<year>\d{4})"
        r"(?:,?\s+(?!saat)[a-z]+)?" + _TIME,
        r"(?P<name>[a-z]+)\.?\s+(?P<day>\d{1,2}),\s+(?P<year>\d{4})" + _TIME,
    )
)
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d\d?:\d\d.*", re.ASCII)


def parse_published(text: str) -> date | datetime:
    """Return the day, or the aware moment, that `text` names. Raises `ArticleError`.

    Of a bare year or month the first day is taken, the way catalogues file it. Midnight without
    a zone is how databases export a bare date, so it is one.

    >>> parse_published("12 Mart 2019")
    datetime.date(2019, 3, 12)
    """
    text = " ".join(text.split())
    try:
        published = _parsed(text)
    except (ValueError, OverflowError) as error:
        raise _unreadable(text) from error
    if published is None:
        raise _unreadable(text)
    if not _EARLIEST_YEAR <= published.year <= _LATEST_YEAR:
        raise ArticleError(
            f"the date {_shown(text)} is not between {_EARLIEST_YEAR} and {_LATEST_YEAR}"
        )
    return published


def _parsed(text: str) -> date | datetime | None:
    if _ISO_DAY.fullmatch(text):
        return date.fromisoformat(text)
    folded = text.translate(_TO_ASCII).lower()
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(folded):
            return _from_parts(match.groupdict())
    if _RFC_2822.fullmatch(text):
        return _in_istanbul(parsedate_to_datetime(text))
    return _in_istanbul(datetime.fromisoformat(text))


def _from_parts(parts: dict[str, str | None]) -> date | datetime | None:
    month: int | None
    if name := parts.get("name"):
        month = _MONTHS.get(name)
        if month is None:
            return None
    else:
        month = int(parts.get("month") or 1)
    day = date(int(parts["year"] or 0), month, int(parts.get("day") or 1))
    hour = parts.get("hour")
    if hour is None:
        return day
    clock = time(int(hour), int(parts["minute"] or 0), int(parts["second"] or 0))
    return _in_istanbul(datetime.combine(day, clock))


def _in_istanbul(moment: datetime) -> date | datetime:
    if moment.tzinfo is not None:
        return moment
    if (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return moment.date()
    return moment.replace(tzinfo=ISTANBUL)


def _unreadable(text: str) -> ArticleError:
    return ArticleError(
        f"the date {_shown(text)} cannot be read; write it like 2019-03-12, "
        "2019-03-12T09:12+03:00, 12.03.2019 or 12 Mart 2019"
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
