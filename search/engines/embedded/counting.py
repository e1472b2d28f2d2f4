"""The second reading of the entries of a query: how often each stands in a few documents.

One compiled call a segment. Postings of the documents are picked out of all; of an entry that is
dense in the segment a frequency is found by counting the bits before it (`index.codec.dense`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from index.codec.compiled import Int, compiled
from index.codec.dense import ESCAPE as DENSE_ESCAPE
from index.codec.inversion import ESCAPE, Documents, Longs, Octets, UInts
from search.deadline import NO_DEADLINE, Deadline
from search.engines.embedded.bitmaps import WORD_BITS, Bitmap, lowest, ones
from search.engines.embedded.entries import unpacked
from search.engines.embedded.kernels import Counts
from search.engines.embedded.mapped import Arrays
from search.engines.embedded.reading import Reading, unpacked_places
from search.engines.embedded.spans import Spans, seek


def count(
    reading: Reading, documents: Longs, deadline: Deadline = NO_DEADLINE
) -> tuple[Counts, Counts]:
    """Return how often each entry stands in text and title of some documents, which ascend.

    Counts are [columns, documents]. Raises `EngineTimeout` where the deadline passes.
    """
    shape = int(reading.word_columns[-1]), len(documents)
    in_text, in_title = np.zeros(shape, dtype=np.uint32), np.zeros(shape, dtype=np.uint32)
    for segment, places in reading.places:
        deadline.check()
        arguments: Arrays = (
            *segment.for_counting, places, reading.asked,
            documents, segment.first_word, segment.behind_word,
            in_text, in_title,
        )  # fmt: skip
        _count(*arguments)
    return in_text, in_title


@compiled
def _count(
    text_docs: Documents,
    text_frequencies: Octets,
    text_overflow_places: Longs,
    text_overflow_values: Longs,
    title_docs: Documents,
    title_frequencies: Octets,
    title_overflow_places: Longs,
    title_overflow_values: Longs,
    bitmaps: Bitmap,
    starts: Longs,
    frequencies: Octets,
    overflow_places: Longs,
    overflow_values: UInts,
    packed_places: Longs,
    asked: Longs,
    documents: Longs,
    first_word: int,
    behind_word: int,
    in_text: Counts,
    in_title: Counts,
) -> None:
    """Add to the counts of the documents that the segment has."""
    first = first_word * WORD_BITS
    lo = np.searchsorted(documents, first)
    hi = np.searchsorted(documents, behind_word * WORD_BITS)
    if lo == hi:
        return
    columns = unpacked(asked).columns
    places = unpacked_places(packed_places, len(columns) - 1)
    own = documents[lo:hi] - first
    chosen = _choose(own, behind_word - first_word)
    _tally(
        text_docs, text_frequencies, text_overflow_places, text_overflow_values,
        places.text, columns, chosen, lo, in_text,
    )  # fmt: skip
    _tally(
        title_docs, title_frequencies, title_overflow_places, title_overflow_values,
        places.title, columns, chosen, lo, in_title,
    )  # fmt: skip
    words = behind_word - first_word
    dense = places.dense
    for column in range(len(dense)):
        entry = dense[column]
        if entry < 0:
            continue
        same = 0  # of a short word, first letters, fold, exact word and stem may be one entry
        while dense[same] != entry:
            same += 1
        if same < column:
            in_text[column][lo:hi] = in_text[same][lo:hi]
        else:
            _look_up(
                bitmaps[entry * words : (entry + 1) * words],
                frequencies, 2 * starts[entry], overflow_places, overflow_values,
                chosen, in_text[column][lo:hi],
            )  # fmt: skip


class _Chosen(NamedTuple):
    """Documents as a set, and how many of them stand before each word of it."""

    bitmap: Bitmap
    before: Longs


@compiled
def _choose(documents: Longs, words: int) -> _Chosen:
    bitmap = np.zeros(words, dtype=np.uint64)
    for document in documents:
        bitmap[document >> 6] |= np.uint64(1) << np.uint64(document & 63)
    before = np.empty(words, dtype=np.int64)
    count = np.int64(0)
    for word in range(words):
        before[word] = count
        count += np.int64(ones(bitmap[word]))
    return _Chosen(bitmap, before)


@compiled
def _tally(
    docs: Documents,
    frequencies: Octets,
    overflow_places: Longs,
    overflow_values: Longs,
    spans: Spans,
    columns: Longs,
    chosen: _Chosen,
    first: Int,
    counted: Counts,
) -> None:
    """Add each posting's frequency to `counted[column, first + i]` of its document and entries.

    The document is the i-th of the chosen ones; others are passed over.
    """
    rows, starts = spans
    bitmap = chosen.bitmap
    longest = np.int64(0)
    for row in range(len(rows)):
        longest = max(longest, rows[row, 1] - rows[row, 0])
    found = np.empty(longest, dtype=np.int64)
    numbers = np.empty(longest, dtype=np.int64)
    own = np.empty(longest, dtype=np.uint32)
    for group in range(len(starts) - 1):
        for row in range(starts[group], starts[group + 1]):
            count = _pick(docs, rows[row, 0], rows[row, 1], bitmap, found)
            for hit in range(count):
                place = found[hit]
                numbers[hit] = first + _number_of(docs[place], chosen)
                own[hit] = frequencies[place]
                if own[hit] == ESCAPE:
                    own[hit] = overflow_values[np.searchsorted(overflow_places, place)]
            bits, column = rows[row, 2], columns[group]
            while bits:
                if bits & 1:
                    target = counted[column]
                    for hit in range(count):
                        target[numbers[hit]] += own[hit]
                bits >>= 1
                column += 1


@compiled
def _pick(docs: Documents, first: Int, behind: Int, bitmap: Bitmap, found: Longs) -> int:
    """List the postings whose documents are in a set; return how many there are."""
    count = np.int64(0)
    for place in range(first, behind):
        document = np.uint64(docs[place])
        word = bitmap[np.int64(document >> np.uint64(6))]
        found[count] = place  # without a branch, which would often be guessed wrongly
        count += np.int64((word >> (document & np.uint64(63))) & np.uint64(1))
    return int(count)


@compiled
def _number_of(document: Int, chosen: _Chosen) -> int:
    """Return how many of the chosen documents stand before one of them."""
    word = np.int64(document) >> 6
    lower = (np.uint64(1) << np.uint64(np.int64(document) & 63)) - np.uint64(1)
    return int(chosen.before[word] + np.int64(ones(chosen.bitmap[word] & lower)))


@compiled
def _look_up(
    bitmap: Bitmap,
    frequencies: Octets,
    first_half: Int,
    overflow_places: Longs,
    overflow_values: UInts,
    chosen: _Chosen,
    counted: Counts,
) -> None:
    """Set `counted[i]` to the frequency of a dense entry in the i-th of the chosen documents.

    Documents that do not hold it are passed over. Its frequencies begin with half byte
    `first_half`, one for each bit of its bitmap.
    """
    before = first_half
    overflown: Int = np.int64(0)
    for word in range(len(bitmap)):
        both = bitmap[word] & chosen.bitmap[word]
        while both:
            bit = lowest(both)
            both ^= bit
            lower = bit - np.uint64(1)
            number = chosen.before[word] + np.int64(ones(chosen.bitmap[word] & lower))
            place = before + np.int64(ones(bitmap[word] & lower))
            frequency = np.uint32((frequencies[place >> 1] >> (4 * (place & 1))) & 15)
            if frequency == DENSE_ESCAPE:
                overflown = seek(overflow_places, overflown, place)
                frequency = overflow_values[overflown]
            counted[number] = frequency
        before += np.int64(ones(bitmap[word]))
