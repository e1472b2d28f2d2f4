"""When documents were published: counted by day, month or year of Turkish time.

Seconds become days once a snapshot; counting is then one `bincount`. Time zones are asked for each
day that occurs, not for each document.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from index.article import ISTANBUL
from index.codec.segment import UNDATED
from search.engine import MOST_BUCKETS, Histogram
from search.engines.embedded.snapshot import Longs
from search.request import Interval

Days = npt.NDArray[np.int32]
"""Days since 1970-01-01, or `NO_DAY`."""

NO_DAY = np.iinfo(np.int32).min
_DAY_SECONDS = 86_400
_FIRST_SECOND, _LAST_SECOND = -62_135_510_400, 253_402_214_399
"""A day within what `datetime` can tell: Turkish days begin and end hours from those of UTC."""

_UNITS = {Interval.DAY: "D", Interval.MONTH: "M", Interval.YEAR: "Y"}


def local_days(published: Longs) -> Days:
    """Return the Turkish day of each document, given UTC seconds or `UNDATED`."""
    days = np.full(len(published), NO_DAY, dtype=np.int32)
    is_dated = published != UNDATED
    seconds = published[is_dated]
    utc_days, which = np.unique(seconds // _DAY_SECONDS, return_inverse=True)
    bounds = [(day * _DAY_SECONDS, (day + 1) * _DAY_SECONDS - 1) for day in utc_days.tolist()]
    offsets = np.array([_offset(first) for first, _ in bounds], dtype=np.int64)
    changes = np.array([_offset(first) != _offset(last) for first, last in bounds], dtype=bool)
    own = offsets[which]
    for place in np.flatnonzero(changes[which]).tolist():  # the clocks were changed on that day
        own[place] = _offset(int(seconds[place]))
    days[is_dated] = (seconds + own) // _DAY_SECONDS
    return days


def histogram(days: Days, interval: Interval) -> Histogram:
    """Return how many of some documents were published when, given their days."""
    dated = days[days != NO_DAY]
    undated = len(days) - len(dated)
    if not len(dated):
        return Histogram(Interval.DAY if interval is Interval.AUTO else interval, (), undated)
    first = int(dated.min())
    by_day = np.bincount(dated - first)
    present = np.flatnonzero(by_day)
    dates = (present + first).astype("datetime64[D]")
    if interval is Interval.AUTO:
        interval = _shortest_fit(dates[0], dates[-1])
    times, which = np.unique(dates.astype(f"datetime64[{_UNITS[interval]}]"), return_inverse=True)
    counts = np.zeros(len(times), dtype=np.int64)
    np.add.at(counts, which, by_day[present])
    buckets = zip(np.datetime_as_string(times).tolist(), counts.tolist(), strict=True)
    return Histogram(interval, tuple(buckets), undated)


def _shortest_fit(first: np.datetime64, last: np.datetime64) -> Interval:
    for interval in (Interval.DAY, Interval.MONTH):
        unit = f"datetime64[{_UNITS[interval]}]"
        if int((last.astype(unit) - first.astype(unit)).astype(np.int64)) < MOST_BUCKETS:
            return interval
    return Interval.YEAR


def _offset(seconds: int) -> int:
    """Return by how many seconds Turkish time is ahead of UTC at a moment."""
    moment = min(max(seconds, _FIRST_SECOND), _LAST_SECOND)
    ahead = datetime.fromtimestamp(moment, UTC).astimezone(ISTANBUL).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0
