"""Figures beside Lucene's: floors that are met or not, and what the documentation shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.relevance_report import (
    CELL_FLOOR,
    GAIN_FLOORS,
    MEASURE,
    floors,
    is_complete,
    markdown,
    record,
)
from benchmarks.relevance_sets import SETS, VARIANTS, Cell

THEIRS = {name: {variant: {MEASURE: 0.5} for variant in VARIANTS} for name in SETS}


def cells(**gains: float) -> list[Cell]:
    """Return every cell, each variant so much above Lucene; just at the floor, if not given."""
    return [
        Cell(name, variant, 100, {MEASURE: 0.5 + gains.get(variant, GAIN_FLOORS[variant])}, 1.0)
        for name in SETS
        for variant in VARIANTS
    ]


def unmet(measured: list[Cell]) -> list[str]:
    return [floor.name for floor in floors(measured, THEIRS) if not floor.met]


ALIKE = {"kw": 0.3, "kw_ascii": 0.3}
"""Far above the floors, and no loss from one to the other."""


def test_gains_above_every_floor_meet_all() -> None:
    assert unmet(cells(nl=0.03, nl_ascii=0.2, kw_typo=0.13, **ALIKE)) == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_mean_below_its_floor_is_not_met(variant: str) -> None:
    gains = {"nl": 0.03, "nl_ascii": 0.2, "kw_typo": 0.13, **ALIKE}
    low = GAIN_FLOORS[variant] - 0.001
    if variant == "kw_ascii":
        gains["kw"] = low  # else the loss of typing in ASCII is too much as well
    assert f"mean gain, {variant}" in unmet(cells(**{**gains, variant: low}))


def test_one_set_below_lucene_is_not_met_however_good_the_mean() -> None:
    measured = cells(nl=0.03, nl_ascii=0.2, kw_typo=0.13, **ALIKE)
    place = next(n for n, cell in enumerate(measured) if cell.variant == "nl")
    worse = Cell("news-title", "nl", 100, {MEASURE: 0.5 + CELL_FLOOR - 0.001}, 1.0)
    measured[place] = worse
    assert "smallest gain, news-title nl" in unmet(measured)


def test_losing_much_by_typing_in_ascii_is_not_met() -> None:
    gains = {"nl": 0.03, "nl_ascii": 0.2, "kw_typo": 0.13, "kw": 0.311, "kw_ascii": 0.3}
    assert unmet(cells(**gains)) == ["loss kw - kw_ascii"]


def test_a_part_of_the_sets_is_not_complete() -> None:
    assert is_complete(cells())
    assert not is_complete(cells()[1:])


def test_a_record_says_what_was_met() -> None:
    made = {"date": "2026-11-23", "revision": "abc"}
    good = record(cells(nl=0.03, nl_ascii=0.2, kw_typo=0.13, **ALIKE), THEIRS, made)
    assert good["met"] is True
    assert good["cells"][0]["difference"] == pytest.approx(0.03)
    poor = record(cells(nl=0.0), THEIRS, made)
    assert poor["met"] is False
    assert "| mean gain, nl | +0.022 | +0.0000 | **not met** |" in markdown(poor)


def test_the_documentation_shows_the_figures_of_the_record(checkout: Path) -> None:
    results = checkout / "benchmarks" / "results" / "relevance.json"
    if not results.exists():
        pytest.skip("nothing is recorded: make relevance")
    docs = (checkout / "docs" / "relevance.md").read_text("utf-8")
    assert markdown(json.loads(results.read_bytes())) in docs
