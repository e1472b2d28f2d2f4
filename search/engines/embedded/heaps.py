"""Which documents or keys can be among the best: one pass, with a heap of the best so far."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SAMPLE = 32
"""One document in so many is looked at first: what it sets as a floor leaves few of the others."""


@compiled
def hopefuls(
    selected: Mask, bounds: Floats, shares: Floats, slack: float, margin: float, wanted: int
) -> Longs:
    """Return the selected documents that may be among the `wanted` best, ascending.

    A document's score is at most its bound (and `slack`), and at least its bound times its share.
    A heap keeps the best of what scores are at least, the smallest first: whose bound is below
    that cannot win. `margin`, a little below 1, allows for rounding.
    """
    heap = np.zeros(wanted, dtype=np.float32)
    for document in range(0, len(selected), _SAMPLE):
        if selected[document] and bounds[document] * shares[document] > heap[0]:
            replace_least(heap, bounds[document] * shares[document])
    allowance, tolerance = np.float32(slack), np.float32(margin)
    floor = heap[0] * tolerance - allowance
    heap[:] = 0
    listed = np.empty(len(selected), dtype=np.int64)
    entered = 0
    for document in range(len(selected)):
        if bounds[document] < floor or not selected[document]:
            continue
        listed[entered] = document
        entered += 1
        least = bounds[document] * shares[document]
        if least > heap[0]:
            replace_least(heap, least)
            floor = max(floor, heap[0] * tolerance - allowance)
    kept = 0
    for place in range(entered):
        listed[kept] = listed[place]
        kept += bounds[listed[place]] >= floor
    return listed[:kept].copy()


@compiled
def contenders(keys: Doubles, wanted: int) -> tuple[Longs, float]:
    """Return (numbers of the keys that may be among the `wanted` largest, least of those).

    The least is the `wanted`-th largest key, or -inf where there are fewer; every key of at least
    that is returned, and some below it. Most keys cost one comparison.
    """
    heap = np.full(wanted, -np.inf)
    listed = np.empty(len(keys), dtype=np.int64)
    entered = 0
    for number in range(len(keys)):
        key = keys[number]
        if key < heap[0]:
            continue
        listed[entered] = number
        entered += 1
        if key > heap[0]:
            replace_least(heap, key)
    return listed[:entered].copy(), heap[0]


@compiled
def replace_least(heap: npt.NDArray[np.floating[Any]], key: float) -> None:
    """Take the smallest key out of a heap whose smallest comes first, and put one in."""
    place: Int = 0
    while True:
        child = 2 * place + 1
        if child >= len(heap):
            break
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = key
