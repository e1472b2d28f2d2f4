"""How well documents match: BM25 of every scored term, summed over layers and fields, by word.

The formula and its constants are those of `search.engine.Ranking`. The sum runs over all words of
a tree but those of its unwanted part, whether or not a word matched: a wide layer may lift what a
narrow one found.

Few of the documents that a search finds can stand on its page, so each word is read twice. The
first reading (`scan`) notes which documents hold which of its entries, and no frequencies: that
tells the exact document frequencies, who matches, and for each document a bound (see `bounds`).
The second reading (`scores`) adds up frequencies for the documents that the bounds leave in
question. The idea of bounds is that of MaxScore (Turtle and Flood 1995), by document and entries
instead of by term.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

import numpy as np

from index.layers import Layer
from search.deadline import NO_DEADLINE, Deadline
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Excluding,
    OpenQuery,
    PhraseQuery,
    Ranking,
    ScoredWord,
    Term,
    TermQuery,
)
from search.engines.embedded.bitmaps import Bitmap
from search.engines.embedded.bounds import Held, hopefuls
from search.engines.embedded.counting import count
from search.engines.embedded.entries import Column, Entry, Wanted
from search.engines.embedded.expansion import entry_of
from search.engines.embedded.kernels import Doubles, Floats, add_scores, idf, scales
from search.engines.embedded.reading import Reading, read
from search.engines.embedded.snapshot import Field, Longs, Snapshot

_SHARES_KEPT = 8
"""Of so many rankings."""

_COUNTS_AT_ONCE = 1 << 17
"""Documents times entries, two of 4 bytes each: the second cache holds them. Of 90,000 documents at
once half of the time is waiting for memory."""

_READ_WORDS = (TermQuery, *get_args(OpenQuery))
"""What the first reading finds the documents of; a phrase wants positions as well."""

Marked = Mapping[int, Bitmap]
"""By the identity of a word's node, or of one for any of several words: live documents with it."""


class Scan(NamedTuple):
    """What the first reading of all words has found."""

    ranking: Ranking
    reading: Reading
    held: Held
    marked: Marked


class Scorer:
    """Scores and marks the documents of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        # No lru_cache of a method: that is a circle, and a snapshot that nobody uses any more would
        # keep its files mapped until the collector comes by.
        self._known_shares: dict[Ranking, Floats] = {}

    def scan(self, query: EngineQuery, ranking: Ranking, deadline: Deadline = NO_DEADLINE) -> Scan:
        """Read the words of a query for the first time.

        Raises `EngineTimeout` where the deadline passes.
        """
        wanted, marks = _words_to_read(query)
        reading = self._read(wanted, deadline)
        text_scales, title_scales = scales(
            reading.holding, reading.title_holding, self._snapshot.live_count,
            wanted.weights, *_factors(ranking),
        )  # fmt: skip
        held = Held(
            reading.text, reading.titled, reading.holding,
            text_scales, title_scales, reading.word_columns,
        )  # fmt: skip
        marked = {node: reading.matched[mark] for node, mark in marks.items()}
        return Scan(ranking, reading, held, marked)

    def hopefuls(self, scan: Scan, selected: Bitmap, wanted: int) -> Longs:
        """Return the selected live documents that may be among the `wanted` best, ascending."""
        shares = self._shares(scan.ranking)
        found: Longs = hopefuls(*scan.held, scan.ranking.word_power, shares, selected, wanted)
        return found

    def scores(self, scan: Scan, documents: Longs, deadline: Deadline = NO_DEADLINE) -> Doubles:
        """Return the score of each of these live documents.

        Raises `EngineTimeout` where the deadline passes.
        """
        scores = np.zeros(len(documents))
        at_once = max(1, _COUNTS_AT_ONCE // max(1, len(scan.held.text_scales)))
        for first in range(0, len(documents), at_once):
            part = slice(first, first + at_once)
            self._add_scores(scan, documents[part], scores[part], deadline)
        return scores

    def document_frequency(self, entry: Entry) -> int:
        """Return how many live documents hold an entry in their text."""
        return int(self._read(Wanted.of([entry])).holding[0])

    def occurrences(self, field: Field, entry: Entry, document: int) -> tuple[int, int]:
        """Return how often an entry stands in one document, and how many live ones have it."""
        reading = self._read(Wanted.of([entry]))
        in_text, in_title = count(reading, np.array([document]))
        if field == "text":
            return int(in_text[0, 0]), int(reading.holding[0])
        return int(in_title[0, 0]), int(reading.title_holding[0])

    def idf(self, holding: int) -> float:
        """Return how much an entry says that so many live documents hold."""
        return float(idf(self._snapshot.live_count, float(holding)))

    def norm(self, field: Field, ranking: Ranking, document: int) -> float:
        """Return what BM25 adds to a frequency in one document."""
        fixed, by_length = self._norm(field, ranking)
        return fixed + by_length * int(self._snapshot.lengths(field)[document])

    def _read(self, wanted: Wanted, deadline: Deadline = NO_DEADLINE) -> Reading:
        return read(self._snapshot.mapped, self._snapshot.live_check, wanted, deadline)

    def _add_scores(
        self, scan: Scan, documents: Longs, scores: Doubles, deadline: Deadline
    ) -> None:
        ranking, held = scan.ranking, scan.held
        in_text, in_title = count(scan.reading, documents, deadline)
        add_scores(
            documents, in_text, in_title,
            self._snapshot.lengths("text"), self._snapshot.lengths("title"),
            *self._norm("text", ranking), *self._norm("title", ranking),
            held.text_scales, held.title_scales, held.titled, held.word_columns,
            ranking.word_power, scores,
        )  # fmt: skip

    def _shares(self, ranking: Ranking) -> Floats:
        shares = self._known_shares.get(ranking)
        if shares is None:
            if len(self._known_shares) >= _SHARES_KEPT:
                self._known_shares.clear()
            shares = self._known_shares[ranking] = self._compute_shares(ranking)
        return shares

    def _compute_shares(self, ranking: Ranking) -> Floats:
        """Return what a document's score by its text is at least, as a share of its bound."""
        fixed, by_length = self._norm("text", ranking)
        norms = fixed + by_length * self._snapshot.lengths("text").astype(np.float64)
        shares: Floats = ((1 + norms) ** -ranking.word_power).astype(np.float32)
        return shares

    def _norm(self, field: Field, ranking: Ranking) -> tuple[float, float]:
        """Return (a, b): the norm of a document is a + b · length."""
        b = ranking.title_b if field == "title" else ranking.b
        return ranking.k1 * (1 - b), ranking.k1 * b / self._snapshot.mean_length(field)


