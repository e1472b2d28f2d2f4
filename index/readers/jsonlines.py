"""Reads JSON: one object a line, or one array of objects, told apart by the first character.

Lines are the format to use: a broken line costs one record. An array that breaks cannot be taken
up again, so the rest of its file is refused.
"""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator

from index.article import Article
from index.errors import ArticleError, SourceError
from index.readers.fields import article_from_fields
from index.readers.outcome import Reject

_LARGEST_RECORD = 16 * 1024 * 1024
"""Bytes (characters, in an array) of one record; more is a mistake or an attack."""

_PIECE = 256 * 1024
_BETWEEN = " \t\r\n,"


def read(
    stream: io.BufferedReader, head: bytes, path: str, codec: str
) -> Iterator[Article | Reject]:
    """Give the articles and rejects of a stream that begins with `head`. Raises `SourceError`."""
    beginning = codecs.getincrementaldecoder(codec)(errors="replace").decode(head).lstrip()
    if beginning.startswith("[") or _spans_lines(beginning):
        text = io.TextIOWrapper(stream, encoding=codec, errors="replace", newline="\n")
        return _read_values(text, path)
    return _read_lines(stream, path, codec)


def _spans_lines(beginning: str) -> bool:
    """Tell whether the first object is printed over several lines."""
    first, _, rest = beginning.partition("\n")
    return first.strip() == "{" and bool(rest.strip())


def _read_lines(stream: io.BufferedReader, path: str, codec: str) -> Iterator[Article | Reject]:
    for number, line in _lines(stream, codec):
        if isinstance(line, Reject):
            yield Reject(path, number, line.reason)
        elif line and not line.isspace():
            yield _read_record(line, path, number)


def _lines(stream: io.BufferedReader, codec: str) -> Iterator[tuple[int, str | Reject]]:
    if codec.startswith(("utf-16", "utf-32")):
        yield from enumerate(io.TextIOWrapper(stream, encoding=codec, errors="replace"), 1)
        return
    number = 0
    while line := stream.readline(_LARGEST_RECORD):
        number += 1
        if len(line) == _LARGEST_RECORD and not line.endswith(b"\n"):
            while (rest := stream.readline(_LARGEST_RECORD)) and not rest.endswith(b"\n"):
                pass  # drop what is left of this line
            yield number, _too_large()
            continue
        try:
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            reason = f"byte {error.start + 1} of the line is not UTF-8; convert the file to UTF-8"
            yield number, Reject("", number, reason)


def _too_large() -> Reject:
    return Reject("", None, f"the record is larger than {_LARGEST_RECORD >> 20} MiB")


def _read_record(line: str, path: str, number: int) -> Article | Reject:
    try:
        return _article(json.loads(line))
    except ArticleError as error:
        return Reject(path, number, str(error))
    except json.JSONDecodeError as error:
        return Reject(path, number, f"no JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, nesting of 1,000
        return Reject(path, number, f"no JSON that can be read: {error}")


def _article(value: object) -> Article:
    if not isinstance(value, dict):
        raise ArticleError('the record is no JSON object ({"title": …, "body": …})')
    return article_from_fields(value)


def _read_values(text: io.TextIOWrapper, path: str) -> Iterator[Article | Reject]:
    """Give the objects of an array, or of a row of objects, decoding one at a time."""
    decoder = json.JSONDecoder()
    buffer = text.read(_PIECE).lstrip()
    line = 1
    position = 1 if buffer.startswith("[") else 0
    in_array = position == 1
    while True:
        start = _skip(buffer, position)
        line += buffer.count("\n", position, start)
        if start == len(buffer):
            piece = text.read(_PIECE)
            if piece:
                buffer, position = piece, 0
                continue
            if in_array:
                raise SourceError(f"line {line}: the JSON array is not closed; the file breaks off")
            return
        if buffer[start] == "]" and in_array:
            return
        try:
            value, position = decoder.raw_decode(buffer, start)
        except (ValueError, RecursionError) as error:
            buffer, position = buffer[start:], 0
            piece = "" if _is_hopeless(error, buffer) else text.read(max(_PIECE, len(buffer)))
            if not piece:
                raise SourceError(
                    f"line {line}: no JSON ({error}); what follows was not read"
                ) from error
            buffer += piece
            continue
        yield _checked(value, path, line)
        line += buffer.count("\n", start, position)


def _skip(buffer: str, position: int) -> int:
    while position < len(buffer) and buffer[position] in _BETWEEN:
        position += 1
    return position


def _is_hopeless(error: Exception, buffer: str) -> bool:
    """Tell whether more text could not make the value whole."""
    if len(buffer) > _LARGEST_RECORD or not isinstance(error, json.JSONDecodeError):
        return True
    unfinished = error.msg.startswith("Unterminated string")
    return not unfinished and error.pos < len(buffer) - len("\\u0000")


def _checked(value: object, path: str, line: int) -> Article | Reject:
    try:
        return _article(value)
    except ArticleError as error:
        return Reject(path, line, str(error))
