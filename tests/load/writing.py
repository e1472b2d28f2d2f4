"""The process that writes while others search: adds, changes, removes, commits, merges.

    python writing.py FOLDER

Writes until there is a file FOLDER/stop, then prints one JSON object: for each article when it came
and went (generations), and how often it committed and merged.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from index.analysis import Analyzer
from index.archive import Archive
from index.build import update_index
from index.generations import current_generation
from tests.load.vocabulary import article

LIVE = 1500
"""About so many articles live at a time."""


class Writer:
    """Changes an archive step by step, and remembers in which generation what was to be found."""

    def __init__(self, archive: Archive, index: Path) -> None:
        self.lives: dict[int, list[int | None]] = {}
        self.commits = self.merges = 0
        self._archive, self._index = archive, index
        self._analyzer = Analyzer()
        self._chance = random.Random(4)  # noqa: S311  # no secret
        self._live: list[int] = []
        self._segments = 0

    def step(self, adding: int) -> None:
        """Commit one batch to the archive, and publish it."""
        chance = self._chance
        added = [len(self.lives) + offset for offset in range(adding)]
        changed = chance.sample(self._live, min(10, len(self._live)))
        removing = max(0, len(self._live) - LIVE)
        removed = chance.sample(self._live, removing)
        self._archive.put(article(number, 0) for number in added)
        self._archive.put(article(number, self.commits + 1) for number in changed)
        self._archive.remove(str(number) for number in removed)
        generation = update_index(self._archive, self._index, self._analyzer).generation
        for number in added:
            self.lives[number] = [generation, None]
        for number in removed:
            self.lives[number][1] = generation
        gone = set(removed)
        self._live = [number for number in [*self._live, *added] if number not in gone]
        self.commits += 1
        self._count_merges()

    def _count_merges(self) -> None:
        current = current_generation(self._index)
        segments = len(current.manifest.segments) if current else 0
        self.merges += segments <= self._segments
        self._segments = segments


def main(folder: Path) -> None:
    """Write until somebody says that it is enough."""
    with Archive.open(folder) as archive:
        writer = Writer(archive, folder / "index")
        writer.step(adding=LIVE)
        print("ready", flush=True)  # noqa: T201  # the test waits for it
        while not (folder / "stop").exists():
            writer.step(adding=20)
    written = {"lives": writer.lives, "commits": writer.commits, "merges": writer.merges}
    sys.stdout.write(json.dumps(written))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
