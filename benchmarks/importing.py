"""Measure an import as people run it: from the .xz file into archive and index together.

    python -m benchmarks.importing

The archive stays in var/benchmarks/archive, where `benchmarks.service` searches it. Then its first
articles are indexed with segments of several sizes, each in a process of its own, to see what
memory that takes.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import click

from benchmarks.documents import CHECKOUT, PARLIAMENT, WORK, packed, parliament
from benchmarks.engines.adapter import bytes_of
from benchmarks.machine import conditions
from index.analysis import Analyzer
from index.archive import Archive
from index.indexing import IndexingTask, SequenceRange, index_range
from index.words import read_word_lists

RESULTS = Path(__file__).parent / "results" / "import.json"
ARCHIVE = WORK / "archive"
ALL = 100_000
MEMORY_ARTICLES = 20_000
SEGMENT_TOKENS = (500_000, 2_000_000, 8_000_000)


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
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(finished.stdout)
    made = {
        "conditions": conditions(),
        "articles": report["articles"],
        "seconds": seconds,
        "articles_per_second": report["articles"] / seconds,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "largest_process_bytes": used.ru_maxrss * 1024,
        "archive_bytes": bytes_of(ARCHIVE) - bytes_of(ARCHIVE / "index"),
        "index_bytes": bytes_of(ARCHIVE / "index"),
        "text_bytes": parliament(ALL).text_bytes,
        "report": report,
        "memory": {"articles": MEMORY_ARTICLES, "peak_bytes_by_tokens": peaks()},
    }
    output.parent.mkdir(exist_ok=True)
    output.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(
        f"{report['articles']:,} articles in {seconds:.1f} s: {made['articles_per_second']:,.0f}/s"
    )


def peaks() -> dict[int, int]:
    """Return the most memory that indexing took, by the tokens that a segment may hold."""
    return {tokens: _alone(tokens) for tokens in SEGMENT_TOKENS}


def _alone(tokens: int) -> int:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_peak, tokens).result()


def _peak(tokens: int) -> int:
    """Index in this process, and return the most bytes of memory that it ever held."""
    with tempfile.TemporaryDirectory() as folder, Archive.open(ARCHIVE, read_only=True) as archive:
        task = IndexingTask(Path(folder), tokens, list_ids=False)
        wanted = SequenceRange(0, MEMORY_ARTICLES)
        index_range(archive, wanted, task, Analyzer(read_word_lists(ARCHIVE)), lambda _count: None)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
