"""What each surface of a text means for one query: which of its words it is, if any.

Worked out once for each distinct surface, since texts repeat their words. Pure; `search.marking`
calls it for every word of every text on a page, so what is no word of the query is told by its
first letters, without analysing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis import Analyzer, fold, turkish_lower
from index.schema import Layer
from search.closeness import AskedWord, AskedWords
from search.engine import PrefixQuery

_HEAD_LETTERS = 2
_SHORT_STEM = 3
_VOICED = {"p": "b", "t": "d", "k": "g"}
"""Snowball hardens a stem's last letter: b → p, d → t, ğ → k (`post_process_last_consonants` in its
turkish.sbl); c → ç is the same when folded."""


@dataclass(frozen=True, slots=True)
class SurfaceWord:
    """One asked-for token of a surface: where it stands in it, and which words ask for it.

    `closeness_of` holds (number of the query's word, closeness).
    """

    start: int
    end: int
    position: int
    closeness_of: tuple[tuple[int, float], ...]


class SurfaceWords(dict[str, tuple[SurfaceWord, ...]]):
    """From a surface to those of its words that are asked for; most surfaces have none."""

    def __init__(self, words: Sequence[AskedWord], analyzer: Analyzer) -> None:
        super().__init__()
        self._asked = AskedWords(words)
        self._analyzer = analyzer
        self._heads = _Heads(words)
        self._long: dict[str, int] = {}

    def positions(self, surface: str) -> int:
        """Return how many positions a surface takes that has been looked up before."""
        return self._long.get(surface, 1)

    def __missing__(self, surface: str) -> tuple[SurfaceWord, ...]:
        # With a dot it may be several words (geldi.Sonra), so its head tells nothing.
        if self._heads[surface[:_HEAD_LETTERS]] or "." in surface:
            words = self._asked_for(surface)
        else:
            words = ()
        self[surface] = words
        return words

    def _asked_for(self, surface: str) -> tuple[SurfaceWord, ...]:
        tokens = self._analyzer.tokens(surface)
        if tokens[-1].position:
            self._long[surface] = tokens[-1].position + 1
        words = []
        for token in tokens:
            closeness_of = tuple(self._asked.closeness_of(token.forms).items())
            if closeness_of:
                words.append(SurfaceWord(token.start, token.end, token.position, closeness_of))
        return tuple(words)


class _Heads(dict[str, bool]):
    """From the first letters of a surface to whether it can be a word of the query.

    A head with a sign in it (%2, O', a letter and its combining dot) may be anything.
    """

    def __init__(self, words: Sequence[AskedWord]) -> None:
        super().__init__()
        asked = {head for word in words for head in _heads(word)}
        # A word of one letter can only be, or begin, what begins with it.
        self._asked = asked | {head[:1] for head in asked}
        self._single = frozenset(head for head in asked if len(head) == 1)

    def __missing__(self, head: str) -> bool:
        folded = fold(turkish_lower(head))
        possible = (
            not head.isalnum()
            or folded[:_HEAD_LETTERS] in self._asked
            or folded[:1] in self._single
        )
        self[head] = possible
        return possible


def _heads(word: AskedWord) -> Iterator[str]:
    """Yield the folded beginnings of all tokens that can stand for a word.

    Of a short stem only the first letter is sure: stemmers change the last one (adı → at) and
    know words like bana → ben. Of a single letter not even that is (bunu → p).
    """
    for wanted in word.wanted:
        if isinstance(wanted, PrefixQuery):
            yield fold(wanted.prefix)[:_HEAD_LETTERS]
        elif wanted.layer is Layer.STEM:
            stem = fold(wanted.text)
            yield stem[: _HEAD_LETTERS if len(stem) > _SHORT_STEM else 1]
            if len(stem) == 1:
                yield _VOICED.get(stem, stem)
        else:
            yield fold(wanted.text)[:_HEAD_LETTERS]
