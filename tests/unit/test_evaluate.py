"""Measures against figures worked out by hand, comparisons, and the files of an evaluation."""

from __future__ import annotations

import json
from itertools import pairwise
from math import log2
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from index.errors import InputError
from search.engines.exhaustive import ExhaustiveEngine
from search.evaluate import (
    Evaluation,
    SearchParts,
    chance_of_difference,
    compare,
    evaluate,
    run_topics,
)
from search.ranking import RankingProfile
from search.repair import SpellingRepair
from search.trec import (
    Topic,
    falling,
    query_files,
    read_qrels,
    read_run,
    read_topics,
    run_lines,
)

QRELS = {
    "q1": {"a": 2, "b": 1, "z": 1},
    "q2": {"c": 1},
    "q3": {"d": 1},
    "q4": {"e": 0},
}
RUN = {
    "q1": {"b": 9.0, "x": 8.0, "a": 7.0},
    "q2": {"y": 2.0, "x": 1.0},
    "q3": {},
    "q4": {"e": 1.0},
    "nobody judged": {"a": 1.0},
}


def written(folder: Path, text: str, name: str = "file.txt") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_measures_are_what_a_hand_works_out() -> None:
    found = evaluate(RUN, QRELS)
    best = 3 / log2(2) + 1 / log2(3) + 1 / log2(4)  # a (gain 2² - 1), b and z (gain 1)
    assert found.by_query["nDCG@10"]["q1"] == pytest.approx((1 / log2(2) + 3 / log2(4)) / best)
    assert found.by_query["MRR@10"]["q1"] == 1.0
    assert found.by_query["R@100"]["q1"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("query", ["q2", "q3", "q4"])
def test_finding_nothing_relevant_counts_nothing(query: str) -> None:
    found = evaluate(RUN, QRELS)
    assert {measure: values[query] for measure, values in found.by_query.items()} == {
        "nDCG@10": 0.0,
        "MRR@10": 0.0,
        "R@100": 0.0,
    }


def test_the_mean_is_over_judged_queries() -> None:
    found = evaluate(RUN, QRELS)
    assert set(found.by_query["MRR@10"]) == set(QRELS)
    assert found.mean("MRR@10") == pytest.approx(1 / 4)


def test_reciprocal_rank_ends_at_the_tenth_place_and_recall_at_the_hundredth() -> None:
    places = {f"x{number:03}": 200.0 - number for number in range(150)}
    run = {"ninth": places, "tenth": places, "last": places, "beyond": places}
    qrels = {
        "ninth": {"x008": 1},
        "tenth": {"x010": 1},  # the eleventh place
        "last": {"x099": 1},
        "beyond": {"x100": 1},
    }
    found = evaluate(run, qrels)
    assert found.by_query["MRR@10"]["ninth"] == pytest.approx(1 / 9)
    assert found.by_query["MRR@10"]["tenth"] == 0.0
    assert found.by_query["R@100"]["last"] == 1.0
    assert found.by_query["R@100"]["beyond"] == 0.0


def test_equal_scores_count_in_the_order_of_the_run() -> None:
    tied = {"q": dict.fromkeys(("a", "b", "c"), 0.1)}
    for article, reciprocal in (("a", 1.0), ("b", 1 / 2), ("c", 1 / 3)):
        found = evaluate(tied, {"q": {article: 1}})
        assert found.by_query["MRR@10"]["q"] == pytest.approx(reciprocal)


def test_queries_that_nobody_judged_are_told() -> None:
    with pytest.raises(InputError, match="none of these queries is judged"):
        evaluate({"q": {"a": 1.0}}, QRELS)


scores = st.lists(st.floats(0, 50, width=64), max_size=12).map(
    lambda listed: sorted(listed, reverse=True)
)


@given(scores)
def test_scores_fall_strictly_in_32_bits_and_hardly_change(given: list[float]) -> None:
    fallen = falling({f"a{place}": score for place, score in enumerate(given)})
    assert list(fallen) == [f"a{place}" for place in range(len(given))]
    values = list(fallen.values())
    assert all(first > second for first, second in pairwise(values))
    assert values == pytest.approx(given, rel=1e-5, abs=1e-40)


def test_a_run_file_reads_back_to_the_same_figures(tmp_path: Path) -> None:
    run = {
        "q1": {"x": 1.0, "a": 1.0, "b": 1.0 - 1e-12, "z": 0.5},
        "q2": {"c": 12.345678901234567, "y": 12.345678901234566},
        "q3": {},
    }
    qrels = {query: QRELS[query] for query in run}
    ours = evaluate(run, qrels)
    path = written(tmp_path, "".join(f"{line}\n" for line in run_lines(run, "kupur")))
    assert read_run(path).keys() == {"q1", "q2"}
    measures = [ir_measures.nDCG(gains={1: 1, 2: 3}) @ 10, ir_measures.RR @ 10, ir_measures.R @ 100]
    read = ir_measures.read_trec_run(str(path))  # type: ignore[no-untyped-call] # ships no types
    theirs = ir_measures.iter_calc(measures, qrels, read)
    found = {(str(each.measure)[:2], each.query_id): each.value for each in theirs}
    assert len(found) == 9
    for name, letters in (("nDCG@10", "nD"), ("MRR@10", "RR"), ("R@100", "R@")):
        for query, value in ours.by_query[name].items():
            assert found[letters, query] == pytest.approx(value)


def evaluation(values: list[float]) -> Evaluation:
    return Evaluation({"nDCG@10": {f"q{place}": value for place, value in enumerate(values)}})


def test_a_comparison_counts_what_got_better_and_worse() -> None:
    found = compare(evaluation([0.5, 0.5, 0.5, 1.0]), evaluation([0.6, 0.7, 0.4, 1.0]), "nDCG@10")
    assert (found.better, found.worse, found.same) == (2, 1, 1)
    assert found.difference == pytest.approx(0.2 / 4)
    assert 0.5 < found.chance < 1


def test_equal_runs_differ_by_chance_and_a_clear_gain_does_not() -> None:
    values = [place % 7 / 7 for place in range(80)]
    assert chance_of_difference(values, values) == 1.0
    better = [value + 0.02 + place % 3 / 100 for place, value in enumerate(values)]
    assert chance_of_difference(better, values) < 0.001
    assert chance_of_difference(values, better) == chance_of_difference(better, values)


def test_the_chance_is_that_of_every_way_to_flip_the_signs() -> None:
    # Of the eight ways to sign (.1, .2, .3), two have a mean as far from 0 as all alike.
    assert chance_of_difference([0.1, 0.2, 0.3], [0, 0, 0]) == pytest.approx(2 / 8, abs=0.02)
    # Noise of both signs: 3 - 2 is reached or passed by most of them.
    assert chance_of_difference([0.3, 0.0], [0.0, 0.2]) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("s1 0 a", "not a judgement"),
        ("s1 0 a b 1", "not a judgement"),
        ("s1 0 a ²", "not a judgement"),
        ("s1 0 a 1.5", "not a judgement"),
        ("s0 0 a 2", "judged 1 for s0 by an earlier line"),
    ],
)
def test_a_broken_judgement_is_told_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = written(tmp_path, f"s0 0 a 1\n\n{line}\n")
    with pytest.raises(InputError, match=f"file.txt:3: .*{message}"):
        read_qrels(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{no json", "not a query"),
        ('["s2", "kar"]', "not a query"),
        ('{"id": "s2"}', "not a query"),
        ('{"id": "s 2", "text": "kar"}', "one word"),
        ('{"id": "s1", "text": "kar"}', "taken by an earlier line"),
    ],
)
def test_a_broken_query_is_told_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = written(tmp_path, f'{{"id": "s1", "text": "kar"}}\n\n{line}\n')
    with pytest.raises(InputError, match=f"file.txt:3: .*{message}"):
        read_topics(path)


