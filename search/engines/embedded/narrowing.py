"""What a search is narrowed to and counted by: dates, sections, sources, authors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from index.codec.inversion import UInts
from index.codec.segment import UNDATED
from search.engine import Filters, Histogram
from search.engines.embedded.bitmaps import (
    WORD_BITS,
    Bitmap,
    bitmap_of,
    bitmap_with,
    documents_of,
    no_documents,
)
from search.engines.embedded.histogram import NO_DAY, Days, histogram, local_days
from search.engines.embedded.kernels import count_codes
from search.engines.embedded.snapshot import Longs, Snapshot
from search.request import FacetField, Interval


class _Column:
    """A column of all segments: entry i says that document `docs[i]` has value `codes[i]`."""

    def __init__(self, values: Sequence[str], codes: UInts, docs: UInts) -> None:
        self._values = values
        self._codes = codes
        self._docs = docs

    def holding(self, wanted: Sequence[str], words: int) -> Bitmap:
        """Return the documents with any of these values."""
        numbers = [number for number, value in enumerate(self._values) if value in wanted]
        return bitmap_with(self._docs[np.isin(self._codes, numbers)], words)

    def count(self, selected: Bitmap) -> list[tuple[str, int]]:
        """Return the number of selected documents for each value that has any, "" left out."""
        counts = np.zeros(len(self._values), dtype=np.int64)
        count_codes(self._codes, self._docs, selected, counts)
        present = np.flatnonzero(counts).tolist()
        return [(self._values[n], int(counts[n])) for n in present if self._values[n]]


def _facet_column(snapshot: Snapshot, name: str) -> _Column:
    numbers: dict[str, int] = {}
    codes, docs = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint32)]
    for first_word, segment in zip(snapshot.first_words, snapshot.segments, strict=True):
        own = [numbers.setdefault(v, len(numbers)) for v in segment.facet_values(name)]
        codes.append(np.array(own, dtype=np.uint32)[segment.facet_codes(name)])
        docs.append(segment.facet_docs(name).astype(np.uint32) + np.uint32(first_word * WORD_BITS))
    return _Column(list(numbers), np.concatenate(codes), np.concatenate(docs))


def _year_column(days: Days) -> _Column:
    dated = np.flatnonzero(days != NO_DAY)
    years = days[dated].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    values, codes = np.unique(years, return_inverse=True)
    return _Column(
        [str(year) for year in values.tolist()], codes.astype(np.uint32), dated.astype(np.uint32)
    )


Masks = dict[FacetField, Bitmap]
"""The documents that filters let pass, by the facet that each belongs to."""


def narrowed(documents: Bitmap, masks: Masks, but: FacetField | None = None) -> Bitmap:
    """Return the documents that all filters let pass; `but` names a facet whose own is left out."""
    for facet, mask in masks.items():
        if facet is not but:
            documents = documents & mask
    return documents


class DocumentColumns:
    """The filters and facets of one snapshot; columns are made when they are first used."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._columns: dict[FacetField, _Column] = {}
        parts = [segment.published for segment in snapshot.segments]
        self.published: Longs = snapshot.numbered(parts, np.array([UNDATED]))

    def masks(self, filters: Filters) -> Masks:
        """Return the documents that each filter lets pass."""
        masks: Masks = {}
        if filters.published_from is not None or filters.published_to is not None:
            masks[FacetField.YEAR] = self._within(filters.published_from, filters.published_to)
        for facet, wanted in (
            (FacetField.SECTION, filters.sections),
            (FacetField.SOURCE, filters.sources),
            (FacetField.AUTHOR, filters.authors),
        ):
            if wanted:
                masks[facet] = self._column(facet).holding(wanted, self._snapshot.words)
        return masks

    def count(self, facet: FacetField, selected: Bitmap) -> tuple[tuple[str, int], ...]:
        """Return (value, documents) over the selected documents, the largest count first."""
        counted = self._column(facet).count(selected)
        return tuple(sorted(counted, key=lambda pair: (-pair[1], pair[0])))

    def histogram(self, selected: Bitmap, interval: Interval) -> Histogram:
        """Return when the selected documents were published."""
        return histogram(self._days[documents_of(selected)], interval)

    def _column(self, facet: FacetField) -> _Column:
        if facet not in self._columns:
            self._columns[facet] = (
                _year_column(self._days)
                if facet is FacetField.YEAR
                else _facet_column(self._snapshot, facet.value)
            )
        return self._columns[facet]

    def _within(self, lo: int | None, hi: int | None) -> Bitmap:
        mask = self.published != UNDATED
        if lo is not None:
            mask &= self.published >= lo
        if hi is not None:
            mask &= self.published < hi
        return bitmap_of(mask)

    @cached_property
    def _days(self) -> Days:
        return local_days(self.published)


def load_column_loops() -> None:
    """Have the loops ready: after an installation the first call waits for the compiler."""
    nothing = np.zeros(0, dtype=np.uint32)
    count_codes(nothing, nothing, no_documents(0), np.zeros(0, dtype=np.int64))
