"""How does the archive become a generation on disk? Reads changes, writes segments, publishes.

The index records the archive's sequence number it has reached, so bringing it up to date costs
work in proportion to what is new: the changed articles become a small segment, their old versions
are marked deleted, and segments are merged now and then (`index.updating`). An index that cannot
be built on (another analyzer or format, another archive, damage) is made again from the archive.
"""

from __future__ import annotations

import logging
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from index.analysis import Analyzer
from index.codec.container import FORMAT_VERSION
from index.errors import DamageError, EngineError
from index.generations import (
    Generation,
    current_generation,
    new_generation_folder,
    next_number,
    publish,
    sweep,
    writer_lock,
)
from index.indexing import (
    ChangeIndexer,
    ChangeSource,
    IndexedRange,
    IndexingTask,
    Progress,
    SequenceRange,
    index_range,
)
from index.locking import WAIT_SECONDS
from index.manifest import Manifest
from index.sharing import Horizon, Workers, index_shared
from index.updating import Update

_log = logging.getLogger(__name__)

TOKENS_PER_SEGMENT = 20_000_000
"""How many tokens a process holds in memory before it writes a segment: some 900 MB at the peak."""

WORTH_SHARING = 4_000
"""From so many changes on, several processes are faster than one (starting them takes a second)."""


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
    rebuild: bool = False,
    wait: float = WAIT_SECONDS,
    horizon: Horizon | None = None,
) -> BuildReport:
    """Bring the index up to the archive's newest change and publish it as a new generation.

    Does nothing where there is nothing new. Changes that come in meanwhile are for the next time,
    unless a `horizon` says that they are awaited: then this returns when they are all indexed.
    An index that is damaged or of another archive is made again from nothing; with `rebuild`, any,
    and nothing of the old one stays. Waits `wait` seconds for another writer. Raises `BusyError`,
    and `EngineError` where the disk fails, or where the index is ahead of the archive; `Abandoned`
    where the horizon is.
    """
    build = _Build(archive, index_folder, analyzer, progress, tokens_per_segment, workers, horizon)
    try:
        with writer_lock(index_folder, "kupur, indexing", wait):
            try:
                before = None if rebuild else _to_build_on(archive, index_folder, analyzer)
            except DamageError as error:
                return build.run_afresh(error)
            if before and before.manifest.sequence == archive.sequence:
                sweep(index_folder, before.manifest)
                return _report(before.manifest)
            try:
                return build.run(before, alone=rebuild)
            except DamageError as error:
                if before is None:
                    raise
                return build.run_afresh(error)
    except OSError as error:
        raise EngineError(f"{index_folder}: cannot be written ({error})") from error
    except BrokenExecutor as error:
        raise EngineError(
            f"{index_folder}: a process that was indexing has died; nothing was published,"
            " the index is as it was; try again"
        ) from error


def _version(analyzer: Analyzer) -> str:
    """Return what an index must have been made by to be built on."""
    return f"{FORMAT_VERSION}/{analyzer.version}"


def _report(manifest: Manifest) -> BuildReport:
    return BuildReport(manifest.generation, manifest.documents, 0, 0, rebuilt=False)


def _to_build_on(
    archive: ChangeSource, index_folder: Path, analyzer: Analyzer
) -> Generation | None:
    """Return the current generation where it can be built on, else None: begin from nothing.

    Raises `DamageError` where it is damaged.
    """
    current = current_generation(index_folder)
    if current is None:
        return None
    current.check_sizes()
    manifest = current.manifest
    if manifest.archive != archive.identity:
        return None
    check_not_ahead(manifest.sequence, archive.sequence, index_folder)
    return current if manifest.analyzer == _version(analyzer) else None


def check_not_ahead(indexed: int, sequence: int, index_folder: Path) -> None:
    """Raise `EngineError` where the index knows of changes that its archive has lost.

    It is the one witness of them: building on it, or going on without a word, would hide the loss.
    """
    if indexed > sequence:
        raise EngineError(
            f"{index_folder}: has reached change {indexed}, but the archive ends at"
            f" {sequence}: it has lost its newest changes, or is an older copy; run `kupur repair"
            " --from BACKUP`, or `kupur rebuild` to go on without them"
        )


@dataclass(frozen=True, slots=True)
class _Build:
    """What it takes to make one generation, with the generation before or without."""

    archive: ChangeSource
    index_folder: Path
    analyzer: Analyzer
    progress: Progress
    tokens_per_segment: int
    workers: Workers | None
    horizon: Horizon | None

    def run_afresh(self, damage: DamageError) -> BuildReport:
        """Make and publish it from nothing; of what was damaged, nothing is kept."""
        _log.warning("%s; the index is made again from the archive", damage)
        return self.run(None, alone=True)

    def run(self, before: Generation | None, *, alone: bool = False) -> BuildReport:
        """Make and publish it; with `alone`, no earlier generation is kept beside it."""
        horizon = self.horizon or Horizon.at(self.archive.sequence)
        forgotten = self.archive.forgotten_since(before.manifest.sequence if before else 0)
        number = next_number(self.index_folder)
        with new_generation_folder(self.index_folder, number) as folder:
            update = Update(folder, before, _version(self.analyzer))
            task = IndexingTask(folder, self.tokens_per_segment, list_ids=update.has_segments)
            for taken in self._index(update.sequence, horizon, task):
                update.take_in(taken)
            if horizon.changed_again_since is not None:
                indexer = ChangeIndexer(replace(task, list_ids=True), self.analyzer)
                indexer.take(horizon.changed_again_since(update.sequence))
                update.take_in_again(indexer.finish())
            if forgotten is not None:
                update.purge(forgotten)
            manifest = replace(
                update.finish(number, horizon.upto),
                archive=self.archive.identity,
                alone=alone or forgotten is not None,
            )
            publish(self.index_folder, folder, manifest, before)
        return BuildReport(
            number, manifest.documents, update.indexed, update.removed, rebuilt=before is None
        )

    def _index(self, after: int, horizon: Horizon, task: IndexingTask) -> list[IndexedRange]:
        workers, size = self.workers, horizon.upto - after
        if workers is None or workers.count < 2 or (horizon.is_closed and size < WORTH_SHARING):
            wanted = SequenceRange(after, horizon.upto)
            return [index_range(self.archive, wanted, task, self.analyzer, self.progress)]
        return index_shared(workers, after, horizon, task, self.analyzer, self.progress)
