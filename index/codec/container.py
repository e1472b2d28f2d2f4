"""A file of named flat arrays: written once, read by mapping it, each block with its checksum.

Layout (all numbers little-endian; docs/index-format.md has it byte by byte):

    8 bytes   magic b"KUPURSEG"
    4 bytes   format version (uint32)
    4 bytes   zero
    sections  each array's bytes, each starting at a multiple of 64
    checksums CRC-32 of every 64 KiB of every section, in their order (uint32)
    directory JSON: {"meta": {...}, "sections": {name: {dtype, count, offset, block}},
              "checksums": {count, offset, crc32}}
    8 bytes   offset of the directory (uint64)
    4 bytes   CRC-32 of the directory (uint32)
    4 bytes   magic b"KEND"

The trailer comes last so that a file whose writing was cut short is never taken for a whole one.
Knows bytes and arrays; what they mean is said in `index.codec.segment`.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np

from index.codec.inversion import Octets
from index.codec.section import BLOCK_BYTES, AnyArray, Blocks, Section, block_checksums, bytes_of
from index.errors import DamageError, EngineError

FORMAT_VERSION = 7
"""Raised with every change of what the sections are or mean; older indexes are made again."""
_MAGIC = b"KUPURSEG"
_END = b"KEND"
_HEADER = struct.Struct("<8sII")
_TRAILER = struct.Struct("<QI4s")
_ALIGNMENT = 64


class ContainerWriter:
    """Writes one container; leaves no file behind where the `with` block ends in an exception."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = path.open("xb")
        self._sections: dict[str, dict[str, object]] = {}
        self._checksums: list[int] = []
        self._file.write(_HEADER.pack(_MAGIC, FORMAT_VERSION, 0))

    def add(self, name: str, array: AnyArray) -> None:
        """Append one one-dimensional array under a new name."""
        if name in self._sections or array.ndim != 1:
            raise ValueError(f"section {name!r}: taken, or not one-dimensional")
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        data = bytes_of(little)
        self._sections[name] = {
            "dtype": little.dtype.str,
            "count": int(little.size),
            "offset": self._write_aligned(data),
            "block": len(self._checksums),
        }
        self._checksums.extend(block_checksums(data))

    def _write_aligned(self, data: memoryview) -> int:
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        offset = self._file.tell()
        self._file.write(data)
        return offset

    def finish(self, meta: Mapping[str, object]) -> None:
        """Write checksums, directory and trailer, and wait until all is on the disk."""
        checksums = bytes_of(np.array(self._checksums, dtype="<u4"))
        listed = {
            "count": len(self._checksums),
            "offset": self._write_aligned(checksums),
            "crc32": zlib.crc32(checksums),
        }
        offset = self._file.tell()
        directory = json.dumps(
            {"meta": dict(meta), "sections": self._sections, "checksums": listed}
        ).encode()
        self._file.write(directory)
        self._file.write(_TRAILER.pack(offset, zlib.crc32(directory), _END))
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if kind is not None:
            self._path.unlink(missing_ok=True)


class Container:
    """A container opened for reading: arrays are views of the mapped file, shared and read-only.

    Opening reads directory and checksums alone. `checked` says of each block of the file, in the
    order of their checksums, whether it was found sound. Raises `EngineError` for a file that is
    not whole, and everything raises `DamageError` that meets bytes that are not the ones written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (FileNotFoundError, ValueError) as error:  # ValueError: an empty file
            raise DamageError(f"{path}: missing or empty; run `kupur repair`") from error
        except OSError as error:
            raise EngineError(f"{path}: cannot be read ({error.strerror})") from error
        directory = self._read_directory()
        self.meta: dict[str, Any] = directory["meta"]
        self._listed: dict[str, dict[str, Any]] = directory["sections"]
        self._checksums = self._read_checksums(directory["checksums"])
        self.checked: Octets = np.zeros(len(self._checksums), dtype=np.uint8)
        self._sections: dict[str, Section] = {}
        # Shared with the sections: a way back to the container would be a circle, and a mapping
        # that nobody uses any more would stay until the collector comes by.
        self._found: list[DamageError] = []

    @property
    def damage(self) -> DamageError | None:
        """What was found damaged first, since the file was opened."""
        return self._found[0] if self._found else None

    def _read_directory(self) -> dict[str, Any]:
        damaged = self._damaged()
        size = len(self._map)
        if size < _HEADER.size + _TRAILER.size:
            raise damaged
        magic, version, _ = _HEADER.unpack_from(self._map, 0)
        offset, checksum, end = _TRAILER.unpack_from(self._map, size - _TRAILER.size)
        if magic != _MAGIC or end != _END:
            raise damaged
        if version != FORMAT_VERSION:
            raise DamageError(
                f"{self.path}: index format {version}, this kupur reads {FORMAT_VERSION};"
                " run `kupur rebuild`"
            )
        directory = self._map[offset : size - _TRAILER.size]
        if zlib.crc32(directory) != checksum:
            raise damaged
        parsed: dict[str, Any] = json.loads(directory)
        return parsed

    def _read_checksums(self, listed: dict[str, int]) -> AnyArray:
        checksums = np.frombuffer(
            self._map, dtype="<u4", count=listed["count"], offset=listed["offset"]
        )
        if zlib.crc32(bytes_of(checksums)) != listed["crc32"]:
            raise self._damaged()
        return checksums

    def _damaged(self) -> DamageError:
        return DamageError(f"{self.path}: damaged or cut short; run `kupur repair`")

    def section(self, name: str) -> Section:
        """Return one section, nothing of it checked: for what is large and read in parts."""
        section = self._sections.get(name)
        if section is None:
            section = self._sections[name] = self._mapped(name)
        return section

    def _mapped(self, name: str) -> Section:
        entry = self._listed[name]
        array = np.frombuffer(
            self._map, dtype=entry["dtype"], count=entry["count"], offset=entry["offset"]
        )
        first = entry["block"]
        own = slice(first, first + -(-array.nbytes // BLOCK_BYTES))
        blocks = Blocks(first, self._checksums[own], self.checked[own])
        return Section(name, array, blocks, self.path, self._found)

    def array(self, name: str) -> AnyArray:
        """Return one section as an array that maps the file, all of it checked."""
        return self.section(name).whole()

    def check(self) -> None:
        """Check every section."""
        for name in self._listed:
            self.array(name)
