"""The loops that move postings from several segments into one, without deleted documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.codec.compiled import Int, compiled
from index.codec.inversion import (
    ESCAPE,
    Documents,
    Longs,
    Octets,
    Postings,
    UInts,
    check_document_count,
    escape_frequencies,
    starts_of,
)


class Incoming(NamedTuple):
    """One segment's postings on their way, with the new number of each term and document.

    A deleted document's new number is -1.
    """

    postings: Postings
    terms: Longs
    documents: Longs


def merge_postings(incoming: Sequence[Incoming], term_count: int, lengths: UInts) -> Postings:
    """Return the postings of all parts; documents of a later part have higher new numbers.

    Raises `ValueError` for more documents than a segment holds.
    """
    check_document_count(len(lengths))
    posting_counts = np.zeros(term_count, dtype=np.int64)
    byte_counts = np.zeros(term_count, dtype=np.int64)
    for part in incoming:
        _count_kept(part.postings, part.terms, part.documents, posting_counts, byte_counts)
    starts = starts_of(posting_counts)
    position_starts = starts_of(byte_counts)
    docs = np.zeros(int(starts[-1]), dtype=np.uint16)
    frequencies = np.zeros(int(starts[-1]), dtype=np.uint32)
    octets = np.zeros(int(position_starts[-1]), dtype=np.uint8)
    posting_cursors, byte_cursors = starts[:-1].copy(), position_starts[:-1].copy()
    for part in incoming:
        _move_kept(
            part.postings, part.terms, part.documents,
            posting_cursors, byte_cursors, docs, frequencies, octets,
        )  # fmt: skip
    narrow, places, values = escape_frequencies(frequencies)
    return Postings(starts, docs, narrow, places, values, position_starts, octets, lengths)


@compiled
def frequency_at(postings: Postings, place: Int) -> Int:
    """Return the true frequency of one posting."""
    frequency = np.int64(postings.frequencies[place])
    if frequency == ESCAPE:
        return np.int64(postings.overflow_values[np.searchsorted(postings.overflow_places, place)])
    return frequency


@compiled
def numbers_end(octets: Octets, place: Int, count: Int) -> Int:
    """Return the place behind `count` LEB128 numbers."""
    while count > 0:
        if octets[place] < 128:
            count -= 1
        place += 1
    return place


@compiled
def _count_kept(
    postings: Postings,
    terms: Longs,
    documents: Longs,
    posting_counts: Longs,
    byte_counts: Longs,
) -> None:
    for term in range(len(terms)):
        byte: Int = np.int64(postings.position_starts[term])
        for place in range(np.int64(postings.starts[term]), np.int64(postings.starts[term + 1])):
            end = numbers_end(postings.positions, byte, frequency_at(postings, place))
            if documents[postings.docs[place]] >= 0:
                posting_counts[terms[term]] += 1
                byte_counts[terms[term]] += end - byte
            byte = end


@compiled
def _move_kept(
    postings: Postings,
    terms: Longs,
    documents: Longs,
    posting_cursors: Longs,
    byte_cursors: Longs,
    docs: Documents,
    frequencies: UInts,
    octets: Octets,
) -> None:
    for term in range(len(terms)):
        byte: Int = np.int64(postings.position_starts[term])
        target = terms[term]
        for place in range(np.int64(postings.starts[term]), np.int64(postings.starts[term + 1])):
            frequency = frequency_at(postings, place)
            end = numbers_end(postings.positions, byte, frequency)
            document = documents[postings.docs[place]]
            if document >= 0:
                docs[posting_cursors[target]] = document
                frequencies[posting_cursors[target]] = frequency
                posting_cursors[target] += 1
                cursor = byte_cursors[target]
                octets[cursor : cursor + end - byte] = postings.positions[byte:end]
                byte_cursors[target] = cursor + end - byte
            byte = end
