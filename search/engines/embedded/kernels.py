"""The engine's loops over entries and documents, compiled.

`weigh` is for what the first reading of all words found (`reading`), `add_scores` for what the
second one counted (`counting`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import Longs, UInts
from search.engines.embedded.bitmaps import Bitmap, Bitmaps, count_of

Counts = npt.NDArray[np.uint32]
Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


class Weighed(NamedTuple):
    """What the first reading of all words comes to.

    For each entry (column) how many live documents hold it in their text, and its scales in text
    and title: factor · weight · idf. `matched` has for each word the live documents with an entry
    that makes a match, and behind them those with any word; `titled` those with a scored entry in
    their title.
    """

    holding: Longs
    text_scales: Doubles
    title_scales: Doubles
    matched: Bitmaps
    titled: Bitmaps


@compiled
def weigh(
    text: Bitmaps,
    title: Bitmaps,
    live: Bitmap,
    live_count: int,
    weights: Doubles,
    is_matching: Mask,
    word_columns: Longs,
    text_factor: float,
    title_factor: float,
) -> Weighed:
    """Weigh the entries of all words.

    Word w has the columns [word_columns[w], word_columns[w + 1]). Deleted documents are taken out
    of the sets; an empty `live` says that there are none.
    """
    holding, title_scales = _scales(title, live, live_count, weights, title_factor)
    holding, text_scales = _scales(text, live, live_count, weights, text_factor)
    words = len(word_columns) - 1
    matched = np.zeros((words + 1, text.shape[1]), dtype=np.uint64)
    titled = np.zeros((words, text.shape[1]), dtype=np.uint64)
    for word in range(words):
        for column in range(word_columns[word], word_columns[word + 1]):
            if is_matching[column] and holding[column]:
                unite(matched[word], text[column])
            if title_scales[column] > 0:
                unite(titled[word], title[column])
        unite(matched[words], matched[word])
    return Weighed(holding, text_scales, title_scales, matched, titled)


@compiled
def _scales(
    sets: Bitmaps, live: Bitmap, live_count: int, weights: Doubles, factor: float
) -> tuple[Longs, Doubles]:
    holding = np.empty(len(weights), dtype=np.int64)
    scales = np.empty(len(weights))
    for column in range(len(weights)):
        own = sets[column]
        for word in range(len(live)):
            own[word] &= live[word]
        count = count_of(own)
        holding[column] = count
        scales[column] = factor * weights[column] * idf(live_count, float(count)) if count else 0.0
    return holding, scales


@compiled
def unite(target: Bitmap, own: Bitmap) -> None:
    """Add the documents of another set, which is not longer."""
    for place in range(len(own)):
        target[place] |= own[place]


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
    text_norm: tuple[float, float],
    title_norm: tuple[float, float],
    text_scales: Doubles,
    title_scales: Doubles,
    titled: Bitmaps,
    word_columns: Longs,
    power: float,
    scores: Doubles,
) -> None:
    """Add the sum of scale · tf / (tf + norm) of each word, raised to a power, to each score.

    Counts are [documents, columns]; word w has the columns [word_columns[w], word_columns[w + 1]).
    A norm (a, b) is a + b · length. `titled[w]` has the documents with word w in their title.
    """
    for number in range(len(documents)):
        document = documents[number]
        of_text = text_norm[0] + text_norm[1] * text_lengths[document]
        of_title = title_norm[0] + title_norm[1] * title_lengths[document]
        for word in range(len(word_columns) - 1):
            score = 0.0
            for column in range(word_columns[word], word_columns[word + 1]):
                if in_text[number, column]:
                    frequency = np.float64(in_text[number, column])
                    score += text_scales[column] * frequency / (frequency + of_text)
            if (titled[word, document >> 6] >> np.uint64(document & 63)) & np.uint64(1):
                for column in range(word_columns[word], word_columns[word + 1]):
                    frequency = np.float64(in_title[number, column])
                    if frequency > 0.0:
                        score += title_scales[column] * frequency / (frequency + of_title)
            scores[number] += raised(score, power)


@compiled
def count_codes(codes: UInts, docs: UInts, selected: Bitmap, counts: Longs) -> None:
    """Count each code whose document is selected."""
    for entry in range(len(codes)):
        document = np.uint64(docs[entry])
        word = selected[np.int64(document >> np.uint64(6))]
        counts[codes[entry]] += np.int64((word >> (document & np.uint64(63))) & np.uint64(1))
