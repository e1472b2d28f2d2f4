"""From what a person typed or pasted to a `Query`; every text has one, none raises.

    güven kuzey kore          words
    "meşru müdafaa"           a phrase; curly, low, angled and doubled quotes do as well
    "kuzey askeri"~3          a phrase with up to three words between
    -spor  -"son dakika"      what must not occur
    güven*                    words that begin so, from three letters on

It refuses to analyse words (that is `index.analysis`, by way of `search.planning`) and to judge
whether a query is too long (`search.limits`). The service calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.query import Phrase, Prefix, Query, Word
from search.query_text import ANGLED, APOSTROPHE, CURLY, STRAIGHT, clean

MIN_PREFIX_LETTERS = 3

UNBALANCED_QUOTE = "unbalanced_quote"
ONLY_EXCLUSIONS = "only_exclusions"
NO_WORDS = "no_words"
"""Warnings: a quote without its partner; nothing asked for; text, but no word in it."""

_CLOSERS = {
    STRAIGHT: STRAIGHT + CURLY,
    CURLY: CURLY + STRAIGHT,
    ANGLED: ANGLED + STRAIGHT,
}
"""A phrase opened by one kind of quote ends at these; other kinds inside it mean nothing."""

_QUOTES = STRAIGHT + CURLY + ANGLED
_LETTER = rf"[^\s{_QUOTES}{APOSTROPHE}\-.,:&%*~]"
_PART = rf"[^\W_]{_LETTER}*"
_JOINT = rf"(?:[{APOSTROPHE}\-.&]|(?<=\d)[,:](?=\d))"
_WORD = re.compile(rf"(?:%(?=\d))?{_PART}(?:{_JOINT}{_PART})*")
_PREFIX = rf"([^\W_]{_LETTER}{{{MIN_PREFIX_LETTERS - 1},}})\*+(?![*]|{_LETTER})"
_PREFIX_OR_WORD = re.compile(rf"{_PREFIX}|{_WORD.pattern}")
_STRETCH = re.compile(rf"[^\s{_QUOTES}]+")
_MINUS = re.compile("-(?!-)")  # two or more are a dash
_SLOP = re.compile(r"~([0-9]{1,3})[0-9]*")

Clause = Word | Phrase | Prefix


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query, and the stable English codes of what was odd about its text."""

    query: Query
    warnings: tuple[str, ...] = ()


def parse(text: str) -> ParsedQuery:
    """Return what `text` asks for. Never raises; takes time in proportion to its length.

    >>> parse('“meşru müdafaa” Jong-un -spor').query
    Query(wanted=(Phrase(words=('meşru', 'müdafaa'), slop=0), Word(text='Jong-un')), \
excluded=(Word(text='spor'),))
    """
    reading = _Reading(clean(text))
    wanted: list[Clause] = []
    excluded: list[Clause] = []
    for clause, is_excluded in reading.clauses():
        (excluded if is_excluded else wanted).append(clause)
    warnings = [UNBALANCED_QUOTE] if reading.unbalanced else []
    if excluded and not wanted:
        warnings.append(ONLY_EXCLUSIONS)
    if text.strip() and not excluded and not wanted:
        warnings.append(NO_WORDS)
    return ParsedQuery(Query(tuple(wanted), tuple(excluded)), tuple(warnings))


class _Reading:
    """One pass over a cleaned text, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.unbalanced = False

    def clauses(self) -> Iterator[tuple[Clause, bool]]:
        """Yield each clause, and whether a minus stood before it."""
        at = 0
        minus = False
        while at < len(self._text):
            letter = self._text[at]
            if letter.isspace():
                at += 1
                minus = False
            elif letter in _QUOTES:
                phrase, at = self._phrase(at)
                if phrase:
                    yield phrase, minus
                minus = False
            else:
                stretch = _stretch_at(self._text, at)
                minus = self._starts_a_clause(at) and _MINUS.match(stretch) is not None
                for clause in _clauses_of(stretch):
                    yield clause, minus
                # Only a bare minus can belong to the quote right behind it: -"son dakika".
                minus = minus and stretch == "-"
                at += len(stretch)

    def _phrase(self, at: int) -> tuple[Phrase | None, int]:
        """Return the phrase whose opening quotes stand at `at`, and where reading goes on."""
        start = self._end_of_quotes(at)
        doubled = start - at > 1
        if doubled and (start == len(self._text) or self._text[start].isspace()):
            self.unbalanced = self.unbalanced or (start - at) % 2 == 1
            return None, start
        closers = _CLOSERS[self._text[at]]
        close = next((i for i in range(start, len(self._text)) if self._text[i] in closers), None)
        if close is None:
            self.unbalanced = True
            return None, start
        words = tuple(_WORD.findall(self._text[start:close]))
        # ""a b"" is how spreadsheets double a quote: as many close as had opened.
        end = self._end_of_quotes(close) if doubled else close + 1
        slop = _SLOP.match(self._text, end)
        if slop:
            end = slop.end()
        phrase = Phrase(words, int(slop.group(1)) if slop else 0) if words else None
        return phrase, end

    def _end_of_quotes(self, at: int) -> int:
        while at < len(self._text) and self._text[at] in _QUOTES:
            at += 1
        return at

    def _starts_a_clause(self, at: int) -> bool:
        return at == 0 or self._text[at - 1].isspace()


def _stretch_at(text: str, at: int) -> str:
    found = _STRETCH.match(text, at)
    return found.group() if found else text[at]


def _clauses_of(stretch: str) -> Iterator[Word | Prefix]:
    """Yield the words of a stretch without spaces and quotes; signs around them fall away."""
    for found in _PREFIX_OR_WORD.finditer(stretch):
        if found.group(1):
            yield Prefix(found.group(1))
        else:
            yield Word(found.group())
