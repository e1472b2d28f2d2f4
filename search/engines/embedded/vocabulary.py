"""The indexed words of one snapshot, for query repair and suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.schema import Layer
from search.engines.embedded.snapshot import Snapshot


class IndexedWords:
    """The port's `Vocabulary`.

    Counts of single words may include deleted articles until a merge; `count` does not.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def count(self, layer: Layer, text: str) -> int:
        """Return how many articles hold this term of this layer."""
        return len(self._snapshot.hits("text", layer, text).docs)

    def spellings(self, folded: str) -> Sequence[tuple[str, int]]:
        """Return the exact words whose fold is `folded`, with their counts."""
        counts: dict[str, int] = {}
        for segment in self._snapshot.segments:
            run = segment.folded(folded)
            for key, count in segment.words(run):
                exact = key.partition(b"\0")[2].decode()
                counts[exact] = counts.get(exact, 0) + count
        return sorted(counts.items())

    def beginning_with(self, folded_prefix: str) -> Iterable[tuple[str, str, int]]:
        """Return (folded, exact, count) of every word whose fold begins so, in folded order."""
        counts: dict[bytes, int] = {}
        for segment in self._snapshot.segments:
            for key, count in segment.words(segment.beginning_with(folded_prefix)):
                counts[key] = counts.get(key, 0) + count
        for key in sorted(counts):
            folded, _, exact = key.decode().partition("\0")
            yield folded, exact, counts[key]
