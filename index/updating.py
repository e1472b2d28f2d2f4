"""The making of one generation: links to what stays, new segments, deletions, merges.

Works in a folder that nobody reads yet (`index.build` publishes it) and never trusts what it links
to further than it has looked: whatever is read again, a deletions file or a segment to be merged
(`index.codec.merger`), is held against its checksums first, so that damage is never copied into a
file with good ones.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Container, Iterable, Sequence
from itertools import accumulate, compress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.codec.inversion import LARGEST_SEGMENT
from index.codec.merger import merge_segments
from index.codec.segment import Segment
from index.codec.whoosh_codec import write_table_of_contents
from index.errors import DamageError
from index.generations import Generation, load_deletions, save_deletions
from index.indexing import IndexedRange, write_new_segment
from index.manifest import Manifest, SegmentEntry

MERGE_FACTOR = 8
"""So many segments of similar size become one (Lucene's logarithmic merge policy)."""


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


class Update:
    """The making of one generation out of the one before and what was indexed since."""

    def __init__(self, folder: Path, before: Generation | None, version: str) -> None:
        self.indexed = 0
        self.removed = 0
        self._taken: set[str] = set()
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
        _link(before.folder / entry.file, path)
        deleted: list[int] = []
        if entry.deleted:
            before.check_files([entry.deletions_file])
            deleted = load_deletions(before.folder / entry.deletions_file).tolist()
        return _Pending(Segment(path), deleted)

    def purge(self, forgotten: Container[str]) -> None:
        """Rewrite every segment with text of a forgotten article, live or deleted, without it."""
        for pending in list(self._pending):
            ids = [article_id.decode() for article_id in pending.segment.ids.all()]
            gone = [document for document, each in enumerate(ids) if each in forgotten]
            if gone:
                self.removed += len(set(gone) - pending.deleted)
                pending.deleted.update(gone)
                self._merge([pending])

    def take_in(self, taken: IndexedRange) -> None:
        """Delete what was removed or has a newer version, and add the new segments."""
        # Not those of this update: which articles changed twice in it, `take_in_again` is told.
        older = [pending for pending in self._pending if pending.name not in self._taken]
        for article_id in taken.indexed_ids:
            any(pending.delete(article_id) for pending in older)
        for article_id in taken.removed_ids:
            self.removed += any(pending.delete(article_id) for pending in older)
        self.indexed += taken.indexed
        self._taken.update(taken.segments)
        self._pending.extend(self._open(name) for name in taken.segments)

    def take_in_again(self, taken: IndexedRange) -> None:
        """Take in the newest states of articles of which several may have been taken in."""
        for article_id in (*taken.indexed_ids, *taken.removed_ids):
            self.indexed -= sum([pending.delete(article_id) for pending in self._pending])
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
        if not any(pending.live_count for pending in group):
            self._drop(group)
            return
        columns = merge_segments([p.segment for p in group], [p.live() for p in group])
        merged = self._open(write_new_segment(self._folder, columns))
        place = self._pending.index(group[0])
        self._drop(group)
        self._pending.insert(place, merged)

    def _drop(self, group: Sequence[_Pending]) -> None:
        for pending in group:
            self._pending.remove(pending)
            pending.segment.path.unlink()


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError as error:
        raise DamageError(f"{source}: missing; run `kupur repair`") from error
    except OSError:  # a file system without hard links: a copy does, but takes its space
        shutil.copyfile(source, target)


def merge_plan(live_counts: Sequence[int]) -> list[int]:
    """Return the places of the segments to merge next, or none.

    Segments are of one tier while their sizes share a power of `MERGE_FACTOR`; a tier of that many
    becomes one segment, so each document is rewritten once a tier. Where a segment cannot hold
    them all, as many of the smallest as fit become one. One that is half full is left alone: two
    of them seldom fit, and it would be tried again and again.
    """
    tiers: dict[int, list[int]] = {}
    for place, count in enumerate(live_counts):
        if 2 * count < LARGEST_SEGMENT:
            tiers.setdefault(_tier(count), []).append(place)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= MERGE_FACTOR:
            return _that_fit(tiers[tier], live_counts)
    return []


def _that_fit(places: Sequence[int], live_counts: Sequence[int]) -> list[int]:
    """Return the places, in their order, of the smallest segments that fit into one."""
    smallest = sorted(places, key=live_counts.__getitem__)
    sums = accumulate(live_counts[place] for place in smallest)
    return sorted(compress(smallest, (total <= LARGEST_SEGMENT for total in sums)))


def _tier(count: int) -> int:
    tier = 0
    while count >= MERGE_FACTOR:
        count //= MERGE_FACTOR
        tier += 1
    return tier
