"""Which documents of a segment hold a phrase: those with all of its words, then by position.

Positions are read for documents that hold every word, all words side by side from document to
document, so memory does not grow with postings: one byte a document, and the positions of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs, Octets, Postings
from index.codec.merging import frequency_at
from index.codec.postings import FieldPostings, take_number
from search.deadline import NO_DEADLINE, Deadline

_DOCUMENTS_A_STEP = 4096
"""So many are looked through between two looks at the clock: some 10 ms of the longest texts."""

Mask = npt.NDArray[np.bool_]


def documents_with_phrase(
    field: FieldPostings, words: Sequence[Longs], slop: int, deadline: Deadline = NO_DEADLINE
) -> Mask:
    """Return for each document of a segment whether the words stand in it, one behind the other.

    Each of `words` has the numbers of its terms. At most `slop` other positions may lie between,
    in all. Raises `EngineTimeout` where the deadline passes.
    """
    postings = field.arrays
    held = np.zeros(len(postings.lengths), dtype=np.uint8)
    for number, terms in enumerate(words):
        deadline.check()
        field.ensure_places(terms)
        _count_word(postings, terms, held, number)
    documents = np.flatnonzero(held == len(words))
    found = np.zeros(len(held), dtype=bool)
    if len(words) == 1:
        found[documents] = True
        return found
    reading = _reading(postings, words)
    for first in range(0, len(documents), _DOCUMENTS_A_STEP):
        deadline.check()
        _look_through(reading, documents[first : first + _DOCUMENTS_A_STEP], slop, found)
    return found


class _Reading(NamedTuple):
    """The terms of all words in a row (`word_ends`: where each word's end), and how far they are.

    `places` and `octets` are each term's next posting, and where its positions begin.
    """

    postings: Postings
    terms: Longs
    word_ends: Longs
    places: Longs
    octets: Longs


def _reading(postings: Postings, words: Sequence[Longs]) -> _Reading:
    terms = np.concatenate(words)
    return _Reading(
        postings,
        terms,
        np.cumsum([len(word) for word in words]),
        postings.starts[terms].astype(np.int64),
        postings.position_starts[terms].astype(np.int64),
    )


@compiled
def _count_word(postings: Postings, terms: Longs, held: Octets, before: int) -> None:
    """Count one word more for the documents that hold it and all words `before` it."""
    for term in terms:
        for place in range(np.int64(postings.starts[term]), np.int64(postings.starts[term + 1])):
            document = np.int64(postings.docs[place])
            if held[document] == before:
                held[document] = before + 1


@compiled
def _look_through(reading: _Reading, documents: Longs, slop: int, found: Mask) -> None:
    """Mark those of some documents in which the phrase stands.

    Documents ascend, from one call to the next as well.
    """
    positions = np.empty(1024, dtype=np.int64)
    ends = np.zeros(len(reading.word_ends), dtype=np.int64)
    for document in documents:
        filled: Int = 0
        term = 0
        for word in range(len(ends)):
            begin = filled
            spellings = 0
            while term < reading.word_ends[word]:
                frequency = _advance(reading, term, document)
                if frequency > 0:
                    spellings += 1
                    if filled + frequency > len(positions):
                        wider = np.empty(2 * (filled + frequency), dtype=np.int64)
                        wider[:filled] = positions[:filled]
                        positions = wider
                    _take_positions(reading, term, positions[filled : filled + frequency])
                    filled += frequency
                term += 1
            if spellings > 1:
                positions[begin:filled] = np.sort(positions[begin:filled])
            ends[word] = filled
        found[document] = _stands(positions, ends, slop)


@compiled
def _advance(reading: _Reading, term: Int, document: Int) -> Int:
    """Move a term on to a document; return how often it stands there, and pass that posting."""
    postings = reading.postings
    place = reading.places[term]
    end = np.int64(postings.starts[reading.terms[term] + 1])
    skipped: Int = 0
    while place < end and postings.docs[place] < document:
        skipped += frequency_at(postings, place)
        place += 1
    octet = reading.octets[term]
    while skipped > 0:
        if postings.positions[octet] < 128:  # the last byte of a number
            skipped -= 1
        octet += 1
    frequency: Int = 0
    if place < end and postings.docs[place] == document:
        frequency = frequency_at(postings, place)
        place += 1
    reading.places[term] = place
    reading.octets[term] = octet
    return frequency


@compiled
def _take_positions(reading: _Reading, term: Int, positions: Longs) -> None:
    """Read the next positions of a term: as many as there is room for."""
    octet = reading.octets[term]
    position = np.int64(0)
    for number in range(len(positions)):
        octet, step = take_number(reading.postings.positions, octet)
        position += step
        positions[number] = position
    reading.octets[term] = octet


@compiled
def _stands(positions: Longs, ends: Longs, slop: int) -> bool:
    """Whether one position of each word can be had in rising order, with at most `slop` between.

    From each first word the nearest next one is taken, which spends the fewest positions. A later
    first word never wants an earlier next one, so each list is gone through once.
    """
    words = len(ends)
    nexts = np.zeros(words, dtype=np.int64)
    nexts[1:] = ends[:-1]
    for first in range(ends[0]):
        last = positions[first]
        for word in range(1, words):
            while nexts[word] < ends[word] and positions[nexts[word]] <= last:
                nexts[word] += 1
            if nexts[word] == ends[word]:
                return False
            last = positions[nexts[word]]
        if last - positions[first] - (words - 1) <= slop:
            return True
    return False
