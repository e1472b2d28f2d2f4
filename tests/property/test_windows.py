"""What shows most of a query is what trying every window finds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.windows import DISCOUNT, best_sentences

MOST, ROOM = 30, 20
Row = tuple[int, int, int, float]


@st.composite
def blocks(draw: st.DrawFn) -> tuple[list[tuple[int, int]], list[bool], list[Row]]:
    """Draw sentences side by side, which of them count half, and marks within them in order."""
    lengths = draw(st.lists(st.integers(3, 60), min_size=1, max_size=6))
    starts = [sum(lengths[:number]) + number for number in range(len(lengths))]
    sentences = [(start, start + length) for start, length in zip(starts, lengths, strict=True)]
    places = sorted(draw(st.lists(st.integers(0, sentences[-1][1] - 2), min_size=1, max_size=12)))
    marks = []
    for place in places:
        sentence = sentences[max(0, bisect_right(starts, place) - 1)]
        if place + 1 < sentence[1]:
            closeness = draw(st.sampled_from([1.0, 0.9, 0.6, 0.3]))
            marks.append((place, min(place + 4, sentence[1]), draw(st.integers(0, 3)), closeness))
    return sentences, draw(st.lists(st.booleans(), min_size=6, max_size=6)), marks


def worth(marks: list[Row], rarities: list[float]) -> float:
    nearest: dict[int, float] = {}
    for _, _, word, closeness in marks:
        nearest[word] = max(nearest.get(word, 0.0), closeness)
    return sum(rarities[word] * closeness for word, closeness in nearest.items())


def every_window(
    sentences: list[tuple[int, int]], halved: list[bool], marks: list[Row], rarities: list[float]
) -> Iterator[float]:
    inside = [[m for m in marks if start <= m[0] < end] for start, end in sentences]
    for number, (start, end) in enumerate(sentences):
        own = inside[number]
        factor = DISCOUNT if halved[number] else 1.0
        if own and end - start > MOST:
            for first in range(len(own)):
                for last in range(first, len(own)):
                    if last == first or own[last][1] <= own[first][0] + ROOM:
                        yield factor * worth(own[first : last + 1], rarities)
        elif own:
            yield factor * worth(own, rarities)
            if (
                number + 1 < len(sentences)
                and inside[number + 1]
                and sentences[number + 1][1] - start <= MOST
            ):
                yield worth(own + inside[number + 1], rarities)


@given(blocks(), st.lists(st.sampled_from([0.1, 0.3, 1.0]), min_size=4, max_size=4))
def test_nothing_shows_more_than_the_best_sentences(
    block: tuple[list[tuple[int, int]], list[bool], list[Row]], rarities: list[float]
) -> None:
    sentences, halved, marks = block
    shown = best_sentences(
        np.array(sentences),
        np.array(halved[: len(sentences)]),
        np.array(marks, dtype=np.float64).reshape(-1, 4),
        np.array(rarities),
        MOST,
        ROOM,
    )
    expected = max(every_window(sentences, halved, marks, rarities), default=-1.0)
    assert np.isclose(shown.score, expected)
    if marks:
        lo, hi = sentences[shown.first][0], sentences[shown.last][1]
        assert lo <= shown.start < shown.end <= hi
