"""Eight threads and four processes search while another process commits and merges.

What each was answered is held against what the writer published: a total belongs to one
generation, and a hit was alive in it and holds the word. `make load` runs this for ten minutes
and writes benchmarks/results/load.json; without KUPUR_LOAD_SECONDS it is a short form of that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from tests.load.vocabulary import word_of

HERE = Path(__file__).parent
SECONDS = float(os.environ.get("KUPUR_LOAD_SECONDS", "8"))
THREADS = 8
PROCESSES = 4
Reports = tuple[dict[str, Any], list[dict[str, Any]]]
"""What the writer did, and what each reader was answered."""

GROWTH = 24_000_000
"""Bytes that a process may grow from half of the time on: allocators take some time to settle."""


@contextmanager
def _process(checkout: Path, script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(checkout)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def _report(process: subprocess.Popen[str]) -> dict[str, Any]:
    output, _ = process.communicate(timeout=SECONDS + 120)
    assert process.returncode == 0
    report: dict[str, Any] = json.loads(output)
    return report


def _answers(path: Path) -> dict[str, Any]:
    """Return the distinct (generation, word, total) and (generation, id) of a file of answers."""
    totals, found = set(), set()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            generation, word, total, ids = json.loads(line)
            totals.add((generation, word, total))
            found |= {(generation, article_id) for article_id in ids}
    return {"totals": totals, "found": found}


@pytest.fixture(scope="module")
def reports(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Reports:
    folder = tmp_path_factory.mktemp("load")
    Archive.open(folder, create=True).close()
    with ExitStack() as processes:
        writer = processes.enter_context(_process(checkout, "writing.py", folder))
        _wait_until_ready(writer)
        readers = [
            processes.enter_context(
                _process(checkout, "searching.py", folder, SECONDS, threads, folder / f"{number}")
            )
            for number, threads in enumerate((THREADS, *[1] * PROCESSES))
        ]
        for reader in readers:
            _wait_until_ready(reader)
        for reader in readers:
            assert reader.stdin is not None
            reader.stdin.write("\n")
            reader.stdin.flush()
        searched = [
            _report(reader) | _answers(folder / f"{number}")
            for number, reader in enumerate(readers)
        ]
        (folder / "stop").touch()
        return _report(writer), searched


def test_nothing_goes_wrong(reports: Reports) -> None:
    _, searched = reports
    assert [error for report in searched for error in report["errors"]] == []
    assert all(report["searches"] > 0 for report in searched)


def test_there_was_something_to_go_wrong(
    reports: Reports,
) -> None:
    written, searched = reports
    generations = {generation for report in searched for generation, _, _ in report["totals"]}
    assert written["commits"] > 8
    assert written["merges"] > 0
    assert len(generations) > 2


def test_each_total_is_that_of_one_generation(
    reports: Reports,
) -> None:
    written, searched = reports
    answered = {answer for report in searched for answer in report["totals"]}
    expected = {
        generation: Counter(
            word_of(number) for number, life in written["lives"].items() if _alive(life, generation)
        )
        for generation in {answer[0] for answer in answered}
    }
    assert {answer for answer in answered if answer[2] != expected[answer[0]][answer[1]]} == set()


def test_each_hit_was_alive_in_its_generation(
    reports: Reports,
) -> None:
    written, searched = reports
    found = {hit for report in searched for hit in report["found"]}
    dead = {hit for hit in found if not _alive(written["lives"][hit[1]], hit[0])}
    assert dead == set()
    assert found


def test_memory_stays_flat_and_old_generations_are_let_go(
    reports: Reports,
) -> None:
    _, searched = reports
    growth = [report["private_bytes"][1] - report["private_bytes"][0] for report in searched]
    assert max(growth) < GROWTH
    # One generation's segments, and what one before may still be used for.
    assert max(report["mapped_segments"] for report in searched) < 80


@pytest.mark.skipif("KUPUR_LOAD_REPORT" not in os.environ, reason="only `make load` keeps figures")
def test_the_figures_are_kept(reports: Reports) -> None:
    written, searched = reports
    kept = {
        "seconds": SECONDS,
        "threads": THREADS,
        "processes": PROCESSES,
        "commits": written["commits"],
        "merges": written["merges"],
        "searches": sum(report["searches"] for report in searched),
        "errors": sum(len(report["errors"]) for report in searched),
        "generations_seen": len({row[0] for report in searched for row in report["totals"]}),
        "growth_bytes": max(
            report["private_bytes"][1] - report["private_bytes"][0] for report in searched
        ),
    }
    path = Path(os.environ["KUPUR_LOAD_REPORT"])
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _alive(life: list[int | None], generation: int) -> bool:
    born, died = life
    return born is not None and born <= generation and (died is None or generation < died)
