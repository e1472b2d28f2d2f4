"""Turns what a person named (files, folders, standard input) into a list of files to read.

Whatever cannot be read at all is said here, before anything is imported. In a folder, hidden
files and files of unknown kind are left out, but counted.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from index.errors import SourceError
from index.readers.streams import Compression

STANDARD_INPUT = "-"


class Kind(StrEnum):
    """What a file holds; the value is how the `--format` option names it."""

    JSON = "jsonl"
    TABLE = "csv"
    TEXT = "txt"
    PAGE = "html"


_KINDS = {
    ".jsonl": Kind.JSON,
    ".ndjson": Kind.JSON,
    ".json": Kind.JSON,
    ".csv": Kind.TABLE,
    ".tsv": Kind.TABLE,
    ".txt": Kind.TEXT,
    ".html": Kind.PAGE,
    ".htm": Kind.PAGE,
}
_COMPRESSIONS = {packed.value: packed for packed in Compression if packed.value}

KNOWN_SUFFIXES = (*_KINDS, *_COMPRESSIONS)
"""For messages and help texts."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read. `named`: a person named it, so that a failure is theirs to hear of.

    `size` is in bytes as it lies on disk; None for standard input.
    """

    path: str
    kind: Kind
    compression: Compression
    size: int | None
    named: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of an import, in the order they will be read, and how many were left out."""

    files: tuple[SourceFile, ...]
    skipped: int = 0

    @property
    def total_bytes(self) -> int | None:
        """The sum of all sizes on disk; None where standard input is among the files."""
        sizes = [file.size for file in self.files]
        return None if None in sizes else sum(size for size in sizes if size is not None)


def find_sources(names: Iterable[str | Path], *, format_name: str = "") -> Sources:
    """Return the files that `names` stand for; folders are walked in sorted order.

    `format_name` (`jsonl`, `csv`, `txt`, `html`, also with `.gz`, `.xz`, `.zst`) holds for standard
    input and for every named file, whatever their suffix. Raises `SourceError`.
    """
    forced = _forced(format_name)
    files: list[SourceFile] = []
    skipped = 0
    for name in map(str, names):
        if name == STANDARD_INPUT:
            kind, compression = forced or (Kind.JSON, Compression.NONE)
            files.append(SourceFile(STANDARD_INPUT, kind, compression, None, named=True))
        elif _is_folder(name):
            found, left_out = _in_folder(name)
            files += found
            skipped += left_out
        else:
            files.append(_named_file(name, forced))
    if not files:
        raise SourceError("nothing to import: name a file, a folder, or - for standard input")
    return Sources(tuple(files), skipped)


def kind_of(name: str) -> tuple[Kind, Compression] | None:
    """Return what the suffixes of `name` promise, None where they promise nothing.

    >>> kind_of("Haberler.JSONL.xz")
    (<Kind.JSON: 'jsonl'>, <Compression.XZ: '.xz'>)
    """
    suffixes = PurePath(name.lower()).suffixes
    compression = _COMPRESSIONS.get(suffixes[-1] if suffixes else "", Compression.NONE)
    if compression is not Compression.NONE:
        suffixes.pop()
    kind = _KINDS.get(suffixes[-1]) if suffixes else None
    return (kind, compression) if kind else None


def _forced(format_name: str) -> tuple[Kind, Compression] | None:
    if not format_name:
        return None
    forced = kind_of("x." + format_name.lstrip("."))
    if forced is None:
        raise SourceError(
            f"unknown format {format_name!r}; known are jsonl, csv, txt and html, "
            "each also with .gz, .xz or .zst"
        )
    return forced


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except OSError:  # a loop of links, a folder that may not be entered: said when it is opened
        return False


def _named_file(name: str, forced: tuple[Kind, Compression] | None) -> SourceFile:
    try:
        status = Path(name).stat()
    except FileNotFoundError as error:
        raise SourceError(f"{name}: there is no such file or folder") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise SourceError(f"{name}: cannot be read: {reason}") from error
    promised = forced or kind_of(name)
    if promised is None:
        raise SourceError(
            f"{name}: its suffix does not say what it holds ({', '.join(KNOWN_SUFFIXES)}); "
            "rename it, or name the format"
        )
    if stat.S_ISREG(status.st_mode):
        if status.st_size == 0:
            raise SourceError(f"{name}: the file is empty")
        return SourceFile(name, *promised, status.st_size, named=True)
    return SourceFile(name, *promised, None, named=True)  # a pipe, say: <(zcat …)


def _in_folder(folder: str) -> tuple[list[SourceFile], int]:
    files: list[SourceFile] = []
    skipped = 0
    for path in _walk(folder):
        promised = kind_of(path.name)
        if promised is None or path.name.startswith("."):
            skipped += 1
            continue
        try:
            status = path.stat()
        except OSError:
            # A dangling link, or a file that has gone meanwhile: reading it will say so.
            files.append(SourceFile(str(path), *promised, 0, named=False))
            continue
        if stat.S_ISREG(status.st_mode):
            files.append(SourceFile(str(path), *promised, status.st_size, named=False))
        else:
            skipped += 1
    if not files:
        raise SourceError(
            f"{folder}: holds no file that can be imported ({', '.join(KNOWN_SUFFIXES)}); "
            f"{skipped} other files were left out"
        )
    return files, skipped


def _walk(folder: str) -> Iterator[Path]:
    """Give every file below, sorted by path; hidden folders are left out, links not followed."""

    def refuse(error: OSError) -> None:
        raise SourceError(f"{error.filename}: cannot be read: {error.strerror}") from error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            yield Path(parent, name)
