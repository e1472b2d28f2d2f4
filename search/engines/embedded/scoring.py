"""How well documents match: BM25 of every scored term, summed over layers and fields, by word.

The formula and its constants are those of `search.engine.Ranking`. The sum runs over all words of
a tree but those of its unwanted part, whether or not a word matched: a wide layer may lift what a
narrow one found. Reading postings for a score, it also notes which documents hold a word's
matching terms, so that no posting is read twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from search.deadline import NO_DEADLINE, Deadline
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Excluding,
    OpenQuery,
    Ranking,
    ScoredWord,
    TermQuery,
    scored_words,
)
from search.engines.embedded.entries import Chain, Entry, chains
from search.engines.embedded.expansion import entry_of
from search.engines.embedded.kernels import absorb, add_scores, clear, gather, mark
from search.engines.embedded.scratch import Scratch
from search.engines.embedded.snapshot import Field, Mask, Snapshot, Spans

_NORMS_KEPT = 8
"""Of two fields, for a few rankings."""

Scores = npt.NDArray[np.float64]
Documents = npt.NDArray[np.uint32]
Held = Mapping[EngineQuery, Mask]
"""For a word, or for any of several words: the documents that hold it."""


@dataclass(slots=True)
class _Use:
    """What one entry is read for: its weight in the score, and masks to set."""

    weight: float = 0.0
    masks: list[Mask] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a query, with all that is read for it."""

    uses: Mapping[Entry, _Use]
    chains: list[Chain]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How postings of one field count: score += factor · weight · idf · tf / (tf + norm)."""

    spans: Iterator[list[Spans]]
    norms: Scores
    factor: float
    scores: Scores


class Scorer:
    """Scores and marks the documents of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._scratch = Scratch(snapshot.document_count)
        # No lru_cache of a method: that is a circle, and a snapshot that nobody uses any more would
        # keep its files mapped until the collector comes by.
        self._known_norms: dict[tuple[Field, float, float], Scores] = {}

    def evaluate(
        self, query: EngineQuery, ranking: Ranking, deadline: Deadline = NO_DEADLINE
    ) -> tuple[Scores, Held]:
        """Return the score of every document, and for each scored word who holds it.

        Raises `EngineTimeout` where the deadline passes.
        """
        held = {node: self._no_documents() for node, _ in _to_be_marked(query)}
        words = _words_to_read(query, held)
        listed = [chain for word in words for chain in word.chains]
        found = self._snapshot.look_up(listed)
        scores = np.zeros(self._snapshot.document_count)
        of_word = np.zeros(self._snapshot.document_count)
        text, *title = [
            _Reading(
                iter(self._snapshot.spans(field, listed, found)),
                self._norms(field, ranking.k1, b),
                factor * (ranking.k1 + 1),
                of_word,
            )
            for field, b, factor in scored_fields(ranking)
        ]
        for word in words:
            deadline.check()
            self._read_word(word, text, title, ranking.word_power, scores)
        return scores, held

    def holding(self, entries: Iterable[Entry]) -> Mask:
        """Return the live documents whose text holds any of these entries."""
        mask = self._no_documents()
        listed = chains(list(entries))
        for rings in self._snapshot.spans("text", listed, self._snapshot.look_up(listed)):
            touched = self._scratch.touched(1)
            found = 0
            for ring in rings:
                found = self._gather(ring, touched, found)
            mark(touched, found, mask)
            clear(touched, found, self._scratch.counted)
        return mask

    def document_frequency(self, entry: Entry) -> int:
        """Return how many live documents hold an entry in their text."""
        return self.occurrences("text", entry, 0)[1]

    def occurrences(self, field: Field, entry: Entry, document: int) -> tuple[int, int]:
        """Return how often an entry stands in one document, and how many live ones have it."""
        listed = [(entry,)]
        spans = self._snapshot.spans(field, listed, self._snapshot.look_up(listed))
        touched = self._scratch.touched(1)
        found = self._gather(spans[0][0], touched, 0)
        frequency = int(self._scratch.counted[document]) if found else 0
        clear(touched, found, self._scratch.counted)
        return frequency, found

    def idf(self, document_frequency: int) -> float:
        """Return how much an entry says that so many live documents hold."""
        count = self._snapshot.live_count
        return float(np.log1p((count - document_frequency + 0.5) / (document_frequency + 0.5)))

    def _no_documents(self) -> Mask:
        return np.zeros(self._snapshot.document_count, dtype=bool)

    def _read_word(
        self,
        word: _Word,
        text: _Reading,
        title: Sequence[_Reading],
        power: float,
        scores: Scores,
    ) -> None:
        """Add a word's score to each document's; the text has every document of the title."""
        touched = self._scratch.touched(len(word.chains) + 1)
        listed = 0
        for chain in word.chains:
            uses = [word.uses[entry] for entry in chain]
            found = self._read_chain(uses, text, touched[listed:], marking=True)
            for reading in title:
                self._read_chain(uses, reading, touched[listed + found :], marking=False)
            listed += found
        absorb(touched, listed, text.scores, power, scores)

    def _read_chain(
        self, uses: Sequence[_Use], reading: _Reading, touched: Documents, *, marking: bool
    ) -> int:
        """Read one chain from the inside out; return how many documents it listed in `touched`."""
        found, scale = 0, 0.0
        for use, ring in zip(uses, next(reading.spans), strict=True):
            if ring:
                # What was weighed so far knows only the narrower entries' frequencies.
                self._add(touched, found, scale, reading)
                scale = 0.0
                found = self._gather(ring, touched, found)
            if found:
                scale += reading.factor * use.weight * self.idf(found)
                for mask in use.masks if marking else ():
                    mark(touched, found, mask)
        self._add(touched, found, scale, reading)
        clear(touched, found, self._scratch.counted)
        return found

    def _add(self, touched: Documents, found: int, scale: float, reading: _Reading) -> None:
        if found and scale:
            counted = self._scratch.counted
            add_scores(touched, found, counted, reading.norms, scale, reading.scores)

    def _gather(self, ring: Spans, touched: Documents, found: int) -> int:
        for postings, spans, base in ring:
            found = gather(
                postings.docs,
                postings.frequencies,
                postings.overflow_places,
                postings.overflow_values,
                spans,
                base,
                self._snapshot.live_check,
                self._scratch.counted,
                touched,
                found,
            )
        return found

    def _norms(self, field: Field, k1: float, b: float) -> Scores:
        key = (field, k1, b)
        if key not in self._known_norms:
            if len(self._known_norms) >= _NORMS_KEPT:
                self._known_norms.clear()
            self._known_norms[key] = self._compute_norms(field, k1, b)
        return self._known_norms[key]

    def _compute_norms(self, field: Field, k1: float, b: float) -> Scores:
        lengths = self._snapshot.lengths(field)
        mean = lengths[self._snapshot.live].mean() if self._snapshot.live_count else 0.0
        norms: Scores = k1 * (1 - b + b * lengths / (mean or 1.0))
        return norms


