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


class Keys(NamedTuple):
    """Keys to look up: key i is `packed[bounds[i]:bounds[i + 1]]`."""

    packed: Bytes
    bounds: Longs

    @staticmethod
    def of(keys: Sequence[bytes]) -> Keys:
        """Pack keys; those that lie close to each other are best given one after the other."""
        bounds = np.zeros(len(keys) + 1, dtype=np.int64)
        np.cumsum([len(key) for key in keys], out=bounds[1:])
        return Keys(np.frombuffer(b"".join(keys), dtype=np.uint8), bounds)


class StringTable(Sequence[bytes]):
    """Packed strings read by number, straight from the mapped file.

    Whatever reads them raises `DamageError` where their bytes are not the ones written.
    """

    def __init__(self, packed: Section, starts: Section) -> None:
        self._packed = packed
        self._starts = starts
        self._data = packed.array.data
        self._mapped = (
            packed.array, packed.checked, starts.array, starts.checked, starts.element_bits
        )  # fmt: skip

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

    def lower_bounds(self, keys: Sequence[bytes] | Keys) -> Longs:
        """Return for each key the first number whose string is at least the key."""
        wanted, bounds = keys if isinstance(keys, Keys) else Keys.of(keys)
        found = np.empty(len(bounds) - 1, dtype=np.int64)
        key = 0
        while True:
            # The search tells which block it has to read next that nobody has checked yet.
            key, in_starts, in_packed = _lower_bounds(*self._mapped, wanted, bounds, found, key)
            if in_starts >= 0:
                self._starts.check(in_starts)
            elif in_packed >= 0:
                self._packed.check(in_packed)
            else:
                return found

    def numbers_of(self, keys: Keys) -> list[int]:
        """Return the number of each key's string; -1 where there is none."""
        packed = keys.packed.tobytes()
        return [
            number
            if number < len(self)
            and self[number] == packed[keys.bounds[key] : keys.bounds[key + 1]]
            else -1
            for key, number in enumerate(self.lower_bounds(keys).tolist())
        ]


@compiled
def _lower_bounds(
    packed: Bytes,
    packed_checked: Octets,
    starts: Starts,
    starts_checked: Octets,
    starts_bits: int,
    wanted: Bytes,
    bounds: Longs,
    found: Longs,
    first_key: int,
) -> tuple[int, int, int]:
    """Search from a key on; return (key, block of starts, block of bytes) to check first, or -1.

    A key is looked for around the one before, in steps that double: those that are asked for
    together lie close to each other.
    """
    for key in range(first_key, len(found)):
        lo: Int = np.int64(0)
        hi: Int = np.int64(len(starts) - 1)
        probe: Int = np.int64(found[key - 1] if key else hi // 2)
        step, rose = (1 if key else 0), -1
        while lo < hi:
            probe = min(max(probe, lo), hi - 1)
            for bound in (probe, probe + 1):
                if not starts_checked[bound >> starts_bits]:
                    return key, int(bound) >> starts_bits, -1
            first, behind = np.int64(starts[probe]), np.int64(starts[probe + 1])
            for block in range(first >> BLOCK_BITS, ((behind - 1) >> BLOCK_BITS) + 1):
                if not packed_checked[block]:
                    return key, -1, block
            rises = _is_less(packed, first, behind, wanted, bounds[key], bounds[key + 1])
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
def _is_less(
    packed: Bytes, place: Int, stop: Int, wanted: Bytes, wanted_place: Int, wanted_stop: Int
) -> int:
    """Return 1 where a string comes before a key in the order of bytes, else 0."""
    while wanted_place < wanted_stop:
        if place == stop:
            return 1
        if packed[place] != wanted[wanted_place]:
            return int(packed[place] < wanted[wanted_place])
        place += 1
        wanted_place += 1
    return 0
