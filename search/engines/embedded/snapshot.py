"""One generation of the index, mapped, with its documents numbered through all segments.

Everything here is read-only after it is made, so any number of threads may share it. Document
numbers are good within one snapshot alone and never leave this package. Each segment begins at a
whole word of a bitmap, so some numbers are nobody's: they are not live.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.codec.inversion import UInts
from index.codec.postings import FieldPostings
from index.codec.segment import Segment
from index.errors import DamageError
from index.generations import Generation, load_deletions
from index.manifest import SegmentEntry
from search.engines.embedded.bitmaps import (
    WORD_BITS,
    bitmap_of,
    count_of,
    documents_of,
    has,
    no_documents,
    words_for,
)
from search.engines.embedded.mapped import MappedSegment

Field = Literal["text", "title"]
Longs = npt.NDArray[np.int64]
Column = npt.NDArray[Any]


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
        sizes = [words_for(segment.document_count) for segment in self.segments]
        self.first_words = [sum(sizes[:number]) for number in range(len(sizes))]
        self.words = sum(sizes)
        bounds = pairwise([*self.first_words, self.words])
        self.mapped = [
            MappedSegment(segment, *own) for segment, own in zip(self.segments, bounds, strict=True)
        ]
        self.live = no_documents(self.words)
        parts = zip(self.first_words, self.segments, entries, strict=True)
        for first_word, segment, entry in parts:
            live = np.ones(segment.document_count, dtype=bool)
            if entry.deleted:
                live[load_deletions(generation.check_to_open(entry.deletions_file))] = False
            own = bitmap_of(live)
            self.live[first_word : first_word + len(own)] = own
        self.live_count = count_of(self.live)
        self._lengths: dict[Field, UInts] = {}
        self._mean_lengths: dict[Field, float] = {}
        has_deleted = any(entry.deleted for entry in entries)
        self.live_check = self.live if has_deleted else self.live[:0]

    @property
    def damage(self) -> DamageError | None:
        """What was found damaged since it was opened; then it is not to be searched any more."""
        return next((segment.damage for segment in self.segments if segment.damage), None)

    def lengths(self, field: Field) -> UInts:
        """Return the number of words of each document."""
        if field not in self._lengths:
            parts = [_postings(segment, field).arrays.lengths for segment in self.segments]
            self._lengths[field] = self.numbered(parts, np.zeros(1, np.uint32))
        return self._lengths[field]

    def numbered(self, parts: Sequence[Column], gap: Column) -> Column:
        """Join what segments have for each of their documents; `gap` stands where there is none."""
        # Never a mapped array itself: loops are compiled anew for what cannot be written to.
        joined = np.repeat(gap, self.words * WORD_BITS)
        for first_word, part in zip(self.first_words, parts, strict=True):
            first = first_word * WORD_BITS
            joined[first : first + len(part)] = part
        return joined

    def mean_length(self, field: Field) -> float:
        """Return the mean number of words of live documents; 1 where none has a word."""
        if field not in self._mean_lengths:
            own = self.lengths(field)[documents_of(self.live)]
            self._mean_lengths[field] = float(own.mean() or 1.0) if len(own) else 1.0
        return self._mean_lengths[field]

    def locate(self, document: int) -> tuple[Segment, int]:
        """Return a document's segment and its number there."""
        number = bisect_right(self.first_words, document // WORD_BITS) - 1
        return self.segments[number], document - self.first_words[number] * WORD_BITS

    def document_of(self, article_id: str) -> int | None:
        """Return the live document of an article; None where there is none."""
        for first_word, segment in zip(self.first_words, self.segments, strict=True):
            own = segment.document_of(article_id)
            if own is not None and has(self.live, document := first_word * WORD_BITS + own):
                return document
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


def _postings(segment: Segment, field: Field) -> FieldPostings:
    return segment.text if field == "text" else segment.title
