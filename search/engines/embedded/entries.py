"""The entries of a query: which terms of the vocabulary each one stands for.

What is scored as one word asks for several entries (its exact and folded spelling, its first
letters, its stem), and their terms overlap. They are read together: each entry of a group has a
bit, and each posting is read once and sets the bits of all the entries that its term belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from index.analysis import fold
from index.codec.segment import prefix_bounds, term_bounds
from index.codec.strings import Keys
from index.layers import Layer

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


class Wanted:
    """What every segment is asked for: groups of entries, as compiled loops take them.

    Entries are added group by group, in each first those that are runs, then those that are lists;
    entry i of a group has bit 1 << i. Each is a column: group g has those from `columns[g]` on.
    """

    def __init__(self) -> None:
        self._bounds: list[bytes] = []
        self._stems: list[bytes] = []
        self._is_stem: list[bool] = []
        self._run_starts, self._list_starts = [0], [0]
        self.open_entries: list[Entry] = []

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Wanted:
        """Return what asks for some entries; those that are runs have the first columns."""
        wanted = cls()
        ordered = sorted(entries, key=lambda entry: not entry.is_run)
        for first in range(0, len(ordered), MOST_ENTRIES):
            for entry in ordered[first : first + MOST_ENTRIES]:
                wanted.add(entry)
            wanted.end_group()
        return wanted

    def add_term(self, layer: Layer, text: str) -> None:
        """Add an entry that is one of a layer."""
        if layer is Layer.STEM:
            self._stems.append(text.encode())
            self._is_stem.append(True)
        else:
            self._bounds += term_bounds(layer, text)

    def add(self, entry: Entry) -> None:
        """Add any entry."""
        if entry.is_run and entry.is_prefix:
            self._bounds += prefix_bounds(fold(entry.text))
        elif entry.is_run or entry.layer is Layer.STEM:
            self.add_term(entry.layer, entry.text)
        else:
            self.open_entries.append(entry)
            self._is_stem.append(False)

    def end_group(self) -> None:
        """Begin the next group; one has at most `MOST_ENTRIES`."""
        self._run_starts.append(len(self._bounds) // 2)
        self._list_starts.append(len(self._is_stem))

    def packed(self) -> tuple[Any, ...]:
        """Return keys where runs begin and end, stems, where each group's begin, which are stems.

        Then, last, where the columns of each group begin.
        """
        starts = np.array((self._run_starts, self._list_starts))
        return (
            *Keys.of(self._bounds),
            *Keys.of(self._stems),
            starts[0],
            starts[1],
            np.array(self._is_stem, dtype=bool),
            starts[0] + starts[1],
        )
