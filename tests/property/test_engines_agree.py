"""Fast engines against the exhaustive one: any articles, any query tree, the same answer."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from index.layers import Layer
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    EngineRequest,
    Everything,
    Excluding,
    Filters,
    FuzzyQuery,
    Nothing,
    PhraseQuery,
    PrefixQuery,
    Term,
    TermQuery,
    WildcardQuery,
)
from search.engines.exhaustive import ExhaustiveEngine
from search.request import FacetField, Interval, Sort
from tests.contract.engines import embedded_with_history

ANALYZER = Analyzer()
WORDS = (
    "gel",
    "gele",
    "gelecek",
    "geldi",
    "kar",
    "kâr",
    "karı",
    "F.Bahçe",
    "T.B.M.M.",
    "%20",
    "ve",
)
FORMS = [token.forms for word in WORDS for token in ANALYZER.tokens(word)]

texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
articles = st.lists(
    st.builds(
        lambda title, blocks, published, section, authors: Article(
            "", title, tuple(blocks), published, section, authors=tuple(authors)
        ),
        texts,
        st.lists(st.builds(Block, st.just(BlockKind.PARAGRAPH), texts), max_size=3),
        st.none() | st.dates(date(2018, 12, 30), date(2020, 1, 2)),
        st.sampled_from(["", "Spor", "Kültür"]),
        st.lists(st.sampled_from(["Ece", "Ali"]), max_size=2),
    ),
    max_size=7,
).map(
    lambda drafts: [
        Article(
            f"id-{number}", each.title, each.blocks, each.published, each.section,
            authors=each.authors,
        )
        for number, each in enumerate(drafts)
    ]
)  # fmt: skip

weights = st.just(0.0) | st.floats(0.001, 2)
"""None so small that a product of it is lost: whoever adds up first then has another sum."""

terms = st.one_of(
    st.builds(lambda f, w: Term(Layer.EXACT, f.exact, w), st.sampled_from(FORMS), weights),
    st.builds(lambda f: Term(Layer.FOLDED, f.folded), st.sampled_from(FORMS)),
    st.builds(lambda f: Term(Layer.STEM, f.stem), st.sampled_from(FORMS)),
    st.builds(lambda f: Term(Layer.FIVE, f.five), st.sampled_from(FORMS)),
    st.builds(lambda f: Term(Layer.FOUR, f.four), st.sampled_from(FORMS)),
)
PATTERNS = ("gel*", "g?l*", "k*r", "ka?", "kâ?", "*r*", "?")
term_tuples = st.lists(terms, min_size=1, max_size=3).map(tuple)
leaves = st.one_of(
    st.builds(TermQuery, term_tuples, term_tuples),
    st.builds(
        PhraseQuery,
        st.lists(term_tuples, min_size=1, max_size=3).map(tuple),
        term_tuples,
        st.integers(0, 3),
    ),
    st.builds(PrefixQuery, st.just(Layer.FOLDED), st.sampled_from(["gel", "ka", "yuz", "x"])),
    st.builds(PrefixQuery, st.just(Layer.EXACT), st.sampled_from(["gel", "kâ", "kar"])),
    st.builds(
        WildcardQuery, st.sampled_from([Layer.FOLDED, Layer.EXACT]), st.sampled_from(PATTERNS)
    ),
    st.builds(FuzzyQuery, st.just(Layer.FOLDED), st.sampled_from(FORMS).map(lambda f: f.folded)),
    st.builds(FuzzyQuery, st.just(Layer.EXACT), st.sampled_from(FORMS).map(lambda f: f.exact)),
    st.just(Everything()),
    st.just(Nothing()),
)
queries: st.SearchStrategy[EngineQuery] = st.recursive(
    leaves,
    lambda children: st.one_of(
        st.builds(AnyOf, st.lists(children, min_size=1, max_size=3).map(tuple)),
        st.builds(AllOf, st.lists(children, min_size=1, max_size=3).map(tuple)),
        st.builds(Excluding, children, children),
    ),
    max_leaves=5,
)
filters = st.builds(
    Filters,
    st.none() | st.just(1546290000),  # 2019-01-01 in Istanbul
    st.none() | st.just(1577826000),  # 2020-01-01 in Istanbul
    sections=st.sampled_from([(), ("Spor",), ("Spor", "Kültür")]),
    authors=st.sampled_from([(), ("Ece",)]),
)
requests = st.builds(
    EngineRequest,
    queries,
    filters=filters,
    sort=st.sampled_from(Sort),
    limit=st.just(20),
    facets=st.just(tuple(FacetField)),
    histogram=st.sampled_from(Interval),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles, st.lists(requests, min_size=1, max_size=12))
def test_embedded_answers_as_the_exhaustive_engine(
    articles: list[Article], requests: list[EngineRequest]
) -> None:
    # Durability is the business of tests/faults: here syncing only costs time.
    with tempfile.TemporaryDirectory() as folder, patch("os.fsync"):
        fast = embedded_with_history(articles, Path(folder)).searcher()
        slow = ExhaustiveEngine(articles, ANALYZER).searcher()
        for request in requests:
            answer, truth = fast.search(request), slow.search(request)
            assert answer.total == truth.total
            assert answer.scores == pytest.approx(truth.scores)
            # Scores that differ in the last bit only may change places.
            assert dict(zip(answer.ids, answer.scores, strict=True)) == pytest.approx(
                dict(zip(truth.ids, truth.scores, strict=True))
            )
            if request.sort is not Sort.RELEVANCE:
                assert answer.ids == truth.ids
            assert dict(answer.facets) == dict(truth.facets)
            assert answer.histogram == truth.histogram


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles, st.lists(requests, min_size=1, max_size=8))
def test_an_explanation_adds_up_to_the_score_in_every_engine(
    articles: list[Article], requests: list[EngineRequest]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fast = embedded_with_history(articles, Path(folder)).searcher()
        slow = ExhaustiveEngine(articles, ANALYZER).searcher()
        for request in requests:
            found = fast.search(request)
            scores = dict(zip(found.ids, found.scores, strict=True))
            for article in articles:
                parts, truth = (each.explain(request, article.id) for each in (fast, slow))
                if article.id not in scores:
                    assert parts is truth is None
                    continue
                assert parts is not None
                assert truth is not None
                assert sum(part.score for part in parts) == pytest.approx(scores[article.id])
                assert [replace(part, weight=0.0, idf=0.0, score=0.0) for part in parts] == [
                    replace(part, weight=0.0, idf=0.0, score=0.0) for part in truth
                ]
                for part, other in zip(parts, truth, strict=True):
                    assert (part.weight, part.idf, part.score) == pytest.approx(
                        (other.weight, other.idf, other.score)
                    )
