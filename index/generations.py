"""Generations: whole, unchanging states of the index, and the pointer that says which one counts.

    index/CURRENT                        the name of the newest whole generation
    index/lock                           held while somebody writes
    index/generation-00000042/
        manifest.json                    what belongs to it: every file with size and checksum
        MAIN_<segment>.kpr               segments (hard links where unchanged)
        MAIN_<segment>.del               deleted documents of one segment
        _MAIN_42.toc                     the table of contents for stock Whoosh

A generation is built beside the others, synced, and only then named by the pointer, which is
replaced atomically; so a reader sees a whole state or the one before. The previous one is kept.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.codec.container import Container, ContainerWriter
from index.errors import EngineError

POINTER = "CURRENT"
MANIFEST = "manifest.json"
MANIFEST_VERSION = 1
_LOCK = "lock"
_PREFIX = "generation-"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One segment of a generation: its file, its document count, and its deletions, if any."""

    name: str
    documents: int
    deleted: int

    @property
    def file(self) -> str:
        """The name of the segment's file."""
        return f"{self.name}.kpr"

    @property
    def deletions_file(self) -> str:
        """The name of the file of its deleted documents; absent where `deleted` is 0."""
        return f"{self.name}.del"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: the archive's sequence number it has reached, and its parts."""

    generation: int
    sequence: int
    analyzer: str
    segments: tuple[SegmentEntry, ...]

    @property
    def documents(self) -> int:
        """How many live documents there are."""
        return sum(segment.documents - segment.deleted for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Generation:
    """A whole generation on disk."""

    folder: Path
    manifest: Manifest


def current_generation(index_folder: Path) -> Generation | None:
    """Return the newest whole generation, or None where nothing was indexed yet.

    Raises `EngineError` where the pointer or its manifest cannot be read.
    """
    pointer = index_folder / POINTER
    try:
        name = pointer.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{pointer}: cannot be read ({error})") from error
    return Generation(index_folder / name, read_manifest(index_folder / name))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of one generation folder. Raises `EngineError` where there is none."""
    path = folder / MANIFEST
    try:
        parsed: dict[str, Any] = json.loads(path.read_bytes())
        if parsed["version"] != MANIFEST_VERSION:
            raise EngineError(
                f"{path}: manifest version {parsed['version']}, this kupur reads"
                f" {MANIFEST_VERSION}; run `kupur rebuild`"
            )
        return Manifest(
            generation=parsed["generation"],
            sequence=parsed["sequence"],
            analyzer=parsed["analyzer"],
            segments=tuple(SegmentEntry(**entry) for entry in parsed["segments"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineError(f"{path}: no readable manifest ({error}); run `kupur rebuild`") from error


@contextmanager
def writer_lock(index_folder: Path) -> Iterator[None]:
    """Hold the one right to write; the kernel lets go of it when the process ends, however.

    Waits for another writer.
    """
    index_folder.mkdir(parents=True, exist_ok=True)
    with (index_folder / _LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def new_generation_folder(index_folder: Path, number: int) -> Iterator[Path]:
    """Give an empty folder to build generation `number` in; it vanishes if the block fails."""
    folder = index_folder / f"{_PREFIX}{number:08d}"
    shutil.rmtree(folder, ignore_errors=True)  # left by a writer that was killed
    folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def save_deletions(path: Path, documents: npt.NDArray[np.int64]) -> None:
    """Write the deleted document numbers of one segment."""
    with ContainerWriter(path) as writer:
        writer.add("docs", documents)
        writer.finish({})


def load_deletions(path: Path) -> npt.NDArray[np.int64]:
    """Return the deleted document numbers of one segment."""
    documents: npt.NDArray[np.int64] = Container(path).array("docs")
    return documents


def publish(index_folder: Path, folder: Path, manifest: Manifest) -> Generation:
    """Write the manifest, sync everything, and make this the current generation.

    Afterwards only this generation and the one before it are kept.
    """
    files = {
        path.name: {"size": path.stat().st_size, "crc32": _checksum(path)}
        for path in sorted(folder.iterdir())
    }
    document = {
        "version": MANIFEST_VERSION,
        "generation": manifest.generation,
        "sequence": manifest.sequence,
        "analyzer": manifest.analyzer,
        "segments": [
            {"name": entry.name, "documents": entry.documents, "deleted": entry.deleted}
            for entry in manifest.segments
        ],
        "files": files,
    }
    _write_synced(folder / MANIFEST, json.dumps(document, indent=1).encode())
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)
    before = current_generation(index_folder)
    temporary = index_folder / f"{POINTER}.new"
    _write_synced(temporary, f"{folder.name}\n".encode("ascii"))
    temporary.replace(index_folder / POINTER)
    _sync(index_folder)
    _sweep(index_folder, keep={folder.name, before.folder.name if before else folder.name})
    return Generation(folder, manifest)


def _sweep(index_folder: Path, keep: set[str]) -> None:
    for path in index_folder.glob(f"{_PREFIX}*"):
        if path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
