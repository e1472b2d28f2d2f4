"""Readers and writers at once: searches over HTTP while articles come, change and go.

And while the index is rebuilt.

A real `kupur serve` answers at a steady rate; every few seconds a real `kupur import` (or remove,
or forget) writes, and rebuilds happen in between. Counts every answer by status, measures
latencies, and watches the server's memory. `python -m tests.faults.mixed_load --help`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import lzma
import os
import queue
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

CHECKOUT = Path(__file__).parent.parent.parent
PAGES = ("/ara?q={q}", "/api/v1/search?q={q}", "/api/v1/search?q={q}&facets=section,year")
OTHERS = ("/", "/hakkinda", "/api/v1/stats", "/readyz")


class Memory(NamedTuple):
    """What a process holds, in KiB."""

    resident: int
    own: int
    """Without the pages of mapped files (the index, libraries), which the kernel can drop."""


@dataclass
class Tally:
    """What happened; one lock for all of it."""

    statuses: Counter[str] = field(default_factory=Counter)
    commands: Counter[str] = field(default_factory=Counter)
    failed_commands: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    memory_kib: list[Memory] = field(default_factory=list)
    unanswered: int = 0
    generations: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, status: str, seconds: float, path: str) -> None:
        with self.lock:
            self.statuses[status] += 1
            self.milliseconds.append(seconds * 1000)
            if not status.startswith(("2", "3", "410", "404")):
                load, _, _ = os.getloadavg()
                self.bad.append(f"{time.strftime('%H:%M:%S')} load {load:.1f}: {status} {path}")

    def report(self) -> dict[str, object]:
        ordered = sorted(self.milliseconds)
        return {
            "requests": len(ordered),
            "unanswered_at_the_end": self.unanswered,
            "statuses": dict(self.statuses),
            "p50_ms": round(ordered[len(ordered) // 2], 1),
            "p99_ms": round(ordered[len(ordered) * 99 // 100], 1),
            "max_ms": round(ordered[-1], 1),
            "bad": self.bad[:20],
            "commands": dict(self.commands),
            "failed_commands": self.failed_commands[:20],
            "generations_seen": len(self.generations),
            "memory_mib": _course([memory.resident for memory in self.memory_kib]),
            "own_memory_mib": _course([memory.own for memory in self.memory_kib]),
        }


def _course(kib: list[int]) -> dict[str, object]:
    """How a size went over the run: its start, the ends of its first and last fifth, all of it."""
    mebibytes = [round(size / 1024, 1) for size in kib]
    fifth = max(1, len(kib) // 5)
    return {
        "start": mebibytes[0],
        "early": max(mebibytes[:fifth]),
        "late": max(mebibytes[-fifth:]),
        "peak": max(mebibytes),
        "by_time": mebibytes[:: max(1, len(mebibytes) // 60)],
    }


def records(source: Path | None) -> Iterator[dict[str, object]]:
    """Yield articles without end: those of a corpus, then again with other ids."""
    turn = 0
    while True:
        for record in _once(source):
            yield {**record, "id": f"{record['id']}-{turn}" if turn else record["id"]}
        turn += 1


def _once(source: Path | None) -> Iterator[dict[str, object]]:
    if source is not None:
        with lzma.open(source, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
        return
    for path in sorted((CHECKOUT / "data" / "sample").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


class Load:
    """One run of mixed load over an archive of its own."""

    def __init__(self, folder: Path, seconds: float, rate: float, source: Path | None) -> None:
        self.tally = Tally()
        self._archive = folder / "archive"
        self._folder = folder
        self._seconds = seconds
        self._rate = rate
        self._records = records(source)
        self._random = random.Random(5)  # noqa: S311  # a run that can be repeated
        self._words: list[str] = []
        self._ids: list[str] = []
        self._over = threading.Event()

    def run(self, start_with: int) -> dict[str, object]:
        """Import, serve, load for the given time; return the report."""
        self._import(start_with)
        command = [*self._kupur("serve"), "--port", "0"]
        log = (self._folder / "serve.log").open("w")
        with (
            log,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=CHECKOUT
            ) as server,
        ):
            assert server.stdout is not None
            try:
                match = re.search(r"http://([\d.]+):(\d+)/", server.stdout.readline())
                assert match, "kupur serve printed no address"
                self._load(server.pid, match[1], int(match[2]))
            finally:
                self._over.set()
                server.terminate()
        verified = subprocess.run(
            self._kupur("verify"), capture_output=True, text=True, check=False, cwd=CHECKOUT
        )
        return {
            **self.tally.report(),
            "seconds": self._seconds,
            "articles_at_start": start_with,
            "verify_status": verified.returncode,
            "verify": verified.stderr[:500],
            "log_lines": len((self._folder / "serve.log").read_text().splitlines()),
        }

    def _kupur(self, name: str, *rest: str) -> list[str]:
        return [sys.executable, "-P", "-m", "kupur", name, "--archive", str(self._archive), *rest]

    def _load(self, pid: int, host: str, port: int) -> None:
        ends = time.monotonic() + self._seconds
        # The server that has answered something of everything is the one whose memory counts.
        paths: queue.Queue[str | None] = queue.Queue()
        readers = [threading.Thread(target=self._read, args=(host, port, paths)) for _ in range(8)]
        writer = threading.Thread(target=self._write, args=(ends,))
        for thread in (*readers, writer):
            thread.start()
        began = time.monotonic()
        sent = 0
        next_sample = began
        while (now := time.monotonic()) < ends:
            if now >= next_sample:
                self.tally.memory_kib.append(_memory(pid))
                next_sample = now + max(1.0, self._seconds / 600)
            if sent < (now - began) * self._rate:
                paths.put(self._path())
                sent += 1
            else:
                time.sleep(0.005)
        self._over.set()
        self.tally.unanswered = paths.qsize()
        with suppress(queue.Empty):  # a backlog counts as such, and is not worked off
            while True:
                paths.get_nowait()
        for _ in readers:
            paths.put(None)
        for thread in (*readers, writer):
            thread.join()

    def _path(self) -> str:
        chance = self._random.random()
        if chance < 0.05:
            return self._random.choice(OTHERS)
        if chance < 0.15:
            return "/haber/" + quote(self._random.choice(self._ids), safe="")
        words = self._random.sample(self._words, self._random.choice((1, 2, 3)))
        text = f'"{" ".join(words[:2])}"' if chance > 0.9 else " ".join(words)
        return self._random.choice(PAGES).format(q=quote(text))

    def _read(self, host: str, port: int, paths: queue.Queue[str | None]) -> None:
        connection = http.client.HTTPConnection(host, port, timeout=30)
        while (path := paths.get()) is not None:
            began = time.monotonic()
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read()
                status = str(response.status)
                if path == "/readyz" and response.status == 200:
                    self.tally.generations.add(json.loads(body)["generation"])
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
                connection.close()
            self.tally.answer(status, time.monotonic() - began, path)
        connection.close()

    def _write(self, ends: float) -> None:
        began = time.monotonic()
        rebuilds = [began + self._seconds / 3, began + self._seconds * 2 / 3]
        while not self._over.is_set() and time.monotonic() < ends - 2:
            if rebuilds and time.monotonic() >= rebuilds[0]:
                rebuilds.pop(0)
                self._command("rebuild")
            chance = self._random.random()
            if chance < 0.8:
                self._import(self._random.randint(1, 30))
            elif chance < 0.95:
                self._command("remove", self._random.choice(self._ids))
            else:
                self._command("forget", self._random.choice(self._ids))
            self._over.wait(self._random.uniform(1, 10))

    def _import(self, count: int) -> None:
        taken = list(islice(self._records, count))
        path = self._folder / "batch.jsonl"
        lines = (json.dumps(record, ensure_ascii=False) for record in taken)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        self._command("import", str(path))
        self._ids.extend(str(record["id"]) for record in taken)
        if len(self._words) < 5000:
            text = " ".join(str(r.get("body") or r.get("text") or "") for r in taken[:500])
            self._words.extend(sorted(set(re.findall(r"\w{3,}", text)))[:5000])

    def _command(self, name: str, *rest: str) -> None:
        done = subprocess.run(
            self._kupur(name, *rest), capture_output=True, text=True, check=False, cwd=CHECKOUT
        )
        # 1: the article to remove is not there any more.
        with self.tally.lock:
            self.tally.commands[f"{name} {done.returncode}"] += 1
            if done.returncode not in (0, 1):
                self.tally.failed_commands.append(f"{name}: {done.stderr[-300:]}")


def _memory(pid: int) -> Memory:
    status = Path(f"/proc/{pid}/status").read_text()
    sizes = dict(re.findall(r"(VmRSS|RssAnon):\s+(\d+) kB", status))
    return Memory(resident=int(sizes["VmRSS"]), own=int(sizes["RssAnon"]))


def main() -> None:
    """Run a load and print its report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a new folder for the archive and the log")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--rate", type=float, default=20, help="requests a second")
    parser.add_argument("--articles", type=int, default=10_000, help="in the archive at the start")
    parser.add_argument("--source", type=Path, help="a .jsonl.xz of articles (else the samples)")
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    os.environ.pop("KUPUR_ARCHIVE", None)
    report = Load(given.folder, given.seconds, given.rate, given.source).run(given.articles)
    print(json.dumps(report, indent=1))  # noqa: T201  # a program's output


if __name__ == "__main__":
    main()
