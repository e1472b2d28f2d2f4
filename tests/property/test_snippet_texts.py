"""Whatever the article and the query: snippets are cut from the body, marks are words of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from search.marking import Marker, spans_of
from search.parser import parse
from search.planning import plan
from search.results import Span
from search.sentences import sentence_spans
from search.snippets import MAX_CHARACTERS, best_snippet

ANALYZER = Analyzer()
WORDS = [
    "Kim", "Jong-un", "Belousov’un", "kar", "kârı", "T.B.M.M.", "%20", "1.250", "Dr.", "3.", "ve",
    "F.Bahçe", "“Geldi.”", "Gitti!", "o", "i\u0307z", "gü\u00adven", "uzun" * 30, "—", "🎉", "…",
]  # fmt: skip

texts = st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join) | st.text(max_size=50)
blocks = st.lists(st.builds(Block, st.sampled_from(BlockKind), texts), max_size=4)
queries = st.lists(
    st.sampled_from([*WORDS, '"kim jong"', '"ve kar"~3', "kar*", "-ve"]), max_size=6
).map(" ".join)


def sorted_and_disjoint(spans: Sequence[Span]) -> bool:
    return all(span.start < span.end for span in spans) and all(
        before.end <= after.start for before, after in pairwise(spans)
    )


@given(st.text(max_size=30) | texts, blocks, queries)
@example("", [Block(BlockKind.PARAGRAPH, "a" * 600 + " kar")], "kar")
def test_snippets_are_cut_from_the_body(title: str, blocks: list[Block], query: str) -> None:
    story = Article("id", title, tuple(blocks))
    marker = Marker(plan(parse(query).query, ANALYZER).clauses, ANALYZER)
    marks = marker.marks([block.text for block in story.blocks])
    snippet = best_snippet(story.blocks, marks, [1.0] * len(marker.words), title=title)
    if snippet is None:
        assert not story.body.strip()
        return
    assert story.body[snippet.start : snippet.start + len(snippet.text)] == snippet.text
    assert snippet.text.strip()
    assert len(snippet.text) <= MAX_CHARACTERS
    assert sorted_and_disjoint(snippet.spans)
    assert all(span.start >= 0 and span.end <= len(snippet.text) for span in snippet.spans)
    assert bool(snippet.spans) == any(marks)


@given(texts, queries)
def test_marks_are_tokens_of_the_text(text: str, query: str) -> None:
    marker = Marker(plan(parse(query).query, ANALYZER).clauses, ANALYZER)
    marks = marker.marks([text])[0]
    tokens = {(token.start, token.end) for token in ANALYZER.tokens(text)}
    assert {(mark.start, mark.end) for mark in marks} <= tokens
    assert sorted_and_disjoint(spans_of(marks))


@given(st.text() | texts)
def test_sentences_cover_every_letter_once(text: str) -> None:
    spans = sentence_spans(text)
    assert sorted_and_disjoint(spans)
    covered = "".join(text[span.start : span.end] for span in spans)
    assert "".join(covered.split()) == "".join(text.split())
