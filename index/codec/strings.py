"""Many strings as two flat arrays: all bytes in a row, and where each one starts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled

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


class StringTable(Sequence[bytes]):
    """Packed strings read by number, straight from the mapped file."""

    def __init__(self, packed: Bytes, starts: Starts) -> None:
        self._bytes = packed
        self._packed = packed.data
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]  # no slices wanted
        return bytes(self._packed[int(self._starts[number]) : int(self._starts[number + 1])])

    def all(self) -> list[bytes]:
        """Return every string; costs memory in proportion."""
        data = self._packed.tobytes()
        bounds = self._starts.tolist()
        return [data[bounds[i] : bounds[i + 1]] for i in range(len(self))]

    def lower_bounds(self, keys: Sequence[bytes]) -> npt.NDArray[np.int64]:
        """Return for each key the first number whose string is at least the key."""
        wanted = np.frombuffer(b"".join(keys), dtype=np.uint8)
        ends = np.cumsum([0, *(len(key) for key in keys)], dtype=np.int64)
        found = np.empty(len(keys), dtype=np.int64)
        _lower_bounds(self._bytes, self._starts, wanted, ends, found)
        return found


@compiled
def _lower_bounds(
    packed: Bytes,
    starts: Starts,
    wanted: Bytes,
    ends: npt.NDArray[np.int64],
    found: npt.NDArray[np.int64],
) -> None:
    for key in range(len(found)):
        lo, hi = 0, len(starts) - 1
        while lo < hi:
            middle = (lo + hi) // 2
            place, stop = np.int64(starts[middle]), np.int64(starts[middle + 1])
            wanted_place, wanted_stop = ends[key], ends[key + 1]
            while place < stop and wanted_place < wanted_stop:
                if packed[place] != wanted[wanted_place]:
                    break
                place += 1
                wanted_place += 1
            if wanted_place == wanted_stop:
                less = False
            elif place == stop:
                less = True
            else:
                less = packed[place] < wanted[wanted_place]
            if less:
                lo = middle + 1
            else:
                hi = middle
        found[key] = lo
