"""Which documents come first: the wanted page of the selected ones, by score or by date.

Equal keys come in the order of article ids. Ids are compared as late as possible: only those of
documents that could still stand on the page.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.codec.segment import UNDATED
from search.engines.embedded.snapshot import Longs, Mask, Snapshot
from search.request import Sort


def sort_keys(
    sort: Sort, scores: npt.NDArray[np.float64], published: Longs
) -> npt.NDArray[np.float64]:
    """Return one key a document; the largest comes first, undated documents last."""
    if sort is Sort.RELEVANCE:
        return scores
    seconds = published.astype(np.float64)  # exact: seconds stay far below 2**53
    keys = seconds if sort is Sort.NEWEST else -seconds
    return np.where(published == UNDATED, -np.inf, keys)


def page_of(
    selected: Mask, keys: npt.NDArray[np.float64], offset: int, limit: int, snapshot: Snapshot
) -> list[int]:
    """Return the documents at places [offset, offset + limit) of the sorted selection."""
    candidates = np.flatnonzero(selected)
    wanted = offset + limit
    if limit <= 0 or offset >= len(candidates):
        return []
    own = keys[candidates]
    if wanted < len(candidates):
        threshold = np.partition(own, len(own) - wanted)[len(own) - wanted]
        above = candidates[own > threshold]
        tied = candidates[own == threshold]
        candidates = np.concatenate((above, _first_by_id(tied, wanted - len(above), snapshot)))
    ordered = sorted(
        candidates.tolist(), key=lambda doc: (-keys[doc], snapshot.article_id(doc).encode())
    )
    return ordered[offset:wanted]


def _first_by_id(tied: Longs, count: int, snapshot: Snapshot) -> Longs:
    """Return at least the `count` documents with the smallest ids: so many of each segment."""
    if len(tied) <= count:
        return tied
    kept = []
    for base, segment in zip(snapshot.bases, snapshot.segments, strict=True):
        lo, hi = np.searchsorted(tied, (base, base + segment.document_count))
        own = tied[lo:hi]
        ranks = segment.id_ranks[own - base]
        kept.append(own[np.argsort(ranks, kind="stable")[:count]])
    return np.concatenate(kept)
