"""How well documents match: BM25 of every scored term, summed over layers and fields.

The formula and its constants are those of `search.engine.Ranking`. The sum runs over all scored
terms of a tree but those of its unwanted part, whether or not their own word matched: a wide layer
may lift what a narrow one found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.schema import Layer
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Excluding,
    PhraseQuery,
    PrefixQuery,
    Ranking,
    TermQuery,
)
from search.engines.embedded.kernels import add_scores, clear, gather, mark
from search.engines.embedded.scratch import Scratch
from search.engines.embedded.snapshot import Field, Mask, SegmentRuns, Snapshot

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one layer, or all that begin so."""

    layer: Layer
    text: str
    is_prefix: bool = False


class Scorer:
    """Scores and marks the documents of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._scratch = Scratch(snapshot.document_count)
        self._norms = lru_cache(maxsize=8)(self._compute_norms)

    def scores(self, query: EngineQuery, ranking: Ranking) -> Scores:
        """Return the score of every document; 0 where no scored term occurs."""
        total = np.zeros(self._snapshot.document_count)
        fields: list[tuple[Field, float, float]] = [("text", ranking.b, 1.0)]
        if ranking.title_weight:
            fields.append(("title", ranking.title_b, ranking.title_weight))
        weights = _weights(query)
        for field, b, field_weight in fields:
            norms = self._norms(field, ranking.k1, b)
            for entry, weight in weights.items():
                found = self._gather(self._runs(field, entry))
                scale = field_weight * weight * (ranking.k1 + 1) * self._idf(found)
                scratch = self._scratch
                add_scores(scratch.touched, found, scratch.counted, norms, scale, total)
        return total

    def holding(self, entries: Iterable[Entry]) -> Mask:
        """Return the live documents whose text holds any of these entries."""
        mask = np.zeros(self._snapshot.document_count, dtype=bool)
        for entry in entries:
            mark(self._scratch.touched, self._found(entry), mask)
        return mask

    def document_frequency(self, entry: Entry) -> int:
        """Return how many live documents hold an entry in their text."""
        return self._found(entry)

    def _found(self, entry: Entry) -> int:
        found = self._gather(self._runs("text", entry))
        clear(self._scratch.touched, found, self._scratch.counted)
        return found

    def _runs(self, field: Field, entry: Entry) -> list[SegmentRuns]:
        if entry.is_prefix:
            return self._snapshot.prefix_runs(field, entry.layer, entry.text)
        return self._snapshot.runs(field, entry.layer, entry.text)

    def _gather(self, listed: Iterable[SegmentRuns]) -> int:
        found = 0
        scratch, live = self._scratch, self._snapshot.live
        for field, runs, base in listed:
            found = gather(field.arrays, runs, base, live, scratch.counted, scratch.touched, found)
        return found

    def _idf(self, document_frequency: int) -> float:
        count = self._snapshot.live_count
        return float(np.log1p((count - document_frequency + 0.5) / (document_frequency + 0.5)))

    def _compute_norms(self, field: Field, k1: float, b: float) -> Scores:
        lengths = self._snapshot.lengths(field)
        mean = lengths[self._snapshot.live].mean() if self._snapshot.live_count else 0.0
        norms: Scores = k1 * (1 - b + b * lengths / (mean or 1.0))
        return norms


def _weights(query: EngineQuery) -> dict[Entry, float]:
    """Return each scored entry with the sum of its weights."""
    weights: dict[Entry, float] = {}
    for entry, weight in _scored(query):
        if weight:
            weights[entry] = weights.get(entry, 0.0) + weight
    return weights


def _scored(query: EngineQuery) -> Iterator[tuple[Entry, float]]:
    match query:
        case TermQuery() | PhraseQuery():
            for term in query.score:
                yield Entry(term.layer, term.text), term.weight
        case PrefixQuery():
            yield Entry(query.layer, query.prefix, is_prefix=True), query.weight
        case AnyOf() | AllOf():
            for child in query.children:
                yield from _scored(child)
        case Excluding():
            yield from _scored(query.wanted)
        case _:
            return