def _factors(ranking: Ranking) -> tuple[float, float]:
    """Return what BM25 is multiplied by in text and title."""
    return ranking.k1 + 1, ranking.title_weight * (ranking.k1 + 1)


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


def _words_to_read(query: EngineQuery) -> tuple[Wanted, dict[int, int]]:
    """Return what is scored, and by the identity of nodes the marks of their words."""
    wanted = Wanted()
    marks: dict[int, int] = {}
    for word, node in _marked_words(query):
        if isinstance(word, TermQuery):
            wanted.add_columns(_columns_of(word.score, word.match))
        elif isinstance(word, PhraseQuery):
            wanted.add_columns(_columns_of(word.score, ()))
        else:
            wanted.add(entry_of(word), word.weight)
        # No entry of a phrase makes a match, so it may have any mark.
        wanted.end_word(marks.setdefault(id(node), len(marks)) if node is not None else 0)
    return wanted, marks


def _columns_of(scored: Sequence[Term], matching: Sequence[Term]) -> list[Column]:
    """Return a word's entries, stems last.

    One that is scored twice, or matches and is scored with another weight, has two columns: the
    result is the same, for more work. No sets: hashing an entry takes longer than comparing it with
    the few others.
    """
    columns: list[Column] = []
    of_stems: list[Column] = []
    stem = Layer.STEM
    for term in scored:
        layer, text, weight = term
        if weight:
            column = layer, text, weight, term in matching
            (of_stems if layer is stem else columns).append(column)
    for term in matching:
        if not term.weight or term not in scored:
            (of_stems if term.layer is stem else columns).append((*term[:2], 0.0, True))
    return columns + of_stems


def _marked_words(query: EngineQuery) -> Iterator[tuple[ScoredWord, EngineQuery | None]]:
    """Yield what `scored_words` does, with the node whose documents the first reading finds by it.

    That is the word, or any of several words; none of a phrase, which wants positions as well.
    """
    match query:
        case AnyOf():
            words = [child for child in query.children if isinstance(child, _READ_WORDS)]
            if len(words) == len(query.children):  # all of them are
                for word in words:
                    yield word, query
            else:
                for child in query.children:
                    yield from _marked_words(child)
        case AllOf():
            for child in query.children:
                yield from _marked_words(child)
        case Excluding():
            yield from _marked_words(query.wanted)
        case PhraseQuery():
            yield query, None
        case _ if isinstance(query, _READ_WORDS):
            yield query, query
        case _:
            return
