"""Working memory of one search: arrays with one entry a document, used again by the same thread.

14 bytes a document. Bounds and marks, 4 bytes a document and one for each marked part of a query,
are made anew; so is what is counted for the few documents that are scored.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from index.codec.inversion import UInts
from search.engines.embedded.kernels import Bits


class Memory(NamedTuple):
    """`slots`, and `seen` and `touched` of text and title, as in `kernels`."""

    seen: Bits
    touched: UInts
    seen_in_title: Bits
    titled: UInts
    slots: Bits


class Scratch(threading.local):
    """One thread's working memory."""

    def __init__(self, document_count: int) -> None:
        self._document_count = document_count
        self._kept: Memory | None = None

    @contextmanager
    def borrowed(self) -> Iterator[Memory]:
        """Lend the memory; it is kept only if no exception came out, which may leave it unclean."""
        memory, self._kept = self._kept or self._made(), None
        yield memory
        self._kept = memory

    def _made(self) -> Memory:
        count = self._document_count
        return Memory(
            seen=np.zeros(count, dtype=np.uint16),
            touched=np.empty(count + 1, dtype=np.uint32),
            seen_in_title=np.zeros(count, dtype=np.uint16),
            titled=np.empty(count + 1, dtype=np.uint32),
            slots=np.zeros(count, dtype=np.uint16),
        )
