"""From a range of the archive's changes to segment files: the work that processes share out.

Knows no generations: it writes segments into the folder it is given and says what it found, and
`index.build` decides what becomes of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Protocol

from index.analysis import Analyzer
from index.article import Article
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import SegmentColumns, write_segment

SEGMENT_PREFIX = "MAIN"
"""Whoosh's default index name, so that `whoosh.index.open_dir(folder)` finds the segments."""

_PAGE = 500
_POLL_SECONDS = 0.2

Progress = Callable[[int], None]
"""Told how many more changes of the archive have been taken in."""


class ArchivedChange(Protocol):
    """One change of the archive: the newest state of one article."""

    @property
    def id(self) -> str:
        """The article's id."""

    @property
    def sequence(self) -> int:
        """Where in the order of all changes it stands."""

    @property
    def article(self) -> Article | None:
        """The article, or None where it was removed."""


class ChangeSource(Protocol):
    """What the build needs of the archive."""

    @property
    def sequence(self) -> int:
        """The number of the newest change."""

    @property
    def identity(self) -> str:
        """Which archive this is: an index of another one is never built on."""

    def forgotten_since(self, sequence: int) -> Container[str] | None:
        """Return which ids were forgotten after `sequence` and may not stay; None: none was."""

    def changes_since(self, sequence: int, limit: int) -> Sequence[ArchivedChange]:
        """Return the next changes after `sequence`, in order, at most `limit`."""


@dataclass(frozen=True, slots=True)
class SequenceRange:
    """The changes with a number above `after` and up to `upto`."""

    after: int
    upto: int


@dataclass(frozen=True, slots=True)
class IndexedRange:
    """What became of a range: segment names, how many articles, and the ids that were removed.

    `indexed_ids` are those of the articles in the segments, for finding their older versions; an
    index that is made from nothing has none, and they are left out.
    """

    segments: tuple[str, ...]
    indexed: int
    indexed_ids: tuple[str, ...]
    removed_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexingTask:
    """Where segments go and how large they get."""

    folder: Path
    tokens_per_segment: int
    list_ids: bool


def index_range(
    source: ChangeSource,
    wanted: SequenceRange,
    task: IndexingTask,
    analyzer: Analyzer,
    progress: Progress,
) -> IndexedRange:
    """Index one range in this process. No id occurs twice in it: changes are newest states."""
    lexicon = Lexicon(analyzer)
    builder = SegmentBuilder(lexicon)
    segments: list[str] = []
    indexed_ids: list[str] = []
    removed: list[str] = []
    indexed = 0
    for changes in _pages(source, wanted):
        for change in changes:
            if change.article is None:
                removed.append(change.id)
                continue
            builder.add(change.article)
            indexed += 1
            if task.list_ids:
                indexed_ids.append(change.id)
            if builder.is_full or builder.token_count >= task.tokens_per_segment:
                segments.append(write_new_segment(task.folder, builder.finish()))
                builder = SegmentBuilder(lexicon)
        progress(len(changes))
    if len(builder):
        segments.append(write_new_segment(task.folder, builder.finish()))
    return IndexedRange(tuple(segments), indexed, tuple(indexed_ids), tuple(removed))


def write_new_segment(folder: Path, columns: SegmentColumns) -> str:
    """Write a segment under a name of its own, and return the name."""
    name = f"{SEGMENT_PREFIX}_{secrets.token_hex(8)}"
    write_segment(folder / f"{name}.kpr", columns)
    return name


def _pages(source: ChangeSource, wanted: SequenceRange) -> Iterator[Sequence[ArchivedChange]]:
    after = wanted.after
    while changes := source.changes_since(after, _PAGE):
        after = changes[-1].sequence
        kept = [change for change in changes if change.sequence <= wanted.upto]
        if kept:
            yield kept
        if len(kept) < len(changes):
            return


def index_ranges(
    open_source: Callable[[], ChangeSource],
    ranges: Sequence[SequenceRange],
    task: IndexingTask,
    analyzer: Analyzer,
    progress: Progress,
) -> list[IndexedRange]:
    """Index each range in a process of its own.

    `open_source` and `analyzer` are sent to the processes, which open the archive themselves.
    """
    # Spawned, not forked: a fork would copy locks that other threads of ours may hold.
    context = get_context("spawn")
    taken_in = context.Value("q", 0)
    shown = 0
    with ProcessPoolExecutor(
        len(ranges), mp_context=context, initializer=_share, initargs=(taken_in,)
    ) as pool:
        futures = [
            pool.submit(_index_in_worker, open_source, wanted, task, analyzer) for wanted in ranges
        ]
        while True:
            _, waiting = wait(futures, timeout=_POLL_SECONDS)
            if (count := taken_in.value) > shown:
                progress(count - shown)
                shown = count
            failed = [each for each in futures if each.done() and each.exception()]
            if failed or not waiting:
                return [each.result() for each in failed or futures]


_taken_in: Synchronized[int]


def _share(taken_in: Synchronized[int]) -> None:
    global _taken_in  # noqa: PLW0603  # how a pool's initializer hands something to its tasks
    _taken_in = taken_in


def _index_in_worker(
    open_source: Callable[[], ChangeSource],
    wanted: SequenceRange,
    task: IndexingTask,
    analyzer: Analyzer,
) -> IndexedRange:
    def count(changes: int) -> None:
        with _taken_in.get_lock():
            _taken_in.value += changes

    return index_range(open_source(), wanted, task, analyzer, count)
