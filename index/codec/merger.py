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

from index.codec.columns import (
    FacetColumn,
    PostingsColumns,
    SegmentColumns,
    number_values,
    starts_of,
)
from index.codec.segment import FACET_COLUMNS, FieldPostings, Segment

Longs = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Part:
    """One segment on its way: `documents[d]` is the new number of document d, or -1."""

    segment: Segment
    documents: Longs
    terms: Longs


def merge_segments(segments: Sequence[Segment], live: Sequence[Mask]) -> SegmentColumns:
    """Return the columns of the segments' live documents; `live[i][d]` keeps document d."""
    keys = sorted(set().union(*(segment.keys.all() for segment in segments)))
    numbers = {key: number for number, key in enumerate(keys)}
    parts: list[_Part] = []
    count = 0
    for segment, mask in zip(segments, live, strict=True):
        documents = np.where(mask, np.cumsum(mask) - 1 + count, -1)
        terms = np.fromiter(map(numbers.__getitem__, segment.keys.all()), np.int64)
        parts.append(_Part(segment, documents, terms))
        count += int(mask.sum())
    text = _merge_field([(p, p.segment.text) for p in parts], len(keys), count)
    title = _merge_field([(p, p.segment.title) for p in parts], len(keys), count)
    used = np.flatnonzero(np.diff(text.starts))
    return SegmentColumns(
        keys=[keys[number] for number in used],
        stems=_stems(parts, len(keys), used),
        text=_without_unused(text, used),
        title=_without_unused(title, used),
        ids=[
            part.segment.ids[int(document)].decode()
            for part in parts
            for document in np.flatnonzero(part.documents >= 0)
        ],
        published=np.concatenate([p.segment.published[p.documents >= 0] for p in parts]),
        facets={name: _merge_facet(parts, name) for name in FACET_COLUMNS},
    )


def _merge_field(
    fields: Sequence[tuple[_Part, FieldPostings]], term_count: int, document_count: int
) -> PostingsColumns:
    terms, docs, frequencies, firsts, positions, lengths = [], [], [], [], [], []
    position_base = 0
    for part, field in fields:
        field_docs = part.documents[field.docs]
        keep = field_docs >= 0
        field_frequencies = field.frequencies.astype(np.int64)
        terms.append(np.repeat(part.terms, _counts(field.starts))[keep])
        docs.append(field_docs[keep])
        frequencies.append(field_frequencies[keep])
        firsts.append((starts_of(field_frequencies)[:-1] + position_base)[keep])
        positions.append(field.positions)
        position_base += len(field.positions)
        lengths.append(field.lengths[part.documents >= 0].astype(np.int64))
    term, frequency = np.concatenate(terms), np.concatenate(frequencies)
    order = np.argsort(term, kind="stable")
    sorted_frequency = frequency[order]
    new_firsts = starts_of(sorted_frequency)
    # Posting i's positions move from old_firsts[order][i] to new_firsts[i], run by run.
    shift = np.concatenate(firsts)[order] - new_firsts[:-1]
    source = np.repeat(shift, sorted_frequency) + np.arange(int(new_firsts[-1]))
    return PostingsColumns(
        starts=starts_of(np.bincount(term, minlength=term_count)),
        docs=np.concatenate(docs)[order],
        frequencies=sorted_frequency,
        position_starts=starts_of(_sum_by_term(term, frequency, term_count)),
        positions=np.concatenate(positions)[source],
        lengths=np.concatenate(lengths) if lengths else np.zeros(document_count, np.int64),
    )


def _counts(starts: npt.NDArray[Any]) -> Longs:
    wide = starts.astype(np.int64)
    return wide[1:] - wide[:-1]


def _sum_by_term(term: Longs, frequency: Longs, term_count: int) -> Longs:
    return np.bincount(term, weights=frequency, minlength=term_count).astype(np.int64)


def _without_unused(field: PostingsColumns, used: Longs) -> PostingsColumns:
    """Drop the terms that no live document holds; they have no postings to move."""
    return PostingsColumns(
        starts=starts_of(np.diff(field.starts)[used]),
        docs=field.docs,
        frequencies=field.frequencies,
        position_starts=starts_of(np.diff(field.position_starts)[used]),
        positions=field.positions,
        lengths=field.lengths,
    )


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
