"""How near a token is to a word of a query, by the layer on which the two meet.

Pure. `search.marking` asks it which tokens to mark; `search.snippets` prefers the nearer ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.analysis import Forms
from index.schema import Layer
from search.engine import PrefixQuery, Term

CLOSENESS: Mapping[Layer, float] = {
    Layer.EXACT: 1.0,
    Layer.FOLDED: 0.9,
    Layer.STEM: 0.6,
    Layer.FIVE: 0.4,
    Layer.FOUR: 0.3,
}
"""How near a form is to the word that was typed. Only their order matters: exact before stem
before five."""


class WordTest:
    """Whether a token is one word of the query, and how near its form is."""

    def __init__(self, wanted: tuple[Term | PrefixQuery, ...], typed: frozenset[str]) -> None:
        self.wanted = wanted
        self._typed = typed
        self._texts = {
            layer: frozenset(
                term.text for term in wanted if isinstance(term, Term) and term.layer is layer
            )
            for layer in CLOSENESS
        }
        self._prefixes = [term for term in wanted if isinstance(term, PrefixQuery)]

    def closeness(self, forms: Forms) -> float:
        """Return how near a form is to what was typed, from 1 down; 0 for another word."""
        texts = self._texts
        if forms.exact in texts[Layer.EXACT]:
            return CLOSENESS[Layer.EXACT]
        if forms.folded in texts[Layer.FOLDED]:
            return CLOSENESS[Layer.EXACT if forms.exact in self._typed else Layer.FOLDED]
        if forms.stem in texts[Layer.STEM]:
            return CLOSENESS[Layer.STEM]
        if forms.five in texts[Layer.FIVE]:
            return CLOSENESS[Layer.FIVE]
        if forms.four in texts[Layer.FOUR]:
            return CLOSENESS[Layer.FOUR]
        for prefix in self._prefixes:
            word = forms.exact if prefix.layer is Layer.EXACT else forms.folded
            if word.startswith(prefix.prefix):
                return CLOSENESS[Layer.STEM]
        return 0.0
