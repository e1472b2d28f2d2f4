"""A process that searches without pause, with any number of threads, while another one writes.

    python searching.py FOLDER SECONDS THREADS ANSWERS

Says when it is ready, begins when a line is typed to it, and then prints one JSON object: how often
it searched, what went wrong, and its private memory in the middle and at the end. The file ANSWERS
has a JSON line for each page: generation, word, total, ids. It is no part of that memory.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TextIO

from index.analysis import Analyzer
from index.archive import Archive
from search.engines.embedded import EmbeddedEngine
from search.repair import SpellingRepair
from search.request import Match, SearchRequest
from search.results import ResultPage
from search.service import SearchService
from tests.load.vocabulary import WORDS, word_of

PATIENCE = 60.0
"""Seconds for one search: the machine is crowded on purpose, and being slow is no error here."""


@dataclass
class Seen:
    """What one process was answered."""

    answers: TextIO
    errors: list[str] = field(default_factory=list)
    searches: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, word: str, page: ResultPage) -> None:
        """Remember a page, and check what it says of itself."""
        wrong = [problem for hit in page.hits for problem in _problems(word, hit)]
        with self.lock:
            self.searches += 1
            ids = [hit.article.id for hit in page.hits]
            self.answers.write(json.dumps([page.generation, word, page.total, ids]) + "\n")
            self.errors += wrong


def _problems(word: str, hit: object) -> list[str]:
    article, snippets = hit.article, hit.snippets  # type: ignore[attr-defined]  # a Hit
    if word_of(article.id) != word:
        return [f"{article.id} was found by {word}"]
    marked = {s.text[span.start : span.end] for s in snippets for span in s.spans}
    return [] if word in marked else [f"{article.id}: {word} is not marked, but {marked}"]


def search(service: SearchService, end: float, first: int, seen: Seen) -> None:
    """Ask for one word after the other, as a word, a phrase, a prefix, page after page."""
    try:
        for number in count(first):
            if time.monotonic() > end:
                return
            word = WORDS[number % len(WORDS)]
            query = (word, f'"{word} haberi"', f"{word[:4]}*")[number % 3]
            exact = Match.EXACT if number % 5 == 0 else Match.STEM
            page = number % 4 + 1
            seen.take(word, service.search(SearchRequest(q=query, match=exact, page=page)))
    except Exception:  # noqa: BLE001  # reported to the test
        with seen.lock:
            seen.errors.append(traceback.format_exc())


def private_bytes() -> int:
    """Return what this process alone has written to."""
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Private_Dirty:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def mapped_segments() -> int:
    """Return how many segment files this process maps, those of old generations included."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8")
    return len(set(re.findall(r"\S+\.kpr", maps)))


def main(folder: Path, seconds: float, threads: int, answers: Path) -> None:
    """Search until the time is over."""
    analyzer = Analyzer()
    with Archive.open(folder, read_only=True) as archive, answers.open("w") as kept:
        seen = Seen(kept)
        engine = EmbeddedEngine(folder / "index")
        service = SearchService(
            engine, archive, analyzer, repair=SpellingRepair(analyzer), seconds=PATIENCE
        )
        service.search(SearchRequest(q=WORDS[0]))  # loads compiled code
        print("ready", flush=True)  # noqa: T201  # the test waits for it
        sys.stdin.readline()
        end = time.monotonic() + seconds
        workers = [
            threading.Thread(target=search, args=(service, end, number * 5, seen))
            for number in range(threads)
        ]
        for worker in workers:
            worker.start()
        time.sleep(seconds / 2)
        halfway = private_bytes()
        for worker in workers:
            worker.join()
    sys.stdout.write(
        json.dumps(
            {
                "searches": seen.searches,
                "errors": seen.errors,
                "private_bytes": [halfway, private_bytes()],
                "mapped_segments": mapped_segments(),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
