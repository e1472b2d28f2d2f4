"""A file of named flat arrays: written once, checksummed, read by mapping it into memory.

Layout (all numbers little-endian; docs/index-format.md has it byte by byte):

    8 bytes   magic b"KUPURSEG"
    4 bytes   format version (uint32)
    4 bytes   zero
    sections  each array's bytes, each starting at a multiple of 64
    directory JSON: {"meta": {...}, "sections": {name: {dtype, count, offset, crc32}}}
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
import numpy.typing as npt

from index.errors import DamageError, EngineError

FORMAT_VERSION = 4
"""Raised with every change of what the sections are or mean; older indexes are made again."""
_MAGIC = b"KUPURSEG"
_END = b"KEND"
_HEADER = struct.Struct("<8sII")
_TRAILER = struct.Struct("<QI4s")
_ALIGNMENT = 64

AnyArray = npt.NDArray[Any]


class ContainerWriter:
    """Writes one container; leaves no file behind where the `with` block ends in an exception."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = path.open("xb")
        self._sections: dict[str, dict[str, object]] = {}
        self._file.write(_HEADER.pack(_MAGIC, FORMAT_VERSION, 0))

    def add(self, name: str, array: AnyArray) -> None:
        """Append one one-dimensional array under a new name."""
        if name in self._sections or array.ndim != 1:
            raise ValueError(f"section {name!r}: taken, or not one-dimensional")
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        data = _bytes_of(little)
        self._sections[name] = {
            "dtype": little.dtype.str,
            "count": int(little.size),
            "offset": self._file.tell(),
            "crc32": zlib.crc32(data),
        }
        self._file.write(data)

    def finish(self, meta: Mapping[str, object]) -> None:
        """Write directory and trailer, and wait until all is on the disk."""
        offset = self._file.tell()
        directory = json.dumps({"meta": dict(meta), "sections": self._sections}).encode()
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

    Opening reads the directory alone. Raises `EngineError` for a file that is not whole.
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
        self._sections: dict[str, dict[str, Any]] = directory["sections"]

    def _read_directory(self) -> dict[str, Any]:
        damaged = DamageError(f"{self.path}: damaged or cut short; run `kupur repair`")
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

    def array(self, name: str) -> AnyArray:
        """Return one section as an array that maps the file."""
        section = self._sections[name]
        return np.frombuffer(
            self._map, dtype=section["dtype"], count=section["count"], offset=section["offset"]
        )

    def damaged_sections(self) -> list[str]:
        """Return the names of the sections whose bytes do not have their checksum."""
        return [
            name
            for name, section in self._sections.items()
            if zlib.crc32(_bytes_of(self.array(name))) != section["crc32"]
        ]


def _bytes_of(array: AnyArray) -> memoryview:
    # An empty array has no memory that could be cast.
    return array.data.cast("B") if array.size else memoryview(b"")
