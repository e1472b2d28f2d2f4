"""From words in reading order to postings: two passes of counting, no sort.

The first pass counts each term's documents, words and position bytes; the second writes every
posting to its place. Positions are LEB128 numbers: in each document the first position, then the
distance to the one before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled

Longs = npt.NDArray[np.int64]
UInts = npt.NDArray[np.uint32]
Octets = npt.NDArray[np.uint8]
Documents = npt.NDArray[np.uint16]

LARGEST_SEGMENT = 1 << 16
"""How many documents a segment may hold, so that two bytes number them (the size of a container
of Roaring bitmaps: Chambi et al., "Better bitmap performance with Roaring bitmaps", 2016)."""

ESCAPE = 255
"""A frequency byte of 255 says that the true one, 255 or more, stands in the overflow list."""


class Postings(NamedTuple):
    """The postings of one field: see docs/index-format.md.

    Postings of term t are `docs[starts[t]:starts[t + 1]]`; their position bytes are
    `positions[position_starts[t]:position_starts[t + 1]]`. `overflow_places` are numbers of
    postings, ascending, `overflow_values` their true frequencies. `lengths` counts the words of
    each document.
    """

    starts: Longs
    docs: Documents
    frequencies: Octets
    overflow_places: Longs
    overflow_values: Longs
    position_starts: Longs
    positions: Octets
    lengths: UInts


def invert(
    terms: UInts, positions: UInts, word_starts: Longs, word_ends: Longs, term_count: int
) -> Postings:
    """Return the postings of documents d with the words [word_starts[d], word_ends[d]).

    Raises `ValueError` for more documents than a segment holds.
    """
    check_document_count(len(word_starts))
    posting_counts = np.zeros(term_count, dtype=np.int64)
    byte_counts = np.zeros(term_count, dtype=np.int64)
    _count(terms, positions, word_starts, word_ends, posting_counts, byte_counts)
    starts = starts_of(posting_counts)
    position_starts = starts_of(byte_counts)
    docs = np.zeros(int(starts[-1]), dtype=np.uint16)
    frequencies = np.zeros(int(starts[-1]), dtype=np.uint32)
    octets = np.zeros(int(position_starts[-1]), dtype=np.uint8)
    _fill(
        terms, positions, word_starts, word_ends,
        starts[:-1].copy(), position_starts[:-1].copy(), docs, frequencies, octets,
    )  # fmt: skip
    narrow, places, values = escape_frequencies(frequencies)
    lengths = (word_ends - word_starts).astype(np.uint32)
    return Postings(starts, docs, narrow, places, values, position_starts, octets, lengths)


def check_document_count(count: int) -> None:
    """Raise `ValueError` where a segment would hold more documents than two bytes number."""
    if count > LARGEST_SEGMENT:
        raise ValueError(f"{count} documents in a segment that holds {LARGEST_SEGMENT}")


def starts_of(counts: npt.NDArray[np.integer[Any]]) -> Longs:
    """Return where each run of the given lengths starts, and where the last one ends."""
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def escape_frequencies(frequencies: UInts) -> tuple[Octets, Longs, Longs]:
    """Return (bytes, overflow places, overflow values)."""
    places = np.flatnonzero(frequencies >= ESCAPE)
    narrow = np.minimum(frequencies, ESCAPE).astype(np.uint8)
    return narrow, places, frequencies[places].astype(np.int64)


@compiled
def octets_needed(number: Int) -> int:
    """Return how many bytes LEB128 takes for a number."""
    count = 1
    while number >= 128:
        number >>= 7
        count += 1
    return count


@compiled
def put_number(octets: Octets, place: Int, number: Int) -> Int:
    """Write one LEB128 number and return the place behind it."""
    while number >= 128:
        octets[place] = (number & 127) | 128
        number >>= 7
        place += 1
    octets[place] = number
    return place + 1


@compiled
def _count(
    terms: UInts,
    positions: UInts,
    word_starts: Longs,
    word_ends: Longs,
    posting_counts: Longs,
    byte_counts: Longs,
) -> None:
    last_doc = np.full(len(posting_counts), -1, dtype=np.int64)
    last_position = np.zeros(len(posting_counts), dtype=np.int64)
    for doc in range(len(word_starts)):
        for word in range(word_starts[doc], word_ends[doc]):
            term = terms[word]
            position = np.int64(positions[word])
            if last_doc[term] != doc:
                last_doc[term] = doc
                posting_counts[term] += 1
                byte_counts[term] += octets_needed(position)
            else:
                byte_counts[term] += octets_needed(position - last_position[term])
            last_position[term] = position


@compiled
def _fill(
    terms: UInts,
    positions: UInts,
    word_starts: Longs,
    word_ends: Longs,
    posting_cursors: Longs,
    byte_cursors: Longs,
    docs: Documents,
    frequencies: UInts,
    octets: Octets,
) -> None:
    last_doc = np.full(len(posting_cursors), -1, dtype=np.int64)
    last_position = np.zeros(len(posting_cursors), dtype=np.int64)
    for doc in range(len(word_starts)):
        for word in range(word_starts[doc], word_ends[doc]):
            term = terms[word]
            position = np.int64(positions[word])
            if last_doc[term] != doc:
                last_doc[term] = doc
                docs[posting_cursors[term]] = doc
                posting_cursors[term] += 1
                number = position
            else:
                number = position - last_position[term]
            frequencies[posting_cursors[term] - 1] += 1
            byte_cursors[term] = put_number(octets, byte_cursors[term], number)
            last_position[term] = position
