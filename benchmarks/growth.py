"""Measure how the cost of a search grows with an archive: `python -m benchmarks.growth`.

Synthetic archives of short articles (`benchmarks.synthetic`), the same searches in each.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from benchmarks.documents import WORK
from benchmarks.machine import conditions
from benchmarks.percentiles import slope
from benchmarks.speed import build_indexes, search_in_turns
from benchmarks.synthetic import synthetic, synthetic_workload

RESULTS = Path(__file__).parent / "results" / "growth.json"
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)


@click.command()
@click.option("--sizes", default=",".join(map(str, SIZES)), show_default=True, metavar="LIST")
@click.option("--engines", "names", default="kupur,tantivy", show_default=True, metavar="LIST")
@click.option("--queries", default=200, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option(
    "--reuse", default="", metavar="LIST", help="Engines whose last indexes are searched."
)
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
def main(sizes: str, names: str, queries: int, rounds: int, *, reuse: str, output: Path) -> None:
    """Index synthetic archives of several sizes, and search each."""
    workload = synthetic_workload(queries)
    figures: dict[str, dict[str, dict[str, float]]] = {name: {} for name in names.split(",")}
    for size in (int(text) for text in sizes.split(",")):
        folder = WORK / f"synthetic-{size}"
        built = build_indexes(synthetic(size), list(figures), folder, reuse=reuse.split(","))
        folders = {name: folder / name for name in built}
        searched = search_in_turns(folders, workload, rounds)
        for name, measured in searched.items():
            latency = measured["searches"]["keywords"]
            figures[name][str(size)] = {
                "documents_per_second": built[name]["documents_per_second"],
                "index_bytes": built[name]["index_bytes"],
                **latency,
            }
            print(f"{size:>9,} {name:10} p50 {latency['p50']:.2f} p99 {latency['p99']:.2f} ms")
    slopes = {name: _slopes(by_size) for name, by_size in figures.items() if len(by_size) > 1}
    print(json.dumps(slopes, indent=1))
    made = {"conditions": conditions(), "figures": figures, "slopes": slopes}
    output.parent.mkdir(exist_ok=True)
    output.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _slopes(by_size: dict[str, dict[str, float]]) -> dict[str, float]:
    sizes = [float(size) for size in by_size]
    return {
        name: slope(sizes, [latency[name] for latency in by_size.values()])
        for name in ("p50", "p99")
    }


if __name__ == "__main__":
    main()
