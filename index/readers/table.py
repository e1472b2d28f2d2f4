"""Reads CSV: one article a row, under a header with Turkish or English names.

The delimiter (comma, semicolon, tab, bar) is the one that makes the most of the header; guessing
from the rows, as `csv.Sniffer` does, fails on long Turkish text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from index.article import Article
from index.errors import ArticleError, SourceError
from index.readers.fields import article_from_fields, known_field
from index.readers.outcome import Reject

_DELIMITERS = (",", ";", "\t", "|")
_LARGEST_CELL = 4 * 1024 * 1024
_UNDECODED = re.compile("[\udc80-\udcff]")  # what the surrogateescape handler leaves of a bad byte


def read(stream: io.BufferedReader, path: str, codec: str) -> Iterator[Article | Reject]:
    """Give the articles and rejects of a table. Raises `SourceError` on an unusable header."""
    # The csv module keeps this limit for the whole process; its default of 131,072 characters is
    # less than a long interview. Raising it twice is harmless.
    csv.field_size_limit(_LARGEST_CELL)
    text = io.TextIOWrapper(stream, encoding=codec, errors="surrogateescape", newline="")
    header, delimiter = _header(text.readline())
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 2  # the header is line 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            last = rows.line_num + 1
            where = f" (lines {line} to {last})" if last > line else ""
            yield Reject(path, line, f"no CSV: {error}{where}; check the quotes")
            continue
        if any(cell.strip() for cell in row):
            yield _read_row(header, row, path, line)


def _header(line: str) -> tuple[list[str], str]:
    line = line.rstrip("\r\n")
    candidates = [(next(csv.reader([line], delimiter=sign), []), sign) for sign in _DELIMITERS]
    header, delimiter = max(candidates, key=lambda candidate: _known_count(candidate[0]))
    fields = {known[0] for name in header if (known := known_field(name))}
    if not fields & {"title", "body"}:
        raise SourceError(
            f"line 1: the header names no title and no body (baslik, metin); it reads {line[:80]!r}"
        )
    return header, delimiter


def _known_count(header: list[str]) -> int:
    return sum(known_field(name) is not None for name in header)


def _read_row(header: list[str], row: list[str], path: str, line: int) -> Article | Reject:
    while len(row) > len(header) and not row[-1].strip():
        row.pop()  # spreadsheets write empty cells behind the last column
    if len(row) != len(header):
        reason = f"the row has {len(row)} cells, the header {len(header)}; check the quotes"
        return Reject(path, line, reason)
    if any(map(_UNDECODED.search, row)):
        return Reject(path, line, "the row is not UTF-8; convert the file to UTF-8")
    try:
        return article_from_fields(dict(zip(header, row, strict=True)))
    except ArticleError as error:
        return Reject(path, line, str(error))
