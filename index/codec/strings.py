"""Many strings as two flat arrays: all bytes in a row, and where each one starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs, Octets
from index.codec.section import BLOCK_BITS, Section

Bytes = npt.NDArray[np.uint8]
Starts = npt.NDArray[np.uint32] | npt.NDArray[np.uint64]


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


class _Mapped(NamedTuple):
    """What kernels take of a table: see `Section` for what was checked."""

    packed: Bytes
    packed_checked: Octets
    starts: Starts
    starts_checked: Octets
    starts_bits: int


class StringTable(Sequence[bytes]):
    """Packed strings read by number, straight from the mapped file.

    Whatever reads them raises `DamageError` where their bytes are not the ones written.
    """

    def __init__(self, packed: Section, starts: Section) -> None:
        self._packed = packed
        self._starts = starts
        self._data = packed.array.data
        self._mapped = _Mapped(
            packed.array, packed.checked, starts.array, starts.checked, starts.element_bits
        )

    def __len__(self) -> int:
        return len(self._starts.array) - 1

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]  # no slices wanted
        self._starts.ensure(number, number + 2)
        first, behind = int(self._starts.array[number]), int(self._starts.array[number + 1])
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

    def lower_bounds(self, keys: Sequence[bytes]) -> Longs:
        """Return for each key the first number whose string is at least the key."""
        wanted = np.frombuffer(b"".join(keys), dtype=np.uint8)
        ends = np.cumsum([0, *(len(key) for key in keys)], dtype=np.int64)
        found = np.empty(len(keys), dtype=np.int64)
        key = 0
        while True:
            # The search tells which block it has to read next that nobody has checked yet.
            key, in_starts, in_packed = _lower_bounds(self._mapped, wanted, ends, found, key)
            if in_starts >= 0:
                self._starts.check(in_starts)
            elif in_packed >= 0:
                self._packed.check(in_packed)
            else:
                return found


@compiled
def _lower_bounds(
    strings: _Mapped, wanted: Bytes, ends: Longs, found: Longs, first_key: int
) -> tuple[int, int, int]:
    """Search from a key on; return (key, block of starts, block of bytes) to check first, or -1.

    A key is looked for around the one before, in steps that double: those that are asked for
    together lie close to each other.
    """
    count = len(strings.starts) - 1
    for key in range(first_key, len(found)):
        lo: Int = np.int64(0)
        hi: Int = np.int64(count)
        probe: Int = np.int64(found[key - 1] if key else count // 2)
        step, rose = (1 if key else 0), -1
        while lo < hi:
            probe = min(max(probe, lo), hi - 1)
            in_starts, in_packed = _to_check(strings, probe)
            if in_starts >= 0 or in_packed >= 0:
                return key, in_starts, in_packed
            rises = int(_is_less(strings, probe, wanted[ends[key] : ends[key + 1]]))
            if rises:
                lo = probe + 1
            else:
                hi = probe
            if step and (rose == -1 or rose == rises):  # noqa: PLR1714  # numba knows no sets here
                probe = lo + step if rises else hi - 1 - step
                step *= 2
                rose = rises
            else:  # passed it: it lies between
                step = 0
                probe = np.int64((lo + hi) // 2)
        found[key] = lo
    return len(found), -1, -1


@compiled
def _to_check(strings: _Mapped, number: Int) -> tuple[int, int]:
    """Return a (block of starts, block of bytes) of a string that is not checked, or -1."""
    for bound in (number, number + 1):
        if not strings.starts_checked[bound >> strings.starts_bits]:
            return int(bound) >> strings.starts_bits, -1
    last = (np.int64(strings.starts[number + 1]) - 1) >> BLOCK_BITS
    for block in range(np.int64(strings.starts[number]) >> BLOCK_BITS, last + 1):
        if not strings.packed_checked[block]:
            return -1, block
    return -1, -1


@compiled
def _is_less(strings: _Mapped, number: Int, key: Bytes) -> bool:
    """Return whether a string comes before a key in the order of bytes."""
    place, stop = np.int64(strings.starts[number]), np.int64(strings.starts[number + 1])
    for octet in key:
        if place == stop:
            return True
        if strings.packed[place] != octet:
            return bool(strings.packed[place] < octet)
        place += 1
    return False
