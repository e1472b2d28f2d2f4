"""Marks and explanations take the words that engines find: two ways to tell them, one answer."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import Forms
from index.layers import Layer
from search.engine import FuzzyQuery, OpenQuery, PrefixQuery, WildcardQuery
from search.engines import exhaustive_scoring
from search.patterns import asks_for

words = st.text(alphabet="abşж", max_size=6)
patterns = st.text(alphabet="abş*?", max_size=6)


def assert_same(query: OpenQuery, word: str) -> bool:
    forms = Forms(word, word, word)
    truth = exhaustive_scoring.asks_for(query)(forms)
    assert asks_for(query)(forms) is truth
    return truth


@given(patterns, words)
@example("a*b?", "aabab")
@example("*", "")
@example("?", "")
def test_a_wildcard_describes_the_same_words(pattern: str, word: str) -> None:
    assert_same(WildcardQuery(Layer.EXACT, pattern), word)


@given(words, words)
@example("ab", "ba")
@example("aba", "bab")
@example("", "a")
def test_a_fuzzy_word_is_like_the_same_words_and_they_like_it(asked: str, word: str) -> None:
    assert assert_same(FuzzyQuery(Layer.FOLDED, asked), word) == assert_same(
        FuzzyQuery(Layer.FOLDED, word), asked
    )


@given(words, words)
def test_a_prefix_is_a_wildcard_with_one_star_at_its_end(prefix: str, word: str) -> None:
    assert assert_same(PrefixQuery(Layer.EXACT, prefix), word) == assert_same(
        WildcardQuery(Layer.EXACT, f"{prefix}*"), word
    )
