"""Which lines of an article show why it was found: one or two sentences, cut from its body.

The best sentences hold the most of the query's words, rare ones before common ones and near forms
before far ones; among equals the earliest. Pure: texts and marks in, text and spans out. Nothing
is added to the text, so an ellipsis is the template's business. The service calls it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from index.article import BLOCK_SEPARATOR, Block, BlockKind
from search.marking import Mark, spans_of
from search.results import Snippet, Span
from search.sentences import sentence_spans

MIN_CHARACTERS = 160
"""A shorter snippet is extended by a neighbouring sentence where that fits."""
MAX_CHARACTERS = 280
"""About four lines on a desktop, six on a phone."""
_CONTEXT = 30
"""Characters kept free beside the first and last mark when a long sentence is cut."""
_DISCOUNT = 0.5
"""What a heading counts, and a sentence that the title has already said."""
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
    if block.kind is BlockKind.HEADING:
        sentences = [Span(0, len(block.text))]
    else:
        sentences = sentence_spans(block.text)
    best: _Window | None = None
    chosen = (0, 0)
    for window, first, last in _windows(block.text, sentences, marks, rarities):
        score = window.score
        if block.kind is BlockKind.HEADING or (
            first == last and _repeats(title, block.text, sentences[first])
        ):
            score *= _DISCOUNT
        if best is None or score > best.score:
            best = _Window(window.start, window.end, score)
            chosen = (first, last)
    if best is None:  # a mark outside every sentence: there is none such but in blank text
        return _Window(0, min(len(block.text), MAX_CHARACTERS), 0.0)
    return _extended(best, sentences, *chosen)


def _windows(
    text: str, sentences: Sequence[Span], marks: Sequence[Mark], rarities: Sequence[float]
) -> Iterator[tuple[_Window, int, int]]:
    """Yield each sentence that has marks, and each such with the one after it, where they fit.

    What cannot show more than a whole sentence that was yielded is left out.
    """
    inside = _by_sentence(sentences, marks)
    shown = {number: _closest(own) for number, own in inside.items()}
    worth = {number: _worth(closest, rarities) for number, closest in shown.items()}
    highest = -1.0
    for first, closest in shown.items():
        start, end = sentences[first]
        if end - start > MAX_CHARACTERS:
            if worth[first] > highest:
                yield _cut_sentence(text, sentences[first], inside[first], rarities), first, first
            continue
        if worth[first] > highest:
            yield _Window(start, end, worth[first]), first, first
        after = shown.get(first + 1)
        if (
            after is not None
            and worth[first] + worth[first + 1] > highest
            and sentences[first + 1].end - start <= MAX_CHARACTERS
        ):
            both = dict(closest)
            for word, closeness in after.items():
                both[word] = max(both.get(word, 0.0), closeness)
            together = _worth(both, rarities)
            highest = max(highest, together)
            yield _Window(start, sentences[first + 1].end, together), first, first + 1


def _by_sentence(sentences: Sequence[Span], marks: Sequence[Mark]) -> dict[int, list[Mark]]:
    """Return the marks of each sentence that has any, by its number, in order."""
    starts = [sentence.start for sentence in sentences]
    inside: dict[int, list[Mark]] = {}
    for mark in marks:
        number = max(0, bisect_right(starts, mark.start) - 1)
        inside.setdefault(number, []).append(mark)
    return inside


def _closest(marks: Sequence[Mark]) -> dict[int, float]:
    """Return the words that some marks show, each with how near its nearest form is."""
    closest: dict[int, float] = {}
    for _, _, word, closeness in marks:
        if closeness > closest.get(word, 0.0):
            closest[word] = closeness
    return closest


def _worth(closest: Mapping[int, float], rarities: Sequence[float]) -> float:
    return sum(rarities[word] * closeness for word, closeness in closest.items())


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


def _cut_sentence(
    text: str, sentence: Span, marks: Sequence[Mark], rarities: Sequence[float]
) -> _Window:
    """Return the part of a long sentence that shows most, cut between words."""
    best_score, best = -1.0, marks[:1]
    for first in range(len(marks)):
        last = first
        room = marks[first].start + MAX_CHARACTERS - 2 * _CONTEXT
        while last + 1 < len(marks) and marks[last + 1].end <= room:
            last += 1
        shown = marks[first : last + 1]
        score = _worth(_closest(shown), rarities)
        if score > best_score:
            best_score, best = score, shown
    kept = Span(best[0].start, max(mark.end for mark in best))
    return _Window(*_around(text, sentence, kept), best_score)


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
