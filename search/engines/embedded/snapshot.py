"""One generation of the index, mapped, with its documents numbered through all segments.

Everything here is read-only after it is made, so any number of threads may share it. Document
numbers are good within one snapshot alone and never leave this package.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.codec.inversion import Documents, Postings, UInts
from index.codec.postings import FieldPostings
from index.codec.segment import Segment
from index.errors import DamageError
from index.generations import Generation, load_deletions
from index.manifest import SegmentEntry
from search.engines.embedded.entries import Group
from search.engines.embedded.spans import FieldSpans, Wanted

Field = Literal["text", "title"]
Mask = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SegmentRows:
    """Spans of the postings of some groups of entries in one segment, by field (see `spans`).

    The segment's first document is `base`.
    """

    base: int
    text: FieldSpans
    title: FieldSpans
    text_postings: Postings
    title_postings: Postings

    def of(self, field: Field) -> tuple[FieldSpans, Postings]:
        """Return a field's spans, and what they are spans of."""
        if field == "text":
            return self.text, self.text_postings
        return self.title, self.title_postings

    def of_group(self, field: Field, group: int) -> tuple[Documents, Longs]:
        """Return a field's documents of postings, and the rows of one group of entries."""
        spans, postings = self.of(field)
        return postings.docs, spans.rows[spans.starts[group] : spans.starts[group + 1]]


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
        self._lengths: dict[Field, UInts] = {}
        self._mean_lengths: dict[Field, float] = {}
        self.live_check = self.live if self.live_count < self.document_count else self.live[:0]

    @property
    def damage(self) -> DamageError | None:
        """What was found damaged since it was opened; then it is not to be searched any more."""
        return next((segment.damage for segment in self.segments if segment.damage), None)

    def rows_of(self, groups: Sequence[Group]) -> list[SegmentRows]:
        """Return where the postings of these groups lie in each segment."""
        wanted = Wanted(groups)
        return [
            _rows_of(base, segment, wanted)
            for base, segment in zip(self.bases, self.segments, strict=True)
        ]

    def lengths(self, field: Field) -> UInts:
        """Return the number of words of each document."""
        if field not in self._lengths:
            parts = [_postings(segment, field).arrays.lengths for segment in self.segments]
            # Never the mapped array itself: loops are compiled anew for what cannot be written to.
            self._lengths[field] = np.concatenate([np.zeros(0, np.uint32), *parts])
        return self._lengths[field]

    def mean_length(self, field: Field) -> float:
        """Return the mean number of words of live documents; 1 where none has a word."""
        if field not in self._mean_lengths:
            own = self.lengths(field)[self.live]
            self._mean_lengths[field] = float(own.mean() or 1.0) if len(own) else 1.0
        return self._mean_lengths[field]

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


def _rows_of(base: int, segment: Segment, wanted: Wanted) -> SegmentRows:
    text, title = wanted.spans_in(segment)
    return SegmentRows(base, text, title, segment.text.arrays, segment.title.arrays)


def _postings(segment: Segment, field: Field) -> FieldPostings:
    return segment.text if field == "text" else segment.title
