"""The indexed words of one snapshot, for query repair and suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.codec.postings import Terms
from index.codec.segment import SEPARATOR, term_bounds, word_of
from index.layers import Layer
from search.engine import Term
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

    def counts_at_most(self, terms: Sequence[Term]) -> list[int]:
        """Return for each term how many postings it has in the text."""
        stems = [number for number, term in enumerate(terms) if term.layer is Layer.STEM]
        others = [number for number, term in enumerate(terms) if term.layer is not Layer.STEM]
        bounds = [term_bounds(terms[number].layer, terms[number].text) for number in others]
        counts = [0] * len(terms)
        for segment in self._snapshot.segments:
            found: list[tuple[int, Terms]] = [
                *zip(stems, segment.terms_of_stems([terms[n].text for n in stems]), strict=True),
                *zip(others, segment.runs_within(bounds), strict=True),
            ]
            for number, own in found:
                runs = segment.text.runs(own)
                counts[number] += int((runs.hi - runs.lo).sum())
        return counts

    def spellings(self, folded: str) -> Sequence[tuple[str, int]]:
        """Return the exact words whose fold is `folded`, with their counts."""
        return self.spellings_of([folded])[0]

    def spellings_of(self, folds: Sequence[str]) -> list[Sequence[tuple[str, int]]]:
        """Return the spellings of each fold: one look-up a segment for all."""
        bounds = [term_bounds(Layer.FOLDED, folded) for folded in folds]
        counts: list[dict[str, int]] = [{} for _ in folds]
        for segment in self._snapshot.segments:
            for own, run in zip(counts, segment.runs_within(bounds), strict=True):
                if run.lo == run.hi:
                    continue
                for key, count in segment.words(run):
                    exact = word_of(key)
                    own[exact] = own.get(exact, 0) + count
        return [sorted(own.items()) for own in counts]

    def beginning_with(self, folded_prefix: str) -> Iterable[tuple[str, str, int]]:
        """Return (folded, exact, count) of every word whose fold begins so, in folded order."""
        counts: dict[bytes, int] = {}
        for segment in self._snapshot.segments:
            for key, count in segment.words(segment.beginning_with(folded_prefix)):
                counts[key] = counts.get(key, 0) + count
        for key in sorted(counts):
            yield key.partition(SEPARATOR)[0].decode(), word_of(key), counts[key]
