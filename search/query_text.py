"""The letters and signs of a query in one spelling each, before the parser reads them.

Pasted text brings typographic quotes and dashes, invisible marks, control characters and emoji;
after `clean` only letters, digits, spaces and the few signs that mean something are left.
"""

from __future__ import annotations

import re
import unicodedata

STRAIGHT, CURLY, ANGLED = '"', "“", "«"
"""The three kinds of quotes, each by the one sign that stands for it."""

APOSTROPHE = "'"

_SIGNS = {
    **dict.fromkeys('"″＂〃', STRAIGHT),
    **dict.fromkeys("“”„‟〝〞〟\x93\x94", CURLY),
    **dict.fromkeys("«»《》", ANGLED),
    **dict.fromkeys("'’‘ʼ´`′ˈ\x91\x92", APOSTROPHE),
    **dict.fromkeys("-‐‑–−\x96", "-"),
    **dict.fromkeys(".,:&%*?~", ""),
}
"""Signs that mean something, by what they become; empty: themselves. A long dash (— ―) parts
words like any other sign: nobody excludes a word with it."""

_SIGNS = {sign: meaning or sign for sign, meaning in _SIGNS.items()}
_VARIATION_SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
_DOTTED_I = re.compile("i\u0307+")
_QUESTION_MARKS = re.compile(r"(?<![^\W_])(?<![*?])\?+|\?+(?![^\W_])(?![*?])")
"""Those that end or begin a word. Only within one (g?l) does the sign stand for a letter: most
question marks end a question."""
_PLAIN = re.compile(rf"(?:[^\W_{''.join(filter(str.isalnum, _SIGNS))}]| )*")
_MINUS_BRACKET = re.compile(r"([-‐‑–−])[(\[{]+")


def clean(text: str) -> str:
    """Return `text` in NFC with one spelling for each sign; cleaning twice changes nothing.

    Invisible marks (zero-width, right-to-left, soft hyphen) vanish; everything that is neither
    letter nor digit nor a sign of the query language becomes a space.
    """
    if is_plain(text):
        return text
    visible = "".join(letter for letter in text if not _vanishes(letter))
    normal = unicodedata.normalize("NFC", visible)
    # "i" + U+0307 is İ after somebody else's lowering; no composed letter exists for it.
    normal = unicodedata.normalize("NFC", _DOTTED_I.sub("i", normal))
    normal = _QUESTION_MARKS.sub(" ", normal)
    # -(spor) means -spor; any other bracket parts words.
    normal = _MINUS_BRACKET.sub(r"\1", normal)
    spelled = "".join(_SIGNS.get(letter) or _kept(letter) for letter in normal)
    return spelled.replace("''", STRAIGHT)


def is_plain(text: str) -> bool:
    """Whether a text is letters, digits and spaces alone, as most queries are: nothing to clean."""
    return _PLAIN.fullmatch(text) is not None and unicodedata.is_normalized("NFC", text)


def _vanishes(letter: str) -> bool:
    if letter.isascii():
        return False
    # Cf: format characters. Me: enclosing marks, which make an emoji of a digit.
    return unicodedata.category(letter) in {"Cf", "Me"} or ord(letter) in _VARIATION_SELECTORS


def _kept(letter: str) -> str:
    # Categories L, M, N: letters, the marks upon them, digits. "_" is a sign to the analyzer too.
    return letter if letter.isalnum() or unicodedata.category(letter)[0] in "LMN" else " "
