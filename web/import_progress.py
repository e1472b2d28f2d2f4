"""How far an import has come: a bar on a terminal, a line now and then elsewhere.

Two stages, reading into the archive and indexing, with rate and time left. Everything goes to
standard error, so that a report on standard output stays clean. `kupur import` is the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

LINE_EVERY_SECONDS = 5.0


class ImportProgress(AbstractContextManager["ImportProgress"], Protocol):
    """What watches an import; the first two are `index.importing.Progress`."""

    def start(self, total_bytes: int | None) -> None:
        """Hear that reading begins; None where nobody can know how much there is."""

    def advance(self, byte_count: int, record_count: int) -> None:
        """Hear that so much more was read."""

    def start_indexing(self, total: int) -> None:
        """Hear that indexing begins, of at most `total` changes."""

    def indexed(self, count: int) -> None:
        """Hear that so many more changes were indexed."""


def import_progress(stream: TextIO) -> ImportProgress:
    """Return what suits `stream`: a bar on a terminal, lines elsewhere."""
    if stream.isatty():
        return BarProgress(Console(file=stream, highlight=False))
    return LineProgress(stream)


class _Rate(ProgressColumn):
    """Articles so far, and how many a second."""

    def render(self, task: Task) -> Text:
        count = int(task.fields["articles"])
        rate = count / task.elapsed if task.elapsed else 0.0
        return Text(f"{count:,} articles, {rate:,.0f}/s")


class BarProgress(ImportProgress):
    """Bars on a terminal."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<8}"),
            BarColumn(bar_width=30),
            TaskProgressColumn(),
            _Rate(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
        )
        self._articles = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def start(self, total_bytes: int | None) -> None:
        """Show the bar of reading; it only moves to and fro where the end is unknown."""
        self._reading = self._progress.add_task("Reading", total=total_bytes, articles=0)

    def advance(self, byte_count: int, record_count: int) -> None:
        """Move the bar of reading by bytes, and count articles."""
        self._articles += record_count
        self._progress.update(self._reading, advance=byte_count, articles=self._articles)

    def start_indexing(self, total: int) -> None:
        """End the bar of reading, show the one of indexing."""
        task = self._progress.tasks[self._reading]
        self._progress.update(self._reading, total=task.completed, completed=task.completed)
        self._progress.stop_task(self._reading)
        self._articles = 0
        self._indexing = self._progress.add_task("Indexing", total=total, articles=0)

    def indexed(self, count: int) -> None:
        """Move the bar of indexing."""
        self._articles += count
        self._progress.update(self._indexing, advance=count, articles=self._articles)


class LineProgress(ImportProgress):
    """A plain line every few seconds, for logs. `clock` gives seconds from any start."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._begin("reading", None)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing was opened."""

    def start(self, total_bytes: int | None) -> None:
        """Begin to count what is read."""
        self._begin("reading", total_bytes)

    def advance(self, byte_count: int, record_count: int) -> None:
        """Count, and say so if the last line is a while ago."""
        self._count(byte_count, record_count)

    def start_indexing(self, total: int) -> None:
        """Begin to count what is indexed."""
        self._begin("indexing", total)

    def indexed(self, count: int) -> None:
        """Count, and say so if the last line is a while ago."""
        self._count(count, count)

    def _begin(self, stage: str, total: int | None) -> None:
        self._stage = stage
        self._total = total
        self._done = self._articles = 0
        self._began = self._said = self._clock()

    def _count(self, done: int, articles: int) -> None:
        self._done += done
        self._articles += articles
        now = self._clock()
        if now - self._said >= LINE_EVERY_SECONDS:
            self._said = now
            self._stream.write(self._line(now - self._began) + "\n")
            self._stream.flush()

    def _line(self, seconds: float) -> str:
        rate = self._articles / seconds
        line = f"{self._stage}: {self._articles:,} articles, {rate:,.0f}/s"
        if not self._total or not self._done:
            return line
        share = min(1.0, self._done / self._total)
        left = seconds / share - seconds
        return f"{line}, {share:.0%}, {left:,.0f} s left"
