"""What one surface means: the words it stands for, in the order of their positions.

Pure and without context, so that a cache can hold the answer for every distinct surface: that is
what makes analysis fast (see docs/analysis.md).

    Ankara’nın      ankara              the apostrophe parts a name from its suffix
    O'Connor'ın     oconnor             ... unless fewer than two letters stand before it,
    D'Artois        dartois                 or the part after it begins with a capital
    Kur'an          kuran               ... or a word list says that it belongs to the word
    5'te, A.'nın    5, a                    ... but a digit, or an initial with its dot, is whole
    T.B.M.M.'de     tbmm                single letters with dots are one abbreviation
    F.Bahçe         fbahçe + f, bahçe   an initial glued to a word: the joined word and its parts
    1.250.000       1250000             dots between groups of three digits
    %20             yüzde, 20           the sign is a word
    geldi.Sonra     geldi, sonra        a forgotten space
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.analysis.fold import turkish_lower
from index.analysis.tokenizer import APOSTROPHE_LETTER, APOSTROPHES, INVISIBLE

_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?![\d.])")
"""Not the beginning of 12.2024 (a month) or of 1.000.Sonra (a forgotten space)."""

_MIN_HEAD = 2


class Word(NamedTuple):
    """One word of a surface: lowered, at `surface[start:end]`, `position` counted from 0."""

    exact: str
    position: int
    start: int
    end: int


class _Part(NamedTuple):
    """What stands between two dots: `text` is composed and without invisible characters."""

    text: str
    start: int
    end: int


def is_one_plain_word(text: str) -> bool:
    """Whether a text is nothing but one word without any sign in it."""
    return text.isalnum() and APOSTROPHE_LETTER not in text


def words_of(surface: str, protected: Mapping[str, str]) -> tuple[Word, ...]:
    """Return the words that a surface stands for; at least one."""
    if is_one_plain_word(surface):
        return (Word(turkish_lower(surface), 0, 0, len(surface)),)
    has_sign = surface[0] == "%"
    parts = _parts(surface, 1 if has_sign else 0)
    if has_sign and parts[0].text[0].isdigit():
        percent = Word("yüzde", 0, 0, 1)
        return (percent, *_words_of_parts(parts, 1, protected))
    return tuple(_words_of_parts(parts, 0, protected))


def _parts(surface: str, start: int) -> list[_Part]:
    """Cut a surface at its dots; what follows a dot and an apostrophe is a suffix, no part."""
    parts: list[_Part] = []
    for piece in surface[start:].split("."):
        end = start + len(piece)
        text = unicodedata.normalize("NFC", piece.translate(_INVISIBLE))
        if parts and text[0] in APOSTROPHES:
            # The dot is kept: an initial with it is whole, and "A.'nın" is not "anın".
            parts[-1] = _Part(f"{parts[-1].text}.{text}", parts[-1].start, end)
        else:
            parts.append(_Part(text, start, end))
        start = end + 1
    return parts


def _words_of_parts(
    parts: Sequence[_Part], position: int, protected: Mapping[str, str]
) -> list[Word]:
    first, last = parts[0], parts[-1]
    texts = [*(part.text for part in parts[:-1]), _head(last.text)]
    if _is_abbreviation(texts) or _THOUSANDS.match(".".join(texts)):
        return [Word(turkish_lower("".join(texts)), position, first.start, last.end)]
    words = [
        Word(_without_suffix(part.text, protected), position + place, part.start, part.end)
        for place, part in enumerate(parts)
    ]
    if len(parts) == 2 and len(first.text) == 1 and first.text.isupper():
        # An initial glued to a name: the joined word stands where the initial does.
        joined = words[0].exact + words[1].exact
        words.insert(0, Word(joined, position, first.start, last.end))
    return words


def _is_abbreviation(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and all(len(text) == 1 and text.isalpha() for text in texts)


def _head(text: str) -> str:
    """Return what stands before the first apostrophe, and before the dot in front of it."""
    return _APOSTROPHE.split(text, maxsplit=1)[0].rstrip(".")


def _without_suffix(text: str, protected: Mapping[str, str]) -> str:
    """Return the lowered word before its apostrophe suffix."""
    seen, *rest = _APOSTROPHE.split(text)
    kept = seen
    for part in rest:
        in_capitals = seen.isupper()
        seen = f"{seen}'{part}"
        if turkish_lower(seen) in protected:
            kept = protected[turkish_lower(seen)]
            continue
        belongs = kept.isalpha() and (
            len(kept) < _MIN_HEAD or (part[0].isupper() and not in_capitals)
        )
        if not belongs:
            break
        kept += part
    return turkish_lower(kept.rstrip("."))
