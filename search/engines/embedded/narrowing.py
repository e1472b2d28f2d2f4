"""What a search is narrowed to and counted by: dates, sections, sources, authors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from index.codec.segment import UNDATED
from search.engine import Filters, Histogram
from search.engines.embedded.histogram import Days, histogram, local_days
from search.engines.embedded.snapshot import Longs, Mask, Snapshot
from search.request import FacetField, Interval


class _Column:
    """One facet column of all segments: the value number of each (document, value) entry."""

    def __init__(self, snapshot: Snapshot, name: str) -> None:
        numbers: dict[str, int] = {}
        codes, docs = [], []
        for base, segment in zip(snapshot.bases, snapshot.segments, strict=True):
            own = [numbers.setdefault(v, len(numbers)) for v in segment.facet_values(name)]
            codes.append(np.array(own, dtype=np.int64)[segment.facet_codes(name)])
            docs.append(segment.facet_docs(name).astype(np.int64) + base)
        self.values = list(numbers)
        self._numbers = numbers
        self._codes = np.concatenate(codes) if codes else np.zeros(0, np.int64)
        self._docs = np.concatenate(docs) if docs else np.zeros(0, np.int64)
        self._document_count = snapshot.document_count

    def holding(self, wanted: Sequence[str]) -> Mask:
        """Return the documents with any of these values."""
        numbers = [self._numbers[value] for value in wanted if value in self._numbers]
        mask = np.zeros(self._document_count, dtype=bool)
        mask[self._docs[np.isin(self._codes, numbers)]] = True
        return mask

    def count(self, selected: Mask) -> list[tuple[str, int]]:
        """Return the number of selected documents for each value but the empty one."""
        counts = np.bincount(self._codes[selected[self._docs]], minlength=len(self.values))
        return [(value, int(counts[n])) for n, value in enumerate(self.values) if value]


class DocumentColumns:
    """The filters and facets of one snapshot; columns are made when they are first used."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._columns: dict[FacetField, _Column] = {}
        parts = [segment.published for segment in snapshot.segments]
        self.published: Longs = np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def passing(self, filters: Filters, but: FacetField | None = None) -> Mask | None:
        """Return the documents that all filters let pass; None where there is no filter.

        `but` names a facet whose own filter is left out.
        """
        tests: list[tuple[FacetField, bool, Callable[[], Mask]]] = [
            (
                FacetField.YEAR,
                filters.published_from is not None or filters.published_to is not None,
                lambda: self._within(filters.published_from, filters.published_to),
            ),
            (
                FacetField.SECTION,
                bool(filters.sections),
                lambda: self._column(FacetField.SECTION).holding(filters.sections),
            ),
            (
                FacetField.SOURCE,
                bool(filters.sources),
                lambda: self._column(FacetField.SOURCE).holding(filters.sources),
            ),
            (
                FacetField.AUTHOR,
                bool(filters.authors),
                lambda: self._column(FacetField.AUTHOR).holding(filters.authors),
            ),
        ]
        masks = [test() for facet, active, test in tests if active and facet is not but]
        if not masks:
            return None
        passing: Mask = np.logical_and.reduce(masks)
        return passing

    def count(self, facet: FacetField, selected: Mask) -> tuple[tuple[str, int], ...]:
        """Return (value, documents) over the selected documents, the largest count first."""
        if facet is FacetField.YEAR:
            counted = self._count_years(selected)
        else:
            counted = self._column(facet).count(selected)
        return tuple(
            sorted(((v, n) for v, n in counted if n), key=lambda pair: (-pair[1], pair[0]))
        )

    def histogram(self, selected: Mask, interval: Interval) -> Histogram:
        """Return when the selected documents were published."""
        return histogram(self._days[selected], interval)

    def _column(self, facet: FacetField) -> _Column:
        if facet not in self._columns:
            self._columns[facet] = _Column(self._snapshot, facet.value)
        return self._columns[facet]

    def _within(self, lo: int | None, hi: int | None) -> Mask:
        mask: Mask = self.published != UNDATED
        if lo is not None:
            mask &= self.published >= lo
        if hi is not None:
            mask &= self.published < hi
        return mask

    def _count_years(self, selected: Mask) -> list[tuple[str, int]]:
        years = self.histogram(selected, Interval.YEAR).buckets
        return [(str(int(year)), count) for year, count in years]

    @cached_property
    def _days(self) -> Days:
        return local_days(self.published)
