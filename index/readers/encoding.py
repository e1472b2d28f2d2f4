"""Decides how bytes are text: UTF-8 first, UTF-16 by its mark, windows-1254 where that is sure.

A library was tried first: charset-normalizer 3.5 takes windows-1254 and ISO 8859-9 news for
windows-1250 Romanian, silently turning ı into ý. Turkish gives itself away more simply: see
`_surely_turkish`. Whatever is not sure is refused, with the command that would convert it.
"""

from __future__ import annotations

import codecs
import re

from index.errors import SourceError

TURKISH_LEGACY = "cp1254"
"""windows-1254; a superset of ISO 8859-9 in all that text uses (WHATWG Encoding, section 4.2)."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its first two bytes are the same
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "gzip data; name it .gz"),
    (b"\xfd7zXZ\x00", "xz data; name it .xz"),
    (b"\x28\xb5\x2f\xfd", "zstd data; name it .zst"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.02  # text with a stray NUL stays text; machine code has ten times this

_EIGHT_BIT = re.compile(r"(?:cp|iso8859|koi8|mac|latin)[\w-]*")

_TURKISH_ONLY = frozenset("ğışĞİŞ")
_TURKISH = _TURKISH_ONLY | frozenset("çöüâîûÇÖÜÂÎÛ")
_SURE_COUNT = 3
_SURE_SHARE = 0.95


def encoding_of(head: bytes, *, legacy: bool) -> str:
    """Return the codec of a file that begins with `head`. Raises `SourceError` (without a path).

    `head` may end in the middle of a character. A file that is UTF-8 but for some lines is UTF-8:
    those lines will be rejected one by one. `legacy` allows windows-1254.
    """
    if not head:
        raise SourceError("the file is empty")
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    _refuse_binary(head)
    if _mostly_utf_8(head):
        return "utf-8"
    if legacy and _surely_turkish(head):
        return TURKISH_LEGACY
    raise SourceError(
        "the text is not UTF-8; convert it first, for example with "
        "iconv -f WINDOWS-1254 -t UTF-8 OLD > NEW"
    )


def decode(data: bytes, *, declared: str = "") -> str:
    """Return the text of a whole file. Raises `SourceError` (without a path).

    `declared` is what an HTML page says of itself; it is heard only where the bytes are not UTF-8
    and not surely Turkish, for old Turkish pages declare Latin-1.
    """
    try:
        codec = encoding_of(data, legacy=True)
    except SourceError:
        codec = _character_set(declared)
        if not codec or not data:
            raise
        _refuse_binary(data)
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"line {line}, byte {error.start}: not {codec.upper()}; convert the file to UTF-8 first"
        ) from error


def _character_set(declared: str) -> str:
    """Return the codec of a declared 8-bit character set, '' for anything else (hex, zip, …)."""
    try:
        codec = codecs.lookup(declared).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return ""
    return codec if _EIGHT_BIT.fullmatch(codec) else ""


def _refuse_binary(head: bytes) -> None:
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise SourceError(f"this is no text but {what}")
    if len(_CONTROL.findall(head)) > len(head) * _CONTROL_SHARE:
        raise SourceError("this is no text but binary data (or UTF-16 without its mark)")


def _mostly_utf_8(head: bytes) -> bool:
    """Tell whether at least half of the lines that are not plain ASCII are UTF-8."""
    lines = [line for line in head.split(b"\n") if not line.isascii()]
    return sum(map(_is_utf_8, lines)) * 2 >= len(lines)


def _is_utf_8(line: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(line)  # tolerates a cut last character
    except UnicodeDecodeError:
        return False
    return True


def _surely_turkish(head: bytes) -> bool:
    """Tell whether windows-1254 makes of `head` what only Turkish looks like.

    Nearly all letters beyond ASCII must be letters of Turkish, and some must be ones that no
    western language has: Icelandic ð ý þ lie at the same bytes, but never without á, é, í, æ.
    """
    try:
        text = head.decode(TURKISH_LEGACY)
    except UnicodeDecodeError:
        return False
    letters = [character for character in text if character > "\x7f" and character.isalpha()]
    turkish = sum(letter in _TURKISH for letter in letters)
    telling = sum(letter in _TURKISH_ONLY for letter in letters)
    return telling >= _SURE_COUNT and turkish >= len(letters) * _SURE_SHARE
