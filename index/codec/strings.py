"""Many strings as two flat arrays: all bytes in a row, and where each one starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs, Octets
from index.codec.section import Section

Bytes = npt.NDArray[np.uint8]
Starts = npt.NDArray[np.uint32] | npt.NDArray[np.uint64]
Guide = npt.NDArray[np.uint64]

_GUIDE_STEP = 64
NO_GUIDE: Guide = np.zeros(0, dtype=np.uint64)


def pack_strings(strings: Iterable[bytes]) -> tuple[Bytes, Starts]:
    """Return (bytes, starts): string i is `bytes[starts[i]:starts[i + 1]]`."""
    listed = list(strings)
    lengths = np.fromiter((len(item) for item in listed), dtype=np.uint64, count=len(listed))
    starts = np.zeros(len(listed) + 1, dtype=np.uint64)
    np.cumsum(lengths, out=starts[1:])
    packed = np.frombuffer(b"".join(listed), dtype=np.uint8)
    return packed, smallest_unsigned(starts)


def smallest_unsigned(values: npt.NDArray[np.unsignedinteger]) -> Starts:
    """Return starts as uint32 where they fit, else as uint64."""
    if len(values) == 0 or values[-1] <= np.iinfo(np.uint32).max:
        return values.astype(np.uint32)
    return values.astype(np.uint64)


class Keys(NamedTuple):
    """Keys to look up: key i is `packed[bounds[i]:bounds[i + 1]]`."""

    packed: Bytes
    bounds: Longs

    @staticmethod
    def of(keys: Sequence[bytes]) -> Keys:
        """Pack keys; those that lie close to each other are best given one after the other."""
        bounds = np.array([0, *accumulate(map(len, keys))], dtype=np.int64)
        return Keys(np.frombuffer(b"".join(keys), dtype=np.uint8), bounds)


def guide_to(strings: Sequence[bytes]) -> Guide:
    """Return the first eight bytes of every 64th of some strings in order, as whole numbers.

    A binary search begins there: it is small enough to stay in a cache, where the strings are not.
    """
    first_bytes = b"".join(string[:8].ljust(8, b"\0") for string in strings[::_GUIDE_STEP])
    return np.frombuffer(first_bytes, dtype=">u8").astype(np.uint64)


class StringTable(Sequence[bytes]):
    """Packed strings read by number, straight from the mapped file.

    `guide` is that of `guide_to`, or empty. Whatever reads them raises `DamageError` where their
    bytes are not the ones written.
    """

    def __init__(self, packed: Section, starts: Section, guide: Guide = NO_GUIDE) -> None:
        self._packed = packed
        self._starts = starts
        # Views: an element of them is a number at once, that of an array takes thrice as long.
        self._data, self._bounds = packed.array.data, starts.array.data
        self._mapped = (*packed.mapped, *starts.mapped, guide)

    def __len__(self) -> int:
        return len(self._starts.array) - 1

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]  # no slices wanted
        self._starts.ensure(number, number + 2)
        first, behind = self._bounds[number], self._bounds[number + 1]
        self._packed.ensure(first, behind)
        return bytes(self._data[first:behind])

    def all(self) -> list[bytes]:
        """Return every string; costs memory in proportion."""
        data = self._packed.whole().tobytes()
        bounds = self._starts.whole().tolist()
        return [data[bounds[i] : bounds[i + 1]] for i in range(len(self))]

    def packed(self, lo: int, hi: int) -> tuple[Bytes, Starts]:
        """Return the packed bytes, and where the strings [lo, hi) start in them, and end."""
        self._starts.ensure(lo, hi + 1)
        starts = self._starts.array[lo : hi + 1]
        self._packed.ensure(int(starts[0]), int(starts[-1]))
        return self._packed.array, starts

    def lower_bounds(self, keys: Sequence[bytes] | Keys) -> Longs:
        """Return for each key the first number whose string is at least the key."""
        return self._looked_up(keys, is_whole=False)

    def numbers_of(self, keys: Sequence[bytes] | Keys) -> Longs:
        """Return the number of each key's string; -1 where there is none."""
        return self._looked_up(keys, is_whole=True)

    def _looked_up(self, keys: Sequence[bytes] | Keys, *, is_whole: bool) -> Longs:
        wanted = keys if isinstance(keys, Keys) else Keys.of(keys)
        found = np.empty(len(wanted.bounds) - 1, dtype=np.int64)
        key = 0
        while key < len(found):
            # The search tells which block it has to read next that nobody has checked yet.
            key, in_packed, in_starts = look_up(*self._mapped, *wanted, is_whole, found, key)
            if in_packed >= 0:
                self._packed.check(in_packed)
            elif in_starts >= 0:
                self._starts.check(in_starts)
        return found


@compiled
def look_up(
    packed: Bytes,
    packed_checked: Octets,
    packed_bits: int,
    starts: Starts,
    starts_checked: Octets,
    starts_bits: int,
    guide: Guide,
    wanted: Bytes,
    bounds: Longs,
    is_whole: bool,
    found: Longs,
    first_key: int,
) -> tuple[int, int, int]:
    """Look keys up from one on; return (how many are, block of bytes, block of starts).

    The blocks are to be checked before the next key, -1 for none. Found is the first string that is
    not less than the key; or, where it `is_whole` that is asked for and it is not the key, -1.
    """
    count = np.int64(len(starts) - 1)
    for key in range(first_key, len(found)):
        first, behind = bounds[key], bounds[key + 1]
        beginning = _beginning(wanted, first, behind)
        lo: Int = np.int64(np.searchsorted(guide, beginning))
        hi: Int = lo
        if lo < len(guide) and guide[lo] == beginning:
            hi += np.int64(np.searchsorted(guide[lo:], beginning, side="right"))
        lo = (lo - 1) * _GUIDE_STEP + 1 if lo else np.int64(0)
        hi = hi * _GUIDE_STEP if hi < len(guide) else count
        is_found = False
        while lo < hi or (is_whole and lo < count):
            middle = (lo + hi) // 2
            for bound in (middle, middle + 1):
                if not starts_checked[bound >> starts_bits]:
                    return key, -1, int(bound) >> starts_bits
            begin, end = np.int64(starts[middle]), np.int64(starts[middle + 1])
            for block in range(begin >> packed_bits, ((end - 1) >> packed_bits) + 1):
                if not packed_checked[block]:
                    return key, int(block), -1
            order = _compare(packed[begin:end], wanted[first:behind])
            if lo == hi:
                is_found = order == 0
                break
            if order < 0:
                lo = middle + 1
            else:
                hi = middle
        found[key] = lo if is_found or not is_whole else -1
    return len(found), -1, -1


@compiled
def _beginning(wanted: Bytes, first: Int, behind: Int) -> np.uint64:
    """Return the first eight bytes of a key as `guide_to` has them."""
    beginning = np.uint64(0)
    for place in range(first, first + 8):
        beginning <<= np.uint64(8)
        if place < behind:
            beginning |= np.uint64(wanted[place])
    return beginning


@compiled
def _compare(string: Bytes, key: Bytes) -> int:
    """Return less than 0, 0 or more than 0, as a string comes before a key, is it, or follows."""
    for place in range(min(len(string), len(key))):
        if string[place] != key[place]:
            return -1 if string[place] < key[place] else 1
    return len(string) - len(key)
