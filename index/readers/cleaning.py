"""Makes text from any source fit to keep: NFC, without control characters, evenly spaced.

It repairs what is surely damage and leaves the rest: HTML entities in plain text, soft hyphens
and direction marks stay (analysis looks through them, and templates isolate them).
"""

from __future__ import annotations

import re
import unicodedata

_DAMAGE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def _repaired(match: re.Match[str]) -> str:
    character = match.group()
    if "\ud800" <= character <= "\udfff":
        return "\N{REPLACEMENT CHARACTER}"  # half a pair: no UTF-8 can hold it
    if "\x80" <= character <= "\x9f":
        # A C1 control is a windows-1252 byte that was read as Latin-1: U+0092 is an apostrophe.
        return character.encode("latin-1").decode("cp1252", errors="ignore")
    return ""


def clean_line(text: str) -> str:
    r"""Return `text` as one line: NFC, no control characters, single spaces, none at the ends.

    >>> clean_line("  Ankara\x92nın\n \ufeffyeni\tyolu ")
    'Ankara’nın yeni yolu'
    """
    if text.isprintable():
        return _clean_printable(text)
    if _DAMAGE.search(text):
        text = _DAMAGE.sub(_repaired, text)
    return " ".join(_composed(text).split())


def clean_lines(text: str) -> list[str]:
    """Return the lines of `text`, each as `clean_line` leaves it; blank ones are ''."""
    if text.isprintable():  # no line break is
        return [_clean_printable(text)] if text else []
    if "\x85" in text:
        text = text.replace("\x85", "…")  # windows-1252's ellipsis; str.splitlines would cut there
    return [clean_line(line) for line in text.splitlines()]


def _clean_printable(text: str) -> str:
    """Do what `clean_line` does, at a fifth of its cost, to a text that `str.isprintable`.

    Nothing that is damage is printable, and no white space but the space itself.
    """
    text = _composed(text)
    return " ".join(text.split()) if "  " in text else text.strip(" ")


def _composed(text: str) -> str:
    # Nearly every text is composed, and to see that takes a third of composing it.
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
