"""How does the archive become a generation on disk? Reads changes, writes segments, publishes.

The index records the archive's sequence number it has reached, so bringing it up to date costs
work in proportion to what is new: the changed articles become a small segment, their old versions
are marked deleted, and segments are merged now and then (`merge_plan`). An index made by another
analyzer or format is made again from the archive.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.analysis import Analyzer
from index.codec.container import FORMAT_VERSION
from index.codec.merger import merge_segments
from index.codec.segment import Segment
from index.codec.whoosh_codec import write_table_of_contents
from index.errors import EngineError
from index.generations import (
    Generation,
    Manifest,
    SegmentEntry,
    current_generation,
    load_deletions,
    new_generation_folder,
    publish,
    save_deletions,
    writer_lock,
)
from index.indexing import (
    ChangeSource,
    IndexedRange,
    IndexingTask,
    Progress,
    SequenceRange,
    index_range,
    index_ranges,
    write_new_segment,
)

TOKENS_PER_SEGMENT = 16_000_000
"""How many tokens a process holds in memory before it writes a segment: some 600 MB at the peak."""

MERGE_FACTOR = 8
"""So many segments of similar size become one (Lucene's logarithmic merge policy)."""

WORTH_SHARING = 4_000
"""From so many changes on, several processes are faster than one (starting them takes a second)."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Processes that share the indexing; each opens the archive by itself."""

    count: int
    open_source: Callable[[], ChangeSource]


def no_progress(_count: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What bringing the index up to date did."""

    generation: int
    documents: int
    indexed: int
    removed: int
    rebuilt: bool


def update_index(
    archive: ChangeSource,
    index_folder: Path,
    analyzer: Analyzer,
    *,
    progress: Progress = no_progress,
    tokens_per_segment: int = TOKENS_PER_SEGMENT,
    workers: Workers | None = None,
) -> BuildReport:
    """Bring the index up to the archive's newest change and publish it as a new generation.

    Does nothing where there is nothing new. Changes that come in meanwhile are for the next time.
    Raises `EngineError` where the disk fails.
    """
    try:
        with writer_lock(index_folder):
            current = current_generation(index_folder)
            version = f"{FORMAT_VERSION}/{analyzer.version}"
            stale = current is None or current.manifest.analyzer != version
            upto = archive.sequence
            if current and not stale and current.manifest.sequence == upto:
                manifest = current.manifest
                return BuildReport(manifest.generation, manifest.documents, 0, 0, rebuilt=False)
            number = current.manifest.generation + 1 if current else 1
            with new_generation_folder(index_folder, number) as folder:
                update = _Update(folder, None if stale else current, version)
                wanted = SequenceRange(update.sequence, upto)
                task = IndexingTask(folder, tokens_per_segment, list_ids=update.has_segments)
                for taken in _index(archive, wanted, task, analyzer, progress, workers):
                    update.take_in(taken)
                manifest = update.finish(number, upto)
                publish(index_folder, folder, manifest)
    except OSError as error:
        raise EngineError(f"{index_folder}: cannot be written ({error})") from error
    return BuildReport(
        manifest.generation, manifest.documents, update.indexed, update.removed, rebuilt=stale
    )


def _index(  # noqa: PLR0917  # it only chooses who does the work
    archive: ChangeSource,
    wanted: SequenceRange,
    task: IndexingTask,
    analyzer: Analyzer,
    progress: Progress,
    workers: Workers | None,
) -> list[IndexedRange]:
    size = wanted.upto - wanted.after
    if workers is None or workers.count < 2 or size < WORTH_SHARING:
        return [index_range(archive, wanted, task, analyzer, progress)]
    bounds = [wanted.after + size * part // workers.count for part in range(workers.count + 1)]
    ranges = [SequenceRange(*pair) for pair in pairwise(bounds)]
    return index_ranges(workers.open_source, ranges, task, analyzer, progress)


class _Pending:
    """A segment of the generation in the making, with what is deleted in it."""

    def __init__(self, segment: Segment, deleted: Iterable[int] = ()) -> None:
        self.segment = segment
        self.deleted = set(deleted)

    @property
    def name(self) -> str:
        return self.segment.path.stem

    @property
    def live_count(self) -> int:
        return self.segment.document_count - len(self.deleted)

    def delete(self, article_id: str) -> bool:
        document = self.segment.document_of(article_id)
        if document is None or document in self.deleted:
            return False
        self.deleted.add(document)
        return True

    def live(self) -> npt.NDArray[np.bool_]:
        mask = np.ones(self.segment.document_count, dtype=bool)
        mask[list(self.deleted)] = False
        return mask


class _Update:
    """The making of one generation out of the one before and what was indexed since."""

    def __init__(self, folder: Path, before: Generation | None, version: str) -> None:
        self.indexed = 0
        self.removed = 0
        self.sequence = before.manifest.sequence if before else 0
        self._folder = folder
        self._version = version
        self._pending = [self._link(before, e) for e in before.manifest.segments] if before else []

    @property
    def has_segments(self) -> bool:
        """Whether an older version of an article could be in a segment."""
        return bool(self._pending)

    def _link(self, before: Generation, entry: SegmentEntry) -> _Pending:
        path = self._folder / entry.file
        os.link(before.folder / entry.file, path)
        deleted = (
            load_deletions(before.folder / entry.deletions_file).tolist() if entry.deleted else ()
        )
        return _Pending(Segment(path), deleted)

    def take_in(self, taken: IndexedRange) -> None:
        """Delete what was removed or has a newer version, and add the new segments."""
        older = list(self._pending)
        for article_id in taken.indexed_ids:
            any(pending.delete(article_id) for pending in older)
        for article_id in taken.removed_ids:
            self.removed += any(pending.delete(article_id) for pending in older)
        self.indexed += taken.indexed
        self._pending.extend(self._open(name) for name in taken.segments)

    def _open(self, name: str) -> _Pending:
        return _Pending(Segment(self._folder / f"{name}.kpr"))

    def finish(self, number: int, sequence: int) -> Manifest:
        """Merge, save deletions and Whoosh's table of contents; return the manifest."""
        self._drop([pending for pending in self._pending if pending.live_count == 0])
        while group := merge_plan([pending.live_count for pending in self._pending]):
            self._merge([self._pending[place] for place in group])
        entries = tuple(
            SegmentEntry(p.name, p.segment.document_count, len(p.deleted)) for p in self._pending
        )
        for pending, entry in zip(self._pending, entries, strict=True):
            if pending.deleted:
                documents = np.array(sorted(pending.deleted), dtype=np.int64)
                save_deletions(self._folder / entry.deletions_file, documents)
        write_table_of_contents(self._folder, number, entries)
        return Manifest(number, sequence, self._version, entries)

    def _merge(self, group: Sequence[_Pending]) -> None:
        columns = merge_segments([p.segment for p in group], [p.live() for p in group])
        merged = self._open(write_new_segment(self._folder, columns))
        place = self._pending.index(group[0])
        self._drop(group)
        self._pending.insert(place, merged)

    def _drop(self, group: Sequence[_Pending]) -> None:
        for pending in group:
            self._pending.remove(pending)
            pending.segment.path.unlink()


def merge_plan(live_counts: Sequence[int]) -> list[int]:
    """Return the places of the segments to merge next, or none.

    Segments are of one tier while their sizes share a power of `MERGE_FACTOR`; a tier of that many
    becomes one segment, so each document is rewritten once a tier.
    """
    tiers: dict[int, list[int]] = {}
    for place, count in enumerate(live_counts):
        tiers.setdefault(_tier(count), []).append(place)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= MERGE_FACTOR:
            return tiers[tier]
    return []


def _tier(count: int) -> int:
    tier = 0
    while count >= MERGE_FACTOR:
        count //= MERGE_FACTOR
        tier += 1
    return tier
