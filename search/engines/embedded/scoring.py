"""How well documents match: BM25 of every scored term, summed over layers and fields.

The formula and its constants are those of `search.engine.Ranking`. The sum runs over all scored
terms of a tree but those of its unwanted part, whether or not their own word matched: a wide layer
may lift what a narrow one found. Reading postings for a score, it also notes which documents hold
a word's matching terms, so that no posting is read twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from search.deadline import NO_DEADLINE, Deadline
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
from search.engines.embedded.entries import Chain, Entry, chains
from search.engines.embedded.kernels import add_scores, clear, gather, mark
from search.engines.embedded.scratch import Scratch
from search.engines.embedded.snapshot import Field, Mask, Snapshot, Spans

Scores = npt.NDArray[np.float64]
Held = Mapping[EngineQuery, Mask]
"""For a word, or for any of several words: the documents that hold it."""


@dataclass(slots=True)
class _Use:
    """What one entry is read for: its weight in the score, and masks to set."""

    weight: float = 0.0
    masks: list[Mask] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How postings of one field count: score += factor · weight · idf · tf / (tf + norm)."""

    deadline: Deadline
    norms: Scores
    factor: float
    scores: Scores


class Scorer:
    """Scores and marks the documents of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._scratch = Scratch(snapshot.document_count)
        self._norms = lru_cache(maxsize=8)(self._compute_norms)

    def evaluate(
        self, query: EngineQuery, ranking: Ranking, deadline: Deadline = NO_DEADLINE
    ) -> tuple[Scores, Held]:
        """Return the score of every document, and for each scored word who holds it.

        Raises `EngineTimeout` where the deadline passes.
        """
        uses: dict[Entry, _Use] = {}
        for entry, weight in scored_entries(query):
            uses.setdefault(entry, _Use()).weight += weight
        held: dict[EngineQuery, Mask] = {}
        for node, entries in _words(query):
            mask = held[node] = self._no_documents()
            for entry in entries:
                uses.setdefault(entry, _Use()).masks.append(mask)
        scores = np.zeros(self._snapshot.document_count)
        listed = chains(uses)
        found = self._snapshot.look_up(listed)
        norms = self._norms("text", ranking.k1, ranking.b)
        spans = self._snapshot.spans("text", listed, found)
        self._read(listed, spans, uses, _Reading(deadline, norms, ranking.k1 + 1, scores))
        if ranking.title_weight:
            # The text has the title's words: they are marked already.
            weighed = {entry: _Use(use.weight) for entry, use in uses.items()}
            norms = self._norms("title", ranking.k1, ranking.title_b)
            spans = self._snapshot.spans("title", listed, found)
            factor = ranking.title_weight * (ranking.k1 + 1)
            self._read(listed, spans, weighed, _Reading(deadline, norms, factor, scores))
        return scores, held

    def holding(self, entries: Iterable[Entry]) -> Mask:
        """Return the live documents whose text holds any of these entries."""
        mask = self._no_documents()
        uses = {entry: _Use(masks=[mask]) for entry in entries}
        listed = chains(uses)
        spans = self._snapshot.spans("text", listed, self._snapshot.look_up(listed))
        self._read(listed, spans, uses, _Reading(NO_DEADLINE, np.zeros(0), 0.0, np.zeros(0)))
        return mask

    def document_frequency(self, entry: Entry) -> int:
        """Return how many live documents hold an entry in their text."""
        listed = [(entry,)]
        spans = self._snapshot.spans("text", listed, self._snapshot.look_up(listed))
        found = self._gather(spans[0][0], 0)
        clear(self._scratch.touched, found, self._scratch.counted)
        return found

    def occurrences(self, field: Field, entry: Entry, document: int) -> tuple[int, int]:
        """Return how often an entry stands in one document, and how many live ones have it."""
        listed = [(entry,)]
        spans = self._snapshot.spans(field, listed, self._snapshot.look_up(listed))
        found = self._gather(spans[0][0], 0)
        frequency = int(self._scratch.counted[document])
        clear(self._scratch.touched, found, self._scratch.counted)
        return frequency, found

    def _no_documents(self) -> Mask:
        return np.zeros(self._snapshot.document_count, dtype=bool)

    def _read(
        self,
        listed: Sequence[Chain],
        spans: Sequence[Sequence[Spans]],
        uses: Mapping[Entry, _Use],
        reading: _Reading,
    ) -> None:
        for chain, rings in zip(listed, spans, strict=True):
            reading.deadline.check()
            if any(rings):
                self._read_chain([uses[entry] for entry in chain], rings, reading)

    def _read_chain(self, uses: Sequence[_Use], rings: Sequence[Spans], reading: _Reading) -> None:
        touched, counted = self._scratch.touched, self._scratch.counted
        found, scale = 0, 0.0
        for use, ring in zip(uses, rings, strict=True):
            if ring:
                # What was weighed so far knows only the narrower entries' frequencies.
                self._add(found, scale, reading)
                scale = 0.0
                found = self._gather(ring, found)
            if found:
                scale += reading.factor * use.weight * self.idf(found)
                for mask in use.masks:
                    mark(touched, found, mask)
        self._add(found, scale, reading)
        clear(touched, found, counted)

    def _add(self, found: int, scale: float, reading: _Reading) -> None:
        if found and scale:
            touched, counted = self._scratch.touched, self._scratch.counted
            add_scores(touched, found, counted, reading.norms, scale, reading.scores)

    def _gather(self, ring: Spans, found: int) -> int:
        counted, touched = self._scratch.counted, self._scratch.touched
        for postings, spans, base in ring:
            found = gather(
                postings.docs,
                postings.frequencies,
                postings.overflow_places,
                postings.overflow_values,
                spans,
                base,
                self._snapshot.live_check,
                counted,
                touched,
                found,
            )
        return found

    def idf(self, document_frequency: int) -> float:
        """Return how much an entry says that so many live documents hold."""
        count = self._snapshot.live_count
        return float(np.log1p((count - document_frequency + 0.5) / (document_frequency + 0.5)))

    def _compute_norms(self, field: Field, k1: float, b: float) -> Scores:
        lengths = self._snapshot.lengths(field)
        mean = lengths[self._snapshot.live].mean() if self._snapshot.live_count else 0.0
        norms: Scores = k1 * (1 - b + b * lengths / (mean or 1.0))
        return norms


def scored_entries(query: EngineQuery) -> Iterator[tuple[Entry, float]]:
    """Yield every scored entry of what is wanted, with its weight, in the order of the query."""
    match query:
        case TermQuery() | PhraseQuery():
            for term in query.score:
                if term.weight:
                    yield Entry(term.layer, term.text), term.weight
        case PrefixQuery():
            yield Entry(query.layer, query.prefix, is_prefix=True), query.weight
        case AnyOf() | AllOf():
            for child in query.children:
                yield from scored_entries(child)
        case Excluding():
            yield from scored_entries(query.wanted)
        case _:
            return


def _words(query: EngineQuery) -> Iterator[tuple[EngineQuery, list[Entry]]]:
    """Yield what is to be marked while scores are read: words, and alternatives of words alone."""
    match query:
        case TermQuery():
            yield query, [Entry(term.layer, term.text) for term in query.match]
        case AnyOf() if all(isinstance(child, TermQuery) for child in query.children):
            entries = [
                entry for child in query.children for _, own in _words(child) for entry in own
            ]
            yield query, entries
        case AnyOf() | AllOf():
            for child in query.children:
                yield from _words(child)
        case Excluding():
            yield from _words(query.wanted)
        case _:
            return
