"""Dates as Turkish newspapers write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from index.article import ISTANBUL
from index.errors import ArticleError
from index.readers.dates import parse_published

DAYS = {
    "2019-03-12": date(2019, 3, 12),
    " 2019-03-12 ": date(2019, 3, 12),
    "20190312": date(2019, 3, 12),
    "2019/3/12": date(2019, 3, 12),
    "12.03.2019": date(2019, 3, 12),
    "3.4.2019": date(2019, 4, 3),
    "12/03/2019": date(2019, 3, 12),
    "12 Mart 2019": date(2019, 3, 12),
    "12 MART 2019": date(2019, 3, 12),
    "12 Mart 2019 Salı": date(2019, 3, 12),
    "Salı, 12 Mart 2019": date(2019, 3, 12),
    "5 Ağustos 2020": date(2020, 8, 5),
    "5 Agustos 2020": date(2020, 8, 5),
    "1 Şubat 2021": date(2021, 2, 1),
    "30 Kasım 2008": date(2008, 11, 30),
    "30 KASIM 2008": date(2008, 11, 30),
    "9 Eyl 2009": date(2009, 9, 9),
    "March 12, 2019": date(2019, 3, 12),
    "2019-03-12 00:00:00": date(2019, 3, 12),
    "2019-03": date(2019, 3, 1),
    "2019": date(2019, 1, 1),
    "1928-08-09": date(1928, 8, 9),
}


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read(text: str) -> None:
    published = parse_published(text)
    assert published == DAYS[text]
    assert not isinstance(published, datetime)


MOMENTS = {
    "2019-03-12T09:12:00+03:00": "2019-03-12T09:12:00+03:00",
    "2019-03-12T06:12:00Z": "2019-03-12T06:12:00+00:00",
    "2019-03-12T09:12": "2019-03-12T09:12:00+03:00",
    "2019-03-12 09:12:30.250": "2019-03-12T09:12:30.250000+03:00",
    "12.03.2019 09:12": "2019-03-12T09:12:00+03:00",
    "12.03.2019 - 09:12": "2019-03-12T09:12:00+03:00",
    "12.03.2019 09.12": "2019-03-12T09:12:00+03:00",
    "12 Mart 2019 Salı 09:12": "2019-03-12T09:12:00+03:00",
    "12 Mart 2019, 09:12": "2019-03-12T09:12:00+03:00",
    "12 Mart 2019 saat 09:12": "2019-03-12T09:12:00+03:00",
    "Tue, 12 Mar 2019 09:12:00 +0300": "2019-03-12T09:12:00+03:00",
    "Tue, 12 Mar 2019 06:12:00 GMT": "2019-03-12T06:12:00+00:00",
    # Turkey kept winter time until 2016.
    "12.01.2010 09:12": "2010-01-12T09:12:00+02:00",
    "2019-03-12T00:00:00+03:00": "2019-03-12T00:00:00+03:00",
}


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_read_and_a_bare_one_is_of_istanbul(text: str) -> None:
    published = parse_published(text)
    assert isinstance(published, datetime)
    assert published.isoformat() == MOMENTS[text]


def test_a_bare_moment_has_the_zone_not_just_its_offset() -> None:
    published = parse_published("12.07.2010 09:12")
    assert isinstance(published, datetime)
    assert published.tzinfo is ISTANBUL
    assert published == datetime(2010, 7, 12, 9, 12, tzinfo=timezone(timedelta(hours=3)))


@pytest.mark.parametrize(
    "text",
    [
        "dün",
        "31.02.2019",
        "2019-13-01",
        "12.13.2019",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "12 Foo 2019",
        "12.03.19",
        "12.03.2019 25:00",
        "2019-03-12T09:12:00+99:00",
        "1551424320",
        "Tue, 99 Mar 2019 09:12:00 +0300",
        "-1",
        "٢٠١٩",
        "x" * 10_000,
    ],
)
def test_what_is_no_date_is_refused_with_the_text_and_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(ArticleError) as caught:
        parse_published(text)
    assert text[:20] in str(caught.value)
    assert len(str(caught.value)) < 200
