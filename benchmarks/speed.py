"""Measure kupur's engine beside others on the same documents and searches: `make bench`.

    python -m benchmarks.speed --sizes 10000 --queries 60 --rounds 1

Every engine runs in a process of its own; they take turns at a few searches at a time, in an order
that is drawn anew each time, so that whatever else the machine does, and what the one before has
left in its caches, hits all of them. The time of a search is the median of its rounds.
Figures go to benchmarks/results/speed.json, beside those of other sizes; docs/performance.md is
made of it by `python -m benchmarks.performance_page`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from random import Random
from types import MappingProxyType

import click

from benchmarks.documents import SHARED, WORK, RecordFile, parliament
from benchmarks.engines import ENGINES, built_as
from benchmarks.engines.adapter import Lookup, bytes_of
from benchmarks.machine import Measured, conditions
from benchmarks.percentiles import Latency, median_of_rounds
from benchmarks.speed_table import size_lines
from benchmarks.worker import EngineFailed, EngineProcess, Timed
from benchmarks.workload import Workload, parliament_workload

RESULTS = Path(__file__).parent / "results" / "speed.json"

SIZES = (10_000, 30_000, 100_000)
MOST_DOCUMENTS = {"postgresql": 10_000}
"""Where an engine is too slow for more."""

FEW_SORTS = {"whoosh": ("keywords", "topic lines")}
"""Of an engine so slow that from `MANY_DOCUMENTS` on it is asked no more than these."""
MANY_DOCUMENTS = 30_000

ONE_ROUND = frozenset({"fts5", "postgresql", "whoosh"})
"""Engines so slow that one round takes longer than all rounds of the others."""

TURN = 20
"""So many searches an engine does before the next one has its turn."""


@click.command()
@click.option("--sizes", default=",".join(map(str, SIZES)), show_default=True, metavar="LIST")
@click.option("--engines", "names", default=",".join(ENGINES), show_default=True, metavar="LIST")
@click.option("--queries", default=200, show_default=True, help="Searches of each sort.")
@click.option("--rounds", default=5, show_default=True, help="Times that each search is run.")
@click.option("--reuse", default="", metavar="LIST", help="Engines whose last index is searched.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS, show_default=False)
def main(
    sizes: str,
    names: str,
    queries: int,
    rounds: int,
    *,
    reuse: str,
    output: Path,
) -> None:
    """Measure engines on speeches of the parliament corpus."""
    if not SHARED.is_dir():
        raise click.UsageError(f"{SHARED}: not there; it holds the corpus and the topics")
    made = json.loads(output.read_bytes()) if output.exists() else {"sizes": {}, "conditions": {}}
    for size in (int(text) for text in sizes.split(",")):
        wanted = [name for name in names.split(",") if size <= MOST_DOCUMENTS.get(name, size)]
        measured = measure_size(parliament(size), wanted, queries, rounds, reuse=reuse.split(","))
        print(*size_lines(size, measured), sep="\n", flush=True)
        made["sizes"][str(size)] = measured
        made["conditions"][str(size)] = conditions() | {"queries": queries, "rounds": rounds}
        output.parent.mkdir(exist_ok=True)
        output.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def measure_size(
    records: RecordFile,
    names: Sequence[str],
    queries: int,
    rounds: int,
    *,
    reuse: Sequence[str] = (),
) -> Measured:
    """Build every engine's index, then search them all in turns."""
    workload = parliament_workload(records, queries)
    text_bytes = records.text_bytes
    folder = WORK / f"{records.path.stem}-{records.count}"
    built = build_indexes(records, names, folder, reuse=reuse)
    figures = {
        name: {**built[built_as(name)], "text_bytes": text_bytes}
        for name in names
        if built_as(name) in built
    }
    folders = {name: folder / built_as(name) for name in figures}
    few = FEW_SORTS if records.count >= MANY_DOCUMENTS else {}
    searched = search_in_turns(folders, workload, rounds, few)
    return {name: {**figures[name], **searched[name]} for name in searched}


def build_indexes(
    records: RecordFile, names: Sequence[str], folder: Path, *, reuse: Sequence[str] = ()
) -> Measured:
    """Index with each engine, one after the other; those that cannot are left out."""
    built: Measured = {}
    for name in dict.fromkeys(map(built_as, names)):
        kept = folder / f"{name}.json"
        if name in reuse and kept.exists():
            built[name] = json.loads(kept.read_bytes())
            continue
        try:
            built[name] = _build(records, name, folder / name)
        except EngineFailed as failure:
            click.echo(f"left out: {failure}", err=True)
            continue
        kept.write_text(json.dumps(built[name]), encoding="utf-8")
        click.echo(f"{name}: {built[name]['documents_per_second']:,.0f} documents/s", err=True)
    return built


def _build(records: RecordFile, name: str, folder: Path) -> dict[str, float]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with EngineProcess(name) as engine:
        seconds = engine.build(records, folder)
    return {
        "index_seconds": seconds,
        "documents_per_second": records.count / seconds,
        "index_bytes": bytes_of(folder),
        "load_while_indexing": os.getloadavg()[0],
    }


def search_in_turns(
    folders: dict[str, Path],
    workload: Workload,
    rounds: int,
    few_sorts: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Measured:
    """Run every search `rounds` times on every engine, a few at a time in turns.

    An engine of `few_sorts` is asked only those.
    """
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
            asked = [each for each in processes if sort in few_sorts.get(each.engine, workload)]
            runs = _runs(asked, lookups, rounds)
            for name, timed in runs.items():
                measured[name]["searches"][sort] = _latency(timed, len(lookups))
        for process in processes:
            measured[process.engine] |= _memory(process, "searched")
    return measured


def _runs(
    processes: Sequence[EngineProcess], lookups: Sequence[Lookup], rounds: int
) -> dict[str, list[Timed]]:
    """Return what each engine took for these searches, round after round."""
    runs: dict[str, list[Timed]] = {process.engine: [] for process in processes}
    order = Random(0)  # noqa: S311  # nothing secret
    for number in range(rounds):
        for start in range(0, len(lookups), TURN):
            for process in order.sample(processes, len(processes)):
                if number == 0 or process.engine not in ONE_ROUND:
                    runs[process.engine] += process.search(lookups[start : start + TURN]) or []
    return runs


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


def _latency(timed: Sequence[Timed], per_round: int) -> dict[str, float] | None:
    if not timed:
        return None  # the engine has no such search
    waited = Latency.of(_medians([each.milliseconds for each in timed], per_round))
    worked = Latency.of(_medians([each.processor_milliseconds for each in timed], per_round))
    return asdict(waited) | {"processor_p50": worked.p50, "processor_p99": worked.p99}


def _medians(milliseconds: Sequence[float], per_round: int) -> list[float]:
    starts = range(0, len(milliseconds), per_round)
    return median_of_rounds([milliseconds[start : start + per_round] for start in starts])


if __name__ == "__main__":
    main()
