"""Which sentences of a block show most of a query: the loop behind `search.snippets`.

Every sentence that has marks is looked at, and each such with the one after it; of a sentence too
long to be shown, the stretch between two of its marks that shows most. Marks are rows (start, end,
word, closeness) in order. A word counts by its rarity times the closeness of its nearest form.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled

Numbers = npt.NDArray[np.float64]
Bounds = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DISCOUNT = 0.5
"""What a heading counts, and a sentence that the title has already said."""


class Shown(NamedTuple):
    """The sentences [first, last] and how much they show; first is -1 where no mark is in any.

    Of a sentence too long to be shown, all marks within [start, end) are.
    """

    first: int
    last: int
    score: float
    is_cut: bool
    start: int
    end: int


@cache
def load_loops() -> None:
    """Have the loop ready: after an installation the first call waits for the compiler."""
    one_mark = np.array([[0.0, 1.0, 0.0, 1.0]])
    best_sentences(np.array([[0, 1]]), np.zeros(1, dtype=bool), one_mark, np.ones(1), 1, 1)


def best_sentences(
    sentences: Bounds, halved: Flags, marks: Numbers, rarities: Numbers, most: int, room: int
) -> Shown:
    """Return what shows most; among equals the earliest.

    `sentences` are rows (start, end); those in `halved` count half by themselves. A sentence of
    more than `most` characters is cut: marks are shown that lie within `room`.
    """
    return Shown(*_best(sentences, halved, marks, rarities, most, room))


@compiled
def _best(
    sentences: Bounds, halved: Flags, marks: Numbers, rarities: Numbers, most: int, room: int
) -> tuple[int, int, float, bool, int, int]:
    best = (-1, -1, -1.0, False, 0, 0)
    own = np.zeros(len(rarities))
    both = np.zeros(len(rarities))
    number = 0
    mark = 0
    while mark < len(marks):
        while number + 1 < len(sentences) and sentences[number + 1, 0] <= marks[mark, 0]:
            number += 1
        behind = _behind_sentence(sentences, number, marks, mark)
        worth = _worth(marks, mark, behind, rarities, own)
        start, end = sentences[number]
        factor = DISCOUNT if halved[number] else 1.0
        if end - start > most:
            if worth * factor > best[2]:
                score, first, last = _cut(marks, mark, behind, rarities, room, own)
                if score * factor > best[2]:
                    cut_end = marks[first : last + 1, 1].max()
                    cut_start = marks[first, 0]
                    best = (number, number, score * factor, True, int(cut_start), int(cut_end))
        else:
            if worth * factor > best[2]:
                best = (number, number, worth * factor, False, start, end)
            following = number + 1
            if (
                behind < len(marks)
                and following < len(sentences)
                and marks[behind, 0] >= sentences[following, 0]
                and sentences[following, 1] - start <= most
            ):
                last_behind = _behind_sentence(sentences, following, marks, behind)
                if last_behind > behind:
                    together = _worth(marks, mark, last_behind, rarities, both)
                    if together > best[2]:
                        best = (
                            number, following, together, False, start, sentences[following, 1],
                        )  # fmt: skip
        mark = behind
    return best


@compiled
def _behind_sentence(sentences: Bounds, number: int, marks: Numbers, mark: int) -> int:
    """Return the first mark behind a sentence, which ends where the next one starts."""
    if number + 1 >= len(sentences):
        return len(marks)
    while mark < len(marks) and marks[mark, 0] < sentences[number + 1, 0]:
        mark += 1
    return mark


@compiled
def _worth(marks: Numbers, first: int, behind: int, rarities: Numbers, closest: Numbers) -> float:
    """Return how much the marks [first, behind) show; `closest` has room for every word."""
    closest[:] = 0.0
    for mark in range(first, behind):
        word = int(marks[mark, 2])
        closest[word] = max(closest[word], marks[mark, 3])
    return float((closest * rarities).sum())


@compiled
def _cut(
    marks: Numbers, first: int, behind: int, rarities: Numbers, room: int, closest: Numbers
) -> tuple[float, int, int]:
    """Return (score, first, last) of the neighbouring marks within `room` that show most."""
    best = (-1.0, first, first)
    for begin in range(first, behind):
        last = begin
        while last + 1 < behind and marks[last + 1, 1] <= marks[begin, 0] + room:
            last += 1
        score = _worth(marks, begin, last + 1, rarities, closest)
        if score > best[0]:
            best = (score, begin, last)
    return best
