"""Which documents match: a query tree to one boolean a document, whole arrays at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.codec.postings import POSITION_BITS
from search.deadline import NO_DEADLINE, Deadline
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Everything,
    Excluding,
    Nothing,
    PhraseQuery,
    PrefixQuery,
    Term,
    TermQuery,
)
from search.engines.embedded.entries import Entry
from search.engines.embedded.scoring import Held, Scorer
from search.engines.embedded.snapshot import Longs, Mask, Snapshot


class Matcher:
    """Answers one request: which documents match each part of its query."""

    def __init__(
        self, snapshot: Snapshot, scorer: Scorer, held: Held, deadline: Deadline = NO_DEADLINE
    ) -> None:
        self._snapshot = snapshot
        self._scorer = scorer
        self._held = held
        self._deadline = deadline

    def matching(self, query: EngineQuery) -> Mask:  # a case a node
        """Return for each document whether it matches (deleted ones may); not to be changed."""
        self._deadline.check()
        if query in self._held:  # the scorer noted it on its way
            return self._held[query]
        match query:
            case Everything():
                return np.ones(self._snapshot.document_count, dtype=bool)
            case Nothing():
                return np.zeros(self._snapshot.document_count, dtype=bool)
            case TermQuery():
                return self._scorer.holding(Entry(term.layer, term.text) for term in query.match)
            case PrefixQuery():
                return self._scorer.holding([Entry(query.layer, query.prefix, is_prefix=True)])
            case PhraseQuery():
                return self._phrase(query)
            case AnyOf():
                return self._joined(np.logical_or, query.children, np.zeros)
            case AllOf():
                return self._joined(np.logical_and, query.children, np.ones)
            case Excluding():
                return self.matching(query.wanted) & ~self.matching(query.unwanted)

    def _joined(
        self, join: np.ufunc, children: Sequence[EngineQuery], begin: Callable[..., Mask]
    ) -> Mask:
        mask = begin(self._snapshot.document_count, dtype=bool)
        for child in children:
            join(mask, self.matching(child), out=mask)
        return mask

    def _phrase(self, query: PhraseQuery) -> Mask:
        mask = np.zeros(self._snapshot.document_count, dtype=bool)
        words = [self._word_places(word) for word in query.words]
        mask[_chains(words, query.slop, self._deadline) >> POSITION_BITS] = True
        return mask

    def _word_places(self, alternatives: Sequence[Term]) -> Longs:
        places = []
        for term in alternatives:
            self._deadline.check()
            places.append(self._snapshot.places(term.layer, term.text))
        return places[0] if len(places) == 1 else np.unique(np.concatenate(places))


def _chains(words: Sequence[Longs], slop: int, deadline: Deadline) -> Longs:
    """Return the places of last words that end a chain of all words in order.

    With slop, `spent[i]` is the smallest number of positions skipped by any chain that ends at
    place i; keeping the smallest is enough, since more skipped never helps a later word.
    """
    ends = words[0]
    spent = np.zeros(len(ends), dtype=np.int64)
    for places in words[1:]:
        best = np.full(len(places), slop + 1, dtype=np.int64)
        for skipped in range(slop + 1):
            deadline.check()
            wanted = places - (1 + skipped)
            found = np.searchsorted(ends, wanted)
            found[found == len(ends)] = 0
            hit = ends[found] == wanted if len(ends) else np.zeros(len(places), dtype=bool)
            total = np.where(hit, spent[found] + skipped if len(ends) else slop + 1, slop + 1)
            np.minimum(best, total, out=best)
        kept = best <= slop
        ends, spent = places[kept], best[kept]
    return ends
