"""Which documents hold any of some entries: one pass over their postings, nothing counted."""

from __future__ import annotations

from collections.abc import Iterable

from search.deadline import NO_DEADLINE, Deadline
from search.engines.embedded.bitmaps import Bitmap, no_documents
from search.engines.embedded.entries import Entry, grouped
from search.engines.embedded.kernels import mark
from search.engines.embedded.snapshot import Field, SegmentRows, Snapshot


def documents_holding(
    snapshot: Snapshot, entries: Iterable[Entry], deadline: Deadline = NO_DEADLINE
) -> Bitmap:
    """Return the documents that hold any of these entries in their text, deleted ones too.

    Raises `EngineTimeout` where the deadline passes.
    """
    rows = snapshot.rows_of(list(grouped(list(entries))))
    return documents_in(rows, "text", snapshot.words, deadline)


def documents_in(
    rows: Iterable[SegmentRows], field: Field, words: int, deadline: Deadline = NO_DEADLINE
) -> Bitmap:
    """Return the documents of the postings of some rows, as a set of so many words.

    Raises `EngineTimeout` where the deadline passes.
    """
    found = no_documents(words)
    for of_segment in rows:
        deadline.check()
        spans, postings = of_segment.of(field)
        mark(postings.docs, spans.rows, found[of_segment.words])
    return found
