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
from index.codec.inversion import Longs, Octets
from index.codec.postings import FieldPostings
from index.codec.section import unchecked_of_spans
from index.codec.segment import Segment
from index.codec.strings import Keys
from index.layers import Layer
from search.engines.embedded.entries import Entry, Group
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
        bounds: list[bytes] = []
        stems: list[bytes] = []
        run_starts, list_starts = [0], [0]
        list_bits: list[int] = []
        self._lists: list[Entry] = []
        for group in groups:
            for entry in group.runs:
                bounds += entry.bounds
            for entry in group.lists:
                list_bits.append(1 << len(group.runs) + len(list_bits) - list_starts[-1])
                if entry.layer is Layer.STEM:
                    stems.append(entry.text.encode())
            self._lists += group.lists
            run_starts.append(len(bounds) // 2)
            list_starts.append(len(list_bits))
        self._bounds = Keys.of(bounds)
        self._stems = Keys.of(stems)
        self._run_starts = np.array(run_starts)
        self._list_starts = np.array(list_starts)
        self._list_bits = np.array(list_bits, dtype=np.int64)

    def spans_in(self, segment: Segment) -> tuple[FieldSpans, FieldSpans]:
        """Return the spans of text and title; what they are spans of may be read."""
        found = self._found_in(segment)
        text = _spans_of(segment.text, found)
        title_terms = segment.title.terms
        assert title_terms is not None  # noqa: S101  # a title has few of the terms, and lists them
        _renumber(title_terms, found.runs, found.terms, found.bits, found.term_starts)
        return text, _spans_of(segment.title, found)

    def _found_in(self, segment: Segment) -> _Found:
        """Return where the entries' terms stand in a segment's vocabulary."""
        runs = segment.keys.lower_bounds(self._bounds).reshape(-1, 2)
        terms, counts = segment.terms_in_a_row(self._stems)
        if len(counts) < len(self._lists):
            terms, counts = self._with_open_entries(segment, terms, counts)
        bits, term_starts = _in_order(terms, counts, self._list_bits, self._list_starts)
        return _Found(runs, self._run_starts, terms, bits, term_starts)

    def _with_open_entries(
        self, segment: Segment, terms: Longs, counts: Longs
    ) -> tuple[Longs, Longs]:
        """Return the terms of all lists, given those of stems."""
        of_stems = iter(np.split(terms, np.cumsum(counts)))
        listed = [
            next(of_stems) if entry.layer is Layer.STEM else terms_of(segment, entry)
            for entry in self._lists
        ]
        return np.concatenate(listed), np.array([len(own) for own in listed])


def _spans_of(field: FieldPostings, found: _Found) -> FieldSpans:
    while True:
        rows, starts, section, block = _checked_cut(*field.mapped_starts, *found)
        if section < 0:
            return FieldSpans(rows, starts)
        field.check(section, block)


@compiled
def _in_order(
    terms: Longs, counts: Longs, list_bits: Longs, list_starts: Longs
) -> tuple[Longs, Longs]:
    """Return (bits, term_starts) of `_Found`; terms of several lists are put in order."""
    bits = np.empty(len(terms), dtype=np.int64)
    term_starts = np.zeros(len(list_starts), dtype=np.int64)
    row: Int = 0
    for group in range(len(list_starts) - 1):
        first: Int = row
        for number in range(list_starts[group], list_starts[group + 1]):
            bits[row : row + counts[number]] = list_bits[number]
            row += counts[number]
        if list_starts[group + 1] - list_starts[group] > 1:
            order = np.argsort(terms[first:row], kind="mergesort")
            terms[first:row], bits[first:row] = terms[first:row][order], bits[first:row][order]
        term_starts[group + 1] = row
    return bits, term_starts


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
def _checked_cut(
    starts: _Ints,
    starts_checked: Octets,
    starts_bits: int,
    docs_checked: Octets,
    docs_bits: int,
    frequencies_checked: Octets,
    frequencies_bits: int,
    runs: Longs,
    run_starts: Longs,
    terms: Longs,
    bits: Longs,
    term_starts: Longs,
) -> tuple[Longs, Longs, int, int]:
    """Return the rows of all groups, where each group's begin, and what is to be checked first.

    That is a section and a block, see `FieldPostings.check`, or -1.
    """
    block = _unchecked_start(starts_checked, starts_bits, runs, terms[: term_starts[-1]])
    if block >= 0:
        return runs, run_starts, 0, block
    rows, row_starts = _cut(starts, runs, run_starts, terms, bits, term_starts)
    spans = np.ascontiguousarray(rows[:, :2]).ravel()
    block = unchecked_of_spans(spans, docs_bits, docs_checked)
    if block >= 0:
        return rows, row_starts, 1, block
    block = unchecked_of_spans(spans, frequencies_bits, frequencies_checked)
    return rows, row_starts, -1 if block < 0 else 2, block


@compiled
def _cut(
    starts: _Ints, runs: Longs, run_starts: Longs, terms: Longs, bits: Longs, term_starts: Longs
) -> tuple[Longs, Longs]:
    """Return the rows of all groups, and where each group's begin."""
    groups = len(run_starts) - 1
    row_starts = np.zeros(groups + 1, dtype=np.int64)
    rows = np.empty((2 * len(runs) + 2 * term_starts[groups] + groups, 3), dtype=np.int64)
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
def _unchecked_start(checked: Octets, element_bits: int, runs: Longs, terms: Longs) -> int:
    """Return the first block that is not checked of where runs and terms begin and end, or -1."""
    for bound in runs.ravel():
        if not checked[bound >> element_bits]:
            return int(bound) >> element_bits
    for term in terms:
        for bound in (term, term + 1):
            if not checked[bound >> element_bits]:
                return int(bound) >> element_bits
    return -1


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
