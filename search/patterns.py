"""Which words a wildcard or a fuzzy word asks for: one test of a word each.

Pure; marks and explanations are made with these. Engines look such words up in their vocabulary,
each in its own way, and must agree (tests/property).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from index.analysis import Forms
from index.layers import Layer
from search.engine import FuzzyQuery, OpenQuery, PrefixQuery, WildcardQuery

_SIGNS = {"*": ".*", "?": "."}


def asks_for(query: OpenQuery) -> Callable[[Forms], bool]:
    """Return the test whether a token, given by its forms, is one of the words asked for."""
    fits = _fits(query)
    if query.layer is Layer.EXACT:
        return lambda forms: fits(forms.exact)
    return lambda forms: fits(forms.folded)


def _fits(query: OpenQuery) -> Callable[[str], bool]:
    match query:
        case PrefixQuery(prefix=prefix):
            return lambda word: word.startswith(prefix)
        case WildcardQuery(pattern=pattern):
            parts = (_SIGNS.get(letter) or re.escape(letter) for letter in pattern)
            whole = re.compile("".join(parts), re.DOTALL)
            return lambda word: whole.fullmatch(word) is not None
        case FuzzyQuery(word=asked):
            return lambda word: is_one_slip_away(word, asked)


def is_one_slip_away(word: str, other: str) -> bool:
    """Whether two words are equal but for one letter dropped, added or changed, or two swapped.

    Damerau 1964: these four are four of five typing errors. Equal words are, too.

    >>> is_one_slip_away("bakn", "bakan"), is_one_slip_away("bkana", "bakan")
    (True, False)
    """
    if word == other:
        return True
    if abs(len(word) - len(other)) > 1:
        return False
    same = 0
    while same < min(len(word), len(other)) and word[same] == other[same]:
        same += 1
    own, its = word[same:], other[same:]
    if len(own) != len(its):
        return own[1:] == its or own == its[1:]
    return own[1:] == its[1:] or (own[:2] == its[1::-1] and own[2:] == its[2:])
