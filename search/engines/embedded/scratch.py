"""Working memory of one search: arrays with one entry a document, used again by the same thread.

4 bytes a document, and 4 more for each chain of the largest word (two or three chains): 1.6 MB at
100,000 documents. Scores and marks, 17 bytes a document and one for each word, are made anew.
"""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt


class Scratch(threading.local):
    """One thread's `counted` (see `kernels`) and lists of documents."""

    def __init__(self, document_count: int) -> None:
        self.counted: npt.NDArray[np.uint32] = np.zeros(document_count, dtype=np.uint32)
        self._touched: npt.NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)

    def touched(self, lists: int) -> npt.NDArray[np.uint32]:
        """Return room for so many lists of all documents; what stood there is lost."""
        room = lists * len(self.counted)
        if len(self._touched) < room:
            self._touched = np.zeros(room, dtype=np.uint32)
        return self._touched
