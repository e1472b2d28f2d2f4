"""Segments on disk: what one look-up answers, after bugs that a property test found."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import write_segment
from index.codec.postings import hits_of
from index.codec.segment import Segment
from index.layers import Layer


def segment_of(folder: Path, *articles: Article) -> Segment:
    builder = SegmentBuilder(Lexicon(Analyzer()))
    for article in articles:
        builder.add(article)
    write_segment(folder / "one.kpr", builder.finish())
    return Segment(folder / "one.kpr")


def article(article_id: str, title: str, body: str = "") -> Article:
    return Article(article_id, title, (Block(BlockKind.PARAGRAPH, body),) if body else ())


def test_a_word_absent_from_all_titles_does_not_count_its_neighbour_twice(tmp_path: Path) -> None:
    """Regression: looked up among title terms, "kar" was given the place of "karı"."""
    segment = segment_of(tmp_path, article("1", "karı", "kar"))
    run = segment.beginning_with("kar")
    assert run.hi - run.lo == 2
    found = hits_of(segment.title, np.arange(run.lo, run.hi))
    assert found.docs.tolist() == [0]
    assert found.frequencies.tolist() == [1]
    assert hits_of(segment.title, segment.terms_of(Layer.EXACT, "kar")).docs.tolist() == []
