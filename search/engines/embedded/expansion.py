"""The words of the vocabulary that a prefix, a wildcard or a fuzzy word asks for.

A prefix of folded words is one run of the vocabulary. Of everything else the candidates (a run,
or for fuzzy words all) are tested one by one by a compiled loop, letter by letter of their UTF-8.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from index.analysis import fold
from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs, Octets
from index.codec.postings import TermRange
from index.codec.segment import Segment
from index.codec.strings import Starts
from index.layers import Layer
from search.engine import FuzzyQuery, OpenQuery, PrefixQuery, WildcardQuery, open_text
from search.engines.embedded.entries import Entry

_SIGNS = re.compile(r"[*?]")
_STAR: int = ord("*")
_ONE: int = ord("?")
_ASCII: int = 128
_LONGEST_LETTER = 4
"""Bytes that UTF-8 takes at most."""


def entry_of(query: OpenQuery) -> Entry:
    """Return the entry that stands for all words of a query."""
    match query:
        case PrefixQuery():
            return Entry(query.layer, query.prefix, is_prefix=True)
        case WildcardQuery():
            return Entry(query.layer, open_text(query), is_pattern=True)
        case FuzzyQuery():
            return Entry(query.layer, open_text(query), is_fuzzy=True)


def terms_of(segment: Segment, entry: Entry) -> Longs:
    """Return the terms of an exact prefix, of a wildcard or of a fuzzy word, ascending."""
    is_exact = entry.layer is Layer.EXACT
    if entry.is_fuzzy:
        everything = TermRange(0, segment.term_count)
        return _fitting(segment, everything, entry.text.removesuffix("~"), is_exact, is_fuzzy=True)
    pattern = entry.text if entry.is_pattern else f"{entry.text}*"
    beginning = _SIGNS.split(pattern, maxsplit=1)[0]
    # Folding loses which letters were typed: exact words are among those of their fold.
    run = segment.beginning_with(fold(beginning))
    return _fitting(segment, run, pattern, is_exact, is_fuzzy=False)


def _fitting(
    segment: Segment, run: TermRange, asked: str, is_exact: bool, *, is_fuzzy: bool
) -> Longs:
    words = _Words(*segment.keys.packed(run.lo, run.hi), is_exact)
    letters = np.frombuffer(asked.encode(), dtype=np.uint8)
    found = np.empty(run.hi - run.lo, dtype=np.int64)
    count = _list_fitting(words, letters, is_fuzzy, found)
    return run.lo + found[:count]


class _Words(NamedTuple):
    """Vocabulary keys (see `index.codec.segment`), and which of their two words counts."""

    packed: Octets
    starts: Starts
    is_exact: bool


@compiled
def _list_fitting(words: _Words, asked: Octets, is_fuzzy: bool, found: Longs) -> int:
    """List the words that fit, counted from 0; return how many there are."""
    count = 0
    for number in range(len(words.starts) - 1):
        begin, end = _word_bounds(words, number)
        if is_fuzzy:
            fits = _is_one_slip_away(words.packed, begin, end, asked)
        else:
            fits = _is_described(words.packed, begin, end, asked)
        if fits:
            found[count] = number
            count += 1
    return count


@compiled
def _word_bounds(words: _Words, number: Int) -> tuple[Int, Int]:
    """Return where the word of a key stands."""
    begin, end = np.int64(words.starts[number]), np.int64(words.starts[number + 1])
    separator = end - 1  # as for every word in ASCII
    while words.packed[separator] != 0:
        separator -= 1
    if words.is_exact and separator + 1 < end:
        return separator + 1, end
    return begin, separator


@compiled
def _is_described(packed: Octets, begin: Int, end: Int, pattern: Octets) -> bool:
    """Whether a pattern describes a whole word. Where it fails, its last star takes one more.

    A star may end within a letter: then only ? can follow it, which takes the letter's rest.
    """
    place: Int = begin
    sign = 0
    star = -1
    retry: Int = begin
    while place < end:
        if sign < len(pattern) and pattern[sign] == _STAR:
            star = sign
            retry = place
            sign += 1
        elif sign < len(pattern) and pattern[sign] == _ONE:
            place = _behind_letter(packed, place, end)
            sign += 1
        elif sign < len(pattern) and pattern[sign] == packed[place]:
            place += 1
            sign += 1
        elif star >= 0:
            retry += 1
            place = retry
            sign = star + 1
        else:
            return False
    while sign < len(pattern) and pattern[sign] == _STAR:
        sign += 1
    return sign == len(pattern)


@compiled
def _is_one_slip_away(packed: Octets, begin: Int, end: Int, asked: Octets) -> bool:
    """Whether two words differ by one letter more, less or other, or two swapped, or not at all."""
    size = len(asked)
    if not -_LONGEST_LETTER <= end - begin - size <= _LONGEST_LETTER:
        return False
    same = _same_letters(packed, begin, end, asked)
    own, its = begin + same, same
    if own == end and its == size:
        return True
    if own + 1 < end and its + 1 < size and not _may_go_on(packed, own, asked, its):
        return False
    own_next = _behind_letter(packed, own, end)
    its_next = _behind_letter(asked, its, size)
    if own < end and _goes_on(packed, own_next, end, asked[its:]):
        return True
    if its < size and _goes_on(packed, own, end, asked[its_next:]):
        return True
    if own == end or its == size:
        return False
    if _goes_on(packed, own_next, end, asked[its_next:]):
        return True
    own_third = _behind_letter(packed, own_next, end)
    its_third = _behind_letter(asked, its_next, size)
    return (
        _goes_on(packed, own, own_next, asked[its_next:its_third])
        and _goes_on(packed, own_next, own_third, asked[its:its_next])
        and _goes_on(packed, own_third, end, asked[its_third:])
    )


@compiled
def _same_letters(packed: Octets, begin: Int, end: Int, asked: Octets) -> Int:
    """Return how many bytes the words have in common from their beginning, in whole letters."""
    size = len(asked)
    same: Int = 0
    while begin + same < end and same < size and packed[begin + same] == asked[same]:
        same += 1
    while same > 0 and (
        _is_within_letter(packed, begin + same, end) or _is_within_letter(asked, same, size)
    ):
        same -= 1
    return same


@compiled
def _may_go_on(packed: Octets, own: Int, asked: Octets, its: Int) -> bool:
    """Whether two bytes of each word let them be alike behind a slip: most words end here."""
    return bool(
        packed[own] >= _ASCII
        or asked[its] >= _ASCII
        or packed[own + 1] == asked[its]
        or packed[own] == asked[its + 1]
        or packed[own + 1] == asked[its + 1]
    )


@compiled
def _goes_on(packed: Octets, begin: Int, end: Int, others: Octets) -> bool:
    """Whether the bytes [begin, end) are these others."""
    if end - begin != len(others):
        return False
    for place in range(len(others)):  # noqa: SIM110  # numba knows no generators
        if packed[begin + place] != others[place]:
            return False
    return True


@compiled
def _is_within_letter(octets: Octets, place: Int, end: Int) -> bool:
    return bool(place < end and (octets[place] & 0xC0) == 0x80)


@compiled
def _behind_letter(octets: Octets, place: Int, end: Int) -> Int:
    """Return where the letter behind this one begins; the end where there is none."""
    if place < end:
        place += 1
    while _is_within_letter(octets, place, end):
        place += 1
    return place
