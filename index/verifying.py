"""The check of a whole archive folder: all is as it was written, and the index fits the archive.

Checks the archive's rows, every file of every generation against its manifest, and the articles
of archive and index against each other, both ways. Reads all of it, and changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from index.archive_checking import check_archive
from index.codec.segment import Segment
from index.errors import EngineError
from index.findings import Finding, Part
from index.generations import (
    LOCK,
    POINTER,
    Generation,
    current_generation,
    generation_folder,
    load_deletions,
    numbered_folders,
)
from index.locking import holder
from index.manifest import MANIFEST, read_manifest

_SHOWN_IDS = 5


class ArchivedIds(Protocol):
    """What the check needs of a sound archive."""

    @property
    def identity(self) -> str:
        """Which archive this is."""

    def ids_upto(self, sequence: int) -> tuple[int, set[str], set[str]]:
        """Return (newest number, ids there whose newest change is at most `sequence`, others)."""


def verify(
    archive_folder: Path,
    index_folder: Path,
    open_archive: Callable[[], AbstractContextManager[ArchivedIds]],
) -> list[Finding]:
    """Return everything that is wrong; nothing where all is whole and fits."""
    findings = check_archive(archive_folder)
    sound = not findings
    findings.extend(_check_generations(index_folder))
    if sound:
        with open_archive() as archive:
            findings.extend(_compare(archive, index_folder))
    return findings


def _found(where: object, what: str) -> Finding:
    return Finding(Part.INDEX, str(where), what)


def _check_generations(index_folder: Path) -> Iterator[Finding]:
    for number in sorted(numbered_folders(index_folder)):
        folder = generation_folder(index_folder, number)
        try:
            generation = Generation(folder, read_manifest(folder))
        except EngineError as error:
            if not holder(index_folder / LOCK):  # else it is being built just now
                yield _found(folder, str(error))
            continue
        yield from _check_files(generation)


def _check_files(generation: Generation) -> Iterator[Finding]:
    for name in generation.manifest.files:
        try:
            generation.check_files([name])
        except EngineError as error:
            yield _found(generation.folder / name, str(error))
    try:
        present = {path.name for path in generation.folder.iterdir()} - {MANIFEST}
    except OSError as error:
        yield _found(generation.folder, f"cannot be read: {error.strerror}")
        return
    for name in sorted(present - generation.manifest.files.keys()):
        yield _found(generation.folder / name, "belongs to no generation")


def _compare(archive: ArchivedIds, index_folder: Path) -> Iterator[Finding]:
    try:
        current = current_generation(index_folder)
        indexed = _live_ids(current) if current else []
    except EngineError as error:
        yield _found(index_folder / POINTER, str(error))
        return
    reached = current.manifest.sequence if current else 0
    newest, settled, moved = archive.ids_upto(reached)
    if current and current.manifest.archive != archive.identity:
        yield _found(current.folder, "is the index of another archive")
        return
    if reached > newest:
        yield Finding(
            Part.ARCHIVE,
            str(index_folder),
            f"has reached change {reached}, but the archive ends at {newest}: the archive has lost "
            "its newest changes, or it is an older copy",
        )
        return
    if reached < newest and not holder(index_folder / LOCK):
        yield _found(index_folder, f"is {newest - reached} changes behind the archive")
    yield from _differences(settled, moved, indexed, index_folder)


def _differences(
    settled: set[str], moved: set[str], indexed: Sequence[str], index_folder: Path
) -> Iterator[Finding]:
    counts = Counter(indexed)
    known = set(counts)
    twice = sorted(each for each, count in counts.items() if count > 1)
    for ids, what in (
        (sorted(settled - known), "in the archive, but not in the index"),
        (sorted(known - settled - moved), "in the index, but not in the archive"),
        (twice, "in the index more than once"),
    ):
        if ids:
            shown = ", ".join(ids[:_SHOWN_IDS]) + (" …" if len(ids) > _SHOWN_IDS else "")
            yield _found(index_folder, f"{len(ids)} articles are {what}: {shown}")


def _live_ids(generation: Generation) -> list[str]:
    ids: list[str] = []
    for entry in generation.manifest.segments:
        segment = Segment(generation.folder / entry.file)
        deleted = set()
        if entry.deleted:
            deleted = set(load_deletions(generation.folder / entry.deletions_file).tolist())
        names = segment.ids.all()
        ids.extend(name.decode() for n, name in enumerate(names) if n not in deleted)
    return ids
