"""Postings of a segment, read: from terms to runs of postings, and where words stand.

A run of term numbers is one run of postings; a stem is several. `PostingRuns` is what compiled
loops take, here and in the engine. Scores nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.container import Container
from index.codec.inversion import Longs, Octets, Postings
from index.codec.merging import frequency_at
from index.codec.section import Section

POSITION_BITS = 32
"""A place in a segment is document × 2**32 + position."""


@dataclass(frozen=True, slots=True)
class TermRange:
    """Term numbers [lo, hi) of one segment."""

    lo: int
    hi: int


Terms = TermRange | npt.NDArray[Any]
"""The terms of one entry of a layer: a run, or (for a stem) a list of term numbers."""


class PostingRuns(NamedTuple):
    """Runs [lo[i], hi[i]) of postings."""

    lo: Longs
    hi: Longs


class FieldPostings:
    """The postings of one field of a mapped segment.

    `terms` lists the vocabulary's terms that the field has, ascending, or is None where it has
    them all (the text); `arrays` is numbered accordingly. Whoever reads elements of its `docs` or
    `frequencies` calls `ensure` first; starts and positions are read by the methods here, the
    other arrays were checked when they were mapped. All of it raises `DamageError`.
    """

    def __init__(self, container: Container, field: str, *, sparse: bool) -> None:
        array, section = container.array, container.section
        self.terms = array(f"{field}.terms") if sparse else None
        self._starts = section(f"{field}.starts")
        self._docs = section(f"{field}.docs")
        self._frequencies = section(f"{field}.frequencies")
        self._position_starts = section(f"{field}.position_starts")
        self._positions = section(f"{field}.positions")
        self.arrays = Postings(
            starts=self._starts.array,
            docs=self._docs.array,
            frequencies=self._frequencies.array,
            overflow_places=array(f"{field}.overflow_places"),
            overflow_values=array(f"{field}.overflow_values"),
            position_starts=self._position_starts.array,
            positions=self._positions.array,
            lengths=array(f"{field}.lengths"),
        )

    def ensure(self, spans: Longs) -> None:
        """Check documents and frequencies of the postings in spans before they are read.

        `spans` are int64 pairs (first posting, behind the last), flat or of shape [n, 2]. What was
        checked before costs a microsecond.
        """
        flat = spans.reshape(-1)
        self._docs.ensure_spans(flat)
        self._frequencies.ensure_spans(flat)

    def own_numbers(self, terms: Terms) -> Terms:
        """Return vocabulary term numbers in the field's own numbering; absent ones fall away."""
        if self.terms is None:
            return terms
        if isinstance(terms, TermRange):
            lo, hi = np.searchsorted(self.terms, (terms.lo, terms.hi))
            return TermRange(int(lo), int(hi))
        places = np.searchsorted(self.terms, terms)
        inside = places < len(self.terms)
        places, terms = places[inside], terms[inside]
        # An absent term is given its neighbour's place, which must not count twice.
        own: npt.NDArray[Any] = places[self.terms[places] == terms]
        return own

    def runs(self, terms: Terms) -> PostingRuns:
        """Return the runs of postings of these terms."""
        return _runs(self._starts, self.own_numbers(terms))

    def term_postings(self, run: TermRange) -> list[int]:
        """Return how many postings each term of a run has, of a field that has every term."""
        self._starts.ensure(run.lo, run.hi + 1)
        counts: list[int] = np.diff(self.arrays.starts[run.lo : run.hi + 1]).tolist()
        return counts

    def ensure_places(self, own: Terms) -> None:
        """Check all that says where terms, in the field's own numbering, stand."""
        self.ensure(np.column_stack(_runs(self._starts, own)))
        self._positions.ensure_spans(np.column_stack(_runs(self._position_starts, own)).reshape(-1))

    def places(self, terms: Terms) -> Longs:
        """Return where the terms stand, ascending: document × 2³² + position."""
        own = self.own_numbers(terms)
        self.ensure_places(own)
        numbers = np.arange(own.lo, own.hi) if isinstance(own, TermRange) else own.astype(np.int64)
        found = _places(self.arrays, numbers)
        return np.unique(found) if len(numbers) > 1 else found


def _runs(starts: Section, own: Terms) -> PostingRuns:
    """Return what lies between the starts of these terms and of those behind them."""
    if isinstance(own, TermRange):
        starts.ensure(own.lo, own.hi + 1)
        lo, hi = int(starts.array[own.lo]), int(starts.array[own.hi])
        return PostingRuns(np.array([lo], np.int64), np.array([hi], np.int64))
    numbers = own.astype(np.int64)
    starts.ensure_each(numbers)
    starts.ensure_each(numbers + 1)
    return PostingRuns(
        starts.array[numbers].astype(np.int64), starts.array[numbers + 1].astype(np.int64)
    )


class Hits(NamedTuple):
    """Documents in ascending order, each once, with how often an entry occurs in each."""

    docs: Longs
    frequencies: Longs


def hits_of(field: FieldPostings, terms: Terms) -> Hits:
    """Return the postings of these terms, frequencies added up by document."""
    runs = field.runs(terms)
    field.ensure(np.column_stack(runs))
    docs, frequencies = _listed(field.arrays, runs.lo, runs.hi)
    distinct, inverse = np.unique(docs, return_inverse=True)
    summed = np.bincount(inverse, weights=frequencies, minlength=len(distinct))
    return Hits(distinct, summed.astype(np.int64))


@compiled
def _listed(postings: Postings, run_lo: Longs, run_hi: Longs) -> tuple[Longs, Longs]:
    count = (run_hi - run_lo).sum()
    docs = np.empty(count, dtype=np.int64)
    frequencies = np.empty(count, dtype=np.int64)
    row = 0
    for run in range(len(run_lo)):
        for place in range(run_lo[run], run_hi[run]):
            docs[row] = postings.docs[place]
            frequencies[row] = frequency_at(postings, place)
            row += 1
    return docs, frequencies


@compiled
def _places(postings: Postings, numbers: Longs) -> Longs:
    count: Int = 0
    for number in numbers:
        for place in range(
            np.int64(postings.starts[number]), np.int64(postings.starts[number + 1])
        ):
            count += frequency_at(postings, place)
    places = np.empty(count, dtype=np.int64)
    row = 0
    for number in numbers:
        byte: Int = np.int64(postings.position_starts[number])
        for place in range(
            np.int64(postings.starts[number]), np.int64(postings.starts[number + 1])
        ):
            document = np.int64(postings.docs[place]) << POSITION_BITS
            position: Int = np.int64(0)
            for _ in range(frequency_at(postings, place)):
                byte, step = take_number(postings.positions, byte)
                position += step
                places[row] = document | position
                row += 1
    return places


@compiled
def take_number(octets: Octets, place: Int) -> tuple[Int, Int]:
    """Return (place behind it, number) of one LEB128 number."""
    number = np.int64(0)
    shift = 0
    while octets[place] >= 128:
        number |= np.int64(octets[place] & 127) << shift
        shift += 7
        place += 1
    return place + 1, number | (np.int64(octets[place]) << shift)
