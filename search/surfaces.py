"""What each surface of a text means for one query: which of its words it is, if any.

Worked out once for each distinct surface, since texts repeat their words. Pure; `search.marking`
calls it for every word of every text on a page, so what is no word of the query is told by its
first letters, without analysing it.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.analysis import fold
from index.analysis.tokenizer import surface_spans
from index.layers import Layer
from search.closeness import AskedWord, AskedWords
from search.engine import FuzzyQuery, PrefixQuery, WildcardQuery
from search.heads import HeadFinder, HeadTest
from search.remembering import SurfaceAnalyzer

_VOICED = {"p": "b", "t": "d", "k": "g"}
"""Snowball hardens a stem's last letter: b → p, d → t, ğ → k (`post_process_last_consonants` in its
turkish.sbl); c → ç is the same when folded."""


_SIGNS = re.compile(r"[*?]")
_LETTERS = string.ascii_lowercase + string.digits
"""A word that begins with a letter of another script is analysed anyhow (`HeadTest`)."""

_COMPOUND = 8
"""Letters that a compound with an ending within has at least: arısı is 5, balarısı 8."""

_CHANGED = {"ben": "ban", "sen": "san"}
"""Pronouns whose dative has another vowel (bana, sana)."""


class SurfaceWord(NamedTuple):
    """One asked-for token of a surface: where it stands in it, which of the words asks for it.

    `word` is the number of the query's word; a token that several ask for is there for each.
    """

    start: int
    end: int
    position: int
    word: int
    closeness: float


class SurfaceWords(dict[str, tuple[SurfaceWord, ...]]):
    """From a surface to those of its words that are asked for; most surfaces have none."""

    def __init__(self, words: Sequence[AskedWord], analyzer: SurfaceAnalyzer) -> None:
        super().__init__()
        self._asked = AskedWords(words)
        self._analyzer = analyzer
        heads = [head for word in words for head in _heads(word)]
        self._finder = HeadFinder(heads)
        self._test = HeadTest(heads)
        self._long: dict[str, int] = {}

    def found_in(self, text: str) -> list[tuple[str, int]]:
        """Return (surface, start) of what may be asked for, in order."""
        found = self._finder.surfaces(text)
        if found is None:
            may_be = self._test.of
            spans = surface_spans(text)
            found = [(surface, start) for surface, start, _ in spans if may_be(surface)]
        return found

    def positions(self, surface: str) -> int:
        """Return how many positions a surface takes."""
        if surface.isalnum():
            return 1
        taken = self._long.get(surface)
        if taken is None:
            words = self._analyzer.expand(surface)
            taken = self._long[surface] = words[-1].position + 1
        return taken

    def __missing__(self, surface: str) -> tuple[SurfaceWord, ...]:
        words = self[surface] = tuple(
            SurfaceWord(token.start, token.end, token.position, word, closeness)
            for token in self._analyzer.tokens(surface)
            for word, closeness in self._asked.closeness_of(token.forms).items()
        )
        return words


def _heads(word: AskedWord) -> Iterator[str]:
    """Yield the folded beginnings of all tokens that can stand for a word."""
    for wanted in word.wanted:
        if isinstance(wanted, PrefixQuery):
            yield fold(wanted.prefix)
        elif isinstance(wanted, WildcardQuery):
            yield _SIGNS.split(fold(wanted.pattern), maxsplit=1)[0]
        elif isinstance(wanted, FuzzyQuery):
            yield from _heads_of_slips(fold(wanted.word))
        elif wanted.layer is Layer.STEM:
            yield from _heads_of_stem(fold(wanted.text))
        else:
            yield fold(wanted.text)


def _heads_of_slips(word: str) -> Iterator[str]:
    """Yield the first two letters of all words one slip away from a word of four or more."""
    if len(word) < 3:  # letters that fold to nothing
        yield ""
        return
    first, second, third = word[0], word[1], word[2]
    yield from (first + second, second + first, second + third, first + third)
    for letter in _LETTERS:
        yield from (letter + first, letter + second, first + letter)


def _heads_of_stem(stem: str) -> Iterator[str]:
    """Yield the beginnings that all words of a stem have.

    Endings change the last letter (adı → at, kitabı → kitap), or drop the vowel before it (şehri →
    şehir) and change it too (kaybı → kayıp); compounds lose an ending of their own (başörtüler →
    başörtüsü). Of a single letter not even that is sure (bunu → p).
    """
    if len(stem) >= _COMPOUND:
        yield stem[:-2]
    elif len(stem) > 3:
        yield stem[:-1]
        yield stem[:-2] + stem[-1]
        yield stem[:-2] + _VOICED.get(stem[-1], stem[-1])
    elif len(stem) > 1:
        yield stem[:-1]
    else:
        yield from {stem, _VOICED.get(stem, stem)}
    if stem in _CHANGED:
        yield _CHANGED[stem]
