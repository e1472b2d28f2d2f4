"""What a segment holds, as arrays in memory: made by the builder and the merger, written once.

The reader of the same arrays is `index.codec.segment`; names and order of the sections are those
of docs/index-format.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.container import ContainerWriter
from index.codec.dense import DenseEntries, dense_entries
from index.codec.inversion import Longs, Postings, UInts, starts_of
from index.codec.segment import FACET_COLUMNS
from index.codec.strings import Bytes, Starts, guide_to, pack_strings

Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """One column of values: `values[codes[i]]` is the value of document `docs[i]`."""

    values: Sequence[str]
    codes: Ints
    docs: Ints


@dataclass(frozen=True, slots=True)
class SegmentColumns:
    """A whole segment. `keys` ascend; `stems[i]` is the stem of term i; `ids` are distinct.

    `title` is numbered like `text`; terms without a title posting are left out when written.
    """

    keys: Sequence[bytes]
    stems: Sequence[str]
    text: Postings
    title: Postings
    ids: Sequence[str]
    published: npt.NDArray[np.int64]
    facets: dict[str, FacetColumn]


def write_segment(path: Path, columns: SegmentColumns) -> None:
    """Write one segment file and wait until it is on the disk."""
    with ContainerWriter(path) as writer:
        keys, terms_of_stems = _write_vocabulary(writer, columns)
        _write_postings(writer, "text", columns.text)
        _write_dense(writer, dense_entries(keys, terms_of_stems, columns.text))
        _write_title(writer, columns.title)
        _write_documents(writer, columns)
        writer.finish({"documents": len(columns.ids), "terms": len(columns.keys)})


def _write_vocabulary(
    writer: ContainerWriter, columns: SegmentColumns
) -> tuple[tuple[Bytes, Starts], tuple[UInts, Longs]]:
    """Write keys and stems; return the keys packed, and the terms of stems with their starts."""
    keys = _add_sought_strings(writer, "vocabulary", columns.keys)
    distinct, codes = number_values(columns.stems)
    _add_sought_strings(writer, "stems", [stem.encode() for stem in distinct])
    terms = np.argsort(codes, kind="stable").astype(np.uint32)
    starts = starts_of(np.bincount(codes, minlength=len(distinct)))
    writer.add("stems.terms", terms)
    writer.add("stems.term_starts", narrow_starts(starts))
    writer.add("stems.of_term", smallest(codes))
    return keys, (terms, starts)


def _write_postings(writer: ContainerWriter, field: str, postings: Postings) -> None:
    writer.add(f"{field}.starts", narrow_starts(postings.starts))
    writer.add(f"{field}.docs", postings.docs)
    writer.add(f"{field}.frequencies", postings.frequencies)
    writer.add(f"{field}.overflow_places", postings.overflow_places)
    writer.add(f"{field}.overflow_values", postings.overflow_values)
    writer.add(f"{field}.position_starts", narrow_starts(postings.position_starts))
    writer.add(f"{field}.positions", postings.positions)
    writer.add(f"{field}.lengths", postings.lengths)


def _write_dense(writer: ContainerWriter, dense: DenseEntries) -> None:
    for name, array in dense._asdict().items():
        writer.add(f"dense.{name}", array)


def _write_title(writer: ContainerWriter, title: Postings) -> None:
    held = np.flatnonzero(title.starts[1:] > title.starts[:-1])
    writer.add("title.terms", held.astype(np.uint32))
    _write_postings(writer, "title", keep_terms(title, held))


def keep_terms(postings: Postings, terms: Ints) -> Postings:
    """Return postings renumbered to these terms; all others must have none."""
    return postings._replace(
        starts=np.append(postings.starts[terms], postings.starts[-1]),
        position_starts=np.append(postings.position_starts[terms], postings.position_starts[-1]),
    )


def _write_documents(writer: ContainerWriter, columns: SegmentColumns) -> None:
    encoded = [article_id.encode() for article_id in columns.ids]
    _add_strings(writer, "ids", encoded)
    order = np.array(sorted(range(len(encoded)), key=encoded.__getitem__), dtype=np.int64)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    writer.add("ids.order", smallest(order))
    writer.add("ids.ranks", smallest(ranks))
    writer.add("published", columns.published)
    for name in FACET_COLUMNS:
        column = columns.facets[name]
        _add_strings(writer, f"{name}.values", [value.encode() for value in column.values])
        writer.add(f"{name}.codes", smallest(column.codes))
        writer.add(f"{name}.docs", smallest(column.docs))


def _add_strings(
    writer: ContainerWriter, name: str, strings: Sequence[bytes]
) -> tuple[Bytes, Starts]:
    packed, starts = pack_strings(strings)
    writer.add(f"{name}.bytes", packed)
    writer.add(f"{name}.starts", starts)
    return packed, starts


def _add_sought_strings(
    writer: ContainerWriter, name: str, strings: Sequence[bytes]
) -> tuple[Bytes, Starts]:
    """Add strings in order, and what a search among them begins with; return them packed."""
    packed = _add_strings(writer, name, strings)
    writer.add(f"{name}.guide", guide_to(strings))
    return packed


def number_values(values: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the distinct values in order of their bytes, and each value's number."""
    distinct = sorted(set(values), key=str.encode)
    numbers = {value: number for number, value in enumerate(distinct)}
    return distinct, np.fromiter((numbers[value] for value in values), np.int64, len(values))


def smallest(values: Ints) -> npt.NDArray[Any]:
    """Return non-negative integers in the smallest unsigned type that holds them all."""
    return values.astype(np.min_scalar_type(int(values.max()) if len(values) else 0))


def narrow_starts(starts: Ints) -> npt.NDArray[Any]:
    """Return starts as uint32 where they fit, else as int64 (two types to compile loops for)."""
    return starts.astype(np.uint32 if starts[-1] <= np.iinfo(np.uint32).max else np.int64)
