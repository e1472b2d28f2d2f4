"""From an inflected word to its stem: the cheapest way to cut it into a root and an ending.

    kitabımızdan = kitab- (kitap, 11 bits) + ımızdan (13 bits)
    günü         = gün (9) + ü (3), rather than günü (envy, 18)

Costs are bits, so the sum is -log2 of how likely a reading is: that is what keeps altın, alıntı
and altı apart. A word with no root in the list is most often a name; it loses an ending only
where what remains is long enough and the ending usual enough.

Stateless: the same word has the same stem in every archive and in every query.
"""

from __future__ import annotations

from collections.abc import Collection

from index.analysis.stemming.endings import compile_endings
from index.analysis.stemming.lexicon import HEAD_LETTERS, Root, Roots, compile_lexicon, reaches
from index.analysis.stemming.phonology import context_of

LETTER_COST = 3
"""Bits for each letter of a stem that is not listed. Of 1.5 to 3.5, 3 gives the best conflation of
unlisted words: precision .87, recall .31 (docs/analysis.md)."""

MIN_UNLISTED = 4
"""Letters that must remain of a word without a listed root."""

_LONGEST_ENDING = 24
_DEAR = 1 << 20
_PLAIN = str.maketrans("âîû", "aiu")


class Stemmer:
    """Finds the stem of a lowered Turkish word. Safe to share between threads."""

    def __init__(self, roots: Collection[Root] | Roots) -> None:
        # In this order: the roots fit into the memory that compiling the endings has left.
        self._ending_options = compile_endings().get
        lexicon = compile_lexicon(roots)
        self._root_entries = lexicon.get
        self._reaches = reaches(lexicon).get

    def stem(self, word: str) -> str:
        """Return the stem of a lowered word; the word itself, if nothing is known of it."""
        plain = word if word.isascii() else word.translate(_PLAIN)
        return self._listed(plain) or self._unlisted(plain)

    def knows(self, word: str) -> bool:
        """Return whether a lowered word is a listed root with an ending that it may have."""
        return bool(self._listed(word.translate(_PLAIN)))

    def _listed(self, word: str) -> str:
        root_entries, ending_options = self._root_entries, self._ending_options
        best = _DEAR
        stem = ""
        reach = max(HEAD_LETTERS - 1, self._reaches(word[:HEAD_LETTERS], 0))
        for cut in range(max(1, len(word) - _LONGEST_ENDING), min(len(word), reach) + 1):
            entries = root_entries(word[:cut])
            if entries:
                options = ending_options(word[cut:])
                if options:
                    for contexts, ending_cost in options:
                        for entry_contexts, cost, root in entries:
                            if contexts & entry_contexts and cost + ending_cost <= best:
                                best = cost + ending_cost
                                stem = root or word[:cut]
        return stem

    def _unlisted(self, word: str) -> str:
        best = LETTER_COST * len(word)
        stem = word
        for cut in range(max(MIN_UNLISTED, len(word) - _LONGEST_ENDING), len(word)):
            options = self._ending_options(word[cut:])
            if options is None:
                continue
            context = context_of(word[:cut]).bit
            for contexts, cost in options:
                if contexts & context and cost + LETTER_COST * cut < best:
                    best = cost + LETTER_COST * cut
                    stem = word[:cut]
        return stem[:-1] + "k" if stem != word and stem[-1] == "ğ" else stem
