"""The engine's loops over postings and documents, compiled.

Documents are numbered through all segments, each of which begins at a whole word of a bitmap. Rows
of spans are (first posting, posting behind the last, bits of its entries), see `spans`; the rows of
group g begin at `starts[g]`, and its entries are the columns from `columns[g]` on. The first
reading of all words is `collect` on each segment and then `weigh`, the second one `tally` on each
segment and then `add_scores`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import ESCAPE, Documents, Longs, Octets, UInts
from search.engines.embedded.bitmaps import Bitmap, Bitmaps, ones

Counts = npt.NDArray[np.uint32]
Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Slots = npt.NDArray[np.uint16]


@compiled
def collect(
    docs: Documents,
    rows: Longs,
    starts: Longs,
    columns: Longs,
    first: int,
    behind: int,
    sets: Bitmaps,
) -> None:
    """Put the document of each posting into the sets of its entries: `sets[column]`.

    The segment has their words [first, behind). A posting of several entries is read once: what
    they share is collected by itself.
    """
    spare = np.empty(behind - first, dtype=np.uint64)
    for group in range(len(starts) - 1):
        last_row = starts[group + 1]
        done = np.zeros(1 << (columns[group + 1] - columns[group]), dtype=np.bool_)
        for row in range(starts[group], last_row):
            bits = rows[row, 2]
            if done[bits]:
                continue
            done[bits] = True
            spare[:] = 0
            for other in range(row, last_row):
                if rows[other, 2] == bits:
                    _put(docs, rows[other], spare)
            column = columns[group]
            while bits:
                if bits & 1:
                    own = sets[column][first:behind]
                    for word in range(len(spare)):
                        own[word] |= spare[word]
                bits >>= 1
                column += 1


@compiled
def mark(docs: Documents, rows: Longs, found: Bitmap) -> None:
    """Put the document of every posting into a set that begins with the segment's first one."""
    for row in range(len(rows)):
        _put(docs, rows[row], found)


@compiled
def _put(docs: Documents, row: Longs, found: Bitmap) -> None:
    for posting in range(row[0], row[1]):
        document = np.uint64(docs[posting])
        found[np.int64(document >> np.uint64(6))] |= np.uint64(1) << (document & np.uint64(63))


@compiled
def weigh(
    sets: Bitmaps,
    live: Bitmap,
    live_count: int,
    weights: Doubles,
    factor: float,
    holding: Longs,
    scales: Doubles,
) -> None:
    """Set for each entry how many live documents hold it, and its scale: factor · weight · idf.

    Deleted documents are taken out of the sets; an empty `live` says that there are none.
    """
    for column in range(len(weights)):
        own = sets[column]
        for word in range(len(live)):
            own[word] &= live[word]
        count = np.uint64(0)
        for word in range(len(own)):
            count += ones(own[word])
        held = np.float64(count)
        holding[column] = count
        scales[column] = factor * weights[column] * idf(live_count, held) if count else 0.0


@compiled
def idf(live_count: int, holding: float) -> float:
    """Return how much an entry says that so many of the live documents hold."""
    return float(np.log1p((live_count - holding + 0.5) / (holding + 0.5)))


@compiled
def join(sets: Bitmaps, chosen: Mask, starts: Longs, joined: Bitmaps) -> None:
    """Unite for each word w those of its entries [starts[w], starts[w + 1]) that are chosen."""
    for word in range(len(joined)):
        for column in range(starts[word], starts[word + 1]):
            if chosen[column]:
                own, target = sets[column], joined[word]
                for place in range(len(target)):
                    target[place] |= own[place]


@compiled
def raised(score: float, power: float) -> float:
    """Return a score to a power, three times as fast where that is the usual one."""
    if power == 0.75:
        root = np.sqrt(score)
        return float(root * np.sqrt(root))
    return float(score**power)


@compiled
def choose(documents: Longs, slots: Slots, chosen: Bitmap) -> None:
    """Give each document the slot behind the one before, the first one slot 1; note it in a set."""
    for number in range(len(documents)):
        document = documents[number]
        slots[document] = number + 1
        chosen[document >> 6] |= np.uint64(1) << np.uint64(document & 63)


@compiled
def forget(documents: Longs, chosen: Bitmap) -> None:
    """Undo `choose`."""
    for document in documents:
        chosen[document >> 6] = 0


@compiled
def tally(
    docs: Documents,
    frequencies: Octets,
    overflow_places: Longs,
    overflow_values: Longs,
    rows: Longs,
    starts: Longs,
    columns: Longs,
    slots: Slots,
    chosen: Bitmap,
    counted: Counts,
) -> None:
    """Add each posting's frequency to `counted[slot - 1, column]` of its document and entries.

    `slots[document]` is the slot of each `chosen` document; others are passed over. Both begin with
    the segment's first document.
    """
    longest = np.int64(0)
    for row in range(len(rows)):
        longest = max(longest, rows[row, 1] - rows[row, 0])
    found = np.empty(longest, dtype=np.int64)
    for group in range(len(starts) - 1):
        for row in range(starts[group], starts[group + 1]):
            count = np.int64(0)
            for place in range(rows[row, 0], rows[row, 1]):
                own = np.uint64(docs[place])
                word = chosen[np.int64(own >> np.uint64(6))]
                found[count] = place  # without a branch, which would often be guessed wrongly
                count += np.int64((word >> (own & np.uint64(63))) & np.uint64(1))
            for place in found[:count]:
                slot = np.int64(slots[docs[place]])
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
