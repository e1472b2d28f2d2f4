"""Which documents match: a query tree to one boolean a document, whole arrays at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from index.codec.postings import TermRange, Terms
from index.codec.segment import Segment
from search.deadline import NO_DEADLINE, Deadline
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Everything,
    Excluding,
    FuzzyQuery,
    Nothing,
    PhraseQuery,
    PrefixQuery,
    Term,
    TermQuery,
    WildcardQuery,
)
from search.engines.embedded.entries import Entry
from search.engines.embedded.expansion import entry_of
from search.engines.embedded.holding import documents_holding
from search.engines.embedded.phrases import documents_with_phrase
from search.engines.embedded.scoring import Held
from search.engines.embedded.snapshot import Longs, Mask, Snapshot


class Matcher:
    """Answers one request: which documents match each part of its query."""

    def __init__(self, snapshot: Snapshot, held: Held, deadline: Deadline = NO_DEADLINE) -> None:
        self._snapshot = snapshot
        self._held = held
        self._known: dict[EngineQuery, Mask] = {}
        self._deadline = deadline

    def matching(self, query: EngineQuery) -> Mask:
        """Return for each document whether it matches (deleted ones may); not to be changed.

        A part of a query that comes again is answered once.
        """
        self._deadline.check()
        if id(query) in self._held:  # the scorer noted it on its way
            return self._held[id(query)]
        mask = self._known.get(query)
        if mask is None:
            mask = self._known[query] = self._find(query)
        return mask

    def _find(self, query: EngineQuery) -> Mask:  # a case a node
        match query:
            case Everything():
                return np.ones(self._snapshot.document_count, dtype=bool)
            case Nothing():
                return np.zeros(self._snapshot.document_count, dtype=bool)
            case TermQuery():
                return self._holding(Entry(term.layer, term.text) for term in query.match)
            case PrefixQuery() | WildcardQuery() | FuzzyQuery():
                return self._holding([entry_of(query)])
            case PhraseQuery():
                return self._phrase(query)
            case AnyOf():
                return self._joined(np.logical_or, query.children, np.zeros)
            case AllOf():
                return self._joined(np.logical_and, query.children, np.ones)
            case Excluding():
                return self.matching(query.wanted) & ~self.matching(query.unwanted)

    def _holding(self, entries: Iterable[Entry]) -> Mask:
        return documents_holding(self._snapshot, entries, self._deadline)

    def _joined(
        self, join: np.ufunc, children: Sequence[EngineQuery], begin: Callable[..., Mask]
    ) -> Mask:
        mask = begin(self._snapshot.document_count, dtype=bool)
        for child in children:
            join(mask, self.matching(child), out=mask)
        return mask

    def _phrase(self, query: PhraseQuery) -> Mask:
        parts = []
        for segment in self._snapshot.segments:
            words = [_terms_of_word(segment, word) for word in query.words]
            parts.append(documents_with_phrase(segment.text, words, query.slop, self._deadline))
        mask: Mask = np.concatenate(parts) if parts else np.zeros(0, dtype=bool)
        return mask


def _terms_of_word(segment: Segment, alternatives: Sequence[Term]) -> Longs:
    """Return the distinct terms of one word of a phrase."""
    parts = [_numbers(segment.terms_of(term.layer, term.text)) for term in alternatives]
    return parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))


def _numbers(terms: Terms) -> Longs:
    if isinstance(terms, TermRange):
        return np.arange(terms.lo, terms.hi, dtype=np.int64)
    return terms.astype(np.int64)
