"""From what a person typed or pasted to a `Query`; every text has one, none raises.

    güven kuzey kore          words
    "meşru müdafaa"           a phrase; curly, low, angled and doubled quotes do as well
    "kuzey askeri"~3          a phrase with up to three words between
    -spor  -"son dakika"      what must not occur
    güven*                    words that begin so
    bel*ye  k?lem             * for any letters or none, ? for one
    kelime~                   this word, and those that one slip makes of it

It refuses to analyse words (that is `index.analysis`, by way of `search.planning`) and to judge
whether a query asks too much (`search.limits`). The service calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.query import Clause, Fuzzy, Phrase, Prefix, Query, Wildcard, Word
from search.query_text import ANGLED, APOSTROPHE, CURLY, STRAIGHT, clean, is_plain

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
_LETTER = rf"[^\s{_QUOTES}{APOSTROPHE}\-.,:&%*?~]"
_PART = rf"[^\W_]{_LETTER}*"
_JOINT = rf"(?:[{APOSTROPHE}\-.&]|(?<=\d)[,:](?=\d))"
_OPEN_BEHIND = rf"(?!{_PART}[*?]+{_LETTER})"
_WORD = re.compile(rf"(?:%(?=\d))?{_PART}(?:{_JOINT}{_OPEN_BEHIND}{_PART})*")
_OPEN = rf"(?P<open>(?<![*?])(?!(?<=[^\W_])\?)(?=[*?]*{_PART}[*?]|[*?]+[^\W_])(?:[*?]|{_LETTER})+)"
_FUZZY = rf"(?P<fuzzy>{_PART})~(?P<distance>[0-9]{{0,3}})(?!~|{_LETTER})"
_CLAUSE = re.compile(rf"{_OPEN}|{_FUZZY}|{_WORD.pattern}")
_SIGNS = re.compile(r"[*?]+")
_STRETCH = re.compile(rf"[^\s{_QUOTES}]+")
_MINUS = re.compile("-(?!-)")  # two or more are a dash
_SLOP = re.compile(r"~([0-9]{1,3})[0-9]*")


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
    if is_plain(text):
        words = tuple(map(Word, text.split()))
        return ParsedQuery(Query(words))
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


def _clauses_of(stretch: str) -> Iterator[Clause]:
    """Yield the words of a stretch without spaces and quotes; signs around them fall away."""
    for found in _CLAUSE.finditer(stretch):
        if found["open"]:
            yield _open_word(found["open"])
        elif found["fuzzy"]:
            distance = int(found["distance"] or 1)
            yield Fuzzy(found["fuzzy"], distance) if distance else Word(found["fuzzy"])
        else:
            yield Word(found.group())


def _open_word(text: str) -> Prefix | Wildcard:
    """Return what a word with stars and question marks asks for, each run of them in one way."""
    once = _SIGNS.sub(_one_spelling, text)
    if once.endswith("*") and not _SIGNS.search(once[:-1]):
        return Prefix(once[:-1])
    return Wildcard(once)


def _one_spelling(signs: re.Match[str]) -> str:
    """Return a run of signs as its question marks, and one star where it has any.

    The star stands where it keeps question marks from ending or beginning the word.
    """
    run = signs.group()
    star, letters = ("*" if "*" in run else ""), "?" * run.count("?")
    return star + letters if signs.start() == 0 else letters + star
