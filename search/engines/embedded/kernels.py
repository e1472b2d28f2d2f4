"""The engine's loops over postings and documents, compiled.

Documents are numbered through all segments: `base` is the number of a segment's first one. `seen`,
`touched` and `slots` are working memory of `scratch`; between searches every entry of `seen` and
`slots` is 0. Rows of spans are (first posting, posting behind the last, bits of its entries), see
`spans`. The first reading of a word is `touch` on each segment and then `settle`, the second
reading of all words is `tally` on each segment and then `add_scores`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import ESCAPE, Documents, Longs, Octets, UInts

Bits = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.uint32]
Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@compiled
def touch(docs: Documents, rows: Longs, base: int, seen: Bits, touched: UInts, found: int) -> int:
    """Set the bits of every posting's entries for its document.

    Documents that had none are listed in `touched` behind the `found` first ones; it has room for
    one more than there are documents. Return how many are listed now.
    """
    for row in range(len(rows)):
        bits = np.uint16(rows[row, 2])
        for place in range(rows[row, 0], rows[row, 1]):
            document = base + np.int64(docs[place])
            before = seen[document]
            seen[document] = before | bits
            touched[found] = document  # without a branch, which would often be guessed wrongly
            found += before == 0
    return found


@compiled
def settle(
    touched: UInts,
    found: int,
    seen: Bits,
    titled: UInts,
    titled_found: int,
    seen_in_title: Bits,
    live: Mask,
    live_count: int,
    weights: Doubles,
    factors: tuple[float, float],
    power: float,
    matching: int,
    mask: Mask,
    bounds: Floats,
    text_scales: Doubles,
    title_scales: Doubles,
) -> float:
    """Weigh a group's entries by the documents found, and add what it can give at most to each.

    The documents found in titles are among those found in the text. Those with a matching bit in
    their text are marked in `mask`; an empty `live` says that no document is deleted, empty
    `bounds` that none are wanted. Sets each entry's scale in text and title: factor · weight · idf.
    Clears what was seen. Returns the most that the group's terms can add up to.
    """
    in_text, found = _census(touched, found, seen, live, len(weights))
    in_title, titled_found = _census(titled, titled_found, seen_in_title, live, len(weights))
    text_sums = _weigh(in_text, weights, factors[0], live_count, text_scales)
    title_sums = _weigh(in_title, weights, factors[1], live_count, title_scales)
    most = np.empty(len(text_sums), dtype=np.float32)
    for bits in range(len(text_sums)):
        most[bits] = raised(text_sums[bits], power)
    bounded = len(bounds) > 0
    for place in range(titled_found):
        document = titled[place]
        if bounded:
            text = seen[document]
            whole = raised(text_sums[text] + title_sums[seen_in_title[document]], power)
            bounds[document] += np.float32(whole) - most[text]  # which is added below
        seen_in_title[document] = 0
    for place in range(found):
        document = touched[place]
        bits = seen[document]
        seen[document] = 0
        if bounded:
            bounds[document] += most[bits]
        if bits & matching:
            mask[document] = True
    return float(text_sums[-1] + title_sums[-1])


@compiled
def _census(touched: UInts, found: int, seen: Bits, live: Mask, entries: int) -> tuple[Longs, int]:
    """Return how many live documents have each set of bits, and how many there are.

    They are listed, and no others any more.
    """
    counts = np.zeros(1 << entries, dtype=np.int64)
    if len(live) == 0:
        for place in range(found):
            counts[seen[touched[place]]] += 1
        return counts, found
    kept = 0
    for place in range(found):
        document = touched[place]
        if live[document]:
            touched[kept] = document
            kept += 1
            counts[seen[document]] += 1
        else:
            seen[document] = 0
    return counts, kept


@compiled
def _weigh(
    counts: Longs, weights: Doubles, factor: float, live_count: int, scales: Doubles
) -> Doubles:
    """Set each entry's scale; return for each set of bits the sum of its entries' scales."""
    sums = np.zeros(len(counts))
    for entry in range(len(weights)):
        holding = np.int64(0)
        for bits in range(len(counts)):
            if bits >> entry & 1:
                holding += counts[bits]
        idf = np.log1p((live_count - holding + 0.5) / (holding + 0.5))
        scales[entry] = factor * weights[entry] * idf if holding else 0.0
        for bits in range(1 << entry, 2 << entry):
            sums[bits] = sums[bits - (1 << entry)] + scales[entry]
    return sums


@compiled
def raised(score: float, power: float) -> float:
    """Return a score to a power, three times as fast where that is the usual one."""
    if power == 0.75:
        root = np.sqrt(score)
        return float(root * np.sqrt(root))
    return float(score**power)


@compiled
def mark(docs: Documents, rows: Longs, base: int, mask: Mask) -> None:
    """Mark the document of every posting, deleted ones too."""
    for row in range(len(rows)):
        for place in range(rows[row, 0], rows[row, 1]):
            mask[base + np.int64(docs[place])] = True


@compiled
def tally(
    docs: Documents,
    frequencies: Octets,
    overflow_places: Longs,
    overflow_values: Longs,
    rows: Longs,
    starts: Longs,
    columns: Longs,
    base: int,
    slots: Bits,
    counted: Counts,
) -> None:
    """Add each posting's frequency to `counted[slot - 1, column]` of its document and entries.

    `slots[document]` is the slot of a document that is asked for, 0 of all others. The rows of
    group g begin at `starts[g]`, the columns of its entries at `columns[g]`.
    """
    for group in range(len(starts) - 1):
        for row in range(starts[group], starts[group + 1]):
            for place in range(rows[row, 0], rows[row, 1]):
                slot = np.int64(slots[base + np.int64(docs[place])])
                if slot == 0:
                    continue
                frequency = np.uint32(frequencies[place])
                if frequency == ESCAPE:
                    frequency = np.uint32(overflow_values[np.searchsorted(overflow_places, place)])
                bits, column = rows[row, 2], columns[group]
                while bits:
                    if bits & 1:
                        counted[slot - 1, column] += frequency
                    bits >>= 1
                    column += 1


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
    word_columns: Longs,
    power: float,
    scores: Doubles,
) -> None:
    """Add the sum of scale · tf / (tf + norm) of each word, raised to a power, to each score.

    Counts are [documents, columns]; word w has the columns [word_columns[w], word_columns[w + 1]).
    A norm (a, b) is a + b · length.
    """
    for number in range(len(documents)):
        of_text = text_norm[0] + text_norm[1] * text_lengths[documents[number]]
        of_title = title_norm[0] + title_norm[1] * title_lengths[documents[number]]
        for word in range(len(word_columns) - 1):
            score = 0.0
            for column in range(word_columns[word], word_columns[word + 1]):
                frequency = np.float64(in_text[number, column])
                if frequency > 0.0:
                    score += text_scales[column] * frequency / (frequency + of_text)
                frequency = np.float64(in_title[number, column])
                if frequency > 0.0:
                    score += title_scales[column] * frequency / (frequency + of_title)
            scores[number] += raised(score, power)


@compiled
def count_codes(codes: UInts, docs: UInts, selected: Mask, counts: Longs) -> None:
    """Count each code whose document is selected."""
    for entry in range(len(codes)):
        counts[codes[entry]] += selected[docs[entry]]
