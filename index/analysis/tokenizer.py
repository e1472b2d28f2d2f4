"""From a text to its surfaces: the stretches that stand for one word, abbreviation or number.

A surface is found in the original text, before anything is lowered or normalised, so its offsets
need no repair (lowering first would shift every offset after an İ). What a surface means is
decided in `index.analysis.surface`, once per distinct surface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

APOSTROPHES = "'’‘ʼ´`\x91\x92"
"""Everything that newsrooms type for the apostrophe, with the cp1252 leaks U+0091 and U+0092."""

APOSTROPHE_LETTER = "ʼ"
"""The one apostrophe that Unicode calls a letter (U+02BC, category Lm)."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Soft hyphen, zero-width characters, direction and byte order marks: mean nothing in a word."""

_MARKS = "\u0300-\u036f"
_LETTER = rf"[^\W_{APOSTROPHE_LETTER}]"
_PLAIN = re.compile(rf"%?{_LETTER}+(?:(?:\.[{APOSTROPHES}]?|[{APOSTROPHES}]){_LETTER}+)*")
_LETTERS = rf"(?:{_LETTER}[{_MARKS}{INVISIBLE}]*)+"
_JOIN = rf"(?:\.[{INVISIBLE}]*[{APOSTROPHES}]?|[{APOSTROPHES}])[{INVISIBLE}]*"
_THOROUGH = re.compile(rf"(?:%[{INVISIBLE}]*)?{_LETTERS}(?:{_JOIN}{_LETTERS})*")
_UNUSUAL = re.compile(rf"[{_MARKS}{INVISIBLE}]")


def surfaces(text: str) -> list[str]:
    """Return the surfaces of a text in order.

    >>> surfaces("T.B.M.M.'de Ankara’nın %20'si, Kim Jong-un")
    ["T.B.M.M.'de", 'Ankara’nın', "%20'si", 'Kim', 'Jong', 'un']
    """
    return surface_pattern(text).findall(text)


def surface_spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield (surface, start, end) in order: `text[start:end] == surface`."""
    for found in surface_pattern(text).finditer(text):
        yield found.group(), found.start(), found.end()


def surface_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern that finds the surfaces of this text, for readers in a hurry."""
    return _THOROUGH if is_unusual(text) else _PLAIN


def is_unusual(text: str) -> bool:
    """Tell whether a text holds decomposed letters or invisible characters, as few do.

    They cost a slower pattern.
    """
    return not text.isascii() and _UNUSUAL.search(text) is not None
