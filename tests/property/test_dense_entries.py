"""A dense entry says what the postings of its terms say: who holds it, and how often."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import write_segment
from index.codec.dense import ESCAPE, RUN_BITS, SHARE
from index.codec.inversion import Longs
from index.codec.postings import hits_of
from index.codec.segment import Segment
from index.layers import Layer

WORDS = ["kar", "kâr", "karlar", "karın", "kara", "Karabük", "kitap", "kitabı", "ışık", "şık", "ve"]
FEWEST = 3
"""As the conftest has it."""

documents = st.lists(st.lists(st.sampled_from(WORDS), max_size=40), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def written(analyzer: Analyzer, texts: list[list[str]], folder: Path) -> Segment:
    builder = SegmentBuilder(Lexicon(analyzer))
    for number, words in enumerate(texts):
        builder.add(Article(f"a{number}", "", (Block(BlockKind.PARAGRAPH, " ".join(words)),)))
    path = folder / "one.kpr"
    path.unlink(missing_ok=True)
    write_segment(path, builder.finish())
    return Segment(path)


class _Dense:
    """The dense entries of a segment, read as docs/index-format.md says."""

    def __init__(self, segment: Segment) -> None:
        container = segment.container
        self.runs = [(c >> RUN_BITS, c % (1 << RUN_BITS)) for c in self._list(container, "runs")]
        stems = self._list(container, "stems")
        self.stems = dict(zip(stems, self._list(container, "stem_entries"), strict=True))
        self.count = len(self._list(container, "starts")) - 1
        self._segment = segment

    @staticmethod
    def _list(container: object, name: str) -> list[int]:
        listed: list[int] = container.array(f"dense.{name}").tolist()  # type: ignore[attr-defined]
        return listed

    def frequencies(self, entry: int) -> dict[int, int]:
        """Return how often the entry stands in each document that holds it."""
        array = self._segment.container.array
        words = -(-self._segment.document_count // 64)
        bitmap = array("dense.bitmaps")[entry * words : (entry + 1) * words]
        docs = np.flatnonzero(np.unpackbits(bitmap.view(np.uint8), bitorder="little")).tolist()
        first = 2 * int(array("dense.starts")[entry])
        octets = array("dense.frequencies")
        halves = np.column_stack((octets & 15, octets >> 4)).ravel()[first : first + len(docs)]
        overflow = dict(
            zip(
                array("dense.overflow_places").tolist(),
                array("dense.overflow_values").tolist(),
                strict=True,
            )
        )
        return {
            document: overflow[place] if half == ESCAPE else half
            for place, (document, half) in enumerate(zip(docs, halves.tolist(), strict=True), first)
        }


def truth(segment: Segment, terms: Longs) -> dict[int, int]:
    hits = hits_of(segment.text, terms)
    return dict(zip(hits.docs.tolist(), hits.frequencies.tolist(), strict=True))


def runs_of_layers(segment: Segment) -> set[tuple[int, int]]:
    """Return the run of every entry of a layer that is a run."""
    runs = set()
    for key in segment.keys.all():
        folded, _, exact = key.decode().partition("\0")
        for layer, text in (
            (Layer.EXACT, exact or folded),
            (Layer.FOLDED, folded),
            (Layer.FOUR, folded[:4]),
            (Layer.FIVE, folded[:5]),
        ):
            run = segment.terms_of(layer, text)
            runs.add((run.lo, run.hi))  # type: ignore[union-attr]
    return runs


@settings(deadline=None)
@given(documents)
def test_entries_that_many_documents_hold_are_dense(
    analyzer: Analyzer, tmp_path_factory: pytest.TempPathFactory, texts: list[list[str]]
) -> None:
    segment = written(analyzer, texts, tmp_path_factory.getbasetemp())
    entries = _Dense(segment)
    least = max(FEWEST, -(-len(texts) // SHARE))
    wide = {r for r in runs_of_layers(segment) if len(truth(segment, np.arange(*r))) >= least}
    assert entries.runs == sorted(wide)
    for entry, run in enumerate(entries.runs):
        assert entries.frequencies(entry) == truth(segment, np.arange(*run))
    terms = segment.terms_of_stems([stem.decode() for stem in segment.stems.all()])
    held = {number: truth(segment, own) for number, own in enumerate(terms)}
    assert set(entries.stems) == {number for number, own in held.items() if len(own) >= least}
    for number, entry in entries.stems.items():
        assert entries.frequencies(entry) == held[number]


def test_stems_that_are_a_run_share_its_entry(analyzer: Analyzer, tmp_path: Path) -> None:
    segment = written(analyzer, [["ve", "ışık"]] * FEWEST, tmp_path)
    entries = _Dense(segment)
    assert entries.count == len(entries.runs) == len(entries.stems) == 2


def test_large_segments_have_many_words_an_entry(analyzer: Analyzer, tmp_path: Path) -> None:
    chance = np.random.default_rng(7)
    texts = [["ve"] * int(chance.integers(0, 40)) + ["kar"] * (n % 3) for n in range(1_500)]
    segment = written(analyzer, texts, tmp_path)
    entries = _Dense(segment)
    own = segment.terms_of(Layer.EXACT, "ve")
    entry = entries.runs.index((own.lo, own.hi))  # type: ignore[union-attr]
    counted = {number: Counter(words)["ve"] for number, words in enumerate(texts)}
    assert entries.frequencies(entry) == {n: count for n, count in counted.items() if count}


def test_small_segments_have_none(analyzer: Analyzer, tmp_path: Path) -> None:
    segment = written(analyzer, [["kar"]] * (FEWEST - 1), tmp_path)
    assert _Dense(segment).count == 0


def test_an_empty_segment_has_none(analyzer: Analyzer, tmp_path: Path) -> None:
    assert _Dense(written(analyzer, [[]], tmp_path)).count == 0
