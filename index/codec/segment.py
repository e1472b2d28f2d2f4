"""One segment of the index, read: the meaning of the arrays that `index.codec.columns` wrote.

The vocabulary is ordered by (folded, exact) spelling, so an exact word, a folded word and any
prefix of folded words are each one run of term numbers, and their postings one slice. A stem is
a list of term numbers. See docs/index-format.md for every array.

Knows no scores, no queries, no deletions: a segment never changes after it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.analysis.fold import fold
from index.codec.compiled import compiled
from index.codec.container import Container
from index.codec.inversion import Longs, Octets
from index.codec.postings import FieldPostings, TermRange, Terms
from index.codec.section import Section, first_unchecked
from index.codec.strings import StringTable
from index.errors import DamageError
from index.layers import Layer

UNDATED = np.iinfo(np.int64).min
"""The `published` value of a document without a date."""

PREFIX_WIDTHS = {Layer.FIVE: 5, Layer.FOUR: 4}
"""How many letters of the fold a prefix layer keeps; a shorter word stands for itself alone."""

SEPARATOR = b"\0"
"""Stands between the folded and the exact spelling in a vocabulary key."""

FACET_COLUMNS = ("section", "source", "author")

UintArray = npt.NDArray[np.unsignedinteger[Any]]


def vocabulary_key(exact: str) -> bytes:
    """Return the key that a word is ordered by: its folded, then its exact spelling.

    A word in ASCII is its own fold, and what stands behind the separator is left out.
    """
    encoded = exact.encode()
    if exact.isascii():
        return encoded + SEPARATOR
    return fold(exact).encode() + SEPARATOR + encoded


def word_of(key: bytes) -> str:
    """Return the exact spelling of a key."""
    folded, _, exact = key.partition(SEPARATOR)
    return (exact or folded).decode()


def term_bounds(layer: Layer, text: str) -> tuple[bytes, bytes]:
    """Return (first, behind): the entry's terms are those with first <= key < behind.

    Raises `ValueError` for a stem, whose terms are a list.
    """
    width = PREFIX_WIDTHS.get(layer)
    if width is None:
        if layer is Layer.EXACT:
            key = vocabulary_key(text)
            return key, key + b"\0"
        if layer is Layer.STEM:
            raise ValueError("the terms of a stem are no run")
    elif len(text) >= width:
        return prefix_bounds(text)
    folded = text.encode()
    return folded + SEPARATOR, folded + b"\1"


def prefix_bounds(folded_prefix: str) -> tuple[bytes, bytes]:
    """Return (first, behind) for the words whose fold begins so."""
    prefix = folded_prefix.encode()
    return prefix, prefix + b"\xff"  # which UTF-8 has not


class Segment:
    """One mapped segment file. Opening costs one read of the directory; arrays map lazily.

    Whatever reads it raises `DamageError` where bytes are not the ones that were written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.container = Container(path)
        self.document_count: int = self.container.meta["documents"]
        self.term_count: int = self.container.meta["terms"]

    @property
    def damage(self) -> DamageError | None:
        """What was found damaged first in this file since it was opened."""
        return self.container.damage

    @cached_property
    def text(self) -> FieldPostings:
        """Title and body together."""
        return FieldPostings(self.container, "text", sparse=False)

    @cached_property
    def title(self) -> FieldPostings:
        """The title alone."""
        return FieldPostings(self.container, "title", sparse=True)

    @cached_property
    def keys(self) -> StringTable:
        """The vocabulary keys in order."""
        return self._sought_strings("vocabulary")

    @cached_property
    def stems(self) -> StringTable:
        """The distinct stems in order."""
        return self._sought_strings("stems")

    @cached_property
    def _stem_starts(self) -> Section:
        return self.container.section("stems.term_starts")

    @cached_property
    def _stem_terms(self) -> Section:
        return self.container.section("stems.terms")

    @cached_property
    def ids(self) -> StringTable:
        """The article id of each document."""
        return self._strings("ids")

    @cached_property
    def id_order(self) -> UintArray:
        """Document numbers in the order of their ids."""
        return self.container.array("ids.order")

    @cached_property
    def id_ranks(self) -> UintArray:
        """Where each document stands in the order of ids."""
        return self.container.array("ids.ranks")

    @cached_property
    def published(self) -> npt.NDArray[np.int64]:
        """UTC seconds of each document, or `UNDATED`."""
        return self.container.array("published")

    def facet_values(self, column: str) -> list[str]:
        """Return the distinct values of section, source or author."""
        return [value.decode() for value in self._strings(f"{column}.values").all()]

    def facet_codes(self, column: str) -> UintArray:
        """Return the value numbers of a column's entries: one a document, of authors any number."""
        return self.container.array(f"{column}.codes")

    def facet_docs(self, column: str) -> UintArray:
        """Return the document of each entry of a column, in ascending order."""
        return self.container.array(f"{column}.docs")

    def _strings(self, name: str) -> StringTable:
        return StringTable(
            self.container.section(f"{name}.bytes"), self.container.section(f"{name}.starts")
        )

    def _sought_strings(self, name: str) -> StringTable:
        section = self.container.section
        guide = self.container.array(f"{name}.guide")
        return StringTable(section(f"{name}.bytes"), section(f"{name}.starts"), guide)

    def document_of(self, article_id: str) -> int | None:
        """Return the number of the document with this id."""
        key = article_id.encode()
        lo, hi = 0, self.document_count
        while lo < hi:
            middle = (lo + hi) // 2
            if self.ids[int(self.id_order[middle])] < key:
                lo = middle + 1
            else:
                hi = middle
        if lo < self.document_count and self.ids[int(self.id_order[lo])] == key:
            return int(self.id_order[lo])
        return None

    def terms_of(self, layer: Layer, text: str) -> Terms:
        """Return the term numbers of one entry of a layer: a run, or for a stem a list."""
        if layer is Layer.STEM:
            return self.terms_of_stems([text])[0]
        return self.runs_within([term_bounds(layer, text)])[0]

    def term_bounds(self, bounds: Sequence[tuple[bytes, bytes]]) -> npt.NDArray[np.int64]:
        """Return first term, and term behind the last, of each pair of keys, one after another."""
        return self.keys.lower_bounds([key for pair in bounds for key in pair])

    def runs_within(self, bounds: Sequence[tuple[bytes, bytes]]) -> list[TermRange]:
        """Return the run of terms with first <= key < behind, for each pair of bounds."""
        found = self.term_bounds(bounds).tolist()
        return [TermRange(*pair) for pair in zip(found[::2], found[1::2], strict=True)]

    def spelled(self, folded: str) -> TermRange:
        """Return the run of the words with this fold."""
        return self.runs_within([term_bounds(Layer.FOLDED, folded)])[0]

    def beginning_with(self, folded_prefix: str) -> TermRange:
        """Return the run of the words whose fold begins so."""
        return self.runs_within([prefix_bounds(folded_prefix)])[0]

    def terms_of_stems(self, stems: Sequence[str]) -> list[Longs]:
        """Return the terms of each stem; none where no word has it."""
        numbers = self.stems.numbers_of([stem.encode() for stem in stems])
        starts, terms = self._stem_starts, self._stem_terms
        while True:
            listed, counts, section, block = list_terms(numbers, *starts.mapped, *terms.mapped)
            if section < 0:
                return np.split(listed, np.cumsum(counts))[:-1]
            (starts, terms)[section].check(block)

    def words(self, run: TermRange) -> Iterator[tuple[bytes, int]]:
        """Yield (key, number of documents) of each term of a run, deleted documents included."""
        for number, count in enumerate(self.text.term_postings(run), run.lo):
            yield self.keys[number], count


