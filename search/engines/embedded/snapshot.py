"""One generation of the index, mapped, with its documents numbered through all segments.

Everything here is read-only after it is made, so any number of threads may share it. Document
numbers are good within one snapshot alone and never leave this package.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.inversion import Postings
from index.codec.postings import FieldPostings, Terms
from index.codec.segment import Segment, UintArray
from index.errors import DamageError
from index.generations import Generation, load_deletions
from index.manifest import SegmentEntry
from index.schema import Layer
from search.engines.embedded.entries import Chain, Entry
from search.engines.embedded.expansion import terms_of

Field = Literal["text", "title"]
Mask = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]


class SegmentSpans(NamedTuple):
    """Spans of postings of one segment: pairs (first, behind the last), one after the other."""

    postings: Postings
    spans: Longs
    base: int


class Found(NamedTuple):
    """The terms of several chains in one segment.

    `bounds` are pairs (first term, behind the last) of the entries that are runs, in the order of
    the chains; `lists` the term numbers of the others.
    """

    bounds: Longs
    lists: list[Longs | UintArray]


Spans = Sequence[SegmentSpans]
"""The postings of one entry that narrower entries of its chain do not have; empty: none."""


class Snapshot:
    """The segments of one generation as if they were one.

    Every byte is held against its checksum before it is used, so a flipped bit on the disk is an
    error, at the latest in the search that needs it, and never a wrong hit. Segments that `before`
    has open already are taken over: following an increment costs what is new. Raises
    `EngineError`.
    """

    def __init__(self, generation: Generation, before: Snapshot | None = None) -> None:
        self.generation = generation
        entries = generation.manifest.segments
        self.segments = [_segment(generation, entry, before) for entry in entries]
        counts = [segment.document_count for segment in self.segments]
        self.bases = [sum(counts[:number]) for number in range(len(counts))]
        self.document_count = sum(counts)
        self.live = np.ones(self.document_count, dtype=bool)
        for base, entry in zip(self.bases, entries, strict=True):
            if entry.deleted:
                deletions = load_deletions(generation.check_to_open(entry.deletions_file))
                self.live[base + deletions] = False
        self.live_count = int(np.count_nonzero(self.live))
        self.live_check = self.live if self.live_count < self.document_count else self.live[:0]

    @property
    def damage(self) -> DamageError | None:
        """What was found damaged since it was opened; then it is not to be searched any more."""
        return next((segment.damage for segment in self.segments if segment.damage), None)

    def look_up(self, listed: Sequence[Chain]) -> list[Found]:
        """Return where the terms of these chains stand in each segment's vocabulary."""
        runs = [entry for chain in listed for entry in chain if entry.is_run]
        lists = [entry for chain in listed for entry in chain if not entry.is_run]
        return [_found(segment, runs, lists) for segment in self.segments]

    def spans(
        self, field: Field, listed: Sequence[Chain], found: Sequence[Found]
    ) -> list[list[Spans]]:
        """Return for each chain, for each of its entries, the postings that it adds."""
        answer: list[list[list[SegmentSpans]]] = [[[] for _ in chain] for chain in listed]
        for base, segment, terms in zip(self.bases, self.segments, found, strict=True):
            postings = _postings(segment, field)
            bounds = iter(postings.posting_bounds(terms.bounds))
            lists = iter(terms.lists)
            for chain, rings in zip(listed, answer, strict=True):
                if chain[0].is_run:
                    all_spans = _ring_spans([(next(bounds), next(bounds)) for _ in chain])
                else:
                    all_spans = [_list_spans(postings, next(lists))]
                for ring, spans in zip(rings, all_spans, strict=True):
                    if len(spans):
                        postings.ensure(spans)
                        ring.append(SegmentSpans(postings.arrays, spans, base))
        return [list(rings) for rings in answer]

    def lengths(self, field: Field) -> Longs:
        """Return the number of words of each document."""
        return joined([_postings(segment, field).arrays.lengths for segment in self.segments])

    def locate(self, document: int) -> tuple[Segment, int]:
        """Return a document's segment and its number there."""
        number = bisect_right(self.bases, document) - 1
        return self.segments[number], document - self.bases[number]

    def document_of(self, article_id: str) -> int | None:
        """Return the live document of an article; None where there is none."""
        for base, segment in zip(self.bases, self.segments, strict=True):
            own = segment.document_of(article_id)
            if own is not None and self.live[base + own]:
                return base + own
        return None

    def article_id(self, document: int) -> str:
        """Return the article id of a document."""
        segment, own = self.locate(document)
        return segment.ids[own].decode()


def _segment(generation: Generation, entry: SegmentEntry, before: Snapshot | None) -> Segment:
    if before is not None:
        known = before.generation.manifest.files
        for segment in before.segments:
            name = segment.path.name
            is_same = known[name] == generation.manifest.files.get(name)
            if name == entry.file and is_same and not segment.damage:
                return segment
    return Segment(generation.check_to_open(entry.file))


def _found(segment: Segment, runs: Sequence[Entry], lists: Sequence[Entry]) -> Found:
    stems = segment.terms_of_stems([e.text for e in lists if e.layer is Layer.STEM])
    listed = iter(stems)
    return Found(
        segment.term_bounds([entry.bounds for entry in runs]),
        [
            next(listed) if entry.layer is Layer.STEM else terms_of(segment, entry)
            for entry in lists
        ],
    )


def _ring_spans(runs: Sequence[tuple[int, int]]) -> list[Longs]:
    """Return the spans that each run of a chain adds to those inside it."""
    rings = []
    inner_lo = inner_hi = 0
    for lo, hi in runs:
        if inner_lo == inner_hi:
            spans = [lo, hi] if hi > lo else []
        else:
            spans = [lo, inner_lo] if inner_lo > lo else []
            spans += [inner_hi, hi] if hi > inner_hi else []
        inner_lo, inner_hi = lo, hi
        rings.append(np.array(spans, dtype=np.int64))
    return rings


def _list_spans(postings: FieldPostings, terms: Terms) -> Longs:
    runs = postings.runs(terms)
    spans = np.empty(2 * len(runs.lo), dtype=np.int64)
    spans[::2], spans[1::2] = runs.lo, runs.hi
    return spans


def _postings(segment: Segment, field: Field) -> FieldPostings:
    return segment.text if field == "text" else segment.title


def joined(parts: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Return the parts in a row; an empty array of none."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
