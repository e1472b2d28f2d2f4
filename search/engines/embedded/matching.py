"""Which documents match: a query tree to a set of documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from search.engines.embedded.bitmaps import Bitmap, bitmap_of, no_documents
from search.engines.embedded.entries import Entry, Wanted
from search.engines.embedded.expansion import entry_of
from search.engines.embedded.phrases import documents_with_phrase
from search.engines.embedded.reading import read
from search.engines.embedded.scoring import Marked
from search.engines.embedded.snapshot import Longs, Snapshot


class Matcher:
    """Answers one request: which documents match each part of its query."""

    def __init__(
        self, snapshot: Snapshot, marked: Marked, deadline: Deadline = NO_DEADLINE
    ) -> None:
        self._snapshot = snapshot
        self._marked = marked
        self._known: dict[EngineQuery, Bitmap] = {}
        self._deadline = deadline

    def matching(self, query: EngineQuery) -> Bitmap:
        """Return the documents that match (deleted ones may); not to be changed.

        A part of a query that comes again is answered once.
        """
        self._deadline.check()
        if id(query) in self._marked:  # the scorer noted it on its way
            return self._marked[id(query)]
        mask = self._known.get(query)
        if mask is None:
            mask = self._known[query] = self._find(query)
        return mask

    def _find(self, query: EngineQuery) -> Bitmap:  # a case a node
        match query:
            case Everything():
                return self._snapshot.live
            case Nothing():
                return no_documents(self._snapshot.words)
            case TermQuery():
                return self._holding(Entry(term.layer, term.text) for term in query.match)
            case PrefixQuery() | WildcardQuery() | FuzzyQuery():
                return self._holding([entry_of(query)])
            case PhraseQuery():
                return self._phrase(query)
            case AnyOf():
                return self._joined(
                    np.bitwise_or, query.children, no_documents(self._snapshot.words)
                )
            case AllOf():
                return self._joined(np.bitwise_and, query.children, self._snapshot.live.copy())
            case Excluding():
                return self.matching(query.wanted) & ~self.matching(query.unwanted)

    def _holding(self, entries: Iterable[Entry]) -> Bitmap:
        snapshot = self._snapshot
        wanted = Wanted.of(entries)
        reading = read(snapshot.mapped, snapshot.live_check, wanted, self._deadline)
        found: Bitmap = reading.matched[0]
        return found

    def _joined(self, join: np.ufunc, children: Sequence[EngineQuery], documents: Bitmap) -> Bitmap:
        for child in children:
            join(documents, self.matching(child), out=documents)
        return documents

    def _phrase(self, query: PhraseQuery) -> Bitmap:
        parts = []
        for segment in self._snapshot.segments:
            words = [_terms_of_word(segment, word) for word in query.words]
            found = documents_with_phrase(segment.text, words, query.slop, self._deadline)
            parts.append(bitmap_of(found))
        return np.concatenate([no_documents(0), *parts])


def _terms_of_word(segment: Segment, alternatives: Sequence[Term]) -> Longs:
    """Return the distinct terms of one word of a phrase."""
    parts = [_numbers(segment.terms_of(term.layer, term.text)) for term in alternatives]
    return parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))


def _numbers(terms: Terms) -> Longs:
    if isinstance(terms, TermRange):
        return np.arange(terms.lo, terms.hi, dtype=np.int64)
    return terms.astype(np.int64)
