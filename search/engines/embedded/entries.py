"""The entries of a query: which terms of the vocabulary each one stands for.

What is scored as one word asks for several entries (its exact and folded spelling, its first
letters, its stem), and their terms overlap. They are read together: each entry of a group has a
bit, and each posting is read once and sets the bits of all the entries that its term belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from index.analysis import fold
from index.codec.compiled import compiled
from index.codec.inversion import Longs, Octets
from index.codec.segment import prefix_bounds, term_bounds
from index.layers import Layer
from search.engines.embedded.kernels import Doubles

MOST_ENTRIES = 12
"""In one group: the tables of a group have 2 to the power of this many rows. A word has five."""


class Entry(NamedTuple):
    """One entry of one layer; or all of a prefix, of a wildcard's pattern or of a fuzzy word."""

    layer: Layer
    text: str
    is_prefix: bool = False
    is_pattern: bool = False
    is_fuzzy: bool = False

    @property
    def is_run(self) -> bool:
        """Whether its terms are one run of the vocabulary; those of stems are a list."""
        if self.is_prefix:
            return self.layer is not Layer.EXACT
        return self.layer is not Layer.STEM and not self.is_pattern and not self.is_fuzzy


Column = tuple[Layer, str, float, bool]
"""An entry of a layer and its text, what it counts, and whether it makes a match of its word."""


class Wanted:
    """What every segment is asked for: words of entries, as compiled loops take them.

    Each entry is a column, in the order added: of a word first those that are runs of terms, then
    those that are lists. Entries are read in groups; entry i of a group has bit 1 << i. Words are
    marked with numbers below `marks`: those of equal marks are matched as one.
    """

    def __init__(self) -> None:
        self._bounds: list[bytes] = []
        self._stems: list[bytes] = []
        self._is_stem: list[bool] = []
        self._is_matching: list[bool] = []
        self._weights: list[float] = []
        self._run_starts, self._list_starts = [0], [0]
        self._word_of_group: list[int] = []
        self._mark_of_group: list[int] = []
        self._word_columns = [0]
        self.marks = 1
        self.open_entries: list[Entry] = []

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Wanted:
        """Return what asks for one word of some entries; runs have the first columns."""
        wanted = cls()
        for entry in sorted(entries, key=lambda entry: not entry.is_run):
            wanted.add(entry)
        wanted.end_word()
        return wanted

    def add_columns(self, columns: Sequence[Column]) -> None:
        """Add entries that are one of a layer each, stems last."""
        for first in range(0, len(columns), MOST_ENTRIES):
            self._add_few(columns[first : first + MOST_ENTRIES])

    def _add_few(self, columns: Sequence[Column]) -> None:
        if self._group_size + len(columns) > MOST_ENTRIES:
            self._end_group()
        bounds, stem = self._bounds, Layer.STEM  # whose look-up takes as long as all else here
        for layer, text, weight, is_matching in columns:
            if layer is stem:
                self._stems.append(text.encode())
                self._is_stem.append(True)
            else:
                bounds += term_bounds(layer, text)
            self._weights.append(weight)
            self._is_matching.append(is_matching)

    def add(self, entry: Entry, weight: float = 1.0) -> None:
        """Add any entry, which makes a match of its word."""
        if (entry.is_run and not entry.is_prefix) or entry.layer is Layer.STEM:
            self._add_few([(entry.layer, entry.text, weight, True)])
            return
        self._end_group()
        if entry.is_run:
            self._bounds += prefix_bounds(fold(entry.text))
        else:
            self.open_entries.append(entry)
            self._is_stem.append(False)
        self._weights.append(weight)
        self._is_matching.append(True)
        self._end_group()

    def end_word(self, mark: int = 0) -> None:
        """Mark the word, and begin the next one."""
        self._end_group()
        unmarked = len(self._word_of_group) - len(self._mark_of_group)
        self._mark_of_group += [mark] * unmarked
        self.marks = max(self.marks, mark + 1)
        self._word_columns.append(len(self._weights))

    @property
    def _group_size(self) -> int:
        return len(self._weights) - self._run_starts[-1] - self._list_starts[-1]

    def _end_group(self) -> None:
        if self._group_size:
            self._run_starts.append(len(self._bounds) // 2)
            self._list_starts.append(len(self._is_stem))
            self._word_of_group.append(len(self._word_columns) - 1)

    @property
    def weights(self) -> Doubles:
        """What each entry counts."""
        return np.array(self._weights, dtype=np.float64)

    @property
    def word_columns(self) -> Longs:
        """Where the columns of each word begin, and where those of the last one end."""
        return np.array(self._word_columns)

    def packed(self) -> tuple[Octets, Longs]:
        """Return all of it in two arrays, which `unpacked` takes apart: letters, and numbers."""
        keys = self._bounds + self._stems
        numbers = [
            len(self._word_of_group),
            len(self._bounds),
            len(self._stems),
            len(self._is_stem),
            0,
            *accumulate(map(len, keys)),
            *self._run_starts,
            *self._list_starts,
            *self._word_of_group,
            *self._mark_of_group,
            *self._is_stem,
            *self._is_matching,
        ]
        letters = np.frombuffer(b"".join(keys), dtype=np.uint8)
        return letters, np.array(numbers, dtype=np.int64)


class Asked(NamedTuple):
    """What `Wanted` asks for, as arrays.

    The runs of group g are those from `run_starts[g]` on; run i has the terms from key 2 · i to
    before key 2 · i + 1, key j being the letters [run_bounds[j], run_bounds[j + 1]).
    The lists of group g are those from `list_starts[g]` on; each that is of a stem has the next one
    of the stems, whose letters are those from `stem_bounds[i]` on. Group g has the columns from
    `columns[g]` on, and the word and the mark of its number. Whether an entry is of a stem, or
    makes a match, is 1 or 0.
    """

    run_bounds: Longs
    stem_bounds: Longs
    run_starts: Longs
    list_starts: Longs
    columns: Longs
    word_of_group: Longs
    mark_of_group: Longs
    is_stem: Longs
    is_matching: Longs


@compiled
def unpacked(numbers: Longs) -> Asked:
    """Take apart what `Wanted.packed` has put together."""
    groups, keys, stems, lists = numbers[0], numbers[1], numbers[2], numbers[3]
    place = 4
    run_bounds = numbers[place : place + keys + 1]
    place += keys
    stem_bounds = numbers[place : place + stems + 1]
    place += stems + 1
    run_starts = numbers[place : place + groups + 1]
    place += groups + 1
    list_starts = numbers[place : place + groups + 1]
    place += groups + 1
    word_of_group = numbers[place : place + groups]
    place += groups
    mark_of_group = numbers[place : place + groups]
    place += groups
    return Asked(
        run_bounds,
        stem_bounds,
        run_starts,
        list_starts,
        run_starts + list_starts,
        word_of_group,
        mark_of_group,
        numbers[place : place + lists],
        numbers[place + lists :],
    )
