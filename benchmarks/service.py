"""Measure what a reader waits for: a page of ten with snippets, and the same over HTTP.

    python -m benchmarks.service --queries 100 --profile

Over the archive that `benchmarks.importing` made. The service is asked in this process; HTTP over
loopback, of `kupur serve` (waitress) in a process of its own, on one kept connection. The two take
turns; the time of a question is the median of its rounds.
"""

from __future__ import annotations

import cProfile
import http.client
import json
import pstats
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import click

from benchmarks.documents import CHECKOUT
from benchmarks.importing import ARCHIVE
from benchmarks.machine import conditions
from benchmarks.percentiles import Latency, median_of_rounds
from benchmarks.workload import TOPICS
from kupur import open_service
from search.request import SearchRequest
from search.service import SearchService

RESULTS = Path(__file__).parent / "results" / "service.json"

Ask = Callable[[str], object]


@click.command()
@click.option("--archive", type=click.Path(path_type=Path), default=ARCHIVE, show_default=False)
@click.option("--queries", default=200, show_default=True, help="Questions of each sort.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--profile", is_flag=True, help="Only show where the service's time goes.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
def main(archive: Path, queries: int, rounds: int, profile: bool, output: Path) -> None:
    """Measure the service and the HTTP answer."""
    if not archive.is_dir():
        raise click.UsageError(f"{archive}: not there; run python -m benchmarks.importing first")
    questions = {"keywords": _texts("kw", queries), "topic lines": _texts("nl", queries)}
    service = open_service(archive)
    if profile:
        _profile(service, [text for texts in questions.values() for text in texts])
        return
    with _served(archive) as connection:
        ways: dict[str, Ask] = {
            "service": lambda text: service.search(SearchRequest(q=text)),
            "http json": lambda text: _get(connection, f"/api/v1/search?q={quote_plus(text)}"),
            "http html": lambda text: _get(connection, f"/ara?q={quote_plus(text)}"),
        }
        figures = {
            sort: {way: asdict(latency) for way, latency in _measure(ways, texts, rounds)}
            for sort, texts in questions.items()
        }
    for sort, measured in figures.items():
        for way, latency in measured.items():
            shown = " / ".join(f"{latency[name]:.1f}" for name in ("p50", "p95", "p99"))
            print(f"{sort:12} {way:10} {shown} ms")
    made = {"conditions": conditions(), "rounds": rounds, "figures": figures}
    output.parent.mkdir(exist_ok=True)
    output.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


def _texts(variant: str, count: int) -> list[str]:
    with (TOPICS / f"queries.{variant}.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if len(text.split()) <= 32 and len(text) <= 512][:count]


def _measure(
    ways: dict[str, Ask], texts: Sequence[str], rounds: int
) -> Iterator[tuple[str, Latency]]:
    for ask in ways.values():
        ask(texts[0])  # what is loaded once is loaded
    taken: dict[str, list[list[float]]] = {way: [[] for _ in range(rounds)] for way in ways}
    for number in range(rounds):
        for text in texts:
            for way, ask in ways.items():
                began = time.perf_counter()
                ask(text)
                taken[way][number].append((time.perf_counter() - began) * 1000)
    for way, listed in taken.items():
        yield way, Latency.of(median_of_rounds(listed))


def _get(connection: http.client.HTTPConnection, address: str) -> bytes:
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        raise click.ClickException(f"{address}: {answer.status} {body[:200]!r}")
    return body


@contextmanager
def _served(archive: Path) -> Iterator[http.client.HTTPConnection]:
    server = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "kupur", "serve", "--archive", str(archive), "--port", "0"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        announced = server.stdout.readline() if server.stdout else ""
        url = re.search(r"http://\S+", announced)
        if url is None:
            raise click.ClickException("kupur serve did not come up")
        address = urlsplit(url.group())
        yield http.client.HTTPConnection(address.hostname or "", address.port)
    finally:
        server.terminate()
        server.wait()


def _profile(service: SearchService, texts: Sequence[str]) -> None:
    service.search(SearchRequest(q=texts[0]))
    profiler = cProfile.Profile()
    profiler.enable()
    for text in texts:
        service.search(SearchRequest(q=text))
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
