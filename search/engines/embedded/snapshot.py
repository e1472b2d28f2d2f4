"""One generation of the index, mapped, with its documents numbered through all segments.

Everything here is read-only after it is made, so any number of threads may share it. Document
numbers are good within one snapshot alone and never leave this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis import fold
from index.codec.postings import hits_of, places_of
from index.codec.segment import FieldPostings, Segment, TermRange, UintArray
from index.generations import Generation, load_deletions
from index.schema import Layer

Field = Literal["text", "title"]
Mask = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]


class Hits(NamedTuple):
    """Live documents that hold a term, each once, and how often each holds it."""

    docs: npt.NDArray[np.integer[Any]]
    frequencies: npt.NDArray[np.number[Any]]


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
        self._has_deletions = self.live_count < self.document_count
        # A request asks for the same term to match, to score and to mark; nothing more is meant
        # to be kept here, so the cache is small.
        self.hits = lru_cache(maxsize=256)(self._hits)

    def _hits(self, field: Field, layer: Layer, text: str) -> Hits:
        """Return the documents that hold this term of this layer."""
        return self._gather(field, [segment.terms_of(layer, text) for segment in self.segments])

    def prefix_hits(self, field: Field, layer: Layer, prefix: str) -> Hits:
        """Return the documents with a word whose spelling in this layer begins so."""
        return self._gather(field, [self._prefix_terms(s, layer, prefix) for s in self.segments])

    def _gather(self, field: Field, terms: Sequence[TermRange | UintArray]) -> Hits:
        parts = [
            (base, hits_of(_postings(segment, field), own, segment.document_count))
            for base, segment, own in zip(self.bases, self.segments, terms, strict=True)
        ]
        if len(parts) == 1:
            docs, frequencies = parts[0][1]
        else:
            docs = _joined([hits.docs.astype(np.int64) + base for base, hits in parts])
            frequencies = _joined([hits.frequencies for _, hits in parts])
        if self._has_deletions:
            kept = self.live[docs]
            docs, frequencies = docs[kept], frequencies[kept]
        return Hits(docs, frequencies)

    def places(self, layer: Layer, text: str) -> Longs:
        """Return where a term stands in the text, ascending: document × 2³² + position."""
        parts = [
            places_of(segment.text, segment.terms_of(layer, text)) + (base << 32)
            for base, segment in zip(self.bases, self.segments, strict=True)
        ]
        return _joined(parts)

    def lengths(self, field: Field) -> Longs:
        """Return the number of tokens of each document."""
        return _joined(
            [_postings(segment, field).lengths.astype(np.int64) for segment in self.segments]
        )

    def _prefix_terms(self, segment: Segment, layer: Layer, prefix: str) -> TermRange | UintArray:
        folded = segment.beginning_with(fold(prefix))
        if layer is not Layer.EXACT:
            return folded
        # Folding loses which letters were typed: keep the words that really begin so.
        begins = prefix.encode()
        return np.array(
            [
                number
                for number in range(folded.lo, folded.hi)
                if segment.keys[number].partition(b"\0")[2].startswith(begins)
            ],
            dtype=np.int64,
        )

    def locate(self, document: int) -> tuple[Segment, int]:
        """Return a document's segment and its number there."""
        number = int(np.searchsorted(self.bases, document, side="right")) - 1
        return self.segments[number], document - self.bases[number]

    def article_id(self, document: int) -> str:
        """Return the article id of a document."""
        segment, own = self.locate(document)
        return segment.ids[own].decode()


def _postings(segment: Segment, field: Field) -> FieldPostings:
    return segment.text if field == "text" else segment.title


def _joined(parts: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
