"""Stock Whoosh over the same files: the same documents, and by the same formula the same scores.

Whoosh reads each generation through its own query classes, matchers and collectors, so it is a
second opinion on what the embedded engine makes of the postings.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import log
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import whoosh.index
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as wq
from whoosh.scoring import BaseScorer, WeightingModel

from index.article import Article
from index.build import update_index
from index.generations import current_generation
from index.layers import Layer, text_blocks
from index.schema import TITLE_PREFIX
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    EngineRequest,
    Everything,
    Excluding,
    PhraseQuery,
    PrefixQuery,
    Ranking,
    Term,
    TermQuery,
    WildcardQuery,
)
from search.engines.embedded import EmbeddedEngine
from search.engines.embedded.engine import EmbeddedSearcher
from tests.memory_archive import MemoryArchive
from tests.property.strategies import (
    ANALYZER,
    TERMS,
    article_sets,
    batches,
    prefixes,
    wildcards,
)

Batch = tuple[tuple[str, Article | None], ...]
# Whoosh adds up terms: it has no word that could be raised to a power.
RANKING = Ranking(word_power=1.0)

one_term = st.sampled_from(TERMS).map(lambda term: Term(term[0], term[1]))


@st.composite
def phrases_of_one_layer(draw: st.DrawFn) -> PhraseQuery:
    """Whoosh's phrases have one field, and allow as many words between each two."""
    layer = draw(st.sampled_from(Layer))
    texts = [text for own, text in TERMS if own is layer]
    words = draw(st.lists(st.sampled_from(texts), min_size=2, max_size=3))
    slop = draw(st.integers(0, 3)) if len(words) == 2 else 0
    return PhraseQuery(tuple((Term(layer, word),) for word in words), (), slop)


# No fuzzy words: two swapped letters are two slips to Whoosh.
queries: st.SearchStrategy[EngineQuery] = st.recursive(
    st.one_of(
        one_term.map(lambda term: TermQuery((term,), ())),
        prefixes,
        wildcards,
        phrases_of_one_layer(),
        st.just(Everything()),
    ),
    lambda inner: st.one_of(
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Excluding, inner, inner),
    ),
    max_leaves=5,
)


def in_whoosh(query: EngineQuery) -> wq.Query:
    """Return the same question in Whoosh's query classes."""
    match query:
        case TermQuery():
            return wq.Or([wq.Term(term.layer.value, term.text) for term in query.match])
        case PrefixQuery():
            return wq.Prefix(query.layer.value, query.prefix)
        case WildcardQuery():
            return wq.Wildcard(query.layer.value, query.pattern)
        case PhraseQuery():
            field = query.words[0][0].layer.value
            return wq.Phrase(field, [word[0].text for word in query.words], slop=query.slop + 1)
        case AnyOf():
            return wq.Or([in_whoosh(child) for child in query.children])
        case AllOf():
            return wq.And([in_whoosh(child) for child in query.children])
        case Excluding():
            return wq.And([in_whoosh(query.wanted), wq.Not(in_whoosh(query.unwanted))])
        case Everything():
            return wq.Every()
        case _:
            raise ValueError(query)


class LiveBm25(WeightingModel):  # type: ignore[misc]  # whoosh has no types
    """BM25 as `search.engine.Ranking` writes it, counting live documents only."""

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> BaseScorer:  # noqa: ARG002  # Whoosh passes it
        return _LiveBm25Scorer(searcher, fieldname, text)


