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
from dataclasses import dataclass
from typing import NamedTuple

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
from search.engines.embedded.bitmaps import Bitmap, Bitmaps, count_of, documents_of_words
from search.engines.embedded.bounds import Held, hopefuls
from search.engines.embedded.entries import MOST_ENTRIES, Entry, Group
from search.engines.embedded.expansion import entry_of
from search.engines.embedded.holding import documents_holding, documents_in
from search.engines.embedded.kernels import (
    Counts,
    Doubles,
    Floats,
    Mask,
    add_scores,
    choose,
    collect,
    forget,
    idf,
    join,
    tally,
    weigh,
)
from search.engines.embedded.scratch import Memory, Scratch
from search.engines.embedded.snapshot import FIELDS, Field, Longs, SegmentRows, Snapshot

_SHARES_KEPT = 8
"""Of so many rankings."""

_COUNTS_AT_ONCE = 1 << 21
"""Of documents times entries; two of 4 bytes each."""

_MOST_AT_ONCE = (1 << 16) - 1
"""Documents; each has a slot, a number from 1 on of two bytes."""

Marked = Mapping[int, Bitmap]
"""By the identity of a word's node, or of one for any of several words: the documents with it."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a query as columns, one for each entry.

    Group g has the columns [group_columns[g], group_columns[g + 1]), word w those of
    [word_columns[w], word_columns[w + 1]). `weights` has what each entry counts, and `matching`
    whether it makes a match.
    """

    groups: Sequence[Group]
    group_columns: Longs
    word_columns: Longs
    weights: Doubles
    matching: Mask


@dataclass(frozen=True, slots=True)
class Scan:
    """What the first reading of all words has found."""

    ranking: Ranking
    words: _Words
    rows: Sequence[SegmentRows]
    held: Held
    marked: Marked


