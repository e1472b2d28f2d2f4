"""Lowering and folding: the two maps from a spelling to the key it is compared by.

`turkish_lower` knows the dotted and the dotless i; Python's `str.lower` does not, and makes
"İstanbul" one character longer. `fold` goes on to ASCII letters, so that a query typed on a
foreign keyboard meets the word. Both are idempotent and agree on composed and decomposed input.
"""

from __future__ import annotations

import re
import unicodedata

_DOT = "\u0307"
_DOTTED_I = re.compile("i\u0307+")
"""How a decomposed İ looks after somebody else's lowering."""

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
_ASCII_OF_TURKISH = str.maketrans("çğıöşüâîû", "cgiosuaiu")


def turkish_lower(text: str) -> str:
    """Return `text` in NFC and in lower case, the Turkish way.

    >>> turkish_lower("IŞIK İstanbul"), turkish_lower("I\u0307zmir")
    ('ışık istanbul', 'izmir')
    """
    if text.isascii():
        return text.replace("I", "ı").lower()
    lowered = _composed(text).replace("I", "ı").replace("İ", "i").lower()
    if _DOT in lowered:
        lowered = _DOTTED_I.sub("i", lowered)
    # Lowering, and dropping the dot, can leave a letter and a mark that have a composed form.
    return _composed(lowered)


def _composed(text: str) -> str:
    # Nearly every text is composed, and to see that takes a third of composing it.
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def fold(lowered: str) -> str:
    """Return a lowered word in ASCII letters, as far as it has any.

    >>> fold("şehirlerimizin"), fold("kâr"), fold("señor")
    ('sehirlerimizin', 'kar', 'senor')
    """
    if lowered.isascii():
        return lowered
    folded = lowered.translate(_ASCII_OF_TURKISH)
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    # Only now: ǿ decomposes into a letter that has no decomposition, ㎑ into capitals.
    return letters.casefold().translate(_LETTERS_WITHOUT_DECOMPOSITION)
