"""One array of a mapped file, of which no byte is used before it was held against its checksum.

The file keeps a CRC-32 of every block of 64 KiB of a section. Each block is compared when it is
first needed, once in the life of the mapping, so opening costs the same whatever the size, and
damage that leaves no other trace is an error and never an answer. Used by `index.codec` alone:
whoever reads elements of `array` says so first, by one of the `ensure` methods.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs, Octets
from index.errors import DamageError

AnyArray = npt.NDArray[Any]
Checksums = npt.NDArray[np.uint32]

BLOCK_BITS = 16
BLOCK_BYTES = 1 << BLOCK_BITS
"""18 microseconds of CRC-32; smaller ones would double the list of checksums for no gain."""


def block_checksums(data: memoryview) -> list[int]:
    """Return the CRC-32 of each block of some bytes, the last of which may be shorter."""
    return [zlib.crc32(data[at : at + BLOCK_BYTES]) for at in range(0, len(data), BLOCK_BYTES)]


def bytes_of(array: AnyArray) -> memoryview:
    """Return the bytes of an array."""
    # An empty array has no memory that could be cast.
    return array.data.cast("B") if array.size else memoryview(b"")


class Blocks(NamedTuple):
    """A section's blocks: the number of the first one in the file, checksums, what is checked."""

    first: int
    checksums: Checksums
    checked: Octets


class Section:
    """An array with the checksums of its blocks.

    `checked` has one entry a block, 1 where it was found sound; kernels read it, with the array and
    log₂ of a block's elements: `mapped`. It is part of what the file has for all its sections, and
    begins there at `first_block`. Threads that check the same block at the same time only do
    the work twice. What is found damaged is raised, and kept in `found`, a list that all sections
    of a file share.
    """

    def __init__(
        self, name: str, array: AnyArray, blocks: Blocks, path: Path, found: list[DamageError]
    ) -> None:
        self.array = array
        self.element_bits = element_bits(array.itemsize)
        self.first_block = blocks.first
        self.checked = blocks.checked
        self.mapped = (array, self.checked, self.element_bits)
        # A view: an element of it is a number at once, that of an array takes thrice as long.
        self._flags = blocks.checked.data
        self._is_sound = len(blocks.checksums) == 0
        self._name = name
        self._bytes = bytes_of(array)
        self._checksums = blocks.checksums
        self._path = path
        self._found = found

    def ensure(self, first: int, behind: int) -> None:
        """Check the elements [first, behind). Raises `DamageError`."""
        if self._is_sound or behind <= first:
            return
        for block in range(first >> self.element_bits, (behind - 1 >> self.element_bits) + 1):
            if not self._flags[block]:
                self.check(block)

    def ensure_each(self, numbers: Longs) -> None:
        """Check the elements with these numbers. Raises `DamageError`."""
        while not self._is_sound:
            block = _unchecked_of_each(numbers, self.element_bits, self.checked)
            if block < 0:
                return
            self.check(block)

    def ensure_spans(self, spans: Longs) -> None:
        """Check the elements of spans: pairs (first, behind), flat. Raises `DamageError`."""
        while not self._is_sound:
            block = unchecked_of_spans(spans, self.element_bits, self.checked)
            if block < 0:
                return
            self.check(block)

    def whole(self) -> AnyArray:
        """Return the array, every element checked. Raises `DamageError`."""
        self.ensure(0, len(self.array))
        return self.array

    def check(self, block: int) -> None:
        """Compare one block with its checksum. Raises `DamageError`."""
        at = block << BLOCK_BITS
        if zlib.crc32(self._bytes[at : at + BLOCK_BYTES]) != self._checksums[block]:
            error = DamageError(
                f"{self._path}: damaged in {self._name} (block {block}); run `kupur repair`"
            )
            self._found.append(error)
            raise error
        self.checked[block] = 1
        self._is_sound = bool(self.checked.all())


@compiled
def element_bits(width: int) -> int:
    """Return log₂ of how many elements of so many bytes (a power of 2) a block has."""
    bits = BLOCK_BITS
    while width > 1:
        width >>= 1
        bits -= 1
    return bits


@compiled
def first_unchecked(checked: Octets, element_bits: int, first: Int, behind: Int) -> int:
    """Return the first block that is not checked of the elements [first, behind), or -1.

    A block has 2 ** `element_bits` elements.
    """
    if first < behind:
        for block in range(first >> element_bits, ((behind - 1) >> element_bits) + 1):
            if not checked[block]:
                return int(block)
    return -1


@compiled
def unchecked_of_spans(spans: Longs, element_bits: int, checked: Octets) -> int:
    """Return the first block that is not checked of spans (first, behind), or -1."""
    for span in range(0, len(spans), 2):
        block = first_unchecked(checked, element_bits, spans[span], spans[span + 1])
        if block >= 0:
            return block
    return -1


@compiled
def _unchecked_of_each(numbers: Longs, element_bits: int, checked: Octets) -> int:
    for number in numbers:
        block = number >> element_bits
        if not checked[block]:
            return int(block)
    return -1


def load_loops() -> None:
    """Have the loops ready: after an installation the first call waits for the compiler."""
    nothing, checked = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint8)
    unchecked_of_spans(nothing, 0, checked)
    _unchecked_of_each(nothing, 0, checked)
