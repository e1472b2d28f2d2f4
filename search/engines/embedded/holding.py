"""Which documents hold any of some entries: one pass over their postings, nothing counted."""

from __future__ import annotations

from collections.abc import Iterable

from search.deadline import NO_DEADLINE, Deadline
from search.engines.embedded.bitmaps import Bitmap, no_documents
from search.engines.embedded.entries import Entry, grouped
from search.engines.embedded.kernels import mark
from search.engines.embedded.snapshot import Field, Snapshot


def documents_holding(
    snapshot: Snapshot,
    entries: Iterable[Entry],
    deadline: Deadline = NO_DEADLINE,
    *,
    field: Field = "text",
) -> Bitmap:
    """Return the documents that hold any of these entries in a field, deleted ones among them.

    Raises `EngineTimeout` where the deadline passes.
    """
    found = no_documents(snapshot.words)
    for rows in snapshot.rows_of(list(grouped(list(entries)))):
        deadline.check()
        spans, postings = rows.of(field)
        mark(postings.docs, spans.rows, found[rows.words])
    return found
