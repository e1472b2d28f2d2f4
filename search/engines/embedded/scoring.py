"""How well documents match: BM25 of every scored term, summed over layers and fields, by word.

The formula and its constants are those of `search.engine.Ranking`. The sum runs over all words of
a tree but those of its unwanted part, whether or not a word matched: a wide layer may lift what a
narrow one found.

Few of the documents that a search finds can stand on its page, so each word is read twice. The
first reading (`scan`) notes which documents hold which of its entries, and no frequencies: that
tells the exact document frequencies, who matches, and for each document a bound. tf / (tf + norm)
is at least 1 / (1 + norm) and less than 1, so a document's score is at most its bound, and at
least its bound times a share that depends on its lengths alone. The second reading (`scores`) adds
up frequencies for the documents that these leave in question. The idea of bounds is that of
MaxScore (Turtle and Flood 1995), by document and set of entries instead of by term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

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
from search.engines.embedded.entries import Entry, Group, grouped
from search.engines.embedded.expansion import entry_of
from search.engines.embedded.heaps import hopefuls
from search.engines.embedded.holding import documents_holding
from search.engines.embedded.kernels import (
    Counts,
    Doubles,
    Floats,
    add_scores,
    settle,
    tally,
    touch,
)
from search.engines.embedded.scratch import Memory, Scratch
from search.engines.embedded.snapshot import Field, Longs, Mask, SegmentRows, Snapshot

_SHARES_KEPT = 8
"""Of so many rankings."""

_MARGIN = 1 - 1e-5
"""Bounds are float32: for any number of words they are off by less than this leaves."""

_COUNTS_AT_ONCE = 1 << 21
"""Of documents times entries; two of 4 bytes each."""

_MOST_AT_ONCE = (1 << 16) - 1
"""Documents; each has a slot, a number from 1 on of two bytes."""

Held = Mapping[int, Mask]
"""By the identity of a word's node, or of one for any of several words: the documents with it."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a query, with the masks that it sets.

    It has the groups [first_group, behind). Of each, `weights` has what its entries count, and
    `matching` the bits of those that make a match.
    """

    first_group: int
    groups: Sequence[Group]
    weights: Sequence[Doubles]
    matching: Sequence[int]
    masks: Sequence[Mask]


@dataclass(frozen=True, slots=True)
class _Scales:
    """Of each entry its factor · weight · idf in text and title.

    Group g has the columns from `columns[g]` on, word w those from `word_columns[w]` on.
    """

    text: Doubles
    title: Doubles
    columns: Longs
    word_columns: Longs


@dataclass(frozen=True, slots=True)
class Scan:
    """What the first reading of all words has found.

    A document's score is at most `bounds + slack`, and at least `bounds · shares`.
    """

    ranking: Ranking
    rows: Sequence[SegmentRows]
    scales: _Scales
    held: Held
    bounds: Floats
    shares: Floats
    slack: float

    def hopefuls(self, selected: Mask, wanted: int) -> Longs:
        """Return the selected documents that may be among the `wanted` best, ascending."""
        found: Longs = hopefuls(selected, self.bounds, self.shares, self.slack, _MARGIN, wanted)
        return found


class Scorer:
    """Scores and marks the documents of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._scratch = Scratch(snapshot.document_count)
        # No lru_cache of a method: that is a circle, and a snapshot that nobody uses any more would
        # keep its files mapped until the collector comes by.
        self._known_shares: dict[Ranking, Floats] = {}

    def scan(self, query: EngineQuery, ranking: Ranking, deadline: Deadline = NO_DEADLINE) -> Scan:
        """Read the words of a query for the first time.

        Raises `EngineTimeout` where the deadline passes.
        """
        held = {id(node): self._no_documents() for node, _ in _to_be_marked(query)}
        words = _words_to_read(query, held)
        groups = [group for word in words for group in word.groups]
        scan = Scan(
            ranking,
            self._snapshot.rows_of(groups),
            _no_scales(words),
            held,
            np.zeros(self._snapshot.document_count, np.float32),
            self._shares(ranking),
            slack=0.0,
        )
        slack = 0.0
        with self._scratch.borrowed() as memory:
            for word in words:
                deadline.check()
                slack += self._scan_word(word, scan, memory)
        return replace(scan, slack=slack) if slack else scan

    def scores(self, scan: Scan, documents: Longs, deadline: Deadline = NO_DEADLINE) -> Doubles:
        """Return the score of each of these live documents.

        Raises `EngineTimeout` where the deadline passes.
        """
        scores = np.zeros(len(documents))
        at_once = min(_MOST_AT_ONCE, max(1, _COUNTS_AT_ONCE // max(1, len(scan.scales.text))))
        for first in range(0, len(documents), at_once):
            part = slice(first, first + at_once)
            with self._scratch.borrowed() as memory:
                self._add_scores(scan, documents[part], scores[part], deadline, memory)
        return scores

    def document_frequency(self, entry: Entry) -> int:
        """Return how many live documents hold an entry in their text."""
        return self._live_count(documents_holding(self._snapshot, [entry]))

    def occurrences(self, field: Field, entry: Entry, document: int) -> tuple[int, int]:
        """Return how often an entry stands in one document, and how many live ones have it."""
        rows = self._snapshot.rows_of(list(grouped([entry])))
        with self._scratch.borrowed() as memory:
            memory.slots[document] = 1
            frequency = _counted(field, rows, 1, np.zeros(2, np.int64), memory)[0, 0]
            memory.slots[document] = 0
        holding = documents_holding(self._snapshot, [entry], field=field)
        return int(frequency), self._live_count(holding)

    def idf(self, document_frequency: int) -> float:
        """Return how much an entry says that so many live documents hold."""
        count = self._snapshot.live_count
        return float(np.log1p((count - document_frequency + 0.5) / (document_frequency + 0.5)))

    def _live_count(self, mask: Mask) -> int:
        return int(np.count_nonzero(mask & self._snapshot.live))

    def _scan_word(self, word: _Word, scan: Scan, memory: Memory) -> float:
        """Read one word; return what any document's score may be above its bound for it."""
        mask = word.masks[0] if len(word.masks) == 1 else self._no_documents()
        alone = len(word.groups) == 1
        most = 0.0
        for number, weights in enumerate(word.weights):
            group = word.first_group + number
            found = titled = 0
            for rows in scan.rows:
                docs, own_rows = rows.of_group("text", group)
                found = touch(docs, own_rows, rows.base, memory.seen, memory.touched, found)
                docs, own_rows = rows.of_group("title", group)
                if len(own_rows):
                    titled = touch(
                        docs, own_rows, rows.base, memory.seen_in_title, memory.titled, titled
                    )
            own = slice(scan.scales.columns[group], scan.scales.columns[group + 1])
            most += settle(
                memory.touched, found, memory.seen,
                memory.titled, titled, memory.seen_in_title,
                self._snapshot.live_check, self._snapshot.live_count,
                weights, _factors(scan.ranking), scan.ranking.word_power,
                word.matching[number], mask, scan.bounds if alone else scan.bounds[:0],
                scan.scales.text[own], scan.scales.title[own],
            )  # fmt: skip
        if len(word.masks) > 1:
            for other in word.masks:
                np.logical_or(other, mask, out=other)
        return 0.0 if alone else float(most**scan.ranking.word_power)

    def _add_scores(
        self, scan: Scan, documents: Longs, scores: Doubles, deadline: Deadline, memory: Memory
    ) -> None:
        ranking, scales = scan.ranking, scan.scales
        memory.slots[documents] = np.arange(1, len(documents) + 1)
        deadline.check()
        in_text = _counted("text", scan.rows, len(documents), scales.columns, memory)
        in_title = _counted("title", scan.rows, len(documents), scales.columns, memory)
        memory.slots[documents] = 0
        add_scores(
            documents, in_text, in_title,
            self._snapshot.lengths("text"), self._snapshot.lengths("title"),
            self._norm("text", ranking.k1, ranking.b),
            self._norm("title", ranking.k1, ranking.title_b),
            scales.text, scales.title, scales.word_columns, ranking.word_power, scores,
        )  # fmt: skip

    def _shares(self, ranking: Ranking) -> Floats:
        if ranking not in self._known_shares:
            if len(self._known_shares) >= _SHARES_KEPT:
                self._known_shares.clear()
            self._known_shares[ranking] = self._compute_shares(ranking)
        return self._known_shares[ranking]

    def _compute_shares(self, ranking: Ranking) -> Floats:
        norms = np.maximum(
            self._norms("text", ranking.k1, ranking.b),
            self._norms("title", ranking.k1, ranking.title_b),
        )
        shares: Floats = ((1 + norms) ** -ranking.word_power).astype(np.float32)
        return shares

    def _norms(self, field: Field, k1: float, b: float) -> Doubles:
        fixed, by_length = self._norm(field, k1, b)
        norms: Doubles = fixed + by_length * self._snapshot.lengths(field).astype(np.float64)
        return norms

    def _norm(self, field: Field, k1: float, b: float) -> tuple[float, float]:
        """Return (a, b): the norm of a document is a + b · length."""
        return k1 * (1 - b), k1 * b / self._snapshot.mean_length(field)

    def _no_documents(self) -> Mask:
        return np.zeros(self._snapshot.document_count, dtype=bool)


def _counted(
    field: Field, rows: Sequence[SegmentRows], documents: int, columns: Longs, memory: Memory
) -> Counts:
    """Return how often each entry stands in each document that has a slot."""
    counted = np.zeros((documents, max(1, int(columns[-1]))), dtype=np.uint32)
    for of_segment in rows:
        spans, postings = of_segment.of(field)
        if len(spans.rows):
            tally(
                postings.docs, postings.frequencies,
                postings.overflow_places, postings.overflow_values,
                spans.rows, spans.starts, columns, of_segment.base, memory.slots, counted,
            )  # fmt: skip
    return counted


def _factors(ranking: Ranking) -> tuple[float, float]:
    """Return what BM25 is multiplied by in text and title."""
    return ranking.k1 + 1, ranking.title_weight * (ranking.k1 + 1)


def _no_scales(words: Sequence[_Word]) -> _Scales:
    counts = [len(weights) for word in words for weights in word.weights]
    columns = np.array([0, *counts], dtype=np.int64).cumsum()
    firsts = [word.first_group for word in words]
    return _Scales(
        np.zeros(columns[-1]), np.zeros(columns[-1]), columns, columns[[*firsts, len(counts)]]
    )


def entry_weights(word: ScoredWord) -> dict[Entry, float]:
    """Return the scored entries of one word, each with the sum of its weights."""
    if isinstance(word, OpenQuery):
        return {entry_of(word): word.weight}
    weights: dict[Entry, float] = {}
    for term in word.score:
        if term.weight:
            entry = Entry(term.layer, term.text)
            weights[entry] = weights.get(entry, 0.0) + term.weight
    return weights


def _words_to_read(query: EngineQuery, held: Held) -> list[_Word]:
    masks: dict[int, list[Mask]] = {}
    for node, marked in _to_be_marked(query):
        for each in marked:
            masks.setdefault(id(each), []).append(held[id(node)])
    words: list[_Word] = []
    first_group = 0
    for word in scored_words(query):
        words.append(_word_to_read(word, first_group, masks.get(id(word), [])))
        first_group += len(words[-1].groups)
    return words


def _word_to_read(word: ScoredWord, first_group: int, masks: Sequence[Mask]) -> _Word:
    weights = entry_weights(word)
    matching: set[Entry] = set()
    if masks and isinstance(word, TermQuery):
        matching = {Entry(term.layer, term.text) for term in word.match}
    elif masks and isinstance(word, OpenQuery):
        matching = {entry_of(word)}
    for entry in matching:
        weights.setdefault(entry, 0.0)
    groups = list(grouped(list(weights)))
    return _Word(
        first_group,
        groups,
        [np.array([weights[entry] for entry in group.entries]) for group in groups],
        [
            sum(1 << bit for bit, entry in enumerate(group.entries) if entry in matching)
            for group in groups
        ],
        masks,
    )


def _to_be_marked(query: EngineQuery) -> Iterator[tuple[EngineQuery, Sequence[EngineQuery]]]:
    """Yield what is marked while words are read, with its words: words, and any of words alone."""
    match query:
        case AnyOf():
            if all(isinstance(child, TermQuery | OpenQuery) for child in query.children):
                yield query, query.children
            else:
                for child in query.children:
                    yield from _to_be_marked(child)
        case AllOf():
            for child in query.children:
                yield from _to_be_marked(child)
        case Excluding():
            yield from _to_be_marked(query.wanted)
        case _ if isinstance(query, TermQuery | OpenQuery):
            yield query, [query]
        case _:
            return
