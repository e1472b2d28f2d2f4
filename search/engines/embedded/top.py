"""Which documents come first: the best of some candidates, by score or by date.

Equal keys come in the order of article ids. Ids are compared as late as possible: only those of
documents that could still stand on the page.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np

from index.codec.segment import UNDATED
from search.engines.embedded.bitmaps import WORD_BITS
from search.engines.embedded.heaps import best
from search.engines.embedded.kernels import Doubles
from search.engines.embedded.snapshot import Longs, Snapshot
from search.request import Sort


def date_keys(sort: Sort, published: Longs) -> Doubles:
    """Return one key a document; the largest comes first, undated documents last."""
    seconds = published.astype(np.float64)  # exact: seconds stay far below 2**53
    keys = seconds if sort is Sort.NEWEST else -seconds
    # Below every date, but above the -inf that `contenders` begins with.
    return np.where(published == UNDATED, np.finfo(np.float64).min, keys)


def first_of(documents: Longs, keys: Doubles, wanted: int, snapshot: Snapshot) -> list[int]:
    """Return the numbers (places in `documents`, which ascend) of the first ones, in order."""
    kept, is_ordered = best(keys, wanted)
    if is_ordered:
        ordered: list[int] = kept.tolist()
        return ordered
    if len(kept) > wanted:
        least = keys[kept].min()
        higher, tied = kept[keys[kept] > least], kept[keys[kept] == least]
        tied = _first_by_id(documents, tied, wanted - len(higher), snapshot)
        kept = np.concatenate((higher, tied))
    numbers: list[int] = kept[np.argsort(-keys[kept], kind="stable")].tolist()
    first: list[int] = []
    for _, equal in groupby(numbers, key=lambda number: keys[number]):
        several = list(equal)
        if len(several) > 1:
            several.sort(key=lambda number: snapshot.article_id(int(documents[number])).encode())
        first += several
    return first[:wanted]


def _first_by_id(documents: Longs, tied: Longs, count: int, snapshot: Snapshot) -> Longs:
    """Return at least the `count` tied ones with the smallest ids: so many of each segment."""
    if len(tied) <= count:
        return tied
    kept = []
    for first_word, segment in zip(snapshot.first_words, snapshot.segments, strict=True):
        base = first_word * WORD_BITS
        lo, hi = np.searchsorted(documents[tied], (base, base + segment.document_count))
        own = tied[lo:hi]
        ranks = segment.id_ranks[documents[own] - base]
        kept.append(own[np.argsort(ranks, kind="stable")[:count]])
    return np.concatenate(kept)
