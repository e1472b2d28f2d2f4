"""What surfaces mean, remembered from one request to the next: the same words come on every page.

Analysing a word costs some fifty times what looking it up does. `search.service` holds one for the
texts of its pages; queries are short and are analysed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from index.analysis import Analyzer, Token
from index.analysis.surface import Word

MOST_SURFACES = 20_000
"""Some 12 MB; the words of a hundred pages of long speeches."""


class SurfaceAnalyzer(Protocol):
    """What marking needs of an analyzer; `index.analysis.Analyzer` is one."""

    def tokens(self, text: str) -> Sequence[Token]:
        """Return the tokens of a text in order."""

    def expand(self, surface: str) -> Sequence[Word]:
        """Return the words that one surface stands for."""


class RememberingAnalyzer:
    """Analyses single surfaces, each once for as long as it is asked for often enough.

    Threads may share it.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._tokens = lru_cache(maxsize=MOST_SURFACES)(self._analyzed)

    def tokens(self, text: str) -> Sequence[Token]:
        """Return the tokens of a surface."""
        return self._tokens(text)

    def expand(self, surface: str) -> Sequence[Word]:
        """Return the words that one surface stands for."""
        return self._analyzer.expand(surface)

    def _analyzed(self, surface: str) -> tuple[Token, ...]:
        return tuple(self._analyzer.tokens(surface))
