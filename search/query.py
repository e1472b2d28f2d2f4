"""What the person asked, as a tree of words: the parser's output, independent of any engine.

`str(tree)` is a query that parses back to the same tree. Nothing here analyses a word or knows
an index; `search.planning` turns this tree into what an engine runs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was typed (suffix, case and all), matched with its inflections."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side in this order, letter by letter; `slop` words may come between."""

    words: tuple[str, ...]
    slop: int = 0

    def __str__(self) -> str:
        quoted = '"' + " ".join(self.words) + '"'
        return f"{quoted}~{self.slop}" if self.slop else quoted


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins with `text`."""

    text: str

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every word that `text` describes: in it * stands for any letters or none, ? for one."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """`text`, and every word that `distance` slips of the pen make of it."""

    text: str
    distance: int = 1

    def __str__(self) -> str:
        return f"{self.text}~" if self.distance == 1 else f"{self.text}~{self.distance}"


Clause = Word | Phrase | Prefix | Wildcard | Fuzzy
"""One part of a query."""


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query: what is wanted, in the order typed, and what is excluded.

    `wanted` joined by the request's operator; an article that matches any of `excluded` is out.
    Both empty: everything.
    """

    wanted: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()

    def __str__(self) -> str:
        return " ".join(
            [*(str(clause) for clause in self.wanted), *(f"-{clause}" for clause in self.excluded)]
        )
