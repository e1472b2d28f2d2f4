"""Which documents match: a query tree to one boolean a document, whole arrays at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.codec.postings import POSITION_BITS
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
from search.engines.embedded.scoring import Entry, Scorer
from search.engines.embedded.snapshot import Longs, Mask, Snapshot


def matching(query: EngineQuery, scorer: Scorer, snapshot: Snapshot) -> Mask:  # noqa: C901  # a case a node
    """Return for each document whether it matches (deleted ones may)."""
    match query:
        case Everything():
            return np.ones(snapshot.document_count, dtype=bool)
        case Nothing():
            return np.zeros(snapshot.document_count, dtype=bool)
        case TermQuery():
            return scorer.holding(Entry(term.layer, term.text) for term in query.match)
        case PrefixQuery():
            return scorer.holding([Entry(query.layer, query.prefix, is_prefix=True)])
        case PhraseQuery():
            return _phrase(query, snapshot)
        case AnyOf():
            mask = np.zeros(snapshot.document_count, dtype=bool)
            for child in query.children:
                mask |= matching(child, scorer, snapshot)
            return mask
        case AllOf():
            mask = np.ones(snapshot.document_count, dtype=bool)
            for child in query.children:
                mask &= matching(child, scorer, snapshot)
            return mask
        case Excluding():
            return matching(query.wanted, scorer, snapshot) & ~matching(
                query.unwanted, scorer, snapshot
            )


def _phrase(query: PhraseQuery, snapshot: Snapshot) -> Mask:
    mask = np.zeros(snapshot.document_count, dtype=bool)
    chains = _chains([_word_places(word, snapshot) for word in query.words], query.slop)
    mask[chains >> POSITION_BITS] = True
    return mask


def _word_places(alternatives: Sequence[Term], snapshot: Snapshot) -> Longs:
    places = [snapshot.places(term.layer, term.text) for term in alternatives]
    return places[0] if len(places) == 1 else np.unique(np.concatenate(places))


def _chains(words: Sequence[Longs], slop: int) -> Longs:
    """Return the places of last words that end a chain of all words in order.

    With slop, `spent[i]` is the smallest number of positions skipped by any chain that ends at
    place i; keeping the smallest is enough, since more skipped never helps a later word.
    """
    ends = words[0]
    spent = np.zeros(len(ends), dtype=np.int64)
    for places in words[1:]:
        best = np.full(len(places), slop + 1, dtype=np.int64)
        for skipped in range(slop + 1):
            wanted = places - (1 + skipped)
            found = np.searchsorted(ends, wanted)
            found[found == len(ends)] = 0
            hit = ends[found] == wanted if len(ends) else np.zeros(len(places), dtype=bool)
            total = np.where(hit, spent[found] + skipped if len(ends) else slop + 1, slop + 1)
            np.minimum(best, total, out=best)
        kept = best <= slop
        ends, spent = places[kept], best[kept]
    return ends
