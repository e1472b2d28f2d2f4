"""What the relevance sets say: figures beside Lucene's, the floors of the project, tables.

Pure: `benchmarks.relevance` measures, reads and writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.relevance_sets import SETS, VARIANTS, Cell

MEASURE = "nDCG@10"
"""What is compared and judged; the other measures are only recorded."""

GAIN_FLOORS = {"nl": 0.022, "kw": 0.034, "nl_ascii": 0.175, "kw_ascii": 0.22, "kw_typo": 0.125}
"""How far above Lucene the mean over the six sets is to be, by variant."""

CELL_FLOOR = -0.005
"""How far below Lucene no set may be in any variant: smaller differences are noise."""

MAX_ASCII_LOSS = 0.01
"""What typing keywords without Turkish letters may cost on the mean."""

Lucene = Mapping[str, Mapping[str, Mapping[str, float]]]
"""lucene_baseline.json: set → variant → measure → value."""


@dataclass(frozen=True, slots=True)
class Floor:
    """One thing that is asked of the figures, and whether it is so."""

    name: str
    value: float
    bound: float
    met: bool


def floors(cells: Sequence[Cell], lucene: Lucene) -> list[Floor]:
    """Return every floor; `cells` must be all sets in all variants."""
    listed = []
    for variant in VARIANTS:
        gain = _mean(_difference(cell, lucene) for cell in cells if cell.variant == variant)
        bound = GAIN_FLOORS[variant]
        listed.append(Floor(f"mean gain, {variant}", gain, bound, gain >= bound))
    worst = min(cells, key=lambda cell: _difference(cell, lucene))
    value = _difference(worst, lucene)
    name = f"smallest gain, {worst.set_name} {worst.variant}"
    listed.append(Floor(name, value, CELL_FLOOR, value >= CELL_FLOOR))
    means = {
        variant: _mean(cell.measures[MEASURE] for cell in cells if cell.variant == variant)
        for variant in VARIANTS
    }
    loss = means["kw"] - means["kw_ascii"]
    listed.append(Floor("loss kw - kw_ascii", loss, MAX_ASCII_LOSS, loss <= MAX_ASCII_LOSS))
    return listed


def is_complete(cells: Iterable[Cell]) -> bool:
    """Whether every set was measured in every variant."""
    return {(cell.set_name, cell.variant) for cell in cells} == {
        (set_name, variant) for set_name in SETS for variant in VARIANTS
    }


def cell_line(cell: Cell, lucene: Lucene, before: Mapping[tuple[str, str], float]) -> str:
    """Return one line of the table on a terminal; `before` has the figures of the last record."""
    ours, theirs = cell.measures[MEASURE], lucene[cell.set_name][cell.variant][MEASURE]
    last = before.get((cell.set_name, cell.variant))
    since = "" if last is None else f"  since the record {ours - last:+.4f}"
    return (
        f"{cell.set_name:<18}{cell.variant:<9}{ours:7.4f}  Lucene {theirs:.4f}"
        f"  {ours - theirs:+.4f}  {cell.ms_per_query:5.1f} ms/query{since}"
    )


def mean_lines(cells: Sequence[Cell], lucene: Lucene) -> list[str]:
    """Return a line for the mean of each variant that was measured."""
    lines = []
    for variant in VARIANTS:
        own = [cell for cell in cells if cell.variant == variant]
        if own:
            ours = _mean(cell.measures[MEASURE] for cell in own)
            gain = _mean(_difference(cell, lucene) for cell in own)
            lines.append(f"mean of {len(own)} {variant:<9} {ours:.4f}  {gain:+.4f}")
    return lines


def floor_lines(listed: Iterable[Floor]) -> list[str]:
    """Return a line for each floor: the figure, its bound, met or not."""
    return [
        f"{'met    ' if floor.met else 'NOT MET'}  {floor.name:<36} {floor.value:+.4f}"
        f"  (bound {floor.bound:+.3f})"
        for floor in listed
    ]


def record(cells: Sequence[Cell], lucene: Lucene, made: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything as JSON holds it; `made` says when and of what."""
    listed = floors(cells, lucene)
    return {
        **made,
        "met": all(floor.met for floor in listed),
        "floors": [_rounded(asdict(floor)) for floor in listed],
        "cells": [
            {
                "set": cell.set_name,
                "variant": cell.variant,
                "queries": cell.queries,
                **_rounded(cell.measures),
                "lucene": dict(lucene[cell.set_name][cell.variant]),
                "difference": round(_difference(cell, lucene), 4),
                "ms_per_query": round(cell.ms_per_query, 2),
            }
            for cell in cells
        ],
    }


def markdown(recorded: Mapping[str, Any]) -> str:
    """Return the tables of docs/relevance.md from a record."""
    by_place = {(cell["set"], cell["variant"]): cell for cell in recorded["cells"]}
    lines = [
        f"Measured {recorded['date']} at revision `{recorded['revision']}`.",
        "",
        f"| {MEASURE} (above Lucene) | {' | '.join(VARIANTS)} |",
        "|---|" + "--:|" * len(VARIANTS),
    ]
    for set_name in SETS:
        row = (by_place[set_name, variant] for variant in VARIANTS)
        shown = (f"{cell[MEASURE]:.3f} ({cell['difference']:+.3f})" for cell in row)
        lines.append(f"| {set_name} | {' | '.join(shown)} |")
    lines += ["", "| asked | bound | measured | |", "|---|--:|--:|---|"]
    lines += [
        f"| {floor['name']} | {floor['bound']:+.3f} | {floor['value']:+.4f} |"
        f" {'met' if floor['met'] else '**not met**'} |"
        for floor in recorded["floors"]
    ]
    return "\n".join(lines)


def _difference(cell: Cell, lucene: Lucene) -> float:
    return cell.measures[MEASURE] - lucene[cell.set_name][cell.variant][MEASURE]


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in values.items()
    }
