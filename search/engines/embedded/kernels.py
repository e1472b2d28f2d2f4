"""The engine's loops over entries and documents, compiled.

`scales` is for what the first reading of all words found (`reading`), `add_scores` for what the
second one counted (`counting`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import Longs, UInts
from search.engines.embedded.bitmaps import Bitmap, Bitmaps

Counts = npt.NDArray[np.uint32]
Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]


_LEAST_NORM = 1e-300
"""So that a frequency of 0 is never divided by 0; to any other one it makes no difference."""


@compiled
def scales(
    holding: Longs,
    title_holding: Longs,
    live_count: int,
    weights: Doubles,
    text_factor: float,
    title_factor: float,
) -> tuple[Doubles, Doubles]:
    """Return the scale of each entry in text and title: what it gives at most.

    That is factor · weight · idf, or 0 where no document holds it.
    """
    return (
        _scaled(holding, live_count, weights, text_factor),
        _scaled(title_holding, live_count, weights, title_factor),
    )


@compiled
def _scaled(holding: Longs, live_count: int, weights: Doubles, factor: float) -> Doubles:
    scaled = np.zeros(len(weights))
    for column in range(len(weights)):
        if holding[column]:
            scaled[column] = factor * weights[column] * idf(live_count, float(holding[column]))
    return scaled


@compiled
def idf(live_count: int, holding: float) -> float:
    """Return how much an entry says that so many of the live documents hold."""
    return float(np.log1p((live_count - holding + 0.5) / (holding + 0.5)))


@compiled
def raised(score: float, power: float) -> float:
    """Return a score to a power, three times as fast where that is the usual one."""
    if power == 0.75:
        root = np.sqrt(score)
        return float(root * np.sqrt(root))
    return float(score**power)


@compiled
def add_scores(
    documents: Longs,
    in_text: Counts,
    in_title: Counts,
    text_lengths: UInts,
    title_lengths: UInts,
    text_fixed: float,
    text_by_length: float,
    title_fixed: float,
    title_by_length: float,
    text_scales: Doubles,
    title_scales: Doubles,
    titled: Bitmaps,
    word_columns: Longs,
    power: float,
    scores: Doubles,
) -> None:
    """Add the sum of scale · tf / (tf + norm) of each word, raised to a power, to each score.

    Counts are [columns, documents]; word w has the columns [word_columns[w], word_columns[w + 1]).
    A norm is a fixed part and one by length. `titled[w]` are documents with word w in their title.
    """
    norms = np.empty(len(documents))
    for number in range(len(documents)):
        norm = text_fixed + text_by_length * text_lengths[documents[number]]
        norms[number] = max(norm, _LEAST_NORM)
    of_word = np.empty(len(documents))
    for word in range(len(word_columns) - 1):
        first, behind = word_columns[word], word_columns[word + 1]
        of_word[:] = 0.0
        for column in range(first, behind):
            scale, frequencies = text_scales[column], in_text[column]
            for number in range(len(norms)):
                frequency = np.float64(frequencies[number])
                of_word[number] += scale * frequency / (frequency + norms[number])
        for number in range(len(documents) if title_scales[first:behind].any() else 0):
            document = documents[number]
            if (titled[word, document >> 6] >> np.uint64(document & 63)) & np.uint64(1):
                norm = title_fixed + title_by_length * title_lengths[document]
                for column in range(first, behind):
                    frequency = np.float64(in_title[column, number])
                    if frequency > 0.0:
                        of_word[number] += title_scales[column] * frequency / (frequency + norm)
        for number in range(len(of_word)):
            scores[number] += raised(of_word[number], power)


@compiled
def count_codes(codes: UInts, docs: UInts, selected: Bitmap, counts: Longs) -> None:
    """Count each code whose document is selected."""
    for entry in range(len(codes)):
        document = np.uint64(docs[entry])
        word = selected[np.int64(document >> np.uint64(6))]
        counts[codes[entry]] += np.int64((word >> (document & np.uint64(63))) & np.uint64(1))
