"""Where in a text the words of a query can stand, told by their first letters alone.

A page of results has some ten thousand words, and a few dozen of them matter. Each text is folded
to one byte a character and searched for the beginnings of the query's words; whatever that cannot
judge (decomposed letters, foreign scripts) is left to the caller. Pure; `search.surfaces` calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

from index.analysis import fold, turkish_lower
from index.analysis.tokenizer import APOSTROPHES, INVISIBLE, surface_pattern

MAX_LETTERS = 5

_JOINT = ord("'")
"""Stands in a folded text for every apostrophe and full stop: they may join letters to a word."""
_GAP = ord(" ")
"""... for everything else that is no letter, digit or percent sign."""
_PERCENT = ord("%")
_UNKNOWN = 0
"""... for what has no one byte: the text is not searched then."""
_KNOWN = 0x3000
"""Characters from here on are unknown (East Asian scripts, emoji)."""
_PERCENT_WORD = b"yuzde"
_QUICK_LETTERS = 2
_STRETCH = 4 * MAX_LETTERS
"""Longer than a head with a joint, or two, behind every letter."""

Octets = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]


class HeadFinder:
    """Finds the surfaces that may be words of a query, by `heads`: their folded beginnings."""

    def __init__(self, heads: Iterable[str]) -> None:
        kept = _without_longer(heads)
        self._heads = tuple(head.encode() for head in kept if head.isascii() and head.isalnum())
        self._all_known = bool(kept) and len(self._heads) == len(kept)
        self._percent = any(_PERCENT_WORD.startswith(head) for head in self._heads)
        self._pairs = np.zeros((256, 256), dtype=bool)
        for head in self._heads:
            self._pairs[head[0], head[1] if len(head) > 1 else slice(None)] = True

    def surfaces(self, text: str) -> list[tuple[str, int]] | None:
        """Return (surface, start) of what may be asked for, in order; None: it cannot be told."""
        folded = _folded(text) if self._all_known else None
        if folded is None:
            return None
        return list(_surfaces_at(self._places(folded), text))

    def _places(self, folded: bytes) -> list[int]:
        """Return where a word begins as one of the heads, ascending."""
        octets = np.frombuffer(folded + b" ", dtype=np.uint8)
        letters = octets > _PERCENT  # only letters and digits come behind gap, % and '
        letters[octets == _JOINT] = False
        starts = np.flatnonzero(letters[1:] & ~letters[:-1]) + 1
        if letters[0]:
            starts = np.append(0, starts)
        likely = starts[self._pairs[octets[starts], octets[starts + 1]]].tolist()
        places = {place for place in likely if folded.startswith(self._heads, place)}
        if b"'" in folded:
            places.update(self._joined(folded, octets, starts))
        if self._percent:
            places.update(np.flatnonzero(octets == _PERCENT).tolist())
        return sorted(places)

    def _joined(self, folded: bytes, octets: Octets, starts: Places) -> Iterator[int]:
        """Yield where a word begins as asked for but for signs (O'Connor, F.B., 1.250)."""
        joints = np.flatnonzero(octets == _JOINT)
        begun = np.searchsorted(starts, joints) - 1
        near = (begun >= 0) & (joints - starts[begun] < MAX_LETTERS) if len(starts) else joints < 0
        for start in starts[begun[near]].tolist():
            stretch = folded[start : start + _STRETCH].partition(b" ")[0]
            if stretch.replace(b"'", b"").startswith(self._heads):
                yield start


class HeadTest(dict[str, bool]):
    """From the first two letters of a surface to whether it can be a word of a query.

    For the texts that `HeadFinder` leaves. A head with a sign in it (%2, O', a letter and its
    combining dot) may be anything.
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
            not head.isalnum()
            or folded[:_QUICK_LETTERS] in self._asked
            or folded[:1] in self._single
        )
        return possible


def _surfaces_at(places: Iterable[int], text: str) -> Iterator[tuple[str, int]]:
    pattern = surface_pattern(text)
    end = 0
    for place in places:
        if place < end:
            continue  # inside a surface of several words that was given already
        start = place
        while start > 0 and not text[start - 1].isspace():
            start -= 1  # a surface may have begun before: geldi.Sonra
        for found in pattern.finditer(text, start):
            end = found.end()
            if end > place:
                yield found.group(), found.start()
                break


def _without_longer(heads: Iterable[str]) -> list[str]:
    """Return the heads but those that begin with another, cut to `MAX_LETTERS`."""
    kept: list[str] = []
    for head in sorted({head[:MAX_LETTERS] for head in heads}):
        if not (kept and head.startswith(kept[-1])):
            kept.append(head)
    return kept


def _folded(text: str) -> bytes | None:
    """Return a text folded to one byte a character, or None where it has others."""
    numbers = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = _byte_of()[np.minimum(numbers, _KNOWN)].tobytes()
    return None if _UNKNOWN in folded else folded


@cache
def _byte_of() -> Octets:
    """Return the byte of each character below `_KNOWN`; the last entry is for all others."""
    table = np.full(_KNOWN + 1, _UNKNOWN, dtype=np.uint8)
    for number in range(1, _KNOWN):
        letter = chr(number)
        folded = fold(turkish_lower(letter))
        if letter.isalnum():
            if len(folded) == 1 and folded.isascii() and folded.isalnum():
                table[number] = ord(folded)
        elif not 0x300 <= number < 0x370:  # combining marks belong to the letter before them
            table[number] = _GAP
    table[[ord(sign) for sign in APOSTROPHES + "."]] = _JOINT
    table[[ord(sign) for sign in INVISIBLE if ord(sign) < _KNOWN]] = _UNKNOWN
    table[_PERCENT] = _PERCENT
    return table
