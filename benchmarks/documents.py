"""The documents that are indexed: a corpus of ../shared or a synthetic archive, line by line.

A `RecordFile` is read by every engine in the same way: parsed records for those that take text one
by one, and the archive's changes for kupur (`index.indexing.ChangeSource`), whose processes each
read their own part.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from index.article import Article, Block, BlockKind

CHECKOUT = Path(__file__).parent.parent
SHARED = CHECKOUT.parent / "shared"
WORK = CHECKOUT / "var" / "benchmarks"
"""Where corpora are unpacked and engines keep their indexes; never committed."""

PARLIAMENT = "parliament-100k"


@dataclass(frozen=True, slots=True)
class Record:
    """One document as an engine without a schema of ours takes it: title and body are one text."""

    id: str
    text: str
    day: date


@dataclass(frozen=True, slots=True)
class Change:
    """One document as kupur's index takes it from an archive."""

    id: str
    sequence: int
    article: Article


class RecordFile:
    """The first `count` lines of a file of JSON records."""

    def __init__(self, path: Path, count: int) -> None:
        self.path = path
        self.count = count

    @property
    def identity(self) -> str:
        """Which archive an index is of."""
        return f"{self.path.name}-{self.count}"

    @property
    def sequence(self) -> int:
        """The number of the last record."""
        return self.count

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        starts: npt.NDArray[np.int64] = np.load(self.path.with_suffix(".starts.npy"))
        return starts

    @property
    def text_bytes(self) -> int:
        """How much the texts (titles and bodies) take in UTF-8."""
        return sum(len(record.text.encode()) for record in self.records())

    def records(self) -> Iterator[Record]:
        """Yield all records in order."""
        with self.path.open("rb") as file:
            for line in islice(file, self.count):
                fields = json.loads(line)
                yield Record(
                    fields["id"],
                    f"{fields['title']}\n{fields['body']}",
                    date.fromisoformat(fields["date"]),
                )

    def forgotten_since(self, sequence: int) -> None:
        """Return None: nothing was ever forgotten."""

    def changes_since(self, sequence: int, limit: int) -> Sequence[Change]:
        """Return the next records after `sequence` as changes of an archive."""
        last = min(self.count, sequence + limit)
        with self.path.open("rb") as file:
            file.seek(int(self._starts[sequence]))
            lines = file.read(int(self._starts[last] - self._starts[sequence])).splitlines()
        return [
            Change(article.id, number, article)
            for number, article in enumerate(map(_article, lines), start=sequence + 1)
        ]


def _article(line: bytes) -> Article:
    fields = json.loads(line)
    paragraphs = (text for text in fields["body"].split("\n") if text.strip())
    return Article(
        fields["id"],
        fields["title"],
        tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs),
        date.fromisoformat(fields["date"]),
        section=fields["category"],
        source=fields["source"],
    )


def parliament(count: int) -> RecordFile:
    """Return the first speeches of the parliament corpus, unpacked."""
    path = WORK / f"{PARLIAMENT}.jsonl"
    if not path.with_suffix(".starts.npy").exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with lzma.open(packed(PARLIAMENT), "rb") as packed_lines:
            write_lines(path, packed_lines)
    return RecordFile(path, count)


def packed(corpus: str) -> Path:
    """Return where a corpus lies."""
    return SHARED / "corpora" / f"{corpus}.jsonl.xz"


def write_lines(path: Path, lines: Iterator[bytes] | BinaryIO) -> None:
    """Write lines, and beside them where each one starts; the latter last."""
    starts = [0]
    with path.open("wb") as file:
        for line in lines:
            starts.append(starts[-1] + file.write(line))
    np.save(path.with_suffix(".starts.npy"), np.array(starts, dtype=np.int64))
