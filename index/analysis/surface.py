"""What one surface means: the words it stands for, in the order of their positions.

Pure and without context, so that a cache can hold the answer for every distinct surface: that is
what makes analysis fast (see docs/analysis.md).

    Ankara’nın      ankara              the apostrophe parts a name from its suffix
    O'Connor'ın     oconnor             ... unless fewer than two letters stand before it,
    D'Artois        dartois                 or the part after it begins with a capital
    Kur'an          kuran               ... or a word list says that it belongs to the word
    T.B.M.M.'de     tbmm                single letters with dots are one abbreviation
    F.Bahçe         fbahçe + f, bahçe   an initial glued to a word: the joined word and its parts
    1.250.000       1250000             dots between groups of three digits
    %20             yüzde, 20           the sign is a word
    geldi.Sonra     geldi, sonra        a forgotten space
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from index.analysis.fold import turkish_lower
from index.analysis.tokenizer import APOSTROPHES, INVISIBLE

_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_MIN_HEAD = 2


class Word(NamedTuple):
    """One word of a surface: lowered, at `surface[start:end]`, `position` counted from 0."""

    exact: str
    position: int
    start: int
    end: int


def words_of(surface: str, protected: Mapping[str, str]) -> tuple[Word, ...]:
    """Return the words that a surface stands for; at least one."""
    if surface.isalnum():
        return (Word(turkish_lower(surface), 0, 0, len(surface)),)
    words: list[Word] = []
    start = 0
    if surface[0] == "%":
        start = 1
        if surface[1].isdigit():
            words.append(Word("yüzde", 0, 0, 1))
    for offset, piece in _pieces(surface, start):
        position = words[-1].position + 1 if words else 0
        words.extend(_words_of_piece(piece, offset, position, protected))
    return tuple(words)


def _pieces(surface: str, start: int) -> list[tuple[int, str]]:
    """Cut a surface at the dots that part words; abbreviations and numbers stay whole."""
    rest = surface[start:]
    if "." not in rest or _abbreviation(rest) or _THOUSANDS.match(_head(rest)):
        return [(start, rest)]
    parts = rest.split(".")
    if len(parts) == 2 and len(parts[0]) == 1 and parts[0].isupper():
        return [(start, rest)]
    pieces = []
    for part in parts:
        if part and part[0] not in APOSTROPHES:
            pieces.append((start, part))
        start += len(part) + 1
    return pieces


def _words_of_piece(
    piece: str, offset: int, position: int, protected: Mapping[str, str]
) -> list[Word]:
    end = offset + len(piece)
    if "." not in piece:
        return [Word(_without_suffix(piece, protected), position, offset, end)]
    if _abbreviation(piece) or _THOUSANDS.match(_head(piece)):
        joined = _clean(_head(piece).replace(".", ""))
        return [Word(joined, position, offset, end)]
    initial, rest = piece.split(".")
    name = _without_suffix(rest, protected)
    return [
        Word(_clean(initial) + name, position, offset, end),
        Word(_clean(initial), position, offset, offset + 1),
        Word(name, position + 1, offset + 2, end),
    ]


def _abbreviation(text: str) -> bool:
    letters = _head(text).rstrip(".").split(".")
    return len(letters) > 1 and all(len(letter) == 1 and letter.isalpha() for letter in letters)


def _head(text: str) -> str:
    """Return what stands before the first apostrophe."""
    return _APOSTROPHE.split(text, maxsplit=1)[0]


def _without_suffix(piece: str, protected: Mapping[str, str]) -> str:
    """Return the lowered word before its apostrophe suffix."""
    parts = [part.translate(_INVISIBLE) for part in _APOSTROPHE.split(piece)]
    kept = parts[0]
    for count, part in enumerate(parts[1:], start=2):
        lowered = _clean("'".join(parts[:count]))
        if lowered in protected:
            kept = protected[lowered]
            continue
        belongs = len(kept) < _MIN_HEAD or (part[0].isupper() and not kept.isupper())
        if not belongs:
            break
        kept += part
    return _clean(kept)


def _clean(text: str) -> str:
    return turkish_lower(unicodedata.normalize("NFC", text.translate(_INVISIBLE)))
