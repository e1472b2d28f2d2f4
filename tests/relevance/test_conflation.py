"""How well the stem layer brings the forms of one word together, over pairs of words.

A pair is right together where both words have the same gold lemma. Precision is the share of
pairs put together that are right, recall the share of right pairs put together. Words are those of
../shared/lexicon, cut at the apostrophe as analysis does; verbs are the lemmas that occur with an
ending only verbs take. Printed with `pytest -s`; the floors are a little below what was measured.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import snowballstemmer

from benchmarks.conflation import GoldWords, conflation, read_gold_words, table
from index.analysis import Analyzer
from index.words import read_word_lists

FLOORS = {"nominals": (0.91, 0.87, 0.89), "verbs": (0.95, 0.88, 0.91)}
"""Precision, recall and F1; the figures they hold are in docs/analysis.md."""


@pytest.fixture(scope="module")
def gold(shared: Path) -> GoldWords:
    return read_gold_words(shared / "lexicon" / "gold_lemmas.tsv")


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(read_word_lists())


@pytest.mark.parametrize("part", FLOORS)
def test_conflation_keeps_its_floors(part: str, gold: GoldWords, analyzer: Analyzer) -> None:
    measured = conflation(gold[part], analyzer.stem)
    precision, recall, f1 = FLOORS[part]
    assert measured.precision >= precision
    assert measured.recall >= recall
    assert measured.f1 >= f1


def test_conflation_is_better_than_snowball_both_ways(gold: GoldWords, analyzer: Analyzer) -> None:
    snowball = snowballstemmer.stemmer("turkish").stemWord
    print("\n" + table(gold, {"kupur": analyzer.stem, "Snowball": snowball}))  # noqa: T201 - asked for
    for lemmas in gold.values():
        ours, theirs = conflation(lemmas, analyzer.stem), conflation(lemmas, snowball)
        assert ours.precision > theirs.precision
        assert ours.recall > theirs.recall
