"""The chain from a text to its tokens: surfaces → words → forms.

`Analyzer.tokens` is for queries and snippets. The indexer finds surfaces by itself
(`index.codec.scanning`), and keeps what `expand` answers for each distinct surface, so that a whole
archive is analysed at the speed of a look-up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import snowballstemmer

from index.analysis.fold import fold, turkish_lower
from index.analysis.stemming import Stemmer
from index.analysis.surface import Word, is_one_plain_word, words_of
from index.analysis.token import Forms, Token
from index.analysis.tokenizer import surface_spans
from index.analysis.wordlists import WordLists

ANALYSIS_VERSION = 4
"""Raised with every change of the rules that changes any term."""

_WITHOUT_CIRCUMFLEX = str.maketrans("âîû", "aiu")


class Analyzer:
    """Turns Turkish text into tokens. Holds word lists and a stemmer; one per thread is safest.

    `version` names rules and word lists: an index made by another version must be made again.
    """

    def __init__(self, lists: WordLists | None = None) -> None:
        self._lists = lists or WordLists()
        self._stemmer = Stemmer(self._lists.roots) if self._lists.roots else None
        self._stem: Callable[[str], str] = (
            self._stemmer.stem if self._stemmer else snowballstemmer.stemmer("turkish").stemWord
        )
        self._uninflected = frozenset(self._lists.protected.values())

    @cached_property
    def version(self) -> str:
        """The rules and the word lists; who only searches does not wait for it."""
        return f"{ANALYSIS_VERSION}-{self._lists.digest()}"

    def __reduce__(self) -> tuple[type[Analyzer], tuple[WordLists]]:
        return Analyzer, (self._lists,)

    def expand(self, surface: str) -> tuple[Word, ...]:
        """Return the words that one surface stands for."""
        return words_of(surface, self._lists.protected)

    def stem(self, exact: str) -> str:
        """Return the stem of a lowered word."""
        given = self._lists.stems.get(exact)
        if given is not None:
            return given
        if exact in self._uninflected:  # its suffix was cut off with its apostrophe
            return exact
        return self._stem(exact.translate(_WITHOUT_CIRCUMFLEX))

    def knows(self, exact: str) -> bool:
        """Return whether a lowered word is Turkish as far as the word lists tell."""
        return self._stemmer is not None and self._stemmer.knows(exact)

    def apart(self, exact: str) -> str | None:
        """Return a compound as it is also written, in parts (herşey → her şey), if it is listed."""
        return self._lists.compounds.get(exact)

    def forms(self, word: str) -> Forms:
        """Return the terms of one word as a person types it; the first, if it is several."""
        words = self.expand(word) if word else ()
        return self._forms_of(words[0].exact if words else turkish_lower(word))

    def tokens(self, text: str) -> list[Token]:
        """Return the tokens of a text in order; offsets point into `text` as it was given.

        >>> [token.forms.exact for token in Analyzer().tokens("Belousov’un İzmir'de")]
        ['belousov', 'izmir']
        """
        if is_one_plain_word(text):
            return [Token(0, len(text), 0, self._forms_of(turkish_lower(text)))]
        tokens: list[Token] = []
        base = 0
        for surface, start, _ in surface_spans(text):
            words = self.expand(surface)
            tokens.extend(
                Token(
                    start + word.start,
                    start + word.end,
                    base + word.position,
                    self._forms_of(word.exact),
                )
                for word in words
            )
            base += words[-1].position + 1
        return tokens

    def _forms_of(self, exact: str) -> Forms:
        return Forms(exact, fold(exact), self.stem(exact))
