"""How near a token is to a word of a query, by the layer on which the two meet.

Pure. `search.marking` asks it which tokens to mark; `search.snippets` prefers the nearer ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.analysis import Forms
from index.layers import Layer
from search.engine import OpenQuery, Term
from search.patterns import asks_for

EXACT, FOLDED, STEM, FIVE, FOUR = 1.0, 0.9, 0.6, 0.4, 0.3
"""What a token counts in a snippet by the layer on which it meets the word that was typed; what a
prefix, wildcard or fuzzy word asks for counts as one of the same stem. Little depends on the
figures, only that exact comes before stem and stem before five."""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word of a query: what it looks for, and how it was typed (lowered; all spellings)."""

    wanted: tuple[Term | OpenQuery, ...]
    typed: frozenset[str] = frozenset()


class AskedWords:
    """All words of a query, looked up by the forms of a token in a handful of dictionaries."""

    def __init__(self, words: Sequence[AskedWord]) -> None:
        self._typed = tuple(word.typed for word in words)
        # Attributes, not a mapping by layer: hashing an enum's member costs more than the rest.
        self._exact = _numbers(words, Layer.EXACT)
        self._folded = _numbers(words, Layer.FOLDED)
        self._stem = _numbers(words, Layer.STEM)
        self._five = _numbers(words, Layer.FIVE)
        self._four = _numbers(words, Layer.FOUR)
        self._open = tuple(
            (number, asks_for(wanted))
            for number, word in enumerate(words)
            for wanted in word.wanted
            if isinstance(wanted, OpenQuery)
        )

    def closeness_of(self, forms: Forms) -> dict[int, float]:
        """Return the numbers of the words that a token can stand for, and how near it is to each.

        Nearness goes from 1 down; whatever a token is no form of is left out.
        """
        folded = forms.folded
        near: dict[int, float] = {}
        # From far to near, so that the nearest layer has the last word.
        for number in self._four.get(folded[:4], ()):
            near[number] = FOUR
        for number in self._five.get(folded[:5], ()):
            near[number] = FIVE
        for number, is_asked_for in self._open:
            if is_asked_for(forms):
                near[number] = STEM
        for number in self._stem.get(forms.stem, ()):
            near[number] = STEM
        for number in self._folded.get(folded, ()):
            near[number] = EXACT if forms.exact in self._typed[number] else FOLDED
        for number in self._exact.get(forms.exact, ()):
            near[number] = EXACT
        return near


def _numbers(words: Sequence[AskedWord], layer: Layer) -> dict[str, list[int]]:
    """Return the numbers of the words that look for a text in this layer, by the text."""
    numbers: dict[str, list[int]] = {}
    for number, word in enumerate(words):
        for term in word.wanted:
            if isinstance(term, Term) and term.layer is layer:
                numbers.setdefault(term.text, []).append(number)
    return numbers
