"""The engine's loops over postings and documents, compiled.

Documents are numbered through all segments: `base` is the number of a segment's first one.
`counted` and `touched` are scratch arrays with one entry a document; between calls every entry of
`counted` is 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import ESCAPE, Documents, Longs, Octets, UInts

Doubles = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@compiled
def gather(
    docs: Documents,
    frequencies: Octets,
    overflow_places: Longs,
    overflow_values: Longs,
    spans: Longs,
    base: int,
    live: Mask,
    counted: UInts,
    touched: UInts,
    found: int,
) -> int:
    """Add up frequencies by live document; list each new document behind the `found` first ones.

    `spans` are pairs (first posting, posting behind the last); an empty `live` says that no
    document is deleted. Return how many documents are listed now.
    """
    checked = len(live) > 0
    for span in range(0, len(spans), 2):
        for place in range(spans[span], spans[span + 1]):
            document = base + np.int64(docs[place])
            if checked and not live[document]:
                continue
            frequency = np.uint32(frequencies[place])
            if frequency == ESCAPE:
                frequency = np.uint32(overflow_values[np.searchsorted(overflow_places, place)])
            before = counted[document]
            if before == 0:
                touched[found] = document
                found += 1
            counted[document] = before + frequency
    return found


@compiled
def add_scores(
    touched: UInts, found: int, counted: UInts, norms: Doubles, scale: float, scores: Doubles
) -> None:
    """Add scale · tf / (tf + norm) to the score of each listed document."""
    for entry in range(found):
        document = touched[entry]
        frequency = np.float64(counted[document])
        scores[document] += scale * frequency / (frequency + norms[document])


@compiled
def absorb(touched: UInts, found: int, of_word: Doubles, power: float, scores: Doubles) -> None:
    """Add each listed document's score of one word, raised to a power, to its score; clear it."""
    for entry in range(found):
        document = touched[entry]
        score = of_word[document]
        if score > 0.0:
            of_word[document] = 0.0
            if power == 0.75:
                root = np.sqrt(score)  # three times as fast as the power
                score = root * np.sqrt(root)
            elif power != 1.0:
                score = score**power
            scores[document] += score


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
def contenders(selected: Mask, keys: Doubles, wanted: int) -> tuple[Longs, int, float]:
    """Return (documents that may be among the `wanted` first, number selected, least key).

    The least key is the `wanted`-th largest of the selected documents', or -inf where fewer are
    selected; the documents hold every one with at least that key, and some below it. A heap keeps
    the largest keys so far, the smallest first, so most documents cost one comparison.
    """
    heap = np.full(wanted, -np.inf)
    listed = np.empty(len(selected), dtype=np.int64)
    count = 0
    entered = 0
    for document in range(len(selected)):
        if not selected[document]:
            continue
        count += 1
        key = keys[document]
        if key < heap[0]:
            continue
        listed[entered] = document
        entered += 1
        if key == heap[0]:
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
    return listed[:entered].copy(), count, heap[0]