@compiled
def list_terms(
    numbers: Longs,
    starts: UintArray,
    starts_checked: Octets,
    starts_bits: int,
    terms: UintArray,
    terms_checked: Octets,
    terms_bits: int,
) -> tuple[Longs, Longs, int, int]:
    """Return (terms of all these stems in a row, how many each has, section, block).

    A stem of number -1 has none. What block of the starts (0) or terms (1) has to be checked first
    is told, -1 where none.
    """
    counts = np.zeros(len(numbers), dtype=np.int64)
    for stem in range(len(numbers)):
        number = numbers[stem]
        if number < 0:
            continue
        block = first_unchecked(starts_checked, starts_bits, number, number + 2)
        if block >= 0:
            return counts, counts, 0, block
        counts[stem] = np.int64(starts[number + 1]) - np.int64(starts[number])
    listed = np.empty(counts.sum(), dtype=np.int64)
    row = 0
    for stem in range(len(numbers)):
        if counts[stem] == 0:
            continue
        first = np.int64(starts[numbers[stem]])
        behind = first + counts[stem]
        block = first_unchecked(terms_checked, terms_bits, first, behind)
        if block >= 0:
            return counts, counts, 1, block
        for place in range(first, behind):
            listed[row] = terms[place]
            row += 1
    return listed, counts, -1, -1
