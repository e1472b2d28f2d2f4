"""How much one search may ask for: one table, the same for page, endpoint and command line.

The figures are those of issue 5. Each bounds what a single request can cost; whatever passes
them must be answered. The parser knows none of them: it reads any text.
"""

from __future__ import annotations

import re

from search.errors import QueryError
from search.query import Clause, Fuzzy, Phrase, Prefix, Query, Wildcard
from search.request import SearchRequest

MAX_QUERY_CHARACTERS = 512
MAX_QUERY_WORDS = 32
MAX_QUERY_PARTS = 64
"""As words, but Rusya-Kuzey counts as two: a chain of hyphens costs what its parts cost."""
MAX_PHRASE_WORDS = 8
MAX_SLOP = 10
MIN_LETTERS_BEFORE_WILDCARD = 3
"""So many must stand before the first * or ? of a word: fewer are in a large part of all words."""
MIN_FUZZY_LETTERS = 4
MAX_FUZZY_WORDS = 3
MAX_FUZZY_DISTANCE = 1
MAX_PER_PAGE = 50
MAX_REACH = 1000
"""The last result that pages can show: page times results a page."""


_PARTS = re.compile(r"[^\W_]+")
_WILDCARDS = re.compile(r"[*?]")


def check_request(request: SearchRequest) -> None:
    """Raise `QueryError` where a request goes beyond the table, before anything is parsed."""
    if len(request.q) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            "query_too_long",
            "q",
            f"The query has {len(request.q)} characters; {MAX_QUERY_CHARACTERS} are allowed. "
            "Leave out what matters least.",
            actual=len(request.q),
            limit=MAX_QUERY_CHARACTERS,
        )
    if not 1 <= request.per_page <= MAX_PER_PAGE:
        raise QueryError(
            "invalid_per_page",
            "per_page",
            f"A page can have 1 to {MAX_PER_PAGE} results, not {request.per_page}.",
            actual=request.per_page,
            limit=MAX_PER_PAGE,
        )
    if request.page < 1:
        raise QueryError(
            "invalid_page",
            "page",
            f"Pages count from 1; {request.page} is none.",
            actual=request.page,
        )
    if request.page * request.per_page > MAX_REACH:
        raise QueryError(
            "page_too_deep",
            "page",
            f"Only the first {MAX_REACH} results can be paged through; page {request.page} with "
            f"{request.per_page} results each lies beyond. Narrow the search instead.",
            actual=request.page,
            limit=MAX_REACH,
        )


def check_query(query: Query) -> None:
    """Raise `QueryError` where a parsed query asks for more than the table allows."""
    clauses = query.wanted + query.excluded
    words = [word for clause in clauses for word in _words_of(clause)]
    parts = sum(len(_PARTS.findall(word)) for word in words)
    for actual, limit in ((len(words), MAX_QUERY_WORDS), (parts, MAX_QUERY_PARTS)):
        if actual > limit:
            raise QueryError(
                "too_many_words",
                "q",
                f"The query has {actual} words; {limit} are allowed. Leave out what matters least.",
                actual=actual,
                limit=limit,
            )
    fuzzy = sum(isinstance(clause, Fuzzy) for clause in clauses)
    if fuzzy > MAX_FUZZY_WORDS:
        raise QueryError(
            "too_many_fuzzy",
            "q",
            f"{fuzzy} words of the query end in ~; {MAX_FUZZY_WORDS} may. Take it off the others.",
            actual=fuzzy,
            limit=MAX_FUZZY_WORDS,
        )
    for clause in clauses:
        _check_clause(clause)


def without_refused(query: Query) -> Query:
    """Return the query without the clauses that `check_query` refuses one by one."""

    def kept(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        return tuple(clause for clause in clauses if not _is_refused(clause))

    return Query(kept(query.wanted), kept(query.excluded))


def _is_refused(clause: Clause) -> bool:
    try:
        _check_clause(clause)
    except QueryError:
        return True
    return False


def _check_clause(clause: Clause) -> None:
    if isinstance(clause, Phrase):
        _check_phrase(clause)
    elif isinstance(clause, Prefix | Wildcard):
        _check_wildcard(clause)
    elif isinstance(clause, Fuzzy):
        _check_fuzzy(clause)


def _words_of(clause: Clause) -> tuple[str, ...]:
    return clause.words if isinstance(clause, Phrase) else (clause.text,)


def _check_phrase(phrase: Phrase) -> None:
    if len(phrase.words) > MAX_PHRASE_WORDS:
        raise QueryError(
            "phrase_too_long",
            "q",
            f"The phrase {phrase} has {len(phrase.words)} words; {MAX_PHRASE_WORDS} are "
            "allowed. Quote less of it.",
            phrase=str(phrase),
            actual=len(phrase.words),
            limit=MAX_PHRASE_WORDS,
        )
    if phrase.slop > MAX_SLOP:
        raise QueryError(
            "slop_too_wide",
            "q",
            f"In {phrase} up to {phrase.slop} words may come between; {MAX_SLOP} are allowed.",
            phrase=str(phrase),
            actual=phrase.slop,
            limit=MAX_SLOP,
        )


def _check_wildcard(clause: Prefix | Wildcard) -> None:
    word = str(clause)
    letters = len(_WILDCARDS.split(word, maxsplit=1)[0])
    if letters < MIN_LETTERS_BEFORE_WILDCARD:
        raise QueryError(
            "wildcard_too_early",
            "q",
            f"In {word} the first * or ? comes after {letters} letters; "
            f"{MIN_LETTERS_BEFORE_WILDCARD} must come before it. Write more of the beginning.",
            word=word,
            actual=letters,
            limit=MIN_LETTERS_BEFORE_WILDCARD,
        )


def _check_fuzzy(clause: Fuzzy) -> None:
    if clause.distance > MAX_FUZZY_DISTANCE:
        raise QueryError(
            "fuzzy_too_far",
            "q",
            f"{clause} asks for {clause.distance} slips; {MAX_FUZZY_DISTANCE} is allowed. "
            f"Write {clause.text}~.",
            word=str(clause),
            plain=clause.text,
            actual=clause.distance,
            limit=MAX_FUZZY_DISTANCE,
        )
    if len(clause.text) < MIN_FUZZY_LETTERS:
        raise QueryError(
            "fuzzy_too_short",
            "q",
            f"{clause} has {len(clause.text)} letters before its ~; {MIN_FUZZY_LETTERS} are "
            "needed. Leave the sign out.",
            word=str(clause),
            actual=len(clause.text),
            limit=MIN_FUZZY_LETTERS,
        )
