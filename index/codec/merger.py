"""Several segments into one, without the deleted documents: whole arrays at a time.

Documents keep their order (segment by segment), so postings of one term are the concatenation of
its postings in each segment; nothing is analysed or inverted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.columns import FacetColumn, SegmentColumns, keep_terms, number_values
from index.codec.inversion import Longs, Postings
from index.codec.merging import Incoming, merge_postings
from index.codec.postings import FieldPostings
from index.codec.segment import FACET_COLUMNS, Segment

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Part:
    """One segment on its way: `documents[d]` is the new number of document d, or -1."""

    segment: Segment
    documents: Longs
    terms: Longs


def merge_segments(segments: Sequence[Segment], live: Sequence[Mask]) -> SegmentColumns:
    """Return the columns of the segments' live documents; `live[i][d]` keeps document d.

    Every byte is held against its checksum first, so that damage is never copied into a file with
    a good one: raises `DamageError`.
    """
    for segment in segments:
        segment.container.check()
    keys = sorted(set().union(*(segment.keys.all() for segment in segments)))
    numbers = {key: number for number, key in enumerate(keys)}
    parts: list[_Part] = []
    count = 0
    for segment, mask in zip(segments, live, strict=True):
        documents = np.where(mask, np.cumsum(mask) - 1 + count, -1)
        terms = np.fromiter(map(numbers.__getitem__, segment.keys.all()), np.int64)
        parts.append(_Part(segment, documents, terms))
        count += int(mask.sum())
    text = _merge_field([(p, p.segment.text) for p in parts], len(keys))
    title = _merge_field([(p, p.segment.title) for p in parts], len(keys))
    used = np.flatnonzero(text.starts[1:] > text.starts[:-1])
    return SegmentColumns(
        keys=[keys[number] for number in used],
        stems=_stems(parts, len(keys), used),
        text=keep_terms(text, used),
        title=keep_terms(title, used),
        ids=[
            part.segment.ids[int(document)].decode()
            for part in parts
            for document in np.flatnonzero(part.documents >= 0)
        ],
        published=np.concatenate([p.segment.published[p.documents >= 0] for p in parts]),
        facets={name: _merge_facet(parts, name) for name in FACET_COLUMNS},
    )


def _merge_field(fields: Sequence[tuple[_Part, FieldPostings]], term_count: int) -> Postings:
    incoming = []
    lengths = []
    for part, field in fields:
        terms = part.terms if field.terms is None else part.terms[field.terms]
        incoming.append(Incoming(field.arrays, terms, part.documents))
        lengths.append(field.arrays.lengths[part.documents >= 0])
    return merge_postings(incoming, term_count, np.concatenate(lengths))


def _stems(parts: Sequence[_Part], term_count: int, used: npt.NDArray[Any]) -> list[str]:
    stems = [""] * term_count
    for part in parts:
        own = [stem.decode() for stem in part.segment.stems.all()]
        of_term = part.segment.container.array("stems.of_term")
        for term, code in zip(part.terms.tolist(), of_term.tolist(), strict=True):
            stems[term] = own[code]
    return [stems[number] for number in used.tolist()]


def _merge_facet(parts: Sequence[_Part], name: str) -> FacetColumn:
    values: list[str] = []
    docs: list[Longs] = []
    for part in parts:
        own = part.segment.facet_values(name)
        new_docs = part.documents[part.segment.facet_docs(name)]
        keep = new_docs >= 0
        values.extend(own[code] for code in part.segment.facet_codes(name)[keep].tolist())
        docs.append(new_docs[keep])
    distinct, codes = number_values(values)
    return FacetColumn(distinct, codes, np.concatenate(docs))