def test_a_broken_run_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"file\.txt:2: not a line of a run"):
        read_run(written(tmp_path, "q Q0 a 1 2.5 kupur\nq Q0 a first 2.5\n"))


@pytest.mark.parametrize("read", [read_topics, read_qrels])
def test_files_that_hold_nothing_readable_are_told(tmp_path: Path, read: object) -> None:
    assert callable(read)
    (tmp_path / "latin").write_bytes("ş".encode("iso-8859-9"))
    for path, message in (
        (tmp_path / "missing", "cannot be read"),
        (tmp_path / "latin", "no UTF-8"),
        (written(tmp_path, "\n \n"), "holds no"),
    ):
        with pytest.raises(InputError, match=message):
            read(path)


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    assert read_qrels(written(tmp_path, "\ufeffs1 0 a 2\r\ns1 0 b -1\r\n")) == {
        "s1": {"a": 2, "b": -1}
    }


def test_a_folder_has_its_queries_by_variant(tmp_path: Path) -> None:
    for name in ("queries.jsonl", "queries.kw_ascii.jsonl", "notes.jsonl", "queries.txt"):
        written(tmp_path, json.dumps({"id": "1", "text": "kar"}), name)
    files = query_files(tmp_path)
    assert {variant: path.name for variant, path in files.items()} == {
        "plain": "queries.jsonl",
        "kw_ascii": "queries.kw_ascii.jsonl",
    }
    assert query_files(tmp_path / "notes.jsonl") == {"notes": tmp_path / "notes.jsonl"}
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="holds no queries"):
        query_files(tmp_path / "none")


def test_a_run_ranks_as_a_reader_would_see_it() -> None:
    texts = {"a": "Kar yağdı, kar yağdı.", "b": "Kar yağdı ve yol kapandı.", "c": "Güneş açtı."}
    articles = [
        Article(name, "", (Block(BlockKind.PARAGRAPH, text),)) for name, text in texts.items()
    ]
    analyzer = Analyzer()
    searcher = ExhaustiveEngine(articles, analyzer).searcher()
    topics = [Topic("1", "kar"), Topic("2", "gunes"), Topic("3", "deniz")]
    mended = run_topics(topics, SearchParts(searcher, analyzer, SpellingRepair(analyzer)))
    assert [list(scores) for scores in mended.values()] == [["a", "b"], ["c"], []]
    heavier = RankingProfile(stem=5.0)
    assert run_topics(topics, SearchParts(searcher, analyzer), heavier)["1"]["a"] > mended["1"]["a"]
