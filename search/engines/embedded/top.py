"""Which documents come first: the wanted page of the selected ones, by score or by date.

Equal keys come in the order of article ids. Ids are compared as late as possible: only those of
documents that could still stand on the page.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.segment import UNDATED
from search.engines.embedded.kernels import contenders
from search.engines.embedded.snapshot import Longs, Mask, Snapshot
from search.request import Sort


class Page(NamedTuple):
    """The documents of one page in order, and how many were selected in all."""

    documents: list[int]
    total: int


def sort_keys(
    sort: Sort, scores: npt.NDArray[np.float64], published: Longs
) -> npt.NDArray[np.float64]:
    """Return one key a document; the largest comes first, undated documents last."""
    if sort is Sort.RELEVANCE:
        return scores
    seconds = published.astype(np.float64)  # exact: seconds stay far below 2**53
    keys = seconds if sort is Sort.NEWEST else -seconds
    # Below every date, but above the -inf that `contenders` begins with.
    return np.where(published == UNDATED, np.finfo(np.float64).min, keys)


def page_of(
    selected: Mask, keys: npt.NDArray[np.float64], offset: int, limit: int, snapshot: Snapshot
) -> Page:
    """Return the documents at places [offset, offset + limit) of the sorted selection."""
    wanted = offset + limit
    listed, total, least = contenders(selected, keys, max(1, wanted))
    if limit <= 0 or offset >= total:
        return Page([], total)
    higher = listed[keys[listed] > least]
    tied = listed[keys[listed] == least]
    candidates = np.concatenate((higher, _first_by_id(tied, wanted - len(higher), snapshot)))
    ordered = sorted(
        candidates.tolist(), key=lambda doc: (-keys[doc], snapshot.article_id(doc).encode())
    )
    return Page(ordered[offset:wanted], total)


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
