"""(in progress) The chain from a text to its tokens."""

from __future__ import annotations

import re

import snowballstemmer

from index.analysis.fold import fold, turkish_lower
from index.analysis.token import Forms, Token

_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ´`][^\W_]+)*")
_APOSTROPHE = re.compile(r"['’‘ʼ´`]")


class Analyzer:
    """From a text to its tokens; safe to share between threads that only read."""

    version = "0"

    def __init__(self) -> None:
        self._stemmer = snowballstemmer.stemmer("turkish")

    def forms(self, surface: str) -> Forms:
        """Return the terms of one word as it stands in a text or a query."""
        head = _APOSTROPHE.split(surface, maxsplit=1)[0]
        exact = turkish_lower(head if len(head) > 1 else _APOSTROPHE.sub("", surface))
        return Forms(exact, fold(exact), self._stemmer.stemWord(exact))

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a text, in order; offsets point into `text` as it was given."""
        return [
            Token(found.start(), found.end(), position, self.forms(found.group()))
            for position, found in enumerate(_WORD.finditer(text))
        ]
