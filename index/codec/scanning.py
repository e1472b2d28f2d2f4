"""From texts to the codes of their surfaces: the rule of `index.analysis.tokenizer` as a loop.

A pattern of `re` and a dictionary take .7 µs a surface, these loops .2: they leave a surface
where it stands, and only one that was never seen becomes a string. Texts with combining marks or
invisible characters, which are few, are left to the tokenizer's own patterns. That both find the
same surfaces is held by tests/property/test_scanning.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis.tokenizer import APOSTROPHES, is_unusual, surface_spans
from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs, Octets, UInts

Codes = npt.NDArray[np.int32]
Slots = npt.NDArray[np.uint64]

_OTHER, _LETTER, _DOT, _APOSTROPHE, _PERCENT, _UNUSUAL = range(6)
_HEAD = 2
_FIRST_SLOTS = 1 << 16
_FNV_OFFSET = np.uint64(14695981039346656037)
_FNV_PRIME = np.uint64(1099511628211)
_HALF = np.uint64(32)


@cache
def character_kinds() -> Octets:
    """Return what the tokenizer takes each code point for, as one byte each; not to be changed."""
    points = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    kinds = np.where(np.strings.isalnum(points.view("<U1")), _LETTER, _OTHER).astype(np.uint8)
    kinds[[ord(apostrophe) for apostrophe in APOSTROPHES]] = _APOSTROPHE
    kinds[[point for point in range(1 << 16) if is_unusual(chr(point))]] = _UNUSUAL
    kinds[ord(".")] = _DOT
    kinds[ord("%")] = _PERCENT
    return kinds


class CodedTexts(NamedTuple):
    """The codes of all surfaces of some texts in order, and how many are of each text."""

    codes: Codes
    counts: Codes


class _Found(NamedTuple):
    """Surface i stands at [starts[i], ends[i]) of `text`; `counts` says how many a text has."""

    text: str
    characters: UInts
    starts: Longs
    ends: Longs
    counts: Codes


def code_points(text: str) -> UInts:
    """Return the characters of a text; of half a surrogate pair its own number."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


class SurfaceTable:
    """The codes of all surfaces seen so far, by their characters: an open hash table of arrays.

    A slot is a hash and the place of an entry in the pool, 0 in an empty one; an entry is a length,
    a code and that many characters. So a look-up touches two stretches of memory.

    `code_of` is asked once for each distinct surface; where it raises, nothing is remembered.
    """

    def __init__(self, code_of: Callable[[str], int]) -> None:
        self._code_of = code_of
        self._kinds = character_kinds()
        self._count = 0
        self._slots = np.zeros((_FIRST_SLOTS, 2), dtype=np.uint64)
        self._pool = np.zeros(_FIRST_SLOTS * 8, dtype=np.uint32)
        self._pool_end = _HEAD
        self._bounds = np.empty((2, 0), dtype=np.int64)  # scratch, so that no reading allocates

    def __len__(self) -> int:
        return self._count

    def read(self, texts: Sequence[str]) -> CodedTexts:
        """Return the codes of the surfaces of these texts."""
        found = self._find(texts)
        codes = np.empty(len(found.starts), dtype=np.int32)
        missing = np.empty(len(found.starts), dtype=np.int64)
        count = _look_up(
            found.characters, found.starts, found.ends, self._slots, self._pool, codes, missing
        )
        if count:
            self._learn(found, missing[:count], codes)
        return CodedTexts(codes, found.counts)

    def _find(self, texts: Sequence[str]) -> _Found:
        text = "\n".join(texts)  # no surface spans a line break
        characters = code_points(text)
        text_ends = np.array([*accumulate(len(each) + 1 for each in texts)], dtype=np.int64) - 1
        # Two surfaces never touch, but for a sign of percent before the second.
        most = len(text) // 2 + len(texts) + 1
        if most > self._bounds.shape[1]:
            self._bounds = np.empty((2, most), dtype=np.int64)
        starts, ends = self._bounds
        counts = np.zeros(len(texts), dtype=np.int32)
        count = _find(characters, text_ends, self._kinds, starts, ends, counts)
        if count >= 0:
            return _Found(text, characters, starts[:count], ends[:count], counts)
        return _found_thoroughly(texts, text, characters)

    def _learn(self, found: _Found, missing: Longs, codes: Codes) -> None:
        """Give codes to surfaces that were not there, and remember them."""
        fresh: dict[str, int] = {}
        firsts = []
        for place in missing.tolist():
            surface = found.text[found.starts[place] : found.ends[place]]
            if surface not in fresh:
                fresh[surface] = self._code_of(surface)
                firsts.append(place)
            codes[place] = fresh[surface]
        self._make_room(len(fresh), sum(map(len, fresh)) + _HEAD * len(fresh))
        self._pool_end = _remember(
            found.characters, found.starts, found.ends, np.array(firsts, dtype=np.int64), codes,
            self._slots, self._pool, self._pool_end,
        )  # fmt: skip
        self._count += len(fresh)

    def _make_room(self, surfaces: int, pool_items: int) -> None:
        while (self._count + surfaces) * 2 > len(self._slots):  # chains stay short
            before, self._slots = self._slots, np.zeros((len(self._slots) * 2, 2), dtype=np.uint64)
            _place(before, self._slots)
        while self._pool_end + pool_items > len(self._pool):
            self._pool = np.append(self._pool, np.zeros_like(self._pool))


