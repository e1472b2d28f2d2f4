"""How far an import has come: a bar on a terminal, a line now and then elsewhere.

Reading into the archive and indexing, with rate and time left; both may go on at once, each told of
by a thread of its own. Everything goes to
standard error, so that a report on standard output stays clean. `kupur import` is the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
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
        """Hear that reading is done, and `total` changes at most were or are to be indexed."""

    def indexed(self, count: int) -> None:
        """Hear that so many more changes were indexed, perhaps while reading goes on."""


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
        self._read = self._indexed = 0
        self._reading: TaskID | None = None
        self._indexing: TaskID | None = None

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
        if self._reading is not None:
            self._read += record_count
            self._progress.update(self._reading, advance=byte_count, articles=self._read)

    def start_indexing(self, total: int) -> None:
        """End the bar of reading; let the one of indexing know its end."""
        if self._reading is not None:
            task = self._progress.tasks[self._reading]
            self._progress.update(self._reading, total=task.completed, completed=task.completed)
            self._progress.stop_task(self._reading)
        self._progress.update(self._indexing_bar(), total=total)

    def indexed(self, count: int) -> None:
        """Move the bar of indexing."""
        self._indexed += count
        bar = self._indexing_bar()
        self._progress.update(bar, advance=count, articles=self._indexed)
        if self._indexed > (self._progress.tasks[bar].total or self._indexed):
            self._progress.update(bar, total=None)  # more than expected: the index is made again

    def _indexing_bar(self) -> TaskID:
        if self._indexing is None:
            self._indexing = self._progress.add_task("Indexing", total=None, articles=0)
        return self._indexing


class LineProgress(ImportProgress):
    """A plain line every few seconds, for logs. `clock` gives seconds from any start."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._lock = Lock()
        self._reading = _Stage("reading", None, clock())
        self._indexing = _Stage("indexing", None, clock())
        self._shown = self._reading
        self._said = clock()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing was opened."""

    def start(self, total_bytes: int | None) -> None:
        """Begin to count what is read."""
        self._reading = _Stage("reading", total_bytes, self._clock())
        self._show(self._reading)

    def advance(self, byte_count: int, record_count: int) -> None:
        """Count, and say so if the last line is a while ago."""
        self._count(self._reading, byte_count, record_count)

    def start_indexing(self, total: int) -> None:
        """Begin to tell of indexing; what was indexed before is done, but says nothing of speed."""
        done = self._indexing.done
        self._indexing = _Stage("indexing", total, self._clock(), done, done, done)
        self._show(self._indexing)

    def indexed(self, count: int) -> None:
        """Count, and say so if the last line is a while ago."""
        self._count(self._indexing, count, count)

    def _show(self, stage: _Stage) -> None:
        self._shown = stage
        self._said = self._clock()

    def _count(self, stage: _Stage, done: int, articles: int) -> None:
        with self._lock:  # reading and indexing are told of by two threads
            stage.done += done
            stage.articles += articles
            now = self._clock()
            if now - self._said >= LINE_EVERY_SECONDS:
                self._said = now
                self._stream.write(self._line(now) + "\n")
                self._stream.flush()

    def _line(self, now: float) -> str:
        line = self._shown.line(now)
        if self._shown is self._reading and self._indexing.articles:
            return f"{line}; {self._indexing.articles:,} indexed"
        return line


@dataclass(slots=True)
class _Stage:
    """How far one stage is: `done` of `total`, of which `before` was done when it `began`."""

    name: str
    total: int | None
    began: float
    done: int = 0
    articles: int = 0
    before: int = 0

    def line(self, now: float) -> str:
        """Return articles, rate and, where the end is known, share and seconds left.

        An index that has to be made again takes more than was expected, nobody knows how much.
        """
        seconds = now - self.began
        fresh = self.done - self.before
        rate = (self.articles - self.before) / seconds
        line = f"{self.name}: {self.articles:,} articles, {rate:,.0f}/s"
        if not self.total or not fresh or self.done > self.total:
            return line
        left = max(0, self.total - self.done) / fresh * seconds
        return f"{line}, {min(1.0, self.done / self.total):.0%}, {left:,.0f} s left"
