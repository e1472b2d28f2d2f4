"""Where the sentences of a Turkish paragraph begin and end. Pure; `search.snippets` calls it.

A rule of thumb for news prose, not a parser: a mark that ends sentences, then a space, then a
capital or a digit. What must not end one are titles (Prof. Dr.), initials (R. Tayyip),
abbreviations (A.Ş., T.B.M.M.) and ordinals (3. Köprü, II. Dünya Savaşı). Where both readings are
possible the sentence goes on: a snippet of two sentences does no harm, half a name does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np

from index.analysis import turkish_lower
from index.codec.scanning import code_points
from search.characters import (
    DIGIT,
    LETTER,
    OPENING,
    SMALL,
    UNSURE,
    UPPER,
    Octets,
    possible_ends,
)
from search.results import Span

_OPENING = "\"“‘'«([-–—•"
_ORDINAL = re.compile(r"(?:\d{1,3}|[IVXLCM]+)$")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.)*[^\W\d_]$")
_KNOWN = 0x3000
"""Characters from here on (East Asian scripts, emoji) are told one by one."""
_LOOK_BACK = 24
"""Characters before a full stop that are looked at: no abbreviation is longer."""

# Titles and ranks before a name, and words that always wait for what follows; after the index of
# abbreviations in Türk Dil Kurumu's Yazım Kılavuzu ("Kısaltmalar Dizini").
_TITLES_AND_POINTERS = """
    alb arş asb av bçvş bkz bnb bşk cad çev doç dr dz ecz gen gör hz inş jr koor krş ltd mah mr mrs
    müd müh no nr onb op ord org örn öğr plt prof sf sn sok st şb şti tğm tuğg tüma tümg uzm üçvş
    üni üstğm yb yrd yzb
"""
ABBREVIATIONS = frozenset(_TITLES_AND_POINTERS.split())
_LONGEST = max(map(len, ABBREVIATIONS))


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences of a paragraph, in order, without the spaces between them.

    >>> [span.start for span in sentence_spans("Dr. Ak geldi. 3. Köprü açıldı. Bitti.")]
    [0, 14, 31]
    """
    spans: list[Span] = []
    start = len(text) - len(text.lstrip())
    end_of_text = len(text.rstrip())
    for mark, stop, following, is_sure in _possible_ends(text):
        if is_sure or _ends_sentence(text, mark, stop, following):
            spans.append(Span(start, stop))
            start = following
    if start < end_of_text:
        spans.append(Span(start, end_of_text))
    return spans


def _possible_ends(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield (place of a mark, its end with what closes, where the next begins, whether sure)."""
    found = np.empty(2 * len(text) + 4, dtype=np.int32)
    count = possible_ends(code_points(text), _kinds(), _LONGEST, found)
    numbers = found[: 4 * count].tolist()
    return zip(numbers[::4], numbers[1::4], numbers[2::4], numbers[3::4], strict=True)


@cache
def _kinds() -> Octets:
    """Return the kinds of all characters below `_KNOWN`; the last entry is for all others."""
    kinds = np.full(_KNOWN + 1, UNSURE, dtype=np.uint8)
    for number, letter in enumerate(map(chr, range(_KNOWN))):
        kinds[number] = (
            LETTER * letter.isalpha()
            | UPPER * letter.isupper()
            | SMALL * letter.islower()
            | DIGIT * letter.isdigit()
            | OPENING * (letter in _OPENING)
        )
    return kinds


def _ends_sentence(text: str, mark: int, stop: int, following: int) -> bool:
    first = text[following]
    if first in _OPENING:
        first = text[following : following + 3].lstrip(_OPENING)[:1]
    if not (first.isupper() or first.isdigit()):
        return False
    if text[mark:stop] != ".":
        return True
    # Words are parted by a plain space: readers have made one of every run of white space.
    word_start = text.rfind(" ", max(0, mark - _LOOK_BACK), mark) + 1
    word = text[word_start or max(0, mark - _LOOK_BACK) : mark].lstrip(_OPENING)
    if len(word) > _LONGEST and word.isalpha() and not word.isupper():
        return True  # as nearly every sentence ends: no abbreviation, initial or ordinal
    return not (
        turkish_lower(word) in ABBREVIATIONS or _ORDINAL.match(word) or _INITIALS.match(word)
    )
