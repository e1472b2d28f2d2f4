"""Where in a text the words of a query can stand, told by their first letters alone.

Each text is folded to one byte a character and searched for the beginnings of the query's words;
whatever that cannot judge (decomposed letters, foreign scripts) is left to the caller. Pure;
`search.surfaces` calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from index.analysis import fold, turkish_lower
from index.analysis.tokenizer import APOSTROPHES, INVISIBLE
from index.codec.scanning import code_points
from search.characters import (
    APOSTROPHE,
    FOUND,
    FULL_STOP,
    GAP,
    PERCENT,
    UNKNOWN,
    Octets,
    Trie,
    asked_surfaces,
)

MAX_LETTERS = 5

_KNOWN = 0x3000
"""Characters from here on are unknown (East Asian scripts, emoji)."""
_PERCENT_WORD = "yuzde"
_QUICK_LETTERS = 2
_SIGNS = 128
"""How wide a row of a trie is: the letters of a head are ASCII."""


class HeadFinder:
    """Finds the surfaces that may be words of a query, by `heads`: their folded beginnings."""

    def __init__(self, heads: Iterable[str]) -> None:
        kept = _without_longer(heads)
        self._all_known = bool(kept) and all(head.isascii() and head.isalnum() for head in kept)
        self._percent = any(_PERCENT_WORD.startswith(head) for head in kept)
        self._trie = _trie_of(kept) if self._all_known else np.zeros((0, _SIGNS), dtype=np.int16)

    def surfaces(self, text: str) -> list[tuple[str, int]] | None:
        """Return (surface, start) of what may be asked for, in order; None: it cannot be told."""
        if not self._all_known:
            return None
        found = np.empty(len(text) + 2, dtype=np.int32)
        count = asked_surfaces(code_points(text), _octet_of(), self._trie, self._percent, found)
        if count < 0:
            return None
        bounds = iter(found[: 2 * count].tolist())
        return [(text[start:end], start) for start, end in zip(bounds, bounds, strict=True)]


class HeadTest(dict[str, bool]):
    """From the first two letters of a surface to whether it can be a word of a query.

    For the texts that `HeadFinder` leaves. A head with a sign in it (%2, O', a letter and its
    combining dot) or in another script may be anything.
    """

    def __init__(self, heads: Iterable[str]) -> None:
        super().__init__()
        asked = {head[:_QUICK_LETTERS] for head in heads}
        # A word of one letter can only be, or begin, what begins with it.
        self._asked = asked | {head[:1] for head in asked}
        self._single = frozenset(head for head in asked if len(head) == 1)

    def of(self, surface: str) -> bool:
        """Return whether a surface may be asked for."""
        # With a dot it may be several words (geldi.Sonra), so its head tells nothing.
        return self[surface[:_QUICK_LETTERS]] or "." in surface

    def __missing__(self, head: str) -> bool:
        folded = fold(turkish_lower(head))
        possible = self[head] = (
            not (head.isalnum() and folded.isascii())
            or "" in self._asked
            or folded[:_QUICK_LETTERS] in self._asked
            or folded[:1] in self._single
        )
        return possible


def _without_longer(heads: Iterable[str]) -> list[str]:
    """Return the heads but those that begin with another, cut to `MAX_LETTERS`."""
    kept: list[str] = []
    for head in sorted({head[:MAX_LETTERS] for head in heads}):
        if not (kept and head.startswith(kept[-1])):
            kept.append(head)
    return kept


def _trie_of(heads: Sequence[str]) -> Trie:
    """Return the heads, none of which begins with another, as `asked_surfaces` reads them."""
    rows = [[0] * _SIGNS]
    for head in heads:
        state = 0
        for letter in map(ord, head[:-1]):
            if rows[state][letter] == 0:
                rows[state][letter] = len(rows)
                rows.append([0] * _SIGNS)
            state = rows[state][letter]
        rows[state][ord(head[-1])] = FOUND
    return np.array(rows, dtype=np.int16)


@cache
def _octet_of() -> Octets:
    """Return the octet of each character below `_KNOWN`; the last entry is for all others."""
    table = np.full(_KNOWN + 1, UNKNOWN, dtype=np.uint8)
    for number in range(1, _KNOWN):
        letter = chr(number)
        folded = fold(turkish_lower(letter))
        if letter.isalnum():
            if len(folded) == 1 and folded.isascii() and folded.isalnum():
                table[number] = ord(folded)
        elif not 0x300 <= number < 0x370:  # combining marks belong to the letter before them
            table[number] = GAP
    table[[ord(sign) for sign in APOSTROPHES]] = APOSTROPHE
    table[FULL_STOP] = FULL_STOP
    table[[ord(sign) for sign in INVISIBLE if ord(sign) < _KNOWN]] = UNKNOWN
    table[PERCENT] = PERCENT
    return table
