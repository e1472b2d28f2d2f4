"""Any text has a query, and a query's own text means the same query."""

from __future__ import annotations

import re
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from search import parser, query_text
from search.parser import parse
from search.query import Fuzzy, Phrase, Prefix, Query, Wildcard, Word
from search.query_text import clean

SIGNS = "\"“”„«»'’‘`´-–−—.,:;&%*?~_()/\\<>=+ \t\n\x00\x92\u200b\u202e\ufe0f\u20e3\u0307\u0301"
LETTERS = "aibcçğıİIşöü0123456789ß日ا"

texts = st.text() | st.text(alphabet=SIGNS + LETTERS, max_size=60)


@given(texts)
@example("i\u0307\u0307")
@example("e\u200d\u0301")
@example("''''")
@example('"a"~3"b"')
@example("%0?0")
@example("*?1?0")
def test_a_query_written_out_is_the_same_query(text: str) -> None:
    query = parse(text).query
    assert parse(str(query)).query == query
    assert parse(str(query)).warnings in {(), ("only_exclusions",)}


@given(texts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts | st.text(alphabet="".join(query_text._SIGNS) + LETTERS, max_size=9))
@example("kaʼrˈ")
def test_what_needs_no_cleaning_would_be_left_as_it_is(text: str) -> None:
    quick = clean(text)
    with patch.object(query_text, "_PLAIN", re.compile("(?!)")):
        assert clean(text) == quick


word = st.from_regex(r"[a-zçğıöşü0-9]+(?:['.&-][a-zçğıöşü]+)?", fullmatch=True)
clause = st.one_of(
    word.map(Word),
    st.from_regex(r"[a-zçğıöşü]{3,8}", fullmatch=True).map(Prefix),
    st.from_regex(r"[a-zçğıöşü]{1,4}(?:\*|\?{1,2}\*?)[a-zçğıöşü]{1,4}\*?", fullmatch=True).map(
        Wildcard
    ),
    st.builds(Fuzzy, st.from_regex(r"[a-zçğıöşü0-9]{2,9}", fullmatch=True), st.integers(1, 9)),
    st.builds(Phrase, st.lists(word, min_size=1, max_size=5).map(tuple), st.integers(0, 10)),
)
queries = st.builds(Query, st.lists(clause).map(tuple), st.lists(clause).map(tuple))


@given(st.text(st.characters(categories=["L", "N", "Zs"]) | st.sampled_from(" ʼaI"), max_size=20))
def test_plain_text_is_read_as_any_other(text: str) -> None:
    at_once = parse(text)
    with patch.object(parser, "is_plain", lambda _: False):
        assert at_once == parse(text)


@given(queries)
def test_every_tree_can_be_written_and_read(query: Query) -> None:
    assert parse(str(query)).query == query


@given(texts)
def test_every_word_has_a_letter_or_digit(text: str) -> None:
    query = parse(text).query
    for part in (*query.wanted, *query.excluded):
        for own in part.words if isinstance(part, Phrase) else (part.text,):
            assert any(letter.isalnum() for letter in own)
