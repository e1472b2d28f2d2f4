"""Which documents hold any of some entries: one pass over their postings, nothing counted."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import Longs
from search.deadline import NO_DEADLINE, Deadline
from search.engines.embedded.entries import Entry, chains
from search.engines.embedded.snapshot import Mask, Snapshot


def documents_holding(
    snapshot: Snapshot, entries: Iterable[Entry], deadline: Deadline = NO_DEADLINE
) -> Mask:
    """Return the documents whose text holds any of these entries, deleted ones among them.

    Raises `EngineTimeout` where the deadline passes.
    """
    mask = np.zeros(snapshot.document_count, dtype=bool)
    listed = chains(list(entries))
    for rings in snapshot.spans("text", listed, snapshot.look_up(listed)):
        for ring in rings:
            deadline.check()
            for postings, spans, base in ring:
                _mark(postings.docs, spans, base, mask)
    return mask


@compiled
def _mark(docs: npt.NDArray[np.unsignedinteger], spans: Longs, base: int, mask: Mask) -> None:
    for span in range(0, len(spans), 2):
        for place in range(spans[span], spans[span + 1]):
            mask[base + np.int64(docs[place])] = True