def scored_fields(ranking: Ranking) -> list[tuple[Field, float, float]]:
    """Return (field, b, factor) of each field that counts, the text first."""
    fields: list[tuple[Field, float, float]] = [("text", ranking.b, 1.0)]
    if ranking.title_weight:
        fields.append(("title", ranking.title_b, ranking.title_weight))
    return fields


def entry_weights(word: ScoredWord) -> dict[Entry, float]:
    """Return the scored entries of one word, each with the sum of its weights."""
    if isinstance(word, OpenQuery):
        return {entry_of(word): word.weight}
    weights: dict[Entry, float] = {}
    for term in word.score:
        entry = Entry(term.layer, term.text)
        weights[entry] = weights.get(entry, 0.0) + term.weight
    return {entry: weight for entry, weight in weights.items() if weight}


def _words_to_read(query: EngineQuery, held: Held) -> list[_Word]:
    masks: dict[int, list[Mask]] = {}
    for node, marked in _to_be_marked(query):
        for each in marked:
            masks.setdefault(id(each), []).append(held[node])
    listed = []
    for word in scored_words(query):
        uses = {entry: _Use(weight) for entry, weight in entry_weights(word).items()}
        if isinstance(word, TermQuery):
            for term in word.match:
                use = uses.setdefault(Entry(term.layer, term.text), _Use())
                use.masks = masks.get(id(word), [])
        listed.append(_Word(uses, chains(uses)))
    return listed


def _to_be_marked(query: EngineQuery) -> Iterator[tuple[EngineQuery, Sequence[TermQuery]]]:
    """Yield what is marked while scores are read, with its words: words, and any of words alone."""
    match query:
        case TermQuery():
            yield query, [query]
        case AnyOf():
            words = [child for child in query.children if isinstance(child, TermQuery)]
            if len(words) == len(query.children):
                yield query, words
            else:
                for child in query.children:
                    yield from _to_be_marked(child)
        case AllOf():
            for child in query.children:
                yield from _to_be_marked(child)
        case Excluding():
            yield from _to_be_marked(query.wanted)
        case _:
            return
