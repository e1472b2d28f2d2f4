"""The engine's loops over postings and documents, compiled.

Documents are numbered through all segments: `base` is the number of a segment's first one.
`counted` and `touched` are scratch arrays with one entry a document; between calls every entry of
`counted` is 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import Longs, Postings, UInts
from index.codec.merging import frequency_at
from index.codec.postings import PostingRuns

Doubles = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@compiled
def gather(
    postings: Postings,
    runs: PostingRuns,
    base: int,
    live: Mask,
    counted: UInts,
    touched: UInts,
    found: int,
) -> int:
    """Add up frequencies by live document; list each new document behind the `found` first ones.

    Return how many documents are listed now.
    """
    for run in range(len(runs.lo)):
        for place in range(runs.lo[run], runs.hi[run]):
            document = base + np.int64(postings.docs[place])
            if not live[document]:
                continue
            if counted[document] == 0:
                touched[found] = document
                found += 1
            counted[document] += np.uint32(frequency_at(postings, place))
    return found


@compiled
def add_scores(
    touched: UInts, found: int, counted: UInts, norms: Doubles, scale: float, scores: Doubles
) -> None:
    """Add scale · tf / (tf + norm) to the score of each listed document, and clear `counted`."""
    for entry in range(found):
        document = touched[entry]
        frequency = np.float64(counted[document])
        counted[document] = 0
        scores[document] += scale * frequency / (frequency + norms[document])


@compiled
def mark(touched: UInts, found: int, mask: Mask) -> None:
    """Set the mask of each listed document."""
    for entry in range(found):
        mask[touched[entry]] = True


@compiled
def clear(touched: UInts, found: int, counted: UInts) -> None:
    """Clear `counted` for each listed document."""
    for entry in range(found):
        counted[touched[entry]] = 0


@compiled
def threshold(selected: Mask, keys: Doubles, wanted: int) -> tuple[int, float]:
    """Return (number of selected documents, the `wanted`-th largest key among them).

    The key is -inf where fewer are selected. Keeps a heap of the largest keys, smallest first:
    most documents cost one comparison.
    """
    heap = np.full(wanted, -np.inf)
    count = 0
    for document in range(len(selected)):
        if not selected[document]:
            continue
        count += 1
        key = keys[document]
        if key <= heap[0]:
            continue
        place = 0
        while True:
            child = 2 * place + 1
            if child >= wanted:
                break
            if child + 1 < wanted and heap[child + 1] < heap[child]:
                child += 1
            if heap[child] >= key:
                break
            heap[place] = heap[child]
            place = child
        heap[place] = key
    return count, heap[0]


@compiled
def contenders(selected: Mask, keys: Doubles, least: float) -> tuple[Longs, Longs]:
    """Return the selected documents with a key above `least`, and those with just that key."""
    above = 0
    tied = 0
    for document in range(len(selected)):
        if selected[document]:
            above += keys[document] > least
            tied += keys[document] == least
    higher = np.empty(above, dtype=np.int64)
    equal = np.empty(tied, dtype=np.int64)
    above = 0
    tied = 0
    for document in range(len(selected)):
        if selected[document]:
            if keys[document] > least:
                higher[above] = document
                above += 1
            elif keys[document] == least:
                equal[tied] = document
                tied += 1
    return higher, equal
