"""Where the postings of groups of entries lie in one field of a segment, each posting once.

A group's runs overlap (an exact word lies within its fold, that within its first letters), and
most terms of its stem lie within them too. Here the vocabulary is cut where any of them begins or
ends; each piece becomes a span of postings with the bits of the entries it belongs to.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs, Octets
from index.codec.section import first_unchecked

_Ints = npt.NDArray[np.integer[Any]]


class Found(NamedTuple):
    """The terms of groups of entries in one segment, or in one field of it.

    Group g has the runs `runs[run_starts[g]:run_starts[g + 1]]`, rows (first term, term behind the
    last); and the terms `terms[term_starts[g]:term_starts[g + 1]]`, ascending, with their bits.
    """

    runs: Longs
    run_starts: Longs
    terms: Longs
    bits: Longs
    term_starts: Longs


class Spans(NamedTuple):
    """Rows (first posting, posting behind the last, bits of the entries); no two overlap.

    Those of group g are `rows[starts[g]:starts[g + 1]]`.
    """

    rows: Longs
    starts: Longs


@compiled
def seek(numbers: _Ints, place: Int, wanted: Int) -> Int:
    """Return the first place, from one on, of what is not less; the nearer the sooner found.

    Numbers ascend; the result is their count where all are less.
    """
    step: Int = 1
    while place + step < len(numbers) and numbers[place + step] < wanted:
        place += step
        step *= 2
    behind = min(place + step + 1, len(numbers))
    return place + np.int64(np.searchsorted(numbers[place:behind], wanted))


@compiled
def renumber(field_terms: _Ints, found: Found) -> None:
    """Turn terms into places in `field_terms`, which ascend; those that are not there fall away."""
    terms, bits = found.terms, found.bits
    for group in range(len(found.run_starts) - 1):
        _renumber_runs(
            field_terms, found.runs[found.run_starts[group] : found.run_starts[group + 1]]
        )
    kept: Int = 0
    first: Int = np.int64(0)
    for group in range(len(found.term_starts) - 1):
        place: Int = np.int64(0)
        for number in range(first, found.term_starts[group + 1]):
            place = seek(field_terms, place, terms[number])  # they ascend within a group
            if place < len(field_terms) and field_terms[place] == terms[number]:
                terms[kept], bits[kept] = place, bits[number]
                kept += 1
        first = found.term_starts[group + 1]
        found.term_starts[group + 1] = kept


@compiled
def _renumber_runs(field_terms: _Ints, runs: Longs) -> None:
    """Renumber the runs of a group; most lie within one another, so each narrows down the next."""
    bounds = runs.ravel()
    known = bounds.copy()
    for number in range(len(known)):
        lo: Int = np.int64(0)
        hi: Int = np.int64(len(field_terms))
        for other in range(number):
            if known[other] <= known[number]:
                lo = max(lo, bounds[other])
            else:
                hi = min(hi, bounds[other])
        bounds[number] = lo + np.searchsorted(field_terms[lo:hi], known[number])


@compiled
def cut(starts: _Ints, found: Found, kept_bits: Longs) -> Spans:
    """Return the spans of a field whose postings start so.

    Of group g the bits `kept_bits[g]` are kept; postings that have none of them are left out.
    """
    groups = len(found.run_starts) - 1
    row_starts = np.zeros(groups + 1, dtype=np.int64)
    most = 2 * len(found.runs) + 2 * found.term_starts[groups] + groups
    rows = np.empty((most, 3), dtype=np.int64)
    terms = found.terms
    row: Int = 0
    for group in range(groups):
        own_runs = found.runs[found.run_starts[group] : found.run_starts[group + 1]]
        kept = kept_bits[group]
        points = np.sort(own_runs.ravel())
        place, last = found.term_starts[group], found.term_starts[group + 1]
        first_row = row
        cursor: Int = np.int64(0)
        for piece in range(len(points) + 1):
            behind = points[piece] if piece < len(points) else np.int64(len(starts) - 1)
            of_runs: Int = np.int64(0)
            for number in range(len(own_runs)):
                if own_runs[number, 0] <= cursor < own_runs[number, 1]:
                    of_runs |= np.int64(1) << number
            of_runs &= kept
            while place < last and terms[place] < behind:
                term = terms[place]
                of_terms: Int = np.int64(0)
                while place < last and terms[place] == term:
                    of_terms |= found.bits[place]
                    place += 1
                of_terms = of_runs | (of_terms & kept)
                row = _put(rows, first_row, row, starts[cursor], starts[term], of_runs)
                row = _put(rows, first_row, row, starts[term], starts[term + 1], of_terms)
                cursor = term + 1
            row = _put(rows, first_row, row, starts[cursor], starts[behind], of_runs)
            cursor = behind
        row_starts[group + 1] = row
    return Spans(rows[:row], row_starts)


@compiled
def _put(rows: Longs, first_row: Int, row: Int, lo: Int, hi: Int, bits: Int) -> Int:
    """Put postings into the next row of a group, or join them to the last; return the next row."""
    if lo >= hi or not bits:
        return row
    if row > first_row and rows[row - 1, 1] == lo and rows[row - 1, 2] == bits:
        rows[row - 1, 1] = hi
        return row
    rows[row, 0], rows[row, 1], rows[row, 2] = lo, hi, bits
    return row + 1


@compiled
def unchecked_start(checked: Octets, element_bits: int, found: Found) -> int:
    """Return the first block that is not checked of where runs and terms begin and end, or -1."""
    for bound in found.runs.ravel():
        block = first_unchecked(checked, element_bits, bound, bound + 1)
        if block >= 0:
            return block
    for term in found.terms[: found.term_starts[-1]]:
        block = first_unchecked(checked, element_bits, term, term + 2)
        if block >= 0:
            return block
    return -1


@compiled
def unchecked_row(checked: Octets, element_bits: int, spans: Spans) -> int:
    """Return the first block that is not checked of the postings of some spans, or -1."""
    for row in range(len(spans.rows)):
        block = first_unchecked(checked, element_bits, spans.rows[row, 0], spans.rows[row, 1])
        if block >= 0:
            return block
    return -1
