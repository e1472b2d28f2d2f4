"""The indexed words of one snapshot, for query repair and suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.codec.segment import SEPARATOR, word_of
from index.schema import Layer
from search.engines.embedded.entries import Entry
from search.engines.embedded.scoring import Scorer
from search.engines.embedded.snapshot import Snapshot


class IndexedWords:
    """The port's `Vocabulary`.

    Counts of single words may include deleted articles until a merge; `count` does not.
    """

    def __init__(self, snapshot: Snapshot, scorer: Scorer) -> None:
        self._snapshot = snapshot
        self._scorer = scorer

    def count(self, layer: Layer, text: str) -> int:
        """Return how many articles hold this term of this layer."""
        return self._scorer.document_frequency(Entry(layer, text))

    def spellings(self, folded: str) -> Sequence[tuple[str, int]]:
        """Return the exact words whose fold is `folded`, with their counts."""
        counts: dict[str, int] = {}
        for segment in self._snapshot.segments:
            run = segment.spelled(folded)
            for key, count in segment.words(run):
                exact = word_of(key)
                counts[exact] = counts.get(exact, 0) + count
        return sorted(counts.items())

    def beginning_with(self, folded_prefix: str) -> Iterable[tuple[str, str, int]]:
        """Return (folded, exact, count) of every word whose fold begins so, in folded order."""
        counts: dict[bytes, int] = {}
        for segment in self._snapshot.segments:
            for key, count in segment.words(segment.beginning_with(folded_prefix)):
                counts[key] = counts.get(key, 0) + count
        for key in sorted(counts):
            yield key.partition(SEPARATOR)[0].decode(), word_of(key), counts[key]
