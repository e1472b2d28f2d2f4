"""Where the postings of groups of entries lie in one segment, each posting once.

A group's runs overlap (an exact word lies within its fold, that within its first letters), and
most terms of its stem lie within them too. Here the vocabulary is cut where any of them begins or
ends; each piece becomes a span of postings with the bits of the entries it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs
from index.codec.postings import FieldPostings
from index.codec.segment import Segment
from index.codec.strings import Keys
from index.layers import Layer
from search.engines.embedded.entries import Group
from search.engines.embedded.expansion import terms_of

_Ints = npt.NDArray[np.integer[Any]]


class FieldSpans(NamedTuple):
    """Spans of one field: rows (first posting, posting behind the last, bits of the entries).

    Those of group g are `rows[starts[g]:starts[g + 1]]`.
    """

    rows: Longs
    starts: Longs


class _Found(NamedTuple):
    """The terms of groups of entries in one segment.

    Group g has the runs `runs[run_starts[g]:run_starts[g + 1]]`, rows (first term, term behind the
    last); and the terms `terms[term_starts[g]:term_starts[g + 1]]`, ascending, with their bits.
    """

    runs: Longs
    run_starts: Longs
    terms: Longs
    bits: Longs
    term_starts: Longs


class Wanted:
    """What every segment is asked for: groups of entries."""

    def __init__(self, groups: Sequence[Group]) -> None:
        runs = [entry.bounds for group in groups for entry in group.runs]
        self._bounds = Keys.of([key for bounds in runs for key in bounds])
        self._run_starts = _starts([len(group.runs) for group in groups])
        self._lists = [entry for group in groups for entry in group.lists]
        self._list_bits = np.array(
            [
                1 << number
                for group in groups
                for number in range(len(group.runs), len(group.entries))
            ],
            dtype=np.int64,
        )
        self._list_starts = _starts([len(group.lists) for group in groups])
        stems = [entry.text.encode() for entry in self._lists if entry.layer is Layer.STEM]
        self._stems = Keys.of(stems)

    def spans_in(self, segment: Segment) -> tuple[FieldSpans, FieldSpans]:
        """Return the spans of text and title; what they are spans of may be read."""
        found = self._found_in(segment)
        text = _spans_of(segment.text, found)
        title_terms = segment.title.terms
        assert title_terms is not None  # noqa: S101  # a title has few of the terms, and lists them
        _renumber(title_terms, found.runs, found.terms, found.bits, found.term_starts)
        kept = int(found.term_starts[-1])
        in_title = found._replace(terms=found.terms[:kept], bits=found.bits[:kept])
        return text, _spans_of(segment.title, in_title)

    def _found_in(self, segment: Segment) -> _Found:
        """Return where the entries' terms stand in a segment's vocabulary."""
        stems = iter(segment.terms_of_stems(self._stems))
        listed = [
            next(stems) if entry.layer is Layer.STEM else terms_of(segment, entry)
            for entry in self._lists
        ]
        counts = [len(terms) for terms in listed]
        terms = np.concatenate(listed, dtype=np.int64) if listed else np.zeros(0, np.int64)
        bits = np.repeat(self._list_bits, counts)
        term_starts = _starts(counts)[self._list_starts]
        for group in np.flatnonzero(np.diff(self._list_starts) > 1).tolist():
            own = slice(term_starts[group], term_starts[group + 1])
            order = np.argsort(terms[own], kind="stable")
            terms[own], bits[own] = terms[own][order], bits[own][order]
        runs = segment.keys.lower_bounds(self._bounds).reshape(-1, 2)
        return _Found(runs, self._run_starts, terms, bits, term_starts)


def _spans_of(field: FieldPostings, found: _Found) -> FieldSpans:
    field.ensure_starts(np.concatenate((found.runs.reshape(-1), found.terms, found.terms + 1)))
    rows, starts = _cut(field.arrays.starts, *found)
    field.ensure(rows[:, :2])
    return FieldSpans(rows, starts)


def _starts(counts: Sequence[int]) -> Longs:
    return np.array([0, *counts], dtype=np.int64).cumsum()


@compiled
def _renumber(
    field_terms: _Ints, runs: Longs, terms: Longs, bits: Longs, term_starts: Longs
) -> None:
    """Turn terms into places in `field_terms`, which ascend; those that are not there fall away."""
    for number in range(len(runs)):
        runs[number, 0] = np.searchsorted(field_terms, runs[number, 0])
        runs[number, 1] = np.searchsorted(field_terms, runs[number, 1])
    kept: Int = 0
    first: Int = np.int64(0)
    for group in range(len(term_starts) - 1):
        place: Int = np.int64(0)
        for number in range(first, term_starts[group + 1]):
            # Ascending within a group, so each is looked for behind the one before.
            step: Int = 1
            while place + step < len(field_terms) and field_terms[place + step] < terms[number]:
                place += step
                step *= 2
            behind = min(place + step + 1, len(field_terms))
            place += np.searchsorted(field_terms[place:behind], terms[number])
            if place < len(field_terms) and field_terms[place] == terms[number]:
                terms[kept], bits[kept] = place, bits[number]
                kept += 1
        first = term_starts[group + 1]
        term_starts[group + 1] = kept


@compiled
def _cut(
    starts: _Ints, runs: Longs, run_starts: Longs, terms: Longs, bits: Longs, term_starts: Longs
) -> tuple[Longs, Longs]:
    """Return the rows of all groups, and where each group's begin."""
    groups = len(run_starts) - 1
    rows = np.empty((2 * len(runs) + 2 * len(terms) + groups, 3), dtype=np.int64)
    row_starts = np.zeros(groups + 1, dtype=np.int64)
    row: Int = 0
    for group in range(groups):
        own_runs = runs[run_starts[group] : run_starts[group + 1]]
        points = np.sort(own_runs.ravel())
        place, last = term_starts[group], term_starts[group + 1]
        first_row = row
        cursor: Int = np.int64(0)
        for piece in range(len(points) + 1):
            behind = points[piece] if piece < len(points) else np.int64(len(starts) - 1)
            of_runs: Int = np.int64(0)
            for number in range(len(own_runs)):
                if own_runs[number, 0] <= cursor < own_runs[number, 1]:
                    of_runs |= np.int64(1) << number
            while place < last and terms[place] < behind:
                term = terms[place]
                of_terms: Int = np.int64(0)
                while place < last and terms[place] == term:
                    of_terms |= bits[place]
                    place += 1
                if of_runs:
                    row = _put(rows, first_row, row, starts[cursor], starts[term], of_runs)
                row = _put(rows, first_row, row, starts[term], starts[term + 1], of_runs | of_terms)
                cursor = term + 1
            if of_runs:
                row = _put(rows, first_row, row, starts[cursor], starts[behind], of_runs)
            cursor = behind
        row_starts[group + 1] = row
    return rows[:row], row_starts


@compiled
def _put(rows: Longs, first_row: Int, row: Int, lo: Int, hi: Int, bits: Int) -> Int:
    """Put postings into the next row of a group, or join them to the last; return the next row."""
    if lo >= hi:
        return row
    if row > first_row and rows[row - 1, 1] == lo and rows[row - 1, 2] == bits:
        rows[row - 1, 1] = hi
        return row
    rows[row, 0], rows[row, 1], rows[row, 2] = lo, hi, bits
    return row + 1
