"""What holds for any input that readers and archive may meet."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.article import Article, Block, BlockKind
from index.errors import ArticleError, SourceError
from index.readers import Reject, jsonlines, plaintext, table
from index.readers.cleaning import clean_line, clean_lines
from index.readers.dates import parse_published
from index.readers.encoding import encoding_of
from index.readers.fields import article_from_fields
from index.readers.ids import usable_id
from index.readers.titles import LONGEST_TITLE, title_from_lead

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=[]))  # surrogates too
PLAIN = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
NAMES = st.lists(PLAIN, max_size=3).map(tuple)
DAYS = st.dates(date(1800, 1, 1), date(2100, 12, 31))
MOMENTS = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001  # hypothesis wants bare bounds
    datetime(2100, 1, 1),  # noqa: DTZ001  # as above
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=3)), timezone(timedelta(hours=-5))]),
)
ARTICLES = st.builds(
    Article,
    id=PLAIN.filter(bool),
    title=PLAIN,
    blocks=st.lists(st.builds(Block, st.sampled_from(BlockKind), PLAIN), max_size=4).map(tuple),
    published=st.none() | DAYS | MOMENTS,
    section=PLAIN,
    source=PLAIN,
    authors=NAMES,
    tags=NAMES,
    source_url=PLAIN,
    language=st.sampled_from(["tr", "en"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["id", "title", "body", "blocks", "published", "section", "authors", "url", "METİN", "dil"]
)


def stream_of(data: bytes) -> io.BufferedReader:
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(data))
    return stream


@given(ANY_TEXT)
def test_cleaning_is_done_after_once_and_leaves_text_that_can_be_kept(text: str) -> None:
    clean = clean_line(text)
    assert clean_line(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert clean.encode().decode() == clean
    assert not any(unicodedata.category(character) == "Cc" for character in clean)
    assert clean == clean.strip()


@given(ANY_TEXT | st.text(alphabet="aİşé\u0301 \u00a0\n.", max_size=12))
def test_a_text_is_cleaned_the_same_whether_or_not_something_in_it_is_damaged(text: str) -> None:
    # A NUL sends the text the long way, and then is dropped.
    assert clean_line(text) == clean_line(f"\0{text}")
    assert clean_lines(text) == clean_lines(f"\0{text}")[: len(text.splitlines())]


@given(ANY_TEXT)
def test_an_id_in_use_stays_usable(text: str) -> None:
    once = usable_id(clean_line(text))
    assert usable_id(once) == once
    assert once.isascii()
    assert 0 < len(once) <= 128


@given(DAYS | MOMENTS)
def test_iso_dates_are_read_as_they_were(published: date | datetime) -> None:
    assert parse_published(published.isoformat()) == published


@given(ANY_TEXT)
def test_any_text_is_a_date_or_an_article_error(text: str) -> None:
    try:
        published = parse_published(text)
    except ArticleError:
        return
    assert 1800 <= published.year <= 2100


@given(PLAIN.map(clean_line).filter(bool))
def test_a_title_is_short_and_of_the_leads_own_words(lead: str) -> None:
    title = title_from_lead(lead)
    assert len(title) <= LONGEST_TITLE
    assert lead.startswith(title.removesuffix("…"))


@given(st.dictionaries(KEYS, JSON))
def test_any_record_is_an_article_or_an_article_error(record: dict[str, object]) -> None:
    try:
        article = article_from_fields(record)
    except ArticleError:
        return
    assert article.title or article.blocks
    assert usable_id(article.id) == article.id


@given(st.binary(max_size=300) | PLAIN.map(str.encode))
def test_any_bytes_are_records_or_a_source_error(data: bytes) -> None:
    for legacy in (False, True):
        stream = stream_of(data)
        with contextlib.suppress(SourceError):
            codec = encoding_of(data, legacy=legacy)
            records = (
                table.read(stream, "f", codec)
                if legacy
                else jsonlines.read(stream, data, "f", codec)
            )
            assert all(isinstance(record, Article | Reject) for record in records)


@given(st.lists(ANY_TEXT | st.sampled_from(["1", "2", "3", "Başlık", "Bir cümle burada bitti."])))
def test_any_text_file_keeps_its_words_or_is_refused(lines: list[str]) -> None:
    data = "\n".join(lines).encode("utf-8", "replace")
    try:
        article = plaintext.read(data)
    except (ArticleError, SourceError):
        return
    assert article.title
    assert all(block.text == clean_line(block.text) != "" for block in article.blocks)


@given(st.lists(st.dictionaries(KEYS, JSON), max_size=5))
def test_lines_and_arrays_of_the_same_records_say_the_same(
    records: list[dict[str, object]],
) -> None:
    lines = "".join(json.dumps(record) + "\n" for record in records).encode()
    array = json.dumps(records, indent=1).encode()
    read = [
        [
            record if isinstance(record, Article) else record.reason
            for record in jsonlines.read(stream_of(data), data, "f", "utf-8")
        ]
        for data in (lines, array)
    ]
    assert read[0] == read[1]


@settings(max_examples=30, deadline=None)  # each waits for the disk
@given(st.lists(ARTICLES, max_size=8), st.lists(ARTICLES, max_size=8))
def test_the_archive_gives_back_what_was_put_last(
    first: list[Article], second: list[Article]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "archive", create=True) as archive,
    ):
        for articles in (first, second, second):
            report = archive.put(articles)
            assert report.added + report.changed + report.unchanged == len(articles)
        newest = {article.id: article for article in (*first, *second)}
        assert archive.get_many(newest) == newest
        assert {article.id: article for article in archive.articles()} == newest
        changes = archive.changes_since(0, 100)
        assert {change.id: change.article for change in changes} == newest
        sequences = [change.sequence for change in changes]
        assert sequences == sorted(set(sequences))
