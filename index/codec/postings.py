"""From terms to documents: the postings of one entry of a layer, each document once.

An entry of a wide layer covers many terms, and a document may hold several of them; their
frequencies are added up. Also where the words stand, for phrases.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.segment import FieldPostings, TermRange, UintArray

Longs = npt.NDArray[np.int64]

_DENSE_SHARE = 64
"""From one posting in so many documents on, counting into an array of all documents beats sorting
(measured: at 37,000 documents the two meet near 600 postings)."""


class Hits(NamedTuple):
    """Documents in ascending order, each once, with how often the entry occurs in each."""

    docs: npt.NDArray[np.integer[Any]]
    frequencies: npt.NDArray[np.number[Any]]


def hits_of(field: FieldPostings, terms: TermRange | UintArray, document_count: int) -> Hits:
    """Return the postings of a run or a list of terms, merged by document."""
    docs, frequencies, terms_with_postings = _concatenated(field, terms)
    if terms_with_postings <= 1:
        return Hits(docs, frequencies)
    if len(docs) * _DENSE_SHARE >= document_count:
        counts = np.bincount(docs, weights=frequencies, minlength=document_count)
        found = np.flatnonzero(counts)
        return Hits(found, counts[found])
    order = np.argsort(docs, kind="stable")
    ordered = docs[order]
    firsts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return Hits(ordered[firsts], np.add.reduceat(frequencies[order].astype(np.int64), firsts))


def _concatenated(
    field: FieldPostings, terms: TermRange | UintArray
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], int]:
    """Return (documents, frequencies, how many runs they are made of)."""
    if isinstance(terms, TermRange):
        lo, hi = int(field.starts[terms.lo]), int(field.starts[terms.hi])
        runs = terms.hi - terms.lo
        if runs > 1:
            runs = int(np.count_nonzero(np.diff(field.starts[terms.lo : terms.hi + 1])))
        return field.docs[lo:hi], field.frequencies[lo:hi], runs
    slices = [
        slice(int(field.starts[term]), int(field.starts[term + 1])) for term in terms.tolist()
    ]
    slices = [each for each in slices if each.stop > each.start]
    if not slices:
        return field.docs[:0], field.frequencies[:0], 0
    if len(slices) == 1:
        return field.docs[slices[0]], field.frequencies[slices[0]], 1
    return (
        np.concatenate([field.docs[each] for each in slices]),
        np.concatenate([field.frequencies[each] for each in slices]),
        len(slices),
    )


def places_of(field: FieldPostings, terms: TermRange | UintArray) -> Longs:
    """Return where the terms stand, ascending: document × 2³² + position."""
    numbers = range(terms.lo, terms.hi) if isinstance(terms, TermRange) else terms.tolist()
    places = []
    for term in numbers:
        lo, hi = int(field.starts[term]), int(field.starts[term + 1])
        if lo == hi:
            continue
        docs = np.repeat(field.docs[lo:hi].astype(np.int64), field.frequencies[lo:hi])
        first, last = int(field.position_starts[term]), int(field.position_starts[term + 1])
        places.append((docs << 32) | field.positions[first:last].astype(np.int64))
    if not places:
        return np.zeros(0, dtype=np.int64)
    if len(places) == 1:
        return places[0]
    merged: Longs = np.unique(np.concatenate(places))
    return merged
