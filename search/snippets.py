"""Which lines of an article show why it was found: one or two sentences, cut from its body.

The best sentences hold the most of the query's words, rare ones before common ones and near forms
before far ones; among equals the earliest. Pure: texts and marks in, text and spans out. Nothing
is added to the text, so an ellipsis is the template's business. The service calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from index.article import BLOCK_SEPARATOR, Block, BlockKind
from search.marking import Mark, spans_of
from search.results import Snippet, Span
from search.sentences import sentence_spans
from search.windows import best_sentences

MIN_CHARACTERS = 160
"""A shorter snippet is extended by a neighbouring sentence where that fits."""
MAX_CHARACTERS = 280
"""About four lines on a desktop, six on a phone."""
_CONTEXT = 30
"""Characters kept free beside the first and last mark when a long sentence is cut."""
_TITLE_START = 30


class _Window(NamedTuple):
    """A candidate: `block.text[start:end]`, and how much of the query it shows."""

    start: int
    end: int
    score: float


def best_snippet(
    blocks: Sequence[Block],
    marks: Sequence[Sequence[Mark]],
    rarities: Sequence[float],
    *,
    title: str = "",
) -> Snippet | None:
    """Return the lines to show for an article; None where it has no body.

    `marks` has the marks of each block, `rarities` a weight for each word of the query. `title`
    is what the reader sees above: a sentence that repeats it counts less. Without any mark (only
    the title matched, or nothing was asked) the snippet is how the story begins.
    """
    best: tuple[float, int, int, Span] | None = None
    offset = 0
    for number, block in enumerate(blocks):
        if marks[number]:
            window = _best_window(block, marks[number], rarities, title)
            if best is None or window.score > best[0]:
                best = (window.score, number, offset, Span(window.start, window.end))
        offset += len(block.text) + len(BLOCK_SEPARATOR)
    if best is None:
        return _beginning(blocks, title)
    _, number, offset, window_span = best
    return _cut_out(blocks[number].text, window_span, offset, marks[number])


def _cut_out(text: str, window: Span, offset: int, marks: Sequence[Mark]) -> Snippet:
    inside = (mark for mark in marks if mark.start < window.end and mark.end > window.start)
    spans = tuple(
        Span(max(span.start, window.start) - window.start, min(span.end, window.end) - window.start)
        for span in spans_of(inside)
    )
    return Snippet(text[window.start : window.end], offset + window.start, spans)


def _best_window(
    block: Block, marks: Sequence[Mark], rarities: Sequence[float], title: str
) -> _Window:
    is_heading = block.kind is BlockKind.HEADING
    sentences = [Span(0, len(block.text))] if is_heading else sentence_spans(block.text)
    if not sentences:  # a mark outside every sentence: there is none such but in blank text
        return _Window(0, min(len(block.text), MAX_CHARACTERS), 0.0)
    shown = best_sentences(
        np.array(sentences, dtype=np.int64),
        np.array([is_heading or _repeats(title, block.text, each) for each in sentences]),
        np.fromiter(chain.from_iterable(marks), np.float64, 4 * len(marks)).reshape(-1, 4),
        np.array(rarities, dtype=np.float64),
        MAX_CHARACTERS,
        MAX_CHARACTERS - 2 * _CONTEXT,
    )
    kept = Span(shown.start, shown.end)
    if shown.is_cut:
        kept = Span(*_around(block.text, sentences[shown.first], kept))
    return _extended(_Window(*kept, shown.score), sentences, shown.first, shown.last)


def _extended(window: _Window, sentences: Sequence[Span], first: int, last: int) -> _Window:
    """Return a short window with the sentence after it, or else the one before, if that fits."""
    start, end = window.start, window.end
    if end - start >= MIN_CHARACTERS:
        return window
    if last + 1 < len(sentences) and sentences[last + 1].end - start <= MAX_CHARACTERS:
        end = sentences[last + 1].end
    elif first > 0 and end - sentences[first - 1].start <= MAX_CHARACTERS:
        start = sentences[first - 1].start
    return _Window(start, end, window.score)


def _around(text: str, sentence: Span, kept: Span) -> tuple[int, int]:
    """Return a stretch of at most MAX_CHARACTERS around `kept`, cut between words."""
    spare = MAX_CHARACTERS - (kept.end - kept.start)
    if spare <= 0:
        return kept.start, kept.start + MAX_CHARACTERS
    start = max(sentence.start, kept.start - spare // 2)
    end = min(sentence.end, start + MAX_CHARACTERS)
    start = max(sentence.start, end - MAX_CHARACTERS)
    if start > sentence.start and not text[start - 1].isspace():
        start = next((i + 1 for i in range(start, kept.start) if text[i].isspace()), kept.start)
    return start, _end_of_word(text, kept.end, end, sentence.end)


def _end_of_word(text: str, lowest: int, end: int, last: int) -> int:
    """Return `end`, or the end of the last whole word before it, but not less than `lowest`."""
    if end >= last or text[end].isspace():
        return end
    while end > lowest and not text[end].isspace():
        end -= 1
    return max(lowest, end)


def _beginning(blocks: Sequence[Block], title: str) -> Snippet | None:
    """Return how the story begins, without marks and without saying the title again."""
    offset = 0
    heading: Snippet | None = None
    for block in blocks:
        sentences = sentence_spans(block.text)
        if sentences and block.kind is BlockKind.HEADING:
            heading = heading or _first_lines(block.text, sentences, offset)
        elif sentences:
            if len(sentences) > 1 and _repeats(title, block.text, sentences[0]):
                sentences = sentences[1:]
            return _first_lines(block.text, sentences, offset)
        offset += len(block.text) + len(BLOCK_SEPARATOR)
    return heading


def _first_lines(text: str, sentences: Sequence[Span], offset: int) -> Snippet:
    start, end = sentences[0].start, sentences[0].end
    for sentence in sentences[1:]:
        if end - start >= MIN_CHARACTERS or sentence.end - start > MAX_CHARACTERS:
            break
        end = sentence.end
    if end - start > MAX_CHARACTERS:
        cut = start + MAX_CHARACTERS
        end = _end_of_word(text, start, cut, end)
        end = end if end > start else cut
    stretch = text[start:end].rstrip()
    return Snippet(stretch, offset + start, ())


def _repeats(title: str, text: str, sentence: Span) -> bool:
    shown = title.rstrip("….")[:_TITLE_START]
    return bool(shown) and text.startswith(shown, sentence.start)
