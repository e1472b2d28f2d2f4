"""How does the archive become a generation on disk? Reads changes, writes segments, publishes.

The index records the archive's sequence number it has reached, so bringing it up to date costs
work in proportion to what is new: the changed articles become a small segment, their old versions
are marked deleted, and segments are merged now and then (`merge_plan`). An index made by another
analyzer or format is made again from the archive.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.analysis import Analyzer
from index.article import Article
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import SegmentColumns, write_segment
from index.codec.merger import merge_segments
from index.codec.segment import Segment
from index.codec.whoosh_codec import INDEX_NAME, write_table_of_contents
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

TOKENS_PER_SEGMENT = 6_000_000
"""How many tokens are held in memory before a segment is written: about 400 MB at the peak."""

MERGE_FACTOR = 8
"""So many segments of similar size become one (Lucene's logarithmic merge policy)."""

_PAGE = 1000

Progress = Callable[[int], None]
"""Told how many more changes of the archive have been taken in."""


def no_progress(_count: int) -> None:
    """Show nothing."""


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

    def changes_since(self, sequence: int, limit: int) -> Sequence[ArchivedChange]:
        """Return the next changes after `sequence`, in order, at most `limit`."""


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
) -> BuildReport:
    """Bring the index up to the archive's newest change and publish it as a new generation.

    Does nothing where there is nothing new. Raises `EngineError` where the disk fails.
    """
    try:
        with writer_lock(index_folder):
            current = current_generation(index_folder)
            stale = current is None or current.manifest.analyzer != analyzer.version
            if current and not stale and current.manifest.sequence == archive.sequence:
                manifest = current.manifest
                return BuildReport(manifest.generation, manifest.documents, 0, 0, rebuilt=False)
            number = current.manifest.generation + 1 if current else 1
            with new_generation_folder(index_folder, number) as folder:
                update = _Update(folder, None if stale else current, analyzer, tokens_per_segment)
                update.take_in(archive, progress)
                manifest = update.finish(number)
                publish(index_folder, folder, manifest)
    except OSError as error:
        raise EngineError(f"{index_folder}: cannot be written ({error})") from error
    return BuildReport(
        manifest.generation, manifest.documents, update.indexed, update.removed, rebuilt=stale
    )


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
    """The making of one generation out of the one before and the changes since."""

    def __init__(
        self, folder: Path, before: Generation | None, analyzer: Analyzer, tokens_per_segment: int
    ) -> None:
        self.indexed = 0
        self.removed = 0
        self._folder = folder
        self._analyzer = analyzer
        self._tokens_per_segment = tokens_per_segment
        self._lexicon = Lexicon(analyzer)
        self._builder = SegmentBuilder(self._lexicon)
        self._building: set[str] = set()
        self._sequence = before.manifest.sequence if before else 0
        self._pending = [self._link(before, e) for e in before.manifest.segments] if before else []

    def _link(self, before: Generation, entry: SegmentEntry) -> _Pending:
        path = self._folder / entry.file
        os.link(before.folder / entry.file, path)
        deleted = (
            load_deletions(before.folder / entry.deletions_file).tolist() if entry.deleted else ()
        )
        return _Pending(Segment(path), deleted)

    def take_in(self, archive: ChangeSource, progress: Progress) -> None:
        """Read every change, delete old versions, index new ones."""
        while changes := archive.changes_since(self._sequence, _PAGE):
            for change in changes:
                self._apply(change)
            self._sequence = changes[-1].sequence
            progress(len(changes))
        self._flush()

    def _apply(self, change: ArchivedChange) -> None:
        if change.id in self._building:  # changed twice while we read
            self._flush()
        existed = any(pending.delete(change.id) for pending in self._pending)
        if change.article is None:
            self.removed += existed
            return
        self._builder.add(change.article)
        self._building.add(change.id)
        self.indexed += 1
        if self._builder.token_count >= self._tokens_per_segment:
            self._flush()

    def _flush(self) -> None:
        if not len(self._builder):
            return
        self._pending.append(_Pending(self._write(self._builder.finish())))
        self._builder = SegmentBuilder(self._lexicon)
        self._building.clear()

    def _write(self, columns: SegmentColumns) -> Segment:
        path = self._folder / f"{INDEX_NAME}_{secrets.token_hex(8)}.kpr"
        write_segment(path, columns)
        return Segment(path)

    def finish(self, number: int) -> Manifest:
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
        return Manifest(number, self._sequence, self._analyzer.version, entries)

    def _merge(self, group: Sequence[_Pending]) -> None:
        columns = merge_segments([p.segment for p in group], [p.live() for p in group])
        merged = _Pending(self._write(columns))
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
