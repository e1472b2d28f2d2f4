"""How well documents match: BM25 of every scored term, summed over layers and fields.

The formula and its constants are those of `search.engine.Ranking`. The sum runs over all scored
terms of a tree but those of its unwanted part, whether or not their own word matched: a wide layer
may lift what a narrow one found.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

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
from search.engines.embedded.snapshot import Field, Hits, Snapshot

Scores = npt.NDArray[np.float64]


class Scorer:
    """Scores the documents of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._norms = lru_cache(maxsize=8)(self._compute_norms)

    def scores(self, query: EngineQuery, ranking: Ranking) -> Scores:
        """Return the score of every document; 0 where no scored term occurs."""
        total = np.zeros(self._snapshot.document_count)
        fields: list[tuple[Field, float, float]] = [("text", ranking.b, 1.0)]
        if ranking.title_weight:
            fields.append(("title", ranking.title_b, ranking.title_weight))
        for field, b, weight in fields:
            norms = self._norms(field, ranking.k1, b)
            for scored in _scored_terms(query):
                hits = scored.hits(self._snapshot, field)
                scale = weight * scored.weight * (ranking.k1 + 1) * self._idf(len(hits.docs))
                self._add(total, hits, norms, scale)
        return total

    def _add(self, total: Scores, hits: Hits, norms: Scores, scale: float) -> None:
        docs, frequencies = hits
        total[docs] += scale * frequencies / (frequencies + norms[docs])

    def _idf(self, document_frequency: int) -> float:
        count = self._snapshot.live_count
        return float(np.log1p((count - document_frequency + 0.5) / (document_frequency + 0.5)))

    def _compute_norms(self, field: Field, k1: float, b: float) -> Scores:
        lengths = self._snapshot.lengths(field)
        live = self._snapshot.live
        mean = lengths[live].mean() if self._snapshot.live_count else 0.0
        norms: Scores = k1 * (1 - b + b * lengths / (mean or 1.0))
        return norms


class _Scored:
    """One term or prefix with a weight."""

    def __init__(self, query: TermQuery | PrefixQuery | PhraseQuery, index: int) -> None:
        self._query = query
        self._index = index

    @property
    def weight(self) -> float:
        if isinstance(self._query, PrefixQuery):
            return self._query.weight
        return self._query.score[self._index].weight

    def hits(self, snapshot: Snapshot, field: Field) -> Hits:
        if isinstance(self._query, PrefixQuery):
            return snapshot.prefix_hits(field, self._query.layer, self._query.prefix)
        term = self._query.score[self._index]
        return snapshot.hits(field, term.layer, term.text)


def _scored_terms(query: EngineQuery) -> Iterator[_Scored]:
    match query:
        case TermQuery() | PhraseQuery():
            for index, term in enumerate(query.score):
                if term.weight:
                    yield _Scored(query, index)
        case PrefixQuery():
            yield _Scored(query, 0)
        case AnyOf() | AllOf():
            for child in query.children:
                yield from _scored_terms(child)
        case Excluding():
            yield from _scored_terms(query.wanted)
        case _:
            return
