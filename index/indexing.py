"""From changes of the archive to segment files: the work that `index.sharing` shares out.

Knows no generations: it writes segments into the folder it is given and says what it found, and
`index.build` decides what becomes of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.analysis import Analyzer
from index.article import Article
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import SegmentColumns, write_segment

SEGMENT_PREFIX = "MAIN"
"""Whoosh's default index name, so that `whoosh.index.open_dir(folder)` finds the segments."""

_PAGE = 500

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
    """What became of some changes: segment names, how many articles, and the ids that were removed.

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


class ChangeIndexer:
    """Makes segments of changes, for one process."""

    def __init__(self, task: IndexingTask, analyzer: Analyzer) -> None:
        self._task = task
        self._lexicon = Lexicon(analyzer)
        self._builder = SegmentBuilder(self._lexicon)
        self._ids: set[str] = set()  # of the segment in the making
        self._segments: list[str] = []
        self._indexed_ids: list[str] = []
        self._removed_ids: list[str] = []
        self._indexed = 0

    def take(self, changes: Iterable[ArchivedChange]) -> None:
        """Take changes in; write a segment where one is full.

        A change of an article that the segment holds already is left out: it was put again while
        it was indexed, and `index.build` sees to such.
        """
        for change in changes:
            if change.article is None:
                self._removed_ids.append(change.id)
            elif change.id not in self._ids:
                self._add(change.article)

    def finish(self) -> IndexedRange:
        """Write the last segment; return what became of all changes taken."""
        if len(self._builder):
            self._write()
        ids, removed = tuple(self._indexed_ids), tuple(self._removed_ids)
        return IndexedRange(tuple(self._segments), self._indexed, ids, removed)

    def _add(self, article: Article) -> None:
        self._builder.add(article)
        self._ids.add(article.id)
        self._indexed += 1
        if self._task.list_ids:
            self._indexed_ids.append(article.id)
        if self._builder.is_full or self._builder.token_count >= self._task.tokens_per_segment:
            self._write()

    def _write(self) -> None:
        self._segments.append(write_new_segment(self._task.folder, self._builder.finish()))
        self._builder = SegmentBuilder(self._lexicon)
        self._ids = set()


def index_range(
    source: ChangeSource,
    wanted: SequenceRange,
    task: IndexingTask,
    analyzer: Analyzer,
    progress: Progress,
) -> IndexedRange:
    """Index one range in this process."""
    indexer = ChangeIndexer(task, analyzer)
    for changes in pages(source, wanted):
        indexer.take(changes)
        progress(len(changes))
    return indexer.finish()


def write_new_segment(folder: Path, columns: SegmentColumns) -> str:
    """Write a segment under a name of its own, and return the name."""
    name = f"{SEGMENT_PREFIX}_{secrets.token_hex(8)}"
    write_segment(folder / f"{name}.kpr", columns)
    return name


def pages(source: ChangeSource, wanted: SequenceRange) -> Iterator[Sequence[ArchivedChange]]:
    """Yield the changes of a range, so many at a time that memory stays small."""
    after = wanted.after
    while after < wanted.upto:
        changes = source.changes_since(after, min(_PAGE, wanted.upto - after))
        kept = [change for change in changes if change.sequence <= wanted.upto]
        if kept:
            yield kept
        if not kept or len(kept) < len(changes):
            return
        after = kept[-1].sequence
