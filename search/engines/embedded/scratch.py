"""Working memory of one search: arrays with one entry a document, used again by the same thread.

8 bytes a document (0.8 MB at 100,000 documents), and 9 more for scores and marks, which each
search makes anew.
"""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt


class Scratch(threading.local):
    """One thread's `counted` and `touched` (see `kernels`)."""

    def __init__(self, document_count: int) -> None:
        self.counted: npt.NDArray[np.uint32] = np.zeros(document_count, dtype=np.uint32)
        self.touched: npt.NDArray[np.uint32] = np.zeros(document_count, dtype=np.uint32)
