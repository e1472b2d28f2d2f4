"""Which keys can be among the largest: one pass, with a heap of the largest so far."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs
from search.engines.embedded.kernels import Doubles


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
def best(keys: Doubles, wanted: int) -> tuple[Longs, bool]:
    """Return the numbers of the `wanted` largest keys, the largest first, and whether they are so.

    They are not in order where some are equal; there may be more then, equal to the last one.
    """
    listed, least = contenders(keys, wanted)
    kept = listed[keys[listed] >= least]
    if len(kept) > wanted:
        return kept, False
    ordered = kept[np.argsort(-keys[kept])]
    for number in range(1, len(ordered)):
        if keys[ordered[number]] == keys[ordered[number - 1]]:
            return ordered, False
    return ordered, True


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
