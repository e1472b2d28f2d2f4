"""Measure everything about speed, and make the tables and plots of docs/performance.md.

    python -m benchmarks --quick

The quick form takes some three minutes, on fewer documents and searches, and only prints.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import click

from benchmarks.documents import CHECKOUT, WORK

QUICK_ENGINES = "kupur,tantivy,tantivy-count,bm25s,fts5"


@click.command()
@click.option("--quick", is_flag=True, help="10,000 documents, fewer searches; nothing is kept.")
def main(quick: bool) -> None:
    """Measure engines, growth, import, service and pages, one after the other."""
    if quick:
        small = ["--sizes", "10000", "--queries", "60", "--rounds", "1"]
        output = str(WORK / "quick.json")
        _run("speed", [*small, "--engines", QUICK_ENGINES, "--output", output])
        return
    for module in ("speed", "growth", "importing", "service", "agreement", "performance_page"):
        _run(module, [])


def _run(module: str, arguments: Sequence[str]) -> None:
    click.echo(f"--- {module}", err=True)
    # Each in a process of its own: what one has loaded is no part of the next one's figures.
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    finished = subprocess.run(command, cwd=CHECKOUT, check=False)  # noqa: S603  # our own module
    if finished.returncode:
        sys.exit(finished.returncode)


if __name__ == "__main__":
    main()
