"""Measure an import as people run it: from the .xz file into archive and index together.

    python -m benchmarks.importing

The archive stays in var/benchmarks/archive, where `benchmarks.service` searches it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click

from benchmarks.documents import CHECKOUT, PARLIAMENT, WORK, packed, parliament
from benchmarks.engines.adapter import bytes_of
from benchmarks.machine import conditions

RESULTS = Path(__file__).parent / "results" / "import.json"
ARCHIVE = WORK / "archive"
ALL = 100_000


@click.command()
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
def main(output: Path) -> None:
    """Import the parliament corpus with the command line, and write down what it took."""
    if not packed(PARLIAMENT).exists():
        raise click.UsageError(f"{packed(PARLIAMENT)}: not there")
    shutil.rmtree(ARCHIVE, ignore_errors=True)
    began = time.perf_counter()
    command = [sys.executable, "-m", "kupur", "import", "--json"]
    finished = subprocess.run(  # noqa: S603  # our own command
        [*command, "--archive", str(ARCHIVE), str(packed(PARLIAMENT))],
        cwd=CHECKOUT,
        check=True,
        stdout=subprocess.PIPE,
    )
    seconds = time.perf_counter() - began
    report = json.loads(finished.stdout)
    made = {
        "conditions": conditions(),
        "articles": report["articles"],
        "seconds": seconds,
        "articles_per_second": report["articles"] / seconds,
        "archive_bytes": bytes_of(ARCHIVE) - bytes_of(ARCHIVE / "index"),
        "index_bytes": bytes_of(ARCHIVE / "index"),
        "text_bytes": parliament(ALL).text_bytes,
        "report": report,
    }
    output.parent.mkdir(exist_ok=True)
    output.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(
        f"{report['articles']:,} articles in {seconds:.1f} s: {made['articles_per_second']:,.0f}/s"
    )


if __name__ == "__main__":
    main()
