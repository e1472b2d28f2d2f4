"""Every line of what the embedded engine was to reach, with the figure that was measured.

Reads the JSON of benchmarks/results; a line whose measurement is missing says so and is not met.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.percentiles import slope

RESULTS = Path(__file__).parent / "results"
ALL = "100000"
ALL_SETS = 6

Results = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement: what was wanted, what was measured, and whether it is enough."""

    wanted: str
    measured: str
    met: bool


def read_results(folder: Path = RESULTS) -> Results:
    """Return all kept figures by the name of their file."""
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}


def lines(results: Results) -> Iterator[Line]:
    """Yield every requirement."""
    for wanted, measure in _REQUIREMENTS.items():
        try:
            measured, met = measure(results)
        except (KeyError, ZeroDivisionError, TypeError):
            measured, met = "not measured", False
        yield Line(wanted, measured, met)


def _engine(results: Results, name: str, size: str = ALL) -> dict[str, Any]:
    found: dict[str, Any] = results["speed"]["sizes"][size][name]
    return found


def _latency(results: Results, name: str, sort: str, size: str = ALL) -> dict[str, float]:
    found: dict[str, float] = _engine(results, name, size)["searches"][sort]
    return found


def _import(results: Results) -> tuple[str, bool]:
    rate = results["import"]["articles_per_second"]
    return f"{rate:,.0f}/s", rate >= 2500


def _indexing(results: Results) -> tuple[str, bool]:
    ours = _engine(results, "kupur")["documents_per_second"]
    theirs = _engine(results, "tantivy")["documents_per_second"]
    return f"{ours / theirs:.2f} × ({ours:,.0f}/s against {theirs:,.0f}/s)", ours >= 0.7 * theirs


def _keywords_against_tantivy(results: Results) -> tuple[str, bool]:
    ours = _latency(results, "kupur", "keywords")["p50"]
    theirs = _latency(results, "tantivy", "keywords")["p50"]
    counting = _latency(results, "tantivy-count", "keywords")["p50"]
    measured = (
        f"{ours / theirs:.1f} × ({ours:.2f} ms against {theirs:.2f} ms;"
        f" {ours / counting:.1f} × where tantivy counts too)"
    )
    return measured, ours <= 3 * theirs


def _at_most(
    engine: str, sort: str, percentile: str, most: float
) -> Callable[[Results], tuple[str, bool]]:
    def measure(results: Results) -> tuple[str, bool]:
        found = _latency(results, engine, sort)[percentile]
        return f"{found:.1f} ms", found <= most

    return measure


def _times_faster(other: str, times: float) -> Callable[[Results], tuple[str, bool]]:
    def measure(results: Results) -> tuple[str, bool]:
        sizes = [
            size
            for size, engines in results["speed"]["sizes"].items()
            if other in engines and "kupur" in engines
        ]
        size = max(sizes, key=int)
        theirs = _latency(results, other, "topic lines", size)["p50"]
        ratio = theirs / _latency(results, "kupur", "topic lines", size)["p50"]
        return f"{ratio:.0f} × at {int(size):,} documents", ratio >= times

    return measure


def _answer(way: str, most: float) -> Callable[[Results], tuple[str, bool]]:
    def measure(results: Results) -> tuple[str, bool]:
        found = {sort: ways[way]["p50"] for sort, ways in results["service"]["figures"].items()}
        shown = ", ".join(f"{sort} {p50:.1f} ms" for sort, p50 in found.items())
        return shown, max(found.values()) <= most

    return measure


def _size(results: Results) -> tuple[str, bool]:
    figures = _engine(results, "kupur")
    share = figures["index_bytes"] / figures["text_bytes"]
    return f"{share:.2f} ×", share <= 0.8


def _opening(results: Results) -> tuple[str, bool]:
    figures = _engine(results, "kupur")
    measured = f"{figures['open_ms']:.1f} ms ({figures['first_open_ms']:.0f} ms with kupur's code)"
    return measured, figures["open_ms"] < 20


def _memory(results: Results) -> tuple[str, bool]:
    figures = _engine(results, "kupur")
    private = figures["private_bytes_searched"] - figures["private_bytes_loaded"]
    return f"{private / 1e6:.0f} MB", private < 50e6


def _growth(percentile: str, most: float) -> Callable[[Results], tuple[str, bool]]:
    def measure(results: Results) -> tuple[str, bool]:
        sizes = results["speed"]["sizes"]
        costs = [_latency(results, "kupur", "topic lines", size)[percentile] for size in sizes]
        exponent = slope([float(size) for size in sizes], costs)
        synthetic = results.get("growth", {}).get("slopes", {}).get("kupur", {}).get(percentile)
        beside = "" if synthetic is None else f"; synthetic archives {synthetic:.2f}"
        return f"exponent {exponent:.2f}{beside}", max(exponent, synthetic or 0.0) <= most

    return measure


def _agreement(results: Results) -> tuple[str, bool]:
    agreement = results["agreement"]
    sets, different = agreement["sets"], len(agreement["different"])
    count = sum(each["compared"] for each in sets.values())
    documents = max(each["documents"] for each in sets.values())
    measured = (
        f"{different} of {count:,} differ, in {len(sets)} sets of up to {documents:,} documents"
    )
    return measured, not different and len(sets) == ALL_SETS


def _relevance(results: Results) -> tuple[str, bool]:
    floors = results["relevance"]["floors"]
    met = sum(floor["met"] for floor in floors)
    return f"{met} of {len(floors)} floors of `make relevance` met", results["relevance"]["met"]


def _load(results: Results) -> tuple[str, bool]:
    load = results["load"]
    measured = (
        f"{load['searches']:,} searches, {load['commits']:,} commits, {load['merges']:,} merges in"
        f" {load['seconds']:.0f} s: {load['errors']} errors"
    )
    return measured, load["errors"] == 0 and load["seconds"] >= 600


_REQUIREMENTS: dict[str, Callable[[Results], tuple[str, bool]]] = {
    "Import from the xz file into archive and index: at least 2,500 articles a second": _import,
    "The index part alone: at least 0.7 × tantivy": _indexing,
    "Three keywords, p50: at most 3 × tantivy's": _keywords_against_tantivy,
    "Three keywords, p99: at most 5 ms": _at_most("kupur", "keywords", "p99", 5),
    "Topic lines, p50: at most 4 ms": _at_most("kupur", "topic lines", "p50", 4),
    "Topic lines, p99: at most 15 ms": _at_most("kupur", "topic lines", "p99", 15),
    "Topic lines: at least 50 × faster than stock Whoosh": _times_faster("whoosh", 50),
    "Topic lines: at least 20 × faster than FTS5's bm25": _times_faster("fts5", 20),
    "A page of ten with snippets, p50: at most 8 ms": _answer("service", 8),
    "The HTTP answer (JSON), p50: at most 12 ms": _answer("http json", 12),
    "The HTTP answer (HTML), p50: at most 12 ms": _answer("http html", 12),
    "Index: at most 0.8 × the size of the texts": _size,
    "Opening: under 20 ms": _opening,
    "A searcher's private memory: under 50 MB": _memory,
    "Cost against corpus size, p50: less than linear": _growth("p50", 0.999),
    "Cost against corpus size, p99: at most linear": _growth("p99", 1.0),
    "Ranking agrees with the exhaustive scorer on the relevance queries": _agreement,
    "No loss of relevance": _relevance,
    "Searching while another process writes, ten minutes: no error": _load,
}