class Scorer:
    """Scores and marks the documents of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._scratch = Scratch(snapshot.words)
        # No lru_cache of a method: that is a circle, and a snapshot that nobody uses any more would
        # keep its files mapped until the collector comes by.
        self._known_shares: dict[Ranking, Floats] = {}

    def scan(self, query: EngineQuery, ranking: Ranking, deadline: Deadline = NO_DEADLINE) -> Scan:
        """Read the words of a query for the first time.

        Raises `EngineTimeout` where the deadline passes.
        """
        scored = list(scored_words(query))
        words = _words_to_read(scored)
        rows = self._snapshot.rows_of(words.groups)
        text, title = (self._sets(words, rows, field, deadline) for field in FIELDS)
        live, live_count = self._snapshot.live_check, self._snapshot.live_count
        holding = np.empty(len(words.weights), dtype=np.int64)
        in_text, in_title = _factors(ranking)
        text_scales, title_scales = np.empty(len(holding)), np.empty(len(holding))
        weigh(title, live, live_count, words.weights, in_title, holding, title_scales)
        weigh(text, live, live_count, words.weights, in_text, holding, text_scales)
        matched, titled = self._no_sets(len(scored)), self._no_sets(len(scored))
        join(text, words.matching, words.word_columns, matched)
        join(title, title_scales > 0, words.word_columns, titled)
        held = Held(text, title, titled, holding, text_scales, title_scales, words.word_columns)
        return Scan(ranking, words, rows, held, _marked(query, scored, matched))

    def hopefuls(self, scan: Scan, selected: Bitmap, wanted: int) -> Longs:
        """Return the selected live documents that may be among the `wanted` best, ascending."""
        shares = self._shares(scan.ranking)
        found: Longs = hopefuls(scan.held, scan.ranking.word_power, shares, selected, wanted)
        return found

    def scores(self, scan: Scan, documents: Longs, deadline: Deadline = NO_DEADLINE) -> Doubles:
        """Return the score of each of these live documents.

        Raises `EngineTimeout` where the deadline passes.
        """
        scores = np.zeros(len(documents))
        at_once = min(_MOST_AT_ONCE, max(1, _COUNTS_AT_ONCE // max(1, len(scan.held.text_scales))))
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
        rows = self._snapshot.rows_of([Group.of([entry])])
        with self._scratch.borrowed() as memory:
            counted = _counted(field, rows, np.array([document]), np.array([0, 1]), memory)
        holding = documents_in(rows, field, self._snapshot.words)
        return int(counted[0, 0]), self._live_count(holding)

    def idf(self, holding: int) -> float:
        """Return how much an entry says that so many live documents hold."""
        return float(idf(self._snapshot.live_count, float(holding)))

    def norm(self, field: Field, ranking: Ranking, document: int) -> float:
        """Return what BM25 adds to a frequency in one document."""
        fixed, by_length = self._norm(field, ranking)
        return fixed + by_length * int(self._snapshot.lengths(field)[document])

    def _live_count(self, documents: Bitmap) -> int:
        return count_of(documents & self._snapshot.live)

    def _sets(
        self, words: _Words, rows: Sequence[SegmentRows], field: Field, deadline: Deadline
    ) -> Bitmaps:
        """Return for each entry the documents that hold it in a field, deleted ones too."""
        sets = self._no_sets(len(words.weights))
        for of_segment in rows:
            deadline.check()
            spans, postings = of_segment.of(field)
            collect(
                postings.docs, spans.rows, spans.starts, words.group_columns,
                of_segment.words.start, of_segment.words.stop, sets,
            )  # fmt: skip
        return sets

    def _add_scores(
        self, scan: Scan, documents: Longs, scores: Doubles, deadline: Deadline, memory: Memory
    ) -> None:
        ranking, held = scan.ranking, scan.held
        columns = scan.words.group_columns
        deadline.check()
        in_text = _counted("text", scan.rows, documents, columns, memory)
        in_title = _counted("title", scan.rows, documents, columns, memory)
        add_scores(
            documents, in_text, in_title,
            self._snapshot.lengths("text"), self._snapshot.lengths("title"),
            self._norm("text", ranking), self._norm("title", ranking),
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
        norms = np.maximum(*(self._norms(field, ranking) for field in FIELDS))
        shares: Floats = ((1 + norms) ** -ranking.word_power).astype(np.float32)
        return shares

    def _norms(self, field: Field, ranking: Ranking) -> Doubles:
        fixed, by_length = self._norm(field, ranking)
        norms: Doubles = fixed + by_length * self._snapshot.lengths(field).astype(np.float64)
        return norms

    def _norm(self, field: Field, ranking: Ranking) -> tuple[float, float]:
        """Return (a, b): the norm of a document is a + b · length."""
        b = ranking.title_b if field == "title" else ranking.b
        return ranking.k1 * (1 - b), ranking.k1 * b / self._snapshot.mean_length(field)

    def _no_sets(self, count: int) -> Bitmaps:
        return np.zeros((count, self._snapshot.words), dtype=np.uint64)


def _counted(
    field: Field, rows: Sequence[SegmentRows], documents: Longs, columns: Longs, memory: Memory
) -> Counts:
    """Return how often each entry stands in each of some documents: [documents, entries]."""
    counted = np.zeros((len(documents), max(1, int(columns[-1]))), dtype=np.uint32)
    choose(documents, memory.slots, memory.chosen)
    for of_segment in rows:
        spans, postings = of_segment.of(field)
        if len(spans.rows):
            tally(
                postings.docs, postings.frequencies,
                postings.overflow_places, postings.overflow_values, spans.rows, spans.starts,
                columns, memory.slots[documents_of_words(of_segment.words)],
                memory.chosen[of_segment.words], counted,
            )  # fmt: skip
    forget(documents, memory.chosen)
    return counted


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


class _Column(NamedTuple):
    """An entry of a word, what it counts, and whether it makes a match."""

    entry: Entry
    weight: float
    is_matching: bool


def _words_to_read(scored: Sequence[ScoredWord]) -> _Words:
    groups: list[Group] = []
    columns: list[_Column] = []
    group_columns, word_columns = [0], [0]
    for word in scored:
        of_word = _columns_of(word)
        for first in range(0, len(of_word), MOST_ENTRIES):
            part = of_word[first : first + MOST_ENTRIES]
            runs: list[_Column] = []
            lists: list[_Column] = []
            for column in part:
                (runs if column.entry.is_run else lists).append(column)
            groups.append(Group([entry for entry, _, _ in runs], [entry for entry, _, _ in lists]))
            columns += runs
            columns += lists
            group_columns.append(len(columns))
        word_columns.append(len(columns))
    return _Words(
        groups,
        np.array(group_columns),
        np.array(word_columns),
        np.array([weight for _, weight, _ in columns], dtype=np.float64),
        np.array([is_matching for _, _, is_matching in columns], dtype=bool),
    )


def _columns_of(word: ScoredWord) -> list[_Column]:
    """Return a word's entries; one that is scored twice has two columns, which comes to the same.

    No sets: hashing an entry takes longer than comparing it with the few others.
    """
    if isinstance(word, OpenQuery):
        return [_Column(entry_of(word), word.weight, is_matching=True)]
    matching = (
        [(term.layer, term.text) for term in word.match] if isinstance(word, TermQuery) else []
    )
    scored = [(term.layer, term.text) for term in word.score if term.weight]
    weights = [term.weight for term in word.score if term.weight]
    columns = [
        _Column(Entry(*entry), weight, entry in matching)
        for entry, weight in zip(scored, weights, strict=True)
    ]
    columns += [
        _Column(Entry(*entry), 0.0, is_matching=True) for entry in matching if entry not in scored
    ]
    return columns


def _marked(query: EngineQuery, scored: Sequence[ScoredWord], matched: Bitmaps) -> Marked:
    numbers = {id(word): number for number, word in enumerate(scored)}
    marked = {}
    for node, words in _to_be_marked(query):
        own = [numbers[id(word)] for word in words]
        # All words of the query, as a rule: then nothing is copied.
        rows = matched if own == list(range(len(matched))) else matched[np.array(own, dtype=int)]
        marked[id(node)] = rows[0] if len(own) == 1 else np.bitwise_or.reduce(rows, axis=0)
    return marked


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
