"""Sets of documents, as one bit a document: 64 of them are combined or counted at once.

Document d is bit d & 63 of word d >> 6. `Bitmap` functions take sets of equal size.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import Longs

Bitmap = npt.NDArray[np.uint64]
Bitmaps = npt.NDArray[np.uint64]
"""Several of them: [sets, words]."""

WORD_BITS = 64


def words_for(documents: int) -> int:
    """Return how many words hold so many documents."""
    return -(-documents // WORD_BITS)


def no_documents(words: int) -> Bitmap:
    """Return an empty set."""
    return np.zeros(words, dtype=np.uint64)


def bitmap_of(mask: npt.NDArray[np.bool_]) -> Bitmap:
    """Return the documents for which a mask is true; its length is rounded up to whole words."""
    padded = np.zeros(words_for(len(mask)) * WORD_BITS // 8, dtype=np.uint8)
    packed = np.packbits(mask, bitorder="little")
    padded[: len(packed)] = packed
    return padded.view("<u8").astype(np.uint64, copy=False)


def bitmap_with(documents: npt.NDArray[np.integer[Any]], words: int) -> Bitmap:
    """Return the set of these documents."""
    mask = np.zeros(words * WORD_BITS, dtype=bool)
    mask[documents] = True
    return bitmap_of(mask)


def documents_of(bitmap: Bitmap) -> Longs:
    """Return the documents of a set, ascending."""
    return np.flatnonzero(np.unpackbits(bitmap.view(np.uint8), bitorder="little"))


def has(bitmap: Bitmap, document: int) -> bool:
    """Whether a set has a document."""
    return bool(int(bitmap[document >> 6]) >> (document & 63) & 1)


@compiled
def ones(word: np.uint64) -> np.uint64:
    """Return how many bits of a word are set; the compiler knows this as one instruction."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@compiled
def lowest(word: np.uint64) -> np.uint64:
    """Return a word with the lowest of its bits alone."""
    return word & (~word + np.uint64(1))


@compiled
def count_of(bitmap: Bitmap) -> int:
    """Return how many documents a set has."""
    count = np.uint64(0)
    for word in range(len(bitmap)):
        count += ones(bitmap[word])
    return int(count)


@compiled
def unite(target: Bitmap, own: Bitmap) -> None:
    """Add the documents of another set, which is not longer."""
    for place in range(len(own)):
        target[place] |= own[place]


@compiled
def copy(target: Bitmap, own: Bitmap) -> None:
    """Set a set to another one, which is not longer; faster than an assignment of all."""
    for place in range(len(own)):
        target[place] = own[place]
