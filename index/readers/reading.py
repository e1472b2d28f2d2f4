"""Streams what one file holds, whatever its kind. The only module here that opens files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from index.article import Article
from index.errors import ArticleError, SourceError
from index.readers import jsonlines, plaintext, table, webpage
from index.readers.encoding import encoding_of
from index.readers.outcome import Reject
from index.readers.sources import STANDARD_INPUT, Kind, SourceFile
from index.readers.streams import opened

_LARGEST_STORY_BYTES = 16 * 1024 * 1024
"""A .txt or .html file is one article. The longest novels are 4 MB; more is a mistake."""


def _ignore(_count: int) -> None:
    """Hear of bytes, and forget them."""


def read_source(
    source: SourceFile,
    *,
    on_bytes: Callable[[int], None] = _ignore,
    stdin: BinaryIO | None = None,
) -> Iterator[Article | Reject]:
    """Give the articles and rejects of one file, in its order.

    `on_bytes` hears how many bytes were taken from disk. A file that cannot be read at all
    (missing, empty, binary, wrong encoding, damaged) raises `SourceError` where a person named
    it, and is one `Reject` where a folder did.
    """
    try:
        with _open(source, stdin) as raw:
            yield from _records(source, raw, on_bytes)
    except SourceError as error:
        if source.named:
            raise
        yield Reject(source.path, None, str(error).removeprefix(f"{source.path}: "))


def _open(source: SourceFile, stdin: BinaryIO | None) -> AbstractContextManager[BinaryIO]:
    if source.path == STANDARD_INPUT:
        return nullcontext(stdin or sys.stdin.buffer)
    try:
        return Path(source.path).open("rb", buffering=0)
    except OSError as error:
        raise SourceError(f"{source.path}: cannot be read: {error.strerror}") from error


def _records(
    source: SourceFile, raw: BinaryIO, on_bytes: Callable[[int], None]
) -> Iterator[Article | Reject]:
    with opened(raw, source.path, source.compression, on_bytes) as (head, stream):
        try:
            match source.kind:
                case Kind.JSON:
                    codec = encoding_of(head, legacy=False)
                    yield from jsonlines.read(stream, head, source.path, codec)
                case Kind.TABLE:
                    yield from table.read(stream, source.path, encoding_of(head, legacy=True))
                case Kind.TEXT:
                    yield _story(plaintext.read, stream, source.path)
                case Kind.PAGE:
                    yield _story(webpage.read, stream, source.path)
        except SourceError as error:
            if str(error).startswith(f"{source.path}: "):
                raise
            raise SourceError(f"{source.path}: {error}") from error


def _story(read: Callable[[bytes], Article], stream: BinaryIO, path: str) -> Article | Reject:
    data = stream.read(_LARGEST_STORY_BYTES + 1)
    if len(data) > _LARGEST_STORY_BYTES:
        raise SourceError(
            f"the file is larger than {_LARGEST_STORY_BYTES >> 20} MiB, too much for one article; "
            "split it, or write its articles as .jsonl"
        )
    try:
        return read(data)
    except ArticleError as error:
        return Reject(path, None, str(error))
