"""The figures of one run as lines for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.machine import Measured

MEGABYTE = 1e6

ENGINE_HEAD = [
    "engine",
    "documents/s",
    "size / text",
    "first open ms",
    "open ms",
    "private MB",
    "process MB",
]


def size_lines(size: int, measured: Measured) -> Iterator[str]:
    """Yield one table of engines, and one of searches, for a terminal."""
    yield f"\n{size:,} documents"
    yield from aligned(engine_rows(measured))
    yield ""
    yield from aligned(search_rows(measured))


def engine_rows(measured: Measured) -> list[list[str]]:
    """Return a row an engine: indexing, size, opening, memory."""
    rows = [ENGINE_HEAD]
    for name, figures in measured.items():
        rows.append(
            [
                name,
                f"{figures['documents_per_second']:,.0f}",
                f"{figures['index_bytes'] / figures['text_bytes']:.2f}",
                f"{figures['first_open_ms']:.1f}",
                f"{figures['open_ms']:.1f}",
                f"{_searcher_megabytes(figures):.0f}",
                f"{figures['proportional_bytes_searched'] / MEGABYTE:.0f}",
            ]
        )
    return rows


def _searcher_megabytes(figures: dict[str, Any]) -> float:
    return float(figures["private_bytes_searched"] - figures["private_bytes_loaded"]) / MEGABYTE


def search_rows(measured: Measured) -> list[list[str]]:
    """Return a row a sort of search: p50 / p95 / p99 of each engine, in milliseconds."""
    rows = [["p50 / p95 / p99 ms", *measured]]
    sorts = next(iter(measured.values()))["searches"]
    rows.extend(
        [sort, *(_cell(figures["searches"].get(sort)) for figures in measured.values())]
        for sort in sorts
    )
    return rows


def _cell(latency: dict[str, float] | None) -> str:
    if latency is None:
        return "–"
    return " / ".join(_milliseconds(latency[name]) for name in ("p50", "p95", "p99"))


def _milliseconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def aligned(rows: list[list[str]]) -> Iterator[str]:
    """Yield rows with columns of one width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *rest = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join([first, *rest]).rstrip()


def markdown(rows: list[list[str]]) -> Iterator[str]:
    """Yield rows as a Markdown table, numbers to the right."""
    head, *body = rows
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in body:
        yield f"| {' | '.join(row)} |"
