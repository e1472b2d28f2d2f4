"""Where a query's words stand in a text: the marks of snippets, titles and article pages.

Made from the clauses that the engine ran (`search.planning.Plan`), so that what is marked is what
matched: a word where one of its match terms occurs, a phrase only where all of it stands. Pure;
it reads texts and makes spans, never markup. One `Marker` serves one request.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.analysis.tokenizer import surface_pattern
from index.layers import Layer
from search.closeness import AskedWord
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Excluding,
    FuzzyQuery,
    OpenQuery,
    PhraseQuery,
    PrefixQuery,
    Term,
    TermQuery,
    WildcardQuery,
)
from search.remembering import SurfaceAnalyzer
from search.results import Span
from search.surfaces import SurfaceWords

_FAR_APART = 4096
"""Characters, more than a phrase of eight words with ten between takes if each has two hundred."""


class Mark(NamedTuple):
    """One marked word: `text[start:end]`. `word` numbers the query's words, `closeness` is of 1."""

    start: int
    end: int
    word: int
    closeness: float


_Candidate = tuple[int, Mark]
"""A token's position in its text, and its mark."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Words of the query that belong together: one typed word in parts, or a phrase."""

    words: tuple[int, ...]
    phrase_slop: int | None = None


class Marker:
    """Finds the words of some clauses in the texts of an article."""

    def __init__(self, clauses: Sequence[EngineQuery], analyzer: SurfaceAnalyzer) -> None:
        self._groups: list[_Group] = []
        self._words: list[AskedWord] = []
        for clause in clauses:
            self._add(clause)
        self._grouped = {word for group in self._groups for word in group.words}
        self._surfaces = SurfaceWords(self._words, analyzer)

    @property
    def words(self) -> tuple[tuple[Term | OpenQuery, ...], ...]:
        """What each word of the query looks for, by its number."""
        return tuple(word.wanted for word in self._words)

    def marks(self, texts: Sequence[str]) -> list[list[Mark]]:
        """Return the marked words of each of an article's texts (title, blocks), in order.

        The texts are looked at together: of a typed word in parts (Jong-un) single parts are
        marked only where the whole stands in none of them. A phrase never spans two texts.
        """
        if not self._words:
            return [[] for _ in texts]
        if not self._groups:
            return [self._single_marks(text) for text in texts]
        found = [list(self._candidates(text)) for text in texts]
        for group in self._groups:
            _keep_together(group, found)
        return [[mark for _, mark in candidates] for candidates in found]

    def _single_marks(self, text: str) -> list[Mark]:
        """Return the marks of a text where no words belong together: positions do not matter."""
        asked_for = self._surfaces
        return [
            Mark(start + word_start, start + word_end, word, closeness)
            for surface, start in asked_for.found_in(text)
            for word_start, word_end, _, word, closeness in asked_for[surface]
        ]

    def _candidates(self, text: str) -> Iterator[_Candidate]:
        """Yield (position, mark) of every token that is a word of the query, phrases or not.

        Positions are those of words that belong together, the only ones that matter; of others
        they are 0.
        """
        found = [
            (start, self._surfaces[surface]) for surface, start in self._surfaces.found_in(text)
        ]
        counted = [start for start, words in found if any(w.word in self._grouped for w in words)]
        positions = dict(self._positions(text, counted))
        for start, words in found:
            position = positions.get(start, 0)
            for word_start, word_end, offset, word, closeness in words:
                yield position + offset, Mark(start + word_start, start + word_end, word, closeness)

    def _positions(self, text: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield (start, position) of surfaces that stand at `starts`, which ascend.

        That takes a look at every surface between two, but not between two so far apart that no
        phrase spans them.
        """
        position = 0
        first = 0
        for number, start in enumerate(starts):
            following = starts[number + 1] if number + 1 < len(starts) else None
            if following is not None and following - start <= _FAR_APART:
                continue
            wanted = set(starts[first : number + 1])
            for place in surface_pattern(text).finditer(text, starts[first]):
                if place.start() in wanted:
                    yield place.start(), position
                if place.start() >= start:
                    break
                position += self._surfaces.positions(place.group())
            position += _FAR_APART
            first = number + 1

    def _add(self, clause: EngineQuery) -> None:
        first = len(self._words)
        match clause:
            case TermQuery():
                self._words.append(AskedWord(clause.match, _exact_texts(clause.score)))
            case PrefixQuery() | WildcardQuery() | FuzzyQuery():
                self._words.append(AskedWord((clause,)))
            case PhraseQuery():
                self._words.extend(AskedWord(word) for word in clause.words)
                words = tuple(range(first, len(self._words)))
                self._groups.append(_Group(words, clause.slop))
            case AllOf():
                for child in clause.children:
                    self._add(child)
                self._groups.append(_Group(tuple(range(first, len(self._words)))))
            case AnyOf():
                for child in clause.children:
                    self._add(child)
            case Excluding():
                self._add(clause.wanted)
            case _:
                return


def spans_of(marks: Iterable[Mark]) -> tuple[Span, ...]:
    """Return the marks as sorted, disjoint spans; neighbouring words stay apart."""
    spans: list[Span] = []
    for start, end in sorted((mark.start, mark.end) for mark in marks):
        if spans and start < spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, end))
        else:
            spans.append(Span(start, end))
    return tuple(spans)


def _keep_together(group: _Group, texts: list[list[_Candidate]]) -> None:
    """Take out of each text the marks of a group's words that do not stand together."""
    present = {mark.word for candidates in texts for _, mark in candidates}
    whole: list[set[_Candidate]] = []
    for candidates in texts:
        own = [each for each in candidates if each[1].word in group.words]
        if group.phrase_slop is None:
            whole.append(_beside_each_other(own))
        else:
            whole.append(_in_phrases(own, group.words, group.phrase_slop))
    if group.phrase_slop is None and not any(whole) and present.issuperset(group.words):
        return  # Jong and un stand apart everywhere: each is part of why the article matched
    for candidates, kept in zip(texts, whole, strict=True):
        candidates[:] = [
            each for each in candidates if each[1].word not in group.words or each in kept
        ]


def _beside_each_other(own: Sequence[_Candidate]) -> set[_Candidate]:
    """Return the parts of one typed word that stand side by side: of Jong-un, not every "un"."""
    words_at: dict[int, set[int]] = {}
    for position, mark in own:
        words_at.setdefault(position, set()).add(mark.word)
    return {
        (position, mark)
        for position, mark in own
        if any(words_at.get(near, set()) - {mark.word} for near in (position - 1, position + 1))
    }


def _in_phrases(own: Sequence[_Candidate], words: Sequence[int], slop: int) -> set[_Candidate]:
    """Return the candidates that stand in a whole phrase, its words in order.

    From each first word the nearest next one is taken: that spends the fewest positions.
    """
    by_word: dict[int, list[_Candidate]] = {word: [] for word in words}
    for candidate in own:
        by_word[candidate[1].word].append(candidate)
    positions = {word: [each[0] for each in found] for word, found in by_word.items()}
    kept: set[_Candidate] = set()
    for first in by_word[words[0]]:
        chain = [first]
        for word in words[1:]:
            follower = bisect_right(positions[word], chain[-1][0])
            if follower == len(positions[word]):
                break
            chain.append(by_word[word][follower])
        if len(chain) == len(words) and chain[-1][0] - first[0] - (len(words) - 1) <= slop:
            kept.update(chain)
    return kept


def _exact_texts(score: Iterable[Term]) -> frozenset[str]:
    return frozenset(term.text for term in score if term.layer is Layer.EXACT)
