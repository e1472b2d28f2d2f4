"""The entries of a query: which terms of the vocabulary each one stands for.

What is scored as one word asks for several entries (its exact and folded spelling, its first
letters, its stem), and their terms overlap. They are read together: each entry of a group has a
bit, and each posting is read once and sets the bits of all the entries that its term belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.analysis import fold
from index.codec.segment import prefix_bounds, term_bounds
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

    @property
    def bounds(self) -> tuple[bytes, bytes]:
        """The vocabulary keys (first, behind) of its run."""
        if self.is_prefix:
            return prefix_bounds(fold(self.text))
        return term_bounds(self.layer, self.text)


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that are read together, first those that are runs; entry i has bit 1 << i."""

    runs: Sequence[Entry]
    lists: Sequence[Entry]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Group:
        """Group some entries, at most `MOST_ENTRIES`."""
        return cls(
            [entry for entry in entries if entry.is_run],
            [entry for entry in entries if not entry.is_run],
        )

    @property
    def entries(self) -> list[Entry]:
        """All of them, in the order of their bits."""
        return [*self.runs, *self.lists]


def grouped(entries: Sequence[Entry]) -> Iterator[Group]:
    """Yield the entries in groups of at most `MOST_ENTRIES`."""
    for first in range(0, len(entries), MOST_ENTRIES):
        yield Group.of(entries[first : first + MOST_ENTRIES])
