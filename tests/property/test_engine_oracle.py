"""The embedded engine through a whole history, against the exhaustive one over what is left.

`test_engines_agree` tries one shape of history on many queries; here articles are added, changed
and removed in any order, so that segments, deletions and merges are met in every mixture.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.build import update_index
from index.layers import Layer
from search.engine import EngineRequest, EngineResult, Everything, Searcher
from search.engines.embedded import EmbeddedEngine
from search.engines.exhaustive import ExhaustiveEngine
from search.request import FacetField, Sort
from tests.memory_archive import MemoryArchive
from tests.property.strategies import (
    ANALYZER,
    IDS,
    PREFIXES,
    TERMS,
    articles_called,
    batches,
    requests,
)

Batch = tuple[tuple[str, Article | None], ...]

EVERYTHING = EngineRequest(Everything(), limit=1000, facets=tuple(FacetField))


@contextmanager
def index_folder() -> Iterator[Path]:
    # Durability is the business of tests/faults: here syncing only costs time.
    with tempfile.TemporaryDirectory() as folder, patch("os.fsync"):
        yield Path(folder)


def apply(batch: Batch, archive: MemoryArchive) -> None:
    for article_id, article in batch:
        if article is None:
            archive.remove(article_id)
        else:
            archive.put(article)


def assert_same_answer(answer: EngineResult, truth: EngineResult, sort: Sort) -> None:
    assert answer.total == truth.total
    assert answer.scores == pytest.approx(truth.scores)
    assert dict(answer.facets) == dict(truth.facets)
    assert answer.histogram == truth.histogram
    if sort is not Sort.RELEVANCE or not any(truth.scores):
        assert answer.ids == truth.ids
        return
    # Sums in another order differ in the last bit, and so may break a tie the other way.
    scores = dict(zip(truth.ids, truth.scores, strict=True))
    for article_id, score in zip(answer.ids, answer.scores, strict=True):
        assert scores[article_id] == pytest.approx(score)


def assert_same_state(fast: Searcher, slow: Searcher, asked: list[EngineRequest]) -> None:
    for request in [EVERYTHING, *asked]:
        whole = replace(request, offset=0, limit=len(IDS) + 1)
        assert_same_answer(fast.search(whole), slow.search(whole), request.sort)
        # A page is a part of the whole, whatever broke the ties there.
        found = fast.search(whole)
        page = fast.search(request)
        assert page.ids == found.ids[request.offset : request.offset + request.limit]
        assert page.total == found.total
        assert paged(fast, request) == found.ids
    assert fast.words == slow.words


def paged(searcher: Searcher, request: EngineRequest) -> tuple[str, ...]:
    """Return what a reader sees who turns pages of two to the end."""
    seen: list[str] = []
    while ids := searcher.search(replace(request, offset=len(seen), limit=2)).ids:
        seen += ids
    return tuple(seen)


@given(st.lists(batches, min_size=1, max_size=5), st.lists(requests, max_size=6), st.data())
def test_any_history_ends_as_if_it_had_never_been(
    history: list[Batch], asked: list[EngineRequest], data: st.DataObject
) -> None:
    archive = MemoryArchive()
    with index_folder() as folder:
        engine = EmbeddedEngine(folder)
        for batch in history:
            apply(batch, archive)
            size = data.draw(st.sampled_from([1, 10, 1_000_000]), "tokens a segment")
            report = update_index(archive, folder, ANALYZER, tokens_per_segment=size)
            truth = ExhaustiveEngine(archive.articles(), ANALYZER).searcher()
            assert report.documents == len(archive.articles())
            assert_same_state(engine.searcher(), truth, asked)


@settings(max_examples=15)
@given(st.tuples(*(articles_called(each) for each in IDS)), st.lists(requests, max_size=4))
def test_segments_that_were_merged_answer_as_one(
    articles: tuple[Article, ...], asked: list[EngineRequest]
) -> None:
    with index_folder() as folder:
        archive = MemoryArchive(articles)
        update_index(archive, folder, ANALYZER, tokens_per_segment=1)
        archive.remove(IDS[0])
        archive.put(replace(articles[1], title="kar"), replace(articles[2], blocks=()))
        update_index(archive, folder, ANALYZER, tokens_per_segment=1)
        truth = ExhaustiveEngine(archive.articles(), ANALYZER).searcher()
        assert_same_state(EmbeddedEngine(folder).searcher(), truth, asked)


@settings(max_examples=25)
@given(batches, batches)
def test_the_vocabulary_is_that_of_the_articles(first: Batch, second: Batch) -> None:
    with index_folder() as folder:
        archive = MemoryArchive()
        apply(first, archive)
        update_index(archive, folder, ANALYZER)
        apply(second, archive)
        update_index(archive, folder, ANALYZER)
        fast = EmbeddedEngine(folder).searcher().vocabulary
        slow = ExhaustiveEngine(archive.articles(), ANALYZER).searcher().vocabulary
        for layer, text in TERMS:
            assert fast.count(layer, text) == slow.count(layer, text)
        # Words of deleted articles may linger until a merge: never fewer, never unknown ones.
        for text in [text for layer, text in TERMS if layer is Layer.FOLDED]:
            counts = dict(fast.spellings(text))
            for spelling, count in slow.spellings(text):
                assert counts[spelling] >= count
        for prefix in PREFIXES:
            listed = [word[:2] for word in fast.beginning_with(prefix)]
            assert listed == sorted(set(listed))
            assert {word[:2] for word in slow.beginning_with(prefix)} <= set(listed)


@settings(max_examples=25)
@given(batches)
def test_without_deletions_the_counts_of_words_are_exact(batch: Batch) -> None:
    with index_folder() as folder:
        archive = MemoryArchive()
        apply(batch, archive)
        update_index(archive, folder, ANALYZER, tokens_per_segment=10)
        fast = EmbeddedEngine(folder).searcher().vocabulary
        slow = ExhaustiveEngine(archive.articles(), ANALYZER).searcher().vocabulary
        for text in [text for layer, text in TERMS if layer is Layer.FOLDED]:
            assert fast.spellings(text) == slow.spellings(text)
        for prefix in PREFIXES:
            assert list(fast.beginning_with(prefix)) == list(slow.beginning_with(prefix))