class _LiveBm25Scorer(BaseScorer):  # type: ignore[misc]  # whoosh has no types
    def __init__(self, searcher: Any, fieldname: str, text: bytes) -> None:
        whole = searcher.get_parent().reader()
        live = list(whole.all_doc_ids())
        lengths = [whole.doc_field_length(document, fieldname) for document in live]
        holding = len(list(whole.postings(fieldname, text).all_ids()))
        self._reader = searcher.reader()
        self._field = fieldname
        self._mean = sum(lengths) / len(lengths)
        self._idf = log(1 + (len(live) - holding + 0.5) / (holding + 0.5))
        self._b = RANKING.title_b if fieldname.startswith(TITLE_PREFIX) else RANKING.b

    def score(self, matcher: Any) -> float:
        frequency: float = matcher.weight()
        length = self._reader.doc_field_length(matcher.id(), self._field)
        norm = RANKING.k1 * (1 - self._b + self._b * length / self._mean)
        score: float = self._idf * frequency * (RANKING.k1 + 1) / (frequency + norm)
        return score

    def supports_block_quality(self) -> bool:
        return False


@contextmanager
def both_searchers(*history: Batch) -> Iterator[tuple[EmbeddedSearcher, Any]]:
    """Index a history; give the embedded searcher and stock Whoosh's over the same generation."""
    archive = MemoryArchive()
    with tempfile.TemporaryDirectory() as name, patch("os.fsync"):
        folder = Path(name)
        for batch in history:
            for article_id, article in batch:
                if article is None:
                    archive.remove(article_id)
                else:
                    archive.put(article)
            update_index(archive, folder, ANALYZER, tokens_per_segment=12)
        generation = current_generation(folder)
        if generation is None:
            update_index(archive, folder, ANALYZER)
            generation = current_generation(folder)
        assert generation is not None
        index = whoosh.index.open_dir(str(generation.folder))
        with index.searcher(weighting=LiveBm25()) as searcher:
            yield EmbeddedEngine(folder).searcher(), searcher


@given(batches, batches, st.lists(queries, min_size=1, max_size=8))
def test_stock_whoosh_finds_the_same_documents(
    first: Batch, second: Batch, asked: list[EngineQuery]
) -> None:
    with both_searchers(first, second) as (embedded, stock):
        for query in asked:
            expected = embedded.search(EngineRequest(query, limit=100)).ids
            found = [hit["id"] for hit in stock.search(in_whoosh(query), limit=None)]
            assert sorted(found) == sorted(expected), query


@given(batches, batches, st.lists(one_term, min_size=1, max_size=4, unique=True))
def test_stock_whoosh_gives_the_same_scores(first: Batch, second: Batch, terms: list[Term]) -> None:
    with both_searchers(first, second) as (embedded, stock):
        query = TermQuery(tuple(terms), tuple(terms))
        result = embedded.search(EngineRequest(query, ranking=RANKING, limit=100))
        expected = dict(zip(result.ids, result.scores, strict=True))
        whole = [wq.Term(term.layer.value, term.text) for term in terms]
        titles = [
            wq.Term(f"{TITLE_PREFIX}{term.layer.value}", term.text, boost=RANKING.title_weight)
            for term in terms
        ]
        found = {hit["id"]: hit.score for hit in stock.search(wq.Or([*whole, *titles]), limit=None)}
        assert found == pytest.approx(expected, abs=1e-6)


@settings(max_examples=20)
@given(article_sets)
def test_stock_whoosh_lists_the_terms_of_every_layer_with_their_counts(
    articles: list[Article],
) -> None:
    with both_searchers(tuple((article.id, article) for article in articles)) as (_, stock):
        reader = stock.reader()
        for layer in Layer:
            for field, titles_only in (
                (layer.value, False),
                (f"{TITLE_PREFIX}{layer.value}", True),
            ):
                terms = [list(terms_of(each, layer, titles_only)) for each in articles]
                holding = Counter(term for own in terms for term in set(own))
                standing = Counter(term for own in terms for term in own)
                listed = [text.decode() for text in reader.lexicon(field)]
                assert listed == sorted(holding)
                for text in listed:
                    assert reader.doc_frequency(field, text) == holding[text]
                    assert reader.frequency(field, text) == standing[text]


def terms_of(article: Article, layer: Layer, titles_only: bool) -> Iterator[str]:
    texts = [article.title] if titles_only else text_blocks(article)
    for text in texts:
        for token in ANALYZER.tokens(text):
            yield getattr(token.forms, layer.value)
