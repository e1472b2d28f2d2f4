"""The values that analysis makes: a token of a text, and the forms it is indexed under."""

from __future__ import annotations

from typing import NamedTuple


class Forms(NamedTuple):
    """The terms of one token, one a layer.

    `exact` is lowered the Turkish way, without its apostrophe suffix (şehirlerimizin); `folded`
    has ASCII letters (sehirlerimizin); `stem` is conflated with its inflections (şehir).
    """

    exact: str
    folded: str
    stem: str

    @property
    def five(self) -> str:
        """The first five letters of `folded`."""
        return self.folded[:5]

    @property
    def four(self) -> str:
        """The first four letters of `folded`."""
        return self.folded[:4]


class Token(NamedTuple):
    """One word of a text: `text[start:end]` is its whole surface, suffix included.

    `position` counts tokens from 0. Several tokens may share a position (F.Bahçe: the joined
    word and its parts).
    """

    start: int
    end: int
    position: int
    forms: Forms
