"""Opens a file for reading: counts its bytes for the progress bar, and decompresses on the way.

Everything streams; memory does not grow with the file. Damage and disk errors become
`SourceError`s that name the file.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import BinaryIO, Protocol

import zstandard

from index.errors import SourceError

HEAD_BYTES = 256 * 1024
"""How much of a file is looked at to tell its encoding."""

_BUFFER_BYTES = 128 * 1024
_ZSTD_PIECE_BYTES = 8 * 1024
"""One piece at a time: a hostile frame of this size decompresses to 256 MiB at the very most."""


class Compression(StrEnum):
    """How a file is packed; the value is its suffix."""

    NONE = ""
    GZIP = ".gz"
    XZ = ".xz"
    ZSTD = ".zst"


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@contextmanager
def opened(
    raw: BinaryIO, name: str, compression: Compression, on_bytes: Callable[[int], None]
) -> Iterator[tuple[bytes, io.BufferedReader]]:
    """Give the first bytes of the unpacked content, and a stream of all of it from the start.

    `on_bytes` hears how many bytes of the packed file were taken. `raw` is left open.
    """
    packed: io.BufferedReader = io.BufferedReader(_Counted(raw, on_bytes), _BUFFER_BYTES)
    guarded = _Guarded(_unpacked(packed, compression), name)
    head = guarded.take(HEAD_BYTES)
    stream: io.BufferedReader = io.BufferedReader(guarded, _BUFFER_BYTES)
    try:
        yield head, stream
    finally:
        stream.close()


def _unpacked(packed: io.BufferedReader, compression: Compression) -> _Readable:
    if compression is Compression.GZIP:
        return gzip.GzipFile(fileobj=packed, mode="rb")
    if compression is Compression.XZ:
        return lzma.LZMAFile(packed)
    if compression is Compression.ZSTD:
        return io.BufferedReader(_ZstdStream(packed), _BUFFER_BYTES)
    return packed


class _Counted(io.RawIOBase):
    """Passes bytes through and tells how many."""

    def __init__(self, raw: BinaryIO, on_bytes: Callable[[int], None]) -> None:
        self._raw = raw
        self._on_bytes = on_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: Buffer
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self._on_bytes(len(data))
        return len(data)


class _ZstdStream(io.RawIOBase):
    """Unpacks zstd frames one after another.

    `zstandard`'s own stream reader takes a file that breaks off for one that ends (0.25), so the
    last articles of a broken download would be missing without a word.
    """

    def __init__(self, packed: io.BufferedReader) -> None:
        self._packed = packed
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._pending = b""  # unpacked, not yet asked for
        self._next = b""  # packed, of the frame after this one

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: Buffer
        while not self._pending:
            piece = self._next or self._packed.read(_ZSTD_PIECE_BYTES)
            self._next = b""
            if not piece:
                if self._begun:
                    raise EOFError("the last zstd frame has no end")
                return 0
            self._pending = self._frame.decompress(piece)
            self._begun = not self._frame.eof
            if self._frame.eof:
                self._next = self._frame.unused_data
                self._frame = zstandard.ZstdDecompressor().decompressobj()
        data = self._pending[: len(buffer)]
        self._pending = self._pending[len(data) :]
        buffer[: len(data)] = data
        return len(data)


class _Guarded(io.RawIOBase):
    """Gives a taken head back to whoever reads next, and turns every failure into `SourceError`."""

    def __init__(self, unpacked: _Readable, name: str) -> None:
        self._unpacked = unpacked
        self._name = name
        self._head = b""

    def readable(self) -> bool:
        return True

    def take(self, size: int) -> bytes:
        """Return up to `size` first bytes; they will be read again."""
        pieces: list[bytes] = []
        while size > 0 and (piece := self._read(size)):
            pieces.append(piece)
            size -= len(piece)
        self._head = b"".join(pieces)
        return self._head

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed: Buffer
        if self._head:
            data, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            return self._unpacked.read(size)
        except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile) as error:
            raise self._damaged(error) from error
        except zstandard.ZstdError as error:
            raise self._damaged(error) from error
        except OSError as error:
            raise SourceError(f"{self._name}: cannot be read: {error.strerror or error}") from error

    def _damaged(self, error: Exception) -> SourceError:
        return SourceError(
            f"{self._name}: the compressed data is damaged or breaks off ({error}); "
            "fetch the file again"
        )
