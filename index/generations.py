"""Generations: whole, unchanging states of the index, and the pointer that says which one counts.

    index/CURRENT                        name and manifest's sum of the newest whole generation
    index/lock                           held while somebody writes
    index/generation-00000042/
        manifest.json                    what belongs to it: every file with size and checksum
        MAIN_<segment>.kpr               segments (hard links where unchanged)
        MAIN_<segment>.del               deleted documents of one segment
        _MAIN_42.toc                     the table of contents for stock Whoosh

A generation is built beside the others, synced, and only then named by the pointer, which is
replaced atomically; so a reader sees a whole state or the one before. The previous one is kept,
and serves where the current one is damaged. Nothing is ever built over: each generation has a
number, and a folder, that was never used before.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.codec.container import Container, ContainerWriter
from index.errors import DamageError, EngineError
from index.locking import WAIT_SECONDS, held
from index.manifest import (
    MANIFEST,
    FileEntry,
    Manifest,
    SegmentEntry,
    file_entry,
    manifest_bytes,
    manifest_digest,
    read_manifest,
)
from index.trust import check_file, check_folder, owner_of

__all__ = ["Generation", "Manifest", "SegmentEntry", "read_manifest"]

POINTER = "CURRENT"
LOCK = "lock"
_PREFIX = "generation-"
_POINTER_LINE = re.compile(rf"({_PREFIX}(\d{{8,}})) ([0-9a-f]{{64}})\n")
_FOLDER_MODE = 0o755


@dataclass(frozen=True, slots=True)
class Generation:
    """A whole generation on disk."""

    folder: Path
    manifest: Manifest

    def check_sizes(self) -> None:
        """Raise `DamageError` where a file is missing or cut short; reads none of them."""
        for name, entry in self.manifest.files.items():
            try:
                size = (self.folder / name).stat().st_size
            except FileNotFoundError:
                size = -1
            if size != entry.size:
                raise DamageError(f"{self.folder / name}: missing or cut short; run `kupur repair`")

    def check_files(self, names: Iterable[str]) -> None:
        """Raise `DamageError` where one of these files is not, byte for byte, what was written."""
        owner = owner_of(self.folder)
        for name in names:
            path = self.folder / name
            check_file(path, owner)
            try:
                found = file_entry(path)
            except FileNotFoundError as error:
                raise DamageError(f"{path}: missing; run `kupur repair`") from error
            except OSError as error:
                raise EngineError(f"{path}: cannot be read ({error.strerror})") from error
            if found != self.manifest.files.get(name):
                raise DamageError(f"{path}: damaged or cut short; run `kupur repair`")

    def check_to_open(self, name: str) -> Path:
        """Return where a file lies that is about to be mapped.

        Raises `DamageError` where it is missing or has another size, and `EngineError` where it
        is not to be trusted. Its bytes are not read: whoever reads a container's sections holds
        them against their checksums then, so that opening costs the same whatever the size.
        """
        path = self.folder / name
        known = self.manifest.files.get(name)
        try:
            check_file(path, owner_of(self.folder))
            size = path.stat().st_size
        except FileNotFoundError as error:  # swept, where two newer generations were published
            raise DamageError(f"{path}: missing; run `kupur repair`") from error
        if known is None or size != known.size:
            raise DamageError(f"{path}: damaged or cut short; run `kupur repair`")
        return path


def current_generation(index_folder: Path) -> Generation | None:
    """Return the newest whole generation, or None where nothing was indexed yet.

    Raises `DamageError` where pointer or manifest are missing or damaged, and `EngineError` where
    they cannot be read or the folder is not to be trusted.
    """
    text = read_pointer(index_folder)
    if text is None:
        # A folder without a manifest is what a killed first import has left: nothing was published.
        if any(
            (generation_folder(index_folder, number) / MANIFEST).exists()
            for number in numbered_folders(index_folder)
        ):
            raise DamageError(f"{index_folder / POINTER}: missing; run `kupur repair`")
        return None
    match = _POINTER_LINE.fullmatch(text)
    if match is None:
        raise DamageError(f"{index_folder / POINTER}: damaged; run `kupur repair`")
    return _opened(index_folder / match[1], match[3])


def reached(index_folder: Path, archive: str = "") -> int:
    """Return the archive's sequence number that the index has reached; 0 where that is unclear.

    `archive` is its identity: an index of another one says nothing of it.
    """
    try:
        current = current_generation(index_folder)
    except DamageError:
        return 0
    if current is None or archive not in {"", current.manifest.archive}:
        return 0
    return current.manifest.sequence


def read_pointer(index_folder: Path) -> str | None:
    """Return what the pointer file says, unread, or None where there is none."""
    try:
        return (index_folder / POINTER).read_bytes().decode("latin-1")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise EngineError(f"{index_folder / POINTER}: cannot be read ({error.strerror})") from error


def earlier_generations(index_folder: Path) -> Iterator[Generation]:
    """Yield every generation that has a whole manifest, the newest first, whatever the pointer."""
    for number in sorted(numbered_folders(index_folder), reverse=True):
        with suppress(EngineError):
            yield _opened(generation_folder(index_folder, number), "")


def _opened(folder: Path, digest: str) -> Generation:
    check_folder(folder.parent)
    manifest = read_manifest(folder, digest)
    check_folder(folder)
    if folder.name != generation_folder(folder.parent, manifest.generation).name:
        raise DamageError(f"{folder}: holds generation {manifest.generation}; run `kupur repair`")
    return Generation(folder, manifest)


def generation_folder(index_folder: Path, number: int) -> Path:
    """Return where generation `number` lies."""
    return index_folder / f"{_PREFIX}{number:08d}"


def numbered_folders(index_folder: Path) -> set[int]:
    """Return the numbers of all generation folders, whole or not."""
    try:
        names = [path.name for path in index_folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return set()
    except OSError as error:
        raise EngineError(f"{index_folder}: cannot be read ({error.strerror})") from error
    numbers = (name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX))
    return {int(number) for number in numbers if number.isdecimal()}


@contextmanager
def writer_lock(
    index_folder: Path, purpose: str = "kupur", wait: float = WAIT_SECONDS
) -> Iterator[None]:
    """Hold the one right to write; what a killed writer left is swept first.

    Waits for another writer, then raises `BusyError` that names it.
    """
    if not index_folder.exists():
        index_folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        sync(index_folder.parent)
    check_folder(index_folder)
    with held(index_folder / LOCK, purpose, wait=wait):
        yield


def next_number(index_folder: Path) -> int:
    """Return a number that no generation ever had, whole or left half-made."""
    return max(numbered_folders(index_folder) | {_pointed_number(index_folder)}) + 1


@contextmanager
def new_generation_folder(index_folder: Path, number: int) -> Iterator[Path]:
    """Give an empty folder to build generation `number` in.

    If the block fails it vanishes, unless the pointer names it already: the sync that follows the
    pointer's replacement can fail, too.
    """
    folder = generation_folder(index_folder, number)
    folder.mkdir(mode=_FOLDER_MODE)
    try:
        yield folder
    except BaseException:
        with suppress(EngineError):  # a pointer that cannot be read now: the next writer sweeps
            if _pointed_number(index_folder) != number:
                shutil.rmtree(folder, ignore_errors=True)
        raise


def _pointed_number(index_folder: Path) -> int:
    match = _POINTER_LINE.fullmatch(read_pointer(index_folder) or "")
    return int(match[2]) if match else 0


def save_deletions(path: Path, documents: npt.NDArray[np.int64]) -> None:
    """Write the deleted document numbers of one segment."""
    with ContainerWriter(path) as writer:
        writer.add("docs", documents)
        writer.finish({})


def load_deletions(path: Path) -> npt.NDArray[np.int64]:
    """Return the deleted document numbers of one segment."""
    documents: npt.NDArray[np.int64] = Container(path).array("docs")
    return documents


def publish(
    index_folder: Path, folder: Path, manifest: Manifest, before: Generation | None = None
) -> Generation:
    """Write the manifest, sync everything in its order, and make this the current generation.

    Files that are hard links of the generation `before` keep the checksum they have there and are
    not read again. Afterwards only this generation and the one before it are kept.
    """
    manifest = replace(manifest, files=_synced_files(folder, before))
    data = manifest_bytes(manifest)
    _write_synced(folder / MANIFEST, data)
    sync(folder)
    sync(index_folder)  # the folder's name must last before the pointer may speak of it
    temporary = index_folder / f"{POINTER}.new"
    _write_synced(temporary, f"{folder.name} {manifest_digest(data)}\n".encode("ascii"))
    temporary.replace(index_folder / POINTER)
    sync(index_folder)
    sweep(index_folder, manifest)
    return Generation(folder, manifest)


def _synced_files(folder: Path, before: Generation | None) -> dict[str, FileEntry]:
    entries = {}
    for path in sorted(folder.iterdir()):
        known = before.manifest.files.get(path.name) if before else None
        if known and before and _same_file(path, before.folder / path.name):
            entries[path.name] = known
            continue
        mode = path.stat().st_mode
        if mode & stat.S_IWOTH:  # an umask of 0: our own reader would not trust it
            path.chmod(stat.S_IMODE(mode) & ~stat.S_IWOTH)
        sync(path)
        entries[path.name] = file_entry(path)
    return entries


def _same_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except FileNotFoundError:
        return False


def sweep(index_folder: Path, manifest: Manifest) -> None:
    """Remove what no reader can need: all but the generation of `manifest` and the one before.

    What cannot be removed now is removed by the next writer.
    """
    keep = {manifest.generation}
    if not manifest.alone:
        older = (g.manifest.generation for g in earlier_generations(index_folder))
        keep |= set([n for n in older if n < manifest.generation][:1])
    for number in numbered_folders(index_folder) - keep:
        shutil.rmtree(generation_folder(index_folder, number), ignore_errors=True)
    with suppress(OSError):
        (index_folder / f"{POINTER}.new").unlink(missing_ok=True)


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