def _found_thoroughly(texts: Sequence[str], text: str, characters: UInts) -> _Found:
    spans, counts, base = [], [], 0
    for each in texts:
        found = [(base + start, base + end) for _, start, end in surface_spans(each)]
        spans += found
        counts.append(len(found))
        base += len(each) + 1
    bounds = np.array(spans, dtype=np.int64).reshape(-1, 2)
    starts, ends = bounds[:, 0].copy(), bounds[:, 1].copy()
    return _Found(text, characters, starts, ends, np.array(counts, dtype=np.int32))


@compiled
def _find(  # noqa: PLR0917  # kernels take arrays, not objects
    characters: UInts, text_ends: Longs, kinds: Octets, starts: Longs, ends: Longs, counts: Codes
) -> int:
    """Fill in where surfaces stand and return how many; -1 where a text is unusual."""
    count = place = 0
    for text in range(len(text_ends)):
        before, end = count, text_ends[text]
        while place < end:
            kind = kinds[characters[place]]
            start = place
            if kind == _PERCENT and place + 1 < end and kinds[characters[place + 1]] == _LETTER:
                place += 1
            elif kind == _UNUSUAL:
                return -1
            elif kind != _LETTER:
                place += 1
                continue
            place = _behind_surface(characters, place, end, kinds)
            starts[count] = start
            ends[count] = place
            count += 1
        counts[text] = count - before
        place = end + 1
    return count


@compiled
def _behind_surface(characters: UInts, place: int, end: int, kinds: Octets) -> int:
    """Return the place behind letters, and behind what a dot or an apostrophe joins to them."""
    while True:
        while place < end and kinds[characters[place]] == _LETTER:
            place += 1
        after = place
        if after < end and kinds[characters[after]] == _DOT:
            after += 1
        if after < end and kinds[characters[after]] == _APOSTROPHE:
            after += 1
        if after == place or after >= end or kinds[characters[after]] != _LETTER:
            return place
        place = after


@compiled
def _hash(characters: UInts, start: Int, end: Int) -> np.uint64:
    """Return FNV-1a over code points (Fowler, Noll, Vo), its upper half folded into the lower."""
    value = _FNV_OFFSET
    for place in range(start, end):
        value = (value ^ np.uint64(characters[place])) * _FNV_PRIME
    return value ^ (value >> _HALF)


@compiled
def _look_up(  # noqa: PLR0917  # as above
    characters: UInts,
    starts: Longs,
    ends: Longs,
    slots: Slots,
    pool: UInts,
    codes: Codes,
    missing: Longs,
) -> int:
    """Fill in the codes of known surfaces, and which ones are missing; return how many."""
    count = 0
    mask = len(slots) - 1
    for surface in range(len(starts)):
        start, length = starts[surface], ends[surface] - starts[surface]
        value = _hash(characters, start, ends[surface])
        slot = np.int64(value) & mask
        while True:
            entry = np.int64(slots[slot, 1])
            if entry == 0:
                missing[count] = surface
                count += 1
                break
            if slots[slot, 0] == value and pool[entry] == length:
                same = 0
                while same < length and pool[entry + _HEAD + same] == characters[start + same]:
                    same += 1
                if same == length:
                    codes[surface] = np.int32(pool[entry + 1])
                    break
            slot = (slot + 1) & mask
    return count


@compiled
def _remember(  # noqa: PLR0917  # as above
    characters: UInts,
    starts: Longs,
    ends: Longs,
    surfaces: Longs,
    codes: Codes,
    slots: Slots,
    pool: UInts,
    pool_end: int,
) -> int:
    """Append surfaces with their codes to a table that has room for them; return the new end."""
    for surface in surfaces:
        start, end = starts[surface], ends[surface]
        pool[pool_end] = end - start
        pool[pool_end + 1] = codes[surface]
        pool[pool_end + _HEAD : pool_end + _HEAD + end - start] = characters[start:end]
        _put(_hash(characters, start, end), pool_end, slots)
        pool_end += _HEAD + end - start
    return pool_end


@compiled
def _place(before: Slots, slots: Slots) -> None:
    """Put the entries of one table into another."""
    for slot in range(len(before)):
        if before[slot, 1] != 0:
            _put(before[slot, 0], np.int64(before[slot, 1]), slots)


@compiled
def _put(value: np.uint64, entry: Int, slots: Slots) -> None:
    mask = len(slots) - 1
    slot = np.int64(value) & mask
    while slots[slot, 1] != 0:
        slot = (slot + 1) & mask
    slots[slot, 0] = value
    slots[slot, 1] = entry
