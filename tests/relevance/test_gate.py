"""The ranking may not get worse: figures of the judged queries against pinned floors.

Floors lie a few thousandths below what was measured when they were pinned. The collection is
small and most queries are easy, so the gate catches what breaks; what a change is worth is told by
`make relevance`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.relevance.judged import MEASURE, Judged, measured, pinned

FLOORS = {
    "plain": {"nDCG@10": 0.968, "MRR@10": 0.971, "R@100": 0.995},
    "caps": {"nDCG@10": 0.968, "MRR@10": 0.971, "R@100": 0.995},
    "ascii": {"nDCG@10": 0.962, "MRR@10": 0.967, "R@100": 0.991},
    "typo": {"nDCG@10": 0.920, "MRR@10": 0.922, "R@100": 0.953},
}

MAX_LOSS = {"caps": 0.002, "ascii": 0.01}
"""How much of the mean another way of typing may cost."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    return measured(tmp_path_factory.mktemp("judged") / "archive")


def got_worse(variant: str, judged: Judged) -> list[str]:
    """Return a line for each query that was better when it was pinned, the worst first."""
    before = pinned()[variant]
    lost = {
        query: before.get(query, 1.0) - value
        for query, value in judged.evaluation.by_query[MEASURE].items()
    }
    return [
        f"{query} {judged.topics[query].text!r}: {before.get(query, 1.0):.3f} before,"
        f" {judged.evaluation.by_query[MEASURE][query]:.3f} now"
        for query in sorted(lost, key=lambda query: -lost[query])
        if lost[query] > 0.001
    ]


@pytest.mark.parametrize("variant", FLOORS)
def test_no_mean_is_below_its_floor(judged: dict[str, Judged], variant: str) -> None:
    found = judged[variant].evaluation
    below = [
        f"{measure} {found.mean(measure):.4f} < {floor}"
        for measure, floor in FLOORS[variant].items()
        if found.mean(measure) < floor
    ]
    worse = got_worse(variant, judged[variant])
    assert not below, "\n".join([f"{variant}: {', '.join(below)}; worse are", *worse])


@pytest.mark.parametrize("variant", MAX_LOSS)
def test_another_way_of_typing_costs_little(judged: dict[str, Judged], variant: str) -> None:
    plain, other = (judged[name].evaluation for name in ("plain", variant))
    loss = plain.mean(MEASURE) - other.mean(MEASURE)
    worse = [
        f"{query} {judged[variant].topics[query].text!r}: {value:.3f}, not {before:.3f}"
        for query, before in plain.by_query[MEASURE].items()
        for value in [other.by_query[MEASURE][query]]
        if before - value > 0.001
    ]
    assert loss <= MAX_LOSS[variant], "\n".join([f"{variant} loses {loss:.4f}:", *worse])


def test_the_gate_covers_every_variant_and_enough_queries(judged: dict[str, Judged]) -> None:
    assert set(FLOORS) == set(judged) == set(pinned())
    for variant in judged.values():
        assert len(variant.evaluation.by_query[MEASURE]) >= 120


def test_a_ranking_that_got_worse_is_named_query_by_query(
    judged: dict[str, Judged], monkeypatch: pytest.MonkeyPatch
) -> None:
    query, value = next(iter(judged["plain"].evaluation.by_query[MEASURE].items()))
    better = {**pinned(), "plain": {**pinned()["plain"], query: value + 0.5}}
    monkeypatch.setattr(f"{__name__}.pinned", lambda: better)
    first, *_ = got_worse("plain", judged["plain"])
    assert first.startswith(f"{query} {judged['plain'].topics[query].text!r}: {value + 0.5:.3f}")


def test_pinned_queries_are_judged_ones(judged: dict[str, Judged]) -> None:
    for variant, values in pinned().items():
        assert set(values) <= set(judged[variant].topics)


def test_articles_that_are_judged_are_there(checkout: Path) -> None:
    lines = (checkout / "data" / "judged" / "qrels.txt").read_text("utf-8").splitlines()
    there = {path.stem for path in (checkout / "data" / "sample").rglob("*")}
    text = "".join(
        path.read_text("utf-8") for path in (checkout / "data" / "sample").rglob("*.jsonl")
    )
    for article in {line.split()[2] for line in lines}:
        assert article in there or f'"{article}"' in text
