"""What belongs to a generation of the index: its parts, each file's size and checksum, itself.

The manifest is written last and read first. It holds a SHA-256 of itself and is kept in one exact
spelling, so that any flipped bit in it shows; the pointer repeats that sum, so that a flipped bit
there never names another generation unnoticed. CRC-32 finds every error of a few bits in a file;
against somebody who forges, only ownership helps (`index.trust`).
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.errors import DamageError, EngineError

MANIFEST = "manifest.json"
MANIFEST_VERSION = 2
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a generation as it was written: bytes and CRC-32."""

    size: int
    crc32: int


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
    """What a generation is: the archive's sequence number it has reached, and its parts.

    `archive` is the identity of the archive that it was made from. `alone`: the generations
    before it hold text that was forgotten, so none of them may be kept beside it.
    """

    generation: int
    sequence: int
    analyzer: str
    segments: tuple[SegmentEntry, ...]
    archive: str = ""
    alone: bool = False
    files: Mapping[str, FileEntry] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        """How many live documents there are."""
        return sum(segment.documents - segment.deleted for segment in self.segments)

    @property
    def data_files(self) -> list[str]:
        """The names of the files that answers are read from: segments and deletions."""
        deletions = [entry.deletions_file for entry in self.segments if entry.deleted]
        return [entry.file for entry in self.segments] + deletions

    @property
    def bytes_on_disk(self) -> int:
        """How much its files take, the manifest itself left out."""
        return sum(entry.size for entry in self.files.values())


def manifest_bytes(manifest: Manifest) -> bytes:
    """Return the one exact spelling of a manifest."""
    document: dict[str, Any] = {
        "version": MANIFEST_VERSION,
        "generation": manifest.generation,
        "sequence": manifest.sequence,
        "analyzer": manifest.analyzer,
        "archive": manifest.archive,
        "alone": manifest.alone,
        "segments": [
            {"name": entry.name, "documents": entry.documents, "deleted": entry.deleted}
            for entry in manifest.segments
        ],
        "files": {
            name: {"size": entry.size, "crc32": entry.crc32}
            for name, entry in sorted(manifest.files.items())
        },
    }
    document["sha256"] = hashlib.sha256(json.dumps(document, indent=1).encode()).hexdigest()
    return json.dumps(document, indent=1).encode() + b"\n"


def manifest_digest(data: bytes) -> str:
    """Return what the pointer repeats of a manifest's bytes."""
    return hashlib.sha256(data).hexdigest()


def read_manifest(folder: Path, digest: str = "") -> Manifest:
    """Return the manifest of one generation folder, whole and as it was written.

    With `digest`, it must be the one with that sum. Raises `DamageError` where it is not whole,
    `EngineError` where it cannot be read or is another format's.
    """
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DamageError(f"{path}: missing; run `kupur repair`") from error
    except OSError as error:
        raise EngineError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        manifest = _parsed(json.loads(data), path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamageError(f"{path}: damaged ({error}); run `kupur repair`") from error
    if manifest_bytes(manifest) != data or digest not in {"", manifest_digest(data)}:
        raise DamageError(f"{path}: damaged, its checksum does not fit; run `kupur repair`")
    return manifest


def _parsed(document: dict[str, Any], path: Path) -> Manifest:
    if document["version"] != MANIFEST_VERSION:
        raise DamageError(
            f"{path}: manifest version {document['version']}, this kupur reads"
            f" {MANIFEST_VERSION}; run `kupur rebuild`"
        )
    return Manifest(
        generation=document["generation"],
        sequence=document["sequence"],
        analyzer=document["analyzer"],
        archive=document["archive"],
        alone=document["alone"],
        segments=tuple(SegmentEntry(**entry) for entry in document["segments"]),
        files={name: FileEntry(**entry) for name, entry in document["files"].items()},
    )


def file_entry(path: Path) -> FileEntry:
    """Return size and checksum of a file as it lies on disk. Raises `OSError`."""
    checksum = size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            checksum = zlib.crc32(chunk, checksum)
            size += len(chunk)
    return FileEntry(size, checksum)
