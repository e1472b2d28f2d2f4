"""The plots of docs/performance.md, as SVG that is the same for the same figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

from benchmarks.holds import Results

IMAGES = Path(__file__).parent.parent / "docs" / "images"

COLOURS = {
    "kupur": "#b3261e",
    "tantivy": "#3b6ea5",
    "tantivy-count": "#7fa8d1",
    "bm25s": "#6b8f3c",
    "fts5": "#8a6d3b",
    "whoosh": "#777777",
    "postgresql": "#5d4a8a",
}
"""Told apart in grey as well; kupur's is the red of its pages."""


def draw(results: Results, folder: Path = IMAGES) -> list[Path]:
    """Draw all plots there are figures for, and return their files."""
    # The same figures give the same bytes: no date, and ids that do not change.
    mpl.rcParams["svg.hashsalt"] = "kupur"
    mpl.rcParams["svg.fonttype"] = "none"
    mpl.rcParams["font.family"] = "sans-serif"
    drawn = []
    if "speed" in results:
        drawn.append(_words(results["speed"]["sizes"], folder / "latency-by-words.svg"))
        drawn.append(_sizes(results["speed"]["sizes"], folder / "latency-by-size.svg"))
    if "growth" in results:
        drawn.append(_growth(results["growth"]["figures"], folder / "growth.svg"))
    return drawn


def _words(sizes: dict[str, Any], path: Path) -> Path:
    """Draw p50 against the number of words, at the largest size."""
    size, engines = max(sizes.items(), key=lambda pair: int(pair[0]))
    figure, axes = plt.subplots(figsize=(7, 4.2))
    lengths = list(range(1, 9))
    for name, figures in engines.items():
        if f"{lengths[0]} words" not in figures["searches"]:
            continue  # too slow to be asked
        costs = [figures["searches"][f"{length} words"]["p50"] for length in lengths]
        axes.plot(lengths, costs, marker="o", markersize=3, label=name, color=COLOURS[name])
    axes.set_yscale("log")
    axes.set_xlabel("words of the search")
    axes.set_ylabel("p50, milliseconds")
    axes.set_title(f"Ten best of {int(size):,} speeches", loc="left")
    return _saved(figure, axes, path)


def _sizes(sizes: dict[str, Any], path: Path) -> Path:
    """Draw p50 and p99 of topic lines against the number of documents."""
    figure, axes = plt.subplots(figsize=(7, 4.2))
    names = dict.fromkeys(name for engines in sizes.values() for name in engines)
    for name in names:
        having = sorted((size for size in sizes if name in sizes[size]), key=int)
        for percentile, style in (("p50", "-"), ("p99", ":")):
            costs = [sizes[size][name]["searches"]["topic lines"][percentile] for size in having]
            label = name if percentile == "p50" else None
            axes.plot(
                list(map(int, having)),
                costs,
                style,
                marker="o",
                markersize=3,
                label=label,
                color=COLOURS[name],
            )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("speeches")
    axes.set_ylabel("milliseconds (p50, dotted: p99)")
    axes.set_title("Topic lines against the size of the corpus", loc="left")
    return _saved(figure, axes, path)


def _growth(figures: dict[str, Any], path: Path) -> Path:
    """Draw p50 and p99 against the size of a synthetic archive."""
    figure, axes = plt.subplots(figsize=(7, 4.2))
    for name, by_size in figures.items():
        sizes = list(map(int, by_size))
        for percentile, style in (("p50", "-"), ("p99", ":")):
            costs = [latency[percentile] for latency in by_size.values()]
            label = name if percentile == "p50" else None
            axes.plot(
                sizes, costs, style, marker="o", markersize=3, label=label, color=COLOURS[name]
            )
    first = next(iter(figures.values()))
    ends = [int(size) for size in (min(first, key=int), max(first, key=int))]
    start = next(iter(first.values()))["p50"]
    linear = [start, start * ends[1] / ends[0]]
    axes.plot(ends, linear, color="#bbbbbb", linewidth=1, label="linear")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("articles of a synthetic archive")
    axes.set_ylabel("milliseconds (p50, dotted: p99)")
    axes.set_title("Three words against the size of the archive", loc="left")
    return _saved(figure, axes, path)


def _saved(figure: Any, axes: Any, path: Path) -> Path:
    axes.grid(visible=True, which="major", color="#e5e5e5")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, ncols=2)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)
    text = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
    return path
