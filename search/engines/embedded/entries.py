"""The entries of a query: which runs of the vocabulary it asks for, each read only once.

The terms of an exact word lie within those of its fold, these within its first five letters, and
these within four. So the entries of one word form a chain of runs, one inside the other: reading
the widest run from the inside out gives the frequencies of every entry on the way.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from index.analysis import fold
from index.codec.segment import prefix_bounds, term_bounds
from index.schema import Layer


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one layer, or (a prefix) all whose spelling begins so."""

    layer: Layer
    text: str
    is_prefix: bool = False

    @property
    def is_run(self) -> bool:
        """Whether its terms are one run of the vocabulary: all but stems and exact prefixes."""
        if self.is_prefix:
            return self.layer is not Layer.EXACT
        return self.layer is not Layer.STEM

    @property
    def bounds(self) -> tuple[bytes, bytes]:
        """The vocabulary keys (first, behind) of its run."""
        if self.is_prefix:
            return prefix_bounds(fold(self.text))
        return term_bounds(self.layer, self.text)


Chain = tuple[Entry, ...]
"""Entries whose runs lie one inside the other, the innermost first; or one entry that is no run."""


def chains(entries: Collection[Entry]) -> list[Chain]:
    """Return the entries as chains; each entry is in one."""
    alone = [(entry,) for entry in entries if not entry.is_run]
    runs = sorted(
        ((entry.bounds, entry) for entry in entries if entry.is_run),
        key=lambda pair: (pair[0][0], _descending(pair[0][1]), pair[1].layer),
    )
    open_chains: list[list[tuple[tuple[bytes, bytes], Entry]]] = []
    for bounds, entry in runs:
        for chain in open_chains:
            if _within(bounds, chain[-1][0]):
                chain.append((bounds, entry))
                break
        else:
            open_chains.append([(bounds, entry)])
    return [
        *(tuple(entry for _, entry in reversed(chain)) for chain in open_chains),
        *alone,
    ]


def _within(inner: tuple[bytes, bytes], outer: tuple[bytes, bytes]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _descending(key: bytes) -> tuple[int, ...]:
    return (*(-octet for octet in key), 1)
