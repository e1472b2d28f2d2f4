"""Opens the index for stock Whoosh, without running what its table of contents may hold.

`whoosh.index.open_dir` unpickles whatever lies in the folder, and a pickle is a program. Here
manifest and ownership are checked first, then the file's bytes against the manifest, and then
those same bytes are unpickled by an allow-list of seven classes. What the pickle says of segments
must be what the manifest says. kupur itself reads no pickle and does not call this: it is for
people who have programs for Whoosh.
"""

from __future__ import annotations

import io
import pickle
import zlib
from pathlib import Path
from typing import Any, NoReturn

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, FileIndex

from index.codec.whoosh_codec import INDEX_NAME, ArraySegment
from index.errors import DamageError, EngineError
from index.generations import Generation, current_generation
from index.manifest import FileEntry

ALLOWED = frozenset(
    {
        ("index.codec.whoosh_codec", "ArraySegment"),
        ("whoosh.analysis.tokenizers", "IDTokenizer"),
        ("whoosh.fields", "ID"),
        ("whoosh.fields", "Schema"),
        ("whoosh.fields", "TEXT"),
        ("whoosh.formats", "Existence"),
        ("whoosh.formats", "Positions"),
    }
)
"""Every class that a table of contents of ours names, and nothing that does anything."""

_NUMBER_SIZES = 3  # of int, long and float: varints of one byte
_RELEASE_PARTS = 3


def open_for_whoosh(index_folder: Path) -> FileIndex:
    """Return the newest generation as an index of stock Whoosh, for reading.

    It stays at this generation; open it again to see a newer one. Raises `DamageError` where a
    file is not the one that was written or its pickle names anything else than our classes, and
    `EngineError` where there is no index or the folder is not to be trusted.
    """
    generation = current_generation(index_folder)
    if generation is None:
        raise EngineError(f"{index_folder}: no index yet; run `kupur import` first")
    for name in generation.manifest.data_files:
        generation.check_to_open(name)
    return _TrustedIndex(generation)


class _TrustedIndex(FileIndex):  # type: ignore[misc]  # whoosh has no types
    """Stock Whoosh's index over a table of contents that was read once, with care."""

    def __init__(self, generation: Generation) -> None:
        # Not Whoosh's own: it would read, and unpickle, the file by itself.
        self.storage = FileStorage(str(generation.folder), readonly=True)
        self.indexname = INDEX_NAME
        self._toc = _read_toc(generation)
        self._schema = self._toc.schema

    def _read_toc(self) -> TOC:
        return self._toc

    def latest_generation(self) -> int:
        """Return the number of the generation that was opened."""
        number: int = self._toc.generation
        return number

    def writer(self, *_: object, **__: object) -> NoReturn:
        """Raise `EngineError`: Whoosh's writers neither sync nor keep generations."""
        raise EngineError(f"{self.storage.folder}: is read only; change articles by kupur")


def _read_toc(generation: Generation) -> TOC:
    path = generation.check_to_open(f"_{INDEX_NAME}_{generation.manifest.generation}.toc")
    damaged = DamageError(f"{path}: damaged; run `kupur repair`")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EngineError(f"{path}: cannot be read ({error.strerror})") from error
    if FileEntry(len(data), zlib.crc32(data)) != generation.manifest.files[path.name]:
        raise damaged
    try:
        schema, number, segments = _parsed(data)
        described = _described(segments)
    except _Refused as refused:
        raise DamageError(
            f"{path}: wants to load {refused}, which no table of contents needs; it was not"
            " loaded. Find out who wrote the file, then run `kupur repair`"
        ) from refused
    except Exception as error:  # a garbled pickle raises nearly anything
        raise damaged from error
    written = [(each.name, each.documents, each.deleted) for each in generation.manifest.segments]
    if number != generation.manifest.generation or described != written:
        raise damaged
    if not isinstance(schema, Schema):
        raise damaged
    return TOC(schema, segments, number)


def _parsed(data: bytes) -> tuple[Any, int, Any]:
    """Return (schema, generation, segments), as `whoosh.index.TOC.write` lays them out."""
    stream = StructFile(io.BytesIO(data))
    stream.read(_NUMBER_SIZES)
    stream.read_int()  # a number for the order of bytes
    stream.read_int()  # the table's version
    stream.read(_RELEASE_PARTS)
    schema = _load(stream.read_string())
    number: int = stream.read_int()
    stream.read_int()  # unused
    return schema, number, _load(stream.read())


def _described(segments: object) -> list[tuple[str, int, int]] | None:
    if not isinstance(segments, list) or not all(isinstance(s, ArraySegment) for s in segments):
        return None
    return [(s.segment_id(), s.doc_count_all(), s.deleted_count()) for s in segments]


class _Refused(Exception):  # it says what was done, and never leaves this module
    """A pickle names something that is not on the list."""


class _Unpickler(pickle.Unpickler):
    """Loads the classes of the list and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise _Refused(f"{module}.{name}")
        return super().find_class(module, name)


def _load(data: bytes) -> Any:
    return _Unpickler(io.BytesIO(data)).load()
