"""Working memory of one search: arrays with one entry a document, used again by the same thread.

Some 2 bytes for each document of the largest segment. The sets of documents of each entry and word,
one bit a document each, are made anew; so is what is counted for the few documents that are scored.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from search.engines.embedded.bitmaps import WORD_BITS, Bitmap

Slots = npt.NDArray[np.uint16]


class Memory(NamedTuple):
    """The documents that are `chosen` to be scored, and their `slots`, as in `counting`.

    Between searches no document is chosen; its slot is what some search left.
    """

    slots: Slots
    chosen: Bitmap


class Scratch(threading.local):
    """One thread's working memory."""

    def __init__(self, words: int) -> None:
        self._words = words
        self._kept: Memory | None = None

    @contextmanager
    def borrowed(self) -> Iterator[Memory]:
        """Lend the memory; it is kept only if no exception came out, which may leave it unclean."""
        memory, self._kept = self._kept or self._made(), None
        yield memory
        self._kept = memory

    def _made(self) -> Memory:
        return Memory(
            slots=np.zeros(self._words * WORD_BITS, dtype=np.uint16),
            chosen=np.zeros(self._words, dtype=np.uint64),
        )
