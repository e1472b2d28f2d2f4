"""Loops over the characters of a text, compiled: what may be asked for, where sentences may end.

A page of results has ten thousand words or more, of which a few dozen matter: here every character
is looked at once, and Python sees only what is left. Characters come as code points; places are
counted in them, as in a `str`. What words and sentences are is decided in `search.heads` and
`search.sentences`, which call this.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled

CodePoints = npt.NDArray[np.uint32]
Octets = npt.NDArray[np.uint8]
Trie = npt.NDArray[np.int16]
Places = npt.NDArray[np.int32]

UNKNOWN = 0
"""Stands for a character that has no one byte: its text cannot be judged."""
GAP = ord(" ")
"""... for one that belongs to no word."""
PERCENT = ord("%")
APOSTROPHE = ord("'")
"""... for every apostrophe."""
FULL_STOP = ord(".")
_FIRST_LETTER = ord("0")
"""Digits and letters are their folded selves; all else comes before them."""

FOUND = -1
"""The state of a trie in which a whole head was read."""

_EXCLAMATION, _QUESTION, _ELLIPSIS = ord("!"), ord("?"), ord("…")
_CLOSING = tuple(map(ord, "\"”’'»)]"))
_SPACES = (0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)


@cache
def load_loops() -> None:
    """Have the loops ready: after an installation the first call waits for the compiler."""
    nothing = code_points(" ")
    room = np.empty(4, dtype=np.int32)
    asked_surfaces(nothing, np.full(2, GAP, np.uint8), np.zeros((1, 128), np.int16), False, room)
    possible_ends(nothing, room)


def code_points(text: str) -> CodePoints:
    """Return the characters of a text; of half a surrogate pair its own number."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@compiled
def asked_surfaces(
    characters: CodePoints, octet_of: Octets, trie: Trie, percent: bool, found: Places
) -> int:
    """Put (start, end) of each surface that may be asked for into `found`; return how many.

    A surface may be asked for if one of its words begins as `trie` says (row 0 is its root, a row
    has 128 entries, 0 is "no head"), or if it begins with % and `percent` is true. `octet_of` has
    the octet of each code point, its last entry that of all beyond. Surfaces are those of
    `index.analysis.tokenizer`. `found` has room for a number each character, and two more. Returns
    -1 where a character is unknown.
    """
    size = len(characters)
    octets = np.empty(size + 2, dtype=np.uint8)
    if not _translate(characters, octet_of, octets):
        return -1
    count = 0
    place = 0
    while place < size:
        start = place
        asked = False
        if octets[place] == PERCENT and octets[place + 1] >= _FIRST_LETTER:
            asked = percent
            place += 1
        elif octets[place] < _FIRST_LETTER:
            place += 1
            continue
        while True:
            asked = asked or _begins_as_asked(octets, place, trie)
            while octets[place] >= _FIRST_LETTER:
                place += 1
            joined = _behind_joint(octets, place)
            if joined == place:
                break
            place = joined
        if asked:
            found[2 * count] = start
            found[2 * count + 1] = place
            count += 1
    return count


@compiled
def _translate(characters: CodePoints, octet_of: Octets, octets: Octets) -> bool:
    """Put the octet of each character into `octets`, and gaps behind; whether all are known."""
    size = len(characters)
    beyond = len(octet_of) - 1
    for place in range(size):
        character = characters[place]
        octet = octet_of[character] if character < beyond else octet_of[beyond]
        if octet == UNKNOWN:
            return False
        octets[place] = octet
    octets[size] = octets[size + 1] = GAP
    return True


@compiled
def _behind_joint(octets: Octets, place: int) -> int:
    """Return where the letters go on behind a full stop, an apostrophe or both; else `place`."""
    behind = place
    if octets[behind] == FULL_STOP:
        behind += 1
    if octets[behind] == APOSTROPHE:
        behind += 1
    return behind if octets[behind] >= _FIRST_LETTER else place


@compiled
def _begins_as_asked(octets: Octets, place: int, trie: Trie) -> bool:
    """Whether letters begin as a head; signs inside are passed over (O'Connor, F.B., 1.250)."""
    state = 0
    while True:
        octet = octets[place]
        if octet >= _FIRST_LETTER:
            state = int(trie[state, octet])
            if state <= 0:
                return state == FOUND
        elif octet not in (FULL_STOP, APOSTROPHE):
            return False
        place += 1


@compiled
def possible_ends(characters: CodePoints, found: Places) -> int:
    """Put where sentences may end into `found`, three numbers each; return how many there are.

    The numbers are where the mark (. ! ? …) stands, where it and what closes behind it end, and
    where the next sentence begins. White space must follow. `found` has room for one and a half
    numbers a character, and three more.
    """
    size = len(characters)
    count = 0
    place = 0
    while place < size:
        if not _ends(int(characters[place])):
            place += 1
            continue
        start = place
        while place < size and _ends(int(characters[place])):
            place += 1
        stop = place
        while stop < size and characters[stop] in _CLOSING:
            stop += 1
        behind = stop
        while behind < size and _is_space(int(characters[behind])):
            behind += 1
        if behind > stop:
            found[3 * count] = start
            found[3 * count + 1] = stop
            found[3 * count + 2] = behind
            count += 1
            place = behind
    return count


@compiled
def _ends(character: int) -> bool:
    return character in (FULL_STOP, _EXCLAMATION, _QUESTION, _ELLIPSIS)


@compiled
def _is_space(character: int) -> bool:
    """Whether `str.isspace` holds."""
    if character < 0x80:
        return character == 32 or 9 <= character <= 13 or 28 <= character <= 31
    return character in _SPACES or 0x2000 <= character <= 0x200A
