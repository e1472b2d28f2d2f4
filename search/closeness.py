"""How near a token is to a word of a query, by the layer on which the two meet.

Pure. `search.marking` asks it which tokens to mark; `search.snippets` prefers the nearer ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.analysis import Forms
from index.schema import Layer
from search.engine import PrefixQuery, Term

EXACT, FOLDED, STEM, FIVE, FOUR = 1.0, 0.9, 0.6, 0.4, 0.3
"""What a token counts in a snippet by the layer on which it meets the word that was typed; a word
that begins with a prefix counts as one of the same stem. Little depends on the figures, only that
exact comes before stem and stem before five."""


class WordTest:
    """Whether a token is one word of the query, and how near its form is."""

    def __init__(self, wanted: tuple[Term | PrefixQuery, ...], typed: frozenset[str]) -> None:
        self.wanted = wanted
        self._typed = typed
        # Attributes, not a mapping by layer: hashing an enum's member costs more than the test.
        self._exact = _texts(wanted, Layer.EXACT)
        self._folded = _texts(wanted, Layer.FOLDED)
        self._stem = _texts(wanted, Layer.STEM)
        self._five = _texts(wanted, Layer.FIVE)
        self._four = _texts(wanted, Layer.FOUR)
        self._prefixes = tuple(term for term in wanted if isinstance(term, PrefixQuery))

    def closeness(self, forms: Forms) -> float:
        """Return how near a form is to what was typed, from 1 down; 0 for another word."""
        folded = forms.folded
        if forms.exact in self._exact:
            return EXACT
        if folded in self._folded:
            return EXACT if forms.exact in self._typed else FOLDED
        if forms.stem in self._stem:
            return STEM
        if folded[:5] in self._five:
            return FIVE
        if folded[:4] in self._four:
            return FOUR
        for prefix in self._prefixes:
            word = forms.exact if prefix.layer is Layer.EXACT else folded
            if word.startswith(prefix.prefix):
                return STEM
        return 0.0


def _texts(wanted: Sequence[Term | PrefixQuery], layer: Layer) -> frozenset[str]:
    return frozenset(term.text for term in wanted if isinstance(term, Term) and term.layer is layer)
