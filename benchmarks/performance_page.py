"""Put the kept figures into the tables and plots of docs/performance.md.

python -m benchmarks.performance_page
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict

from benchmarks.documents import CHECKOUT
from benchmarks.holds import RESULTS, Results, lines, read_results
from benchmarks.plots import draw
from benchmarks.speed_table import engine_rows, markdown, search_rows

PAGE = CHECKOUT / "docs" / "performance.md"
FIGURES = re.compile(r"(<!-- figures -->\n).*?(\n<!-- end of figures -->)", re.DOTALL)
"""Where in the page the tables stand."""


def main() -> None:
    """Write the page's tables, its plots, and benchmarks/results/holds.json."""
    results = read_results()
    results.pop("holds", None)
    judged = [asdict(line) for line in lines(results)]
    (RESULTS / "holds.json").write_text(
        json.dumps(judged, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    for row in judged:
        print("met    " if row["met"] else "NOT MET", row["wanted"], "→", row["measured"])
    draw(results)
    figures = "\n".join(_figures(results))
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(FIGURES.sub(rf"\g<1>{_escaped(figures)}\g<2>", text), encoding="utf-8")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\")


def _figures(results: Results) -> Iterator[str]:
    yield from _judged(results)
    if "speed" in results:
        yield from _speed(results["speed"])
    if "memory" in results.get("import", {}):
        yield from _import(results["import"])
    if "service" in results:
        yield from _service(results["service"])
    if "growth" in results:
        yield from _growth(results["growth"])


def _judged(results: Results) -> Iterator[str]:
    yield "## What was wanted, and what was measured"
    yield ""
    rows = [["wanted, on 100,000 speeches and two cores", "measured", "met"]]
    rows += [
        [line.wanted, line.measured, "yes" if line.met else "**no**"] for line in lines(results)
    ]
    head, *body = rows
    yield f"| {' | '.join(head)} |"
    yield "|---|---|---|"
    yield from (f"| {' | '.join(row)} |" for row in body)
    yield ""


def _speed(speed: Results) -> Iterator[str]:
    yield "## Beside other engines"
    yield ""
    for size, measured in sorted(speed["sizes"].items(), key=lambda item: -int(item[0])):
        conditions = speed["conditions"][size]
        yield f"### {int(size):,} speeches"
        yield ""
        yield f"{_conditions(conditions)} {conditions['queries']} searches of each sort."
        yield ""
        yield from markdown(engine_rows(measured))
        yield ""
        yield from markdown(search_rows(measured))
        yield ""
    yield "![p50 against the number of words](images/latency-by-words.svg)"
    yield ""
    yield "![Topic lines against the size of the corpus](images/latency-by-size.svg)"
    yield ""


def _import(made: Results) -> Iterator[str]:
    yield "## Importing"
    yield ""
    yield _conditions(made["conditions"])
    yield (
        f"{made['articles']:,} speeches from the xz file: {made['seconds']:.1f} s in all and"
        f" {made['processor_seconds']:.1f} s of processor, in three processes, the largest of"
        f" {made['largest_process_bytes'] / 1e6:,.0f} MB."
    )
    yield ""
    yield (
        "How much memory a process takes that indexes is bounded by the tokens that it holds before"
        f" it writes a segment; here one process with the first {made['memory']['articles']:,}:"
    )
    yield ""
    peaks = made["memory"]["peak_bytes_by_tokens"]
    rows = [["tokens a segment", *(f"{int(tokens):,}" for tokens in peaks)]]
    rows.append(["peak MB", *(f"{peak / 1e6:,.0f}" for peak in peaks.values())])
    yield from markdown(rows)
    yield ""


def _service(service: Results) -> Iterator[str]:
    yield "## What a reader waits for"
    yield ""
    yield _conditions(service["conditions"])
    yield ""
    rows = [["p50 / p95 / p99 ms", *next(iter(service["figures"].values()))]]
    for sort, ways in service["figures"].items():
        cells = [
            " / ".join(f"{latency[name]:.1f}" for name in ("p50", "p95", "p99"))
            for latency in ways.values()
        ]
        rows.append([sort, *cells])
    yield from markdown(rows)
    yield ""


def _growth(growth: Results) -> Iterator[str]:
    yield "## Growth"
    yield ""
    yield _conditions(growth["conditions"])
    yield ""
    sizes = list(next(iter(growth["figures"].values())))
    rows = [["p50 / p99 ms", *(f"{int(size):,}" for size in sizes), "exponents"]]
    for name, by_size in growth["figures"].items():
        cells = [f"{latency['p50']:.2f} / {latency['p99']:.2f}" for latency in by_size.values()]
        exponents = growth["slopes"][name]
        rows.append([name, *cells, f"{exponents['p50']:.2f} / {exponents['p99']:.2f}"])
    yield from markdown(rows)
    yield ""
    yield "![Three words against the size of the archive](images/growth.svg)"
    yield ""


def _conditions(conditions: Results) -> str:
    return (
        f"{conditions['date']}, revision {conditions['revision']}, {conditions['cores']} cores of"
        f" {conditions['processor']}, load {conditions['load']} when it ended."
    )


if __name__ == "__main__":
    main()
