"""Measure the ranking on every set of ../shared/relevance, beside Lucene: `make relevance`.

    python -m benchmarks.relevance --sets xquad_tr,tquad2018 --variants kw --limit 200

Exit status 1 where a floor is not met, 2 where it cannot be measured. A whole run is written to
benchmarks/results/relevance.json and into the tables of docs/relevance.md; a part of one is only
printed, and judged by nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from benchmarks.relevance_report import (
    MEASURE,
    Lucene,
    cell_line,
    floor_lines,
    floors,
    is_complete,
    markdown,
    mean_lines,
    record,
)
from benchmarks.relevance_sets import (
    CHECKOUT,
    SETS,
    SHARED,
    VARIANTS,
    Cell,
    bring_up_to_date,
    measure,
)
from index.analysis import Analyzer
from index.errors import KupurError
from index.words import read_word_lists
from search.ranking import DEFAULT_PROFILE, RankingProfile, read_profile

RESULTS = CHECKOUT / "benchmarks" / "results" / "relevance.json"
DOCS = CHECKOUT / "docs" / "relevance.md"

TABLES = re.compile(r"(<!-- figures -->\n).*?(\n<!-- end of figures -->)", re.DOTALL)
"""Where in docs/relevance.md the tables stand."""


def _names(known: Sequence[str]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    def read(_context: click.Context, _parameter: click.Parameter, text: str) -> list[str]:
        names = [name.strip() for name in text.split(",")]
        for name in names:
            if name not in known:
                raise click.BadParameter(f"'{name}' is none of {', '.join(known)}")
        return names

    return read


@click.command()
@click.option("--sets", default=",".join(SETS), callback=_names(list(SETS)), metavar="LIST")
@click.option("--variants", default=",".join(VARIANTS), callback=_names(VARIANTS), metavar="LIST")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first queries of each.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Weights of another ranking (TOML), as kupur evaluate takes them; only printed.",
)
@click.option("--processes", default=os.cpu_count() or 1, show_default=True)
def main(
    sets: Sequence[str],
    variants: Sequence[str],
    limit: int | None,
    config: Path | None,
    processes: int,
) -> None:
    """Measure the ranking on the sets of ../shared/relevance, beside Lucene."""
    if not SHARED.is_dir():
        raise click.UsageError(f"{SHARED}: not there; it holds the sets and their corpora")
    try:
        profile = read_profile(config) if config else DEFAULT_PROFILE
        lucene = json.loads((SHARED / "relevance" / "lucene_baseline.json").read_bytes())
        before = _figures_of_the_record()
        cells = []
        for cell in _cells(sets, variants, limit, profile, processes):
            print(cell_line(cell, lucene, before), flush=True)
            cells.append(cell)
    except KupurError as error:
        raise click.ClickException(str(error)) from error
    print("", *mean_lines(cells, lucene), sep="\n")
    if limit or not is_complete(cells):
        print("a part only: no floor is judged, and nothing is written")
        return
    listed = floors(cells, lucene)
    print("", *floor_lines(listed), sep="\n")
    if config is None:
        _write(cells, lucene, profile)
    sys.exit(0 if all(floor.met for floor in listed) else 1)


def _cells(
    sets: Sequence[str],
    variants: Sequence[str],
    limit: int | None,
    profile: RankingProfile,
    processes: int,
) -> Iterator[Cell]:
    """Index what must be indexed, then measure cell by cell; yield each as it is done."""
    # Spawned, for a fork takes over threads of compiled code half way through.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        collections = dict.fromkeys(SETS[name] for name in sets)
        largest_first = sorted(collections, key=lambda each: each.corpus != "parliament-100k")
        for done in as_completed([pool.submit(bring_up_to_date, each) for each in largest_first]):
            print(done.result(), file=sys.stderr, flush=True)
        places = [(name, variant) for name in sets for variant in variants]
        measured = [pool.submit(measure, *place, limit, profile) for place in places]
        for future in measured:
            yield future.result()


def _figures_of_the_record() -> Mapping[tuple[str, str], float]:
    if not RESULTS.exists():
        return {}
    cells = json.loads(RESULTS.read_bytes())["cells"]
    return {(cell["set"], cell["variant"]): cell[MEASURE] for cell in cells}


def _write(cells: Sequence[Cell], lucene: Lucene, profile: RankingProfile) -> None:
    made: dict[str, Any] = {
        "revision": _git("rev-parse", "--short=12", "HEAD"),
        "with_uncommitted_changes": bool(_git("status", "--porcelain", "index", "search", "data")),
        "date": datetime.now(UTC).date().isoformat(),
        "analyzer": Analyzer(read_word_lists()).version,
        "profile": asdict(profile),
    }
    recorded = record(cells, lucene, made)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(recorded, ensure_ascii=False, indent=1) + "\n", "utf-8")
    tables = markdown(recorded)
    text = DOCS.read_text("utf-8")
    DOCS.write_text(TABLES.sub(lambda found: found[1] + tables + found[2], text), "utf-8")
    print(f"written: {RESULTS.relative_to(CHECKOUT)}, {DOCS.relative_to(CHECKOUT)}")


def _git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  # our own arguments
        ["git", *arguments],  # noqa: S607  # from the path, as the Makefile's commands
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or ("" if done.returncode == 0 else "unknown")


if __name__ == "__main__":
    main()
