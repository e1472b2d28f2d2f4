"""One generation of the index, mapped, with its documents numbered through all segments.

Everything here is read-only after it is made, so any number of threads may share it. Document
numbers are good within one snapshot alone and never leave this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import fold
from index.codec.postings import POSITION_BITS, FieldPostings, PostingRuns, Terms
from index.codec.segment import Segment, word_of
from index.generations import Generation, load_deletions
from index.schema import Layer

Field = Literal["text", "title"]
Mask = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]


class SegmentRuns(NamedTuple):
    """Where one entry's postings lie in one segment; `base` numbers the segment's documents."""

    field: FieldPostings
    runs: PostingRuns
    base: int


class Snapshot:
    """The segments of one generation as if they were one."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        entries = generation.manifest.segments
        self.segments = [Segment(generation.folder / entry.file) for entry in entries]
        counts = [segment.document_count for segment in self.segments]
        self.bases = [sum(counts[:number]) for number in range(len(counts))]
        self.document_count = sum(counts)
        self.live = np.ones(self.document_count, dtype=bool)
        for base, entry in zip(self.bases, entries, strict=True):
            if entry.deleted:
                self.live[base + load_deletions(generation.folder / entry.deletions_file)] = False
        self.live_count = int(np.count_nonzero(self.live))

    def runs(self, field: Field, layer: Layer, text: str) -> list[SegmentRuns]:
        """Return where a term's postings lie."""
        return self._runs(field, [segment.terms_of(layer, text) for segment in self.segments])

    def prefix_runs(self, field: Field, layer: Layer, prefix: str) -> list[SegmentRuns]:
        """Return where the postings of all words lie that begin so in this layer."""
        return self._runs(field, [_prefix_terms(s, layer, prefix) for s in self.segments])

    def _runs(self, field: Field, terms: Sequence[Terms]) -> list[SegmentRuns]:
        listed = []
        for base, segment, own in zip(self.bases, self.segments, terms, strict=True):
            postings = _postings(segment, field)
            runs = postings.runs(own)
            if len(runs.lo) and runs.hi[-1] > runs.lo[0]:
                listed.append(SegmentRuns(postings, runs, base))
        return listed

    def places(self, layer: Layer, text: str) -> Longs:
        """Return where a term stands in the text, ascending: document × 2³² + position."""
        parts = [
            segment.text.places(segment.terms_of(layer, text)) + (base << POSITION_BITS)
            for base, segment in zip(self.bases, self.segments, strict=True)
        ]
        return joined(parts)

    def lengths(self, field: Field) -> Longs:
        """Return the number of words of each document."""
        return joined([_postings(segment, field).arrays.lengths for segment in self.segments])

    def locate(self, document: int) -> tuple[Segment, int]:
        """Return a document's segment and its number there."""
        number = int(np.searchsorted(self.bases, document, side="right")) - 1
        return self.segments[number], document - self.bases[number]

    def article_id(self, document: int) -> str:
        """Return the article id of a document."""
        segment, own = self.locate(document)
        return segment.ids[own].decode()


def _prefix_terms(segment: Segment, layer: Layer, prefix: str) -> Terms:
    folded = segment.beginning_with(fold(prefix))
    if layer is not Layer.EXACT:
        return folded
    # Folding loses which letters were typed: keep the words that really begin so.
    return np.array(
        [
            number
            for number in range(folded.lo, folded.hi)
            if word_of(segment.keys[number]).startswith(prefix)
        ],
        dtype=np.int64,
    )


def _postings(segment: Segment, field: Field) -> FieldPostings:
    return segment.text if field == "text" else segment.title


def joined(parts: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Return the parts in a row; an empty array of none."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
