"""Segments at their limit: 65,536 documents, and where the next one goes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.analysis import Analyzer
from index.build import update_index
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import write_segment
from index.codec.inversion import LARGEST_SEGMENT
from index.codec.merger import merge_segments
from index.codec.postings import hits_of
from index.codec.segment import Segment
from index.generations import current_generation
from index.layers import Layer
from search.engine import EngineRequest, EngineResult, Term, TermQuery
from search.engines.embedded import EmbeddedEngine
from tests.memory_archive import MemoryArchive, news

LAST = LARGEST_SEGMENT - 1


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Segment:
    """Return a segment of as many articles as it may hold; the last one alone has "son"."""
    builder = SegmentBuilder(Lexicon(Analyzer()))
    for number in range(LARGEST_SEGMENT):
        assert not builder.is_full
        builder.add(news(f"{number:05}", "kar son" if number == LAST else "kar"))
    assert builder.is_full
    path = tmp_path_factory.mktemp("full") / "MAIN_0.kpr"
    write_segment(path, builder.finish())
    return Segment(path)


def test_the_last_document_has_the_last_number_of_two_bytes(full: Segment) -> None:
    assert np.iinfo(np.uint16).max == LAST
    assert full.document_count == LARGEST_SEGMENT
    assert full.text.arrays.docs.dtype == np.uint16
    assert full.document_of(f"{LAST:05}") == LAST
    assert hits_of(full.text, full.terms_of(Layer.EXACT, "son")).docs.tolist() == [LAST]
    every = hits_of(full.title, full.terms_of(Layer.EXACT, "kar")).docs
    assert every.tolist() == list(range(LARGEST_SEGMENT))
    assert full.text.places(full.terms_of(Layer.EXACT, "son")).tolist() == [(LAST << 32) + 1]


def test_a_builder_refuses_one_document_too_many() -> None:
    builder = SegmentBuilder(Lexicon(Analyzer()))
    for number in range(LARGEST_SEGMENT + 1):
        builder.add(news(str(number), "kar"))
    with pytest.raises(ValueError, match="65537 documents in a segment that holds 65536"):
        builder.finish()


def test_merging_refuses_one_document_too_many(full: Segment, tmp_path: Path) -> None:
    builder = SegmentBuilder(Lexicon(Analyzer()))
    builder.add(news("more", "buz"))
    write_segment(tmp_path / "more.kpr", builder.finish())
    more = Segment(tmp_path / "more.kpr")
    every, one = np.ones(LARGEST_SEGMENT, dtype=bool), np.ones(1, dtype=bool)
    with pytest.raises(ValueError, match="65537 documents"):
        merge_segments([full, more], [every, one])
    every[0] = False  # a deleted document makes room
    merged = merge_segments([full, more], [every, one])
    assert merged.ids[-2:] == [f"{LAST:05}", "more"]
    assert merged.text.docs.max() == LAST


def test_an_archive_goes_on_in_the_next_segment(tmp_path: Path) -> None:
    archive = MemoryArchive(news(f"{number:05}", "kar") for number in range(LARGEST_SEGMENT - 1))
    archive.put(news("last", "son"), news("next", "son"), news("other", "buz"))
    update_index(archive, tmp_path, Analyzer())
    assert documents(tmp_path) == [LARGEST_SEGMENT, 2]
    assert ask(tmp_path, "son").ids == ("last", "next")
    assert ask(tmp_path, "kar").total == LARGEST_SEGMENT - 1
    archive.remove("last")
    archive.put(news("more", "son"))
    update_index(archive, tmp_path, Analyzer())
    assert documents(tmp_path) == [LARGEST_SEGMENT, 2, 1]
    assert ask(tmp_path, "son").ids == ("more", "next")


def documents(folder: Path) -> list[int]:
    generation = current_generation(folder)
    assert generation is not None
    return [entry.documents for entry in generation.manifest.segments]


def ask(folder: Path, word: str) -> EngineResult:
    term = Term(Layer.FOLDED, word)
    request = EngineRequest(TermQuery((term,), (term,)), limit=10)
    return EmbeddedEngine(folder).searcher().search(request)
