"""Measure kupur's engine beside others on the same documents and searches: `make bench`.

    python -m benchmarks.speed --sizes 10000 --queries 60 --rounds 1

Every engine runs in a process of its own; they take turns at a few searches at a time, so that
whatever else the machine does hits all of them. The time of a search is the median of its rounds.
A whole run is written to benchmarks/results/speed.json; docs/performance.md is made of it by
`python -m benchmarks.performance_page`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from benchmarks.documents import SHARED, WORK, RecordFile, parliament
from benchmarks.engines import ENGINES, built_as
from benchmarks.engines.adapter import bytes_of
from benchmarks.machine import Measured, conditions
from benchmarks.percentiles import Latency, median_of_rounds
from benchmarks.speed_table import size_lines
from benchmarks.worker import EngineFailed, EngineProcess, Timed
from benchmarks.workload import Workload, parliament_workload

RESULTS = Path(__file__).parent / "results" / "speed.json"

SIZES = (10_000, 30_000, 100_000)
MOST_DOCUMENTS = {"whoosh": 10_000}
"""Where an engine is too slow for more."""

TURN = 20
"""So many searches an engine does before the next one has its turn."""


@click.command()
@click.option("--sizes", default=",".join(map(str, SIZES)), show_default=True, metavar="LIST")
@click.option("--engines", "names", default=",".join(ENGINES), show_default=True, metavar="LIST")
@click.option("--queries", default=200, show_default=True, help="Searches of each sort.")
@click.option("--rounds", default=3, show_default=True, help="Times that each search is run.")
@click.option("--whoosh-documents", default=MOST_DOCUMENTS["whoosh"], show_default=True)
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS, show_default=False)
def main(
    sizes: str, names: str, queries: int, rounds: int, *, whoosh_documents: int, output: Path
) -> None:
    """Measure engines on speeches of the parliament corpus."""
    if not SHARED.is_dir():
        raise click.UsageError(f"{SHARED}: not there; it holds the corpus and the topics")
    most = MOST_DOCUMENTS | {"whoosh": whoosh_documents}
    made: dict[str, object] = {"queries": queries, "rounds": rounds, "sizes": {}}
    for size in (int(text) for text in sizes.split(",")):
        wanted = [name for name in names.split(",") if size <= most.get(name, size)]
        measured = measure_size(parliament(size), wanted, queries, rounds)
        print(*size_lines(size, measured), sep="\n", flush=True)
        made["sizes"][str(size)] = measured  # type: ignore[index]  # made a line above
        made["conditions"] = conditions()
        output.parent.mkdir(exist_ok=True)
        output.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def measure_size(records: RecordFile, names: Sequence[str], queries: int, rounds: int) -> Measured:
    """Build every engine's index, then search them all in turns."""
    workload = parliament_workload(records, queries)
    text_bytes = records.text_bytes
    folder = WORK / f"{records.path.stem}-{records.count}"
    built = build_indexes(records, names, folder)
    figures = {
        name: {**built[built_as(name)], "text_bytes": text_bytes}
        for name in names
        if built_as(name) in built
    }
    folders = {name: folder / built_as(name) for name in figures}
    searched = search_in_turns(folders, workload, rounds)
    return {name: {**figures[name], **searched[name]} for name in searched}


def build_indexes(records: RecordFile, names: Sequence[str], folder: Path) -> Measured:
    """Index with each engine, one after the other; those that cannot are left out."""
    built: Measured = {}
    for name in dict.fromkeys(map(built_as, names)):
        own = folder / name
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir(parents=True)
        own.chmod(0o755)
        try:
            with EngineProcess(name) as engine:
                seconds = engine.build(records, own)
        except EngineFailed as failure:
            click.echo(f"left out: {failure}", err=True)
            continue
        built[name] = {
            "index_seconds": seconds,
            "documents_per_second": records.count / seconds,
            "index_bytes": bytes_of(own),
        }
        click.echo(f"{name}: {records.count:,} in {seconds:.1f} s", err=True)
    return built


def search_in_turns(folders: dict[str, Path], workload: Workload, rounds: int) -> Measured:
    """Run every search `rounds` times on every engine, a few at a time in turns."""
    measured: Measured = {}
    with ExitStack() as stack:
        processes: list[EngineProcess] = []
        for name, folder in folders.items():
            try:
                process = stack.enter_context(EngineProcess(name))
                measured[name] = _opened(process, folder, workload)
            except EngineFailed as failure:
                click.echo(f"left out: {failure}", err=True)
                measured.pop(name, None)
                continue
            processes.append(process)
        for sort, lookups in workload.items():
            runs: dict[str, list[list[Timed] | None]] = {
                process.engine: [] for process in processes
            }
            for _ in range(rounds):
                for start in range(0, len(lookups), TURN):
                    for process in processes:
                        runs[process.engine].append(process.search(lookups[start : start + TURN]))
            for process in processes:
                latency = _latency(runs[process.engine], rounds)
                measured[process.engine]["searches"][sort] = latency
        for process in processes:
            measured[process.engine] |= _memory(process, "searched")
    return measured


def _opened(process: EngineProcess, folder: Path, workload: Workload) -> dict[str, object]:
    loaded = _memory(process, "loaded")
    opened = process.open(folder, workload["keywords"][0])
    return {
        "version": process.version,
        "layers": process.layers,
        **loaded,
        **asdict(opened),
        "searches": {},
    }


def _memory(process: EngineProcess, when: str) -> dict[str, object]:
    private, proportional = process.memory()
    return {f"private_bytes_{when}": private, f"proportional_bytes_{when}": proportional}


def _latency(parts: Sequence[list[Timed] | None], rounds: int) -> dict[str, float] | None:
    timed = [each.milliseconds for part in parts if part is not None for each in part]
    if not timed:
        return None
    per_round = len(timed) // rounds
    listed = [timed[start : start + per_round] for start in range(0, len(timed), per_round)]
    return asdict(Latency.of(median_of_rounds(listed)))


if __name__ == "__main__":
    main()
