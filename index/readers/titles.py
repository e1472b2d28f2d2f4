"""Finds a headline where a story has none: in its lead. Pure."""

from __future__ import annotations

import re

LONGEST_TITLE = 120
"""Characters; about two lines of a newspaper page."""

_SHORTEST_CLAUSE = 70  # a shorter one says too little: "Edinilen bilgiye göre…"

_SENTENCE_END = re.compile(r"""([.!?…]+)(["'”’»)\]]*)\s+(?=["'“‘«(\[]*[^\W_a-zçğıöşü])""")
_ABBREVIATIONS = frozenset(
    """
    prof doç dr av op uzm yrd öğr gör arş org korg tümg tuğg alb yb bnb yzb ütğm tğm
    sn bkz vb vs yy no nr cad sok sk mah apt ltd şti aş st mr mrs ms jr inc co
    """.split()  # noqa: SIM905  # a list of words is easier to read and mend than forty strings
)
_ROMAN_NUMBER = re.compile(r"[IVX]+")  # II. Abdülhamid, XX. yüzyıl
_CLAUSE_END = re.compile(r"[,;:]\s|\s[–—-]\s")


def first_sentence(text: str) -> str:
    """Return the first sentence of one paragraph, with its punctuation.

    A full stop after an abbreviation, an initial or an ordinal number ends no sentence.

    >>> first_sentence("Prof. Dr. A. Yılmaz 2. kez seçildi. Törene katıldı.")
    'Prof. Dr. A. Yılmaz 2. kez seçildi.'
    """
    for match in _SENTENCE_END.finditer(text):
        if match[1] == "." and not match[2] and _ends_no_sentence(text[: match.start()]):
            continue
        return text[: match.end()].rstrip()
    return text


def title_from_lead(lead: str) -> str:
    """Return a headline of at most `LONGEST_TITLE` characters made of the lead's own words.

    The whole first sentence where it fits, else its clauses that do, else as many whole words; an
    ellipsis tells that something was left out. The lead itself stays as it is.
    """
    sentence = first_sentence(lead)
    if sentence.endswith(".") and not sentence.endswith(".."):
        sentence = sentence[:-1]
    if len(sentence) <= LONGEST_TITLE:
        return sentence
    room = sentence[: LONGEST_TITLE - 1]
    ends = [match.start() for match in _CLAUSE_END.finditer(room)]
    if ends and ends[-1] >= _SHORTEST_CLAUSE:
        return room[: ends[-1]] + "…"
    words = room.rpartition(" ")[0] or room
    return words.rstrip(" ,;:–—-") + "…"


def _ends_no_sentence(before: str) -> bool:
    word = re.split(r"[\s(“\"'‘]", before)[-1]
    last = word.rpartition(".")[2]
    if last.isdigit():
        return len(last) <= 2  # 2. Dünya Savaşı, 21. yüzyıl; but "… 2019." ends one
    if (len(last) == 1 and last.isupper()) or _ROMAN_NUMBER.fullmatch(last):
        return True
    return last.lower() in _ABBREVIATIONS
