"""What the benchmark asks of an engine, in values that every engine can answer or refuse.

An adapter is as thin as it can be: it calls the engine the way its own documentation does, so that
what is timed is the engine. Everything that a search needs (analysis of the query included) happens
inside `search`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from benchmarks.documents import RecordFile

TOP = 10
"""So many best documents are wanted of every search."""

WORD = re.compile(r"[^\W_]+")
"""What the engines without a tokenizer of their own take for a word."""

_DOTTED_I = str.maketrans({"İ": "i", "I": "ı"})


def turkish_lower(text: str) -> str:
    """Return a text in Turkish lower case, for engines that know no language."""
    return text.translate(_DOTTED_I).lower()


class Kind(StrEnum):
    """What a search combines its words to."""

    WORDS = "words"
    PHRASE = "phrase"
    PREFIX = "prefix"
    FILTERED = "filtered"
    FACETS = "facets"


@dataclass(frozen=True, slots=True)
class Lookup:
    """One search: any of `words` (or all side by side, or the one prefix), ten best wanted.

    `years` narrows a filtered search to [first, last]; a search with facets counts its matches by
    year. Words carry no apostrophe suffixes: engines cut those in different ways, and it is the
    same words that are to be compared.
    """

    kind: Kind
    words: tuple[str, ...]
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The ids of the best documents; how many match, where the engine says so; counts by year."""

    ids: Sequence[str]
    total: int | None = None
    years: int = 0


class Unavailable(Exception):
    """This machine has not what the engine needs; the message says what."""


class Unsupported(Exception):
    """The engine has no such search."""


class Adapter(Protocol):
    """One engine. Made, opened and searched in one process."""

    version: str
    layers: int
    """How many layers of a word are ranked by: 1, or kupur's whole formula."""

    def build(self, records: RecordFile, folder: Path) -> float:
        """Index all records in an empty folder; return the seconds of the indexing alone."""

    def open(self, folder: Path) -> None:
        """Open what `build` made."""

    def search(self, lookup: Lookup) -> Answer:
        """Answer one search. Raises `Unsupported`."""

    def processes(self) -> Sequence[int]:
        """Return the ids of the processes whose memory this engine takes."""

    def close(self) -> None:
        """End what was started."""


class InProcess:
    """What the engines that live in this very process have in common."""

    layers = 1

    def processes(self) -> Sequence[int]:
        """Return this process."""
        return [os.getpid()]

    def close(self) -> None:
        """Nothing was started."""


def bytes_of(folder: Path) -> int:
    """Return how much the files of a folder take, a hard link counted once."""
    seen = {}
    for path in folder.rglob("*"):
        if path.is_file():
            status = path.stat()
            seen[status.st_ino] = status.st_size
    return sum(seen.values())
