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
from index.codec.scanning import code_points

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

LETTER, UPPER, SMALL, DIGIT, OPENING, UNSURE = 1, 2, 4, 8, 16, 32
"""Kinds of characters, as bits: what `str.isalpha`, `isupper`, `islower` and `isdigit` say."""
_LONGEST_WORD = 20
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
    possible_ends(nothing, np.full(2, UNSURE, np.uint8), 1, room)


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
def possible_ends(characters: CodePoints, kinds: Octets, longest: int, found: Places) -> int:
    """Put where sentences may end into `found`, four numbers each; return how many there are.

    The numbers are where the mark (. ! ? …) stands, where it and what closes behind it end, where
    the next sentence begins, and 1 where it surely ends here, 0 where `search.sentences` must tell.
    White space must follow, and then a capital or digit, a sign that opens or not before it.
    `kinds` has the kind of each code point (`UPPER` and so on), its last entry that of all beyond;
    no abbreviation has more than `longest` letters. `found` has room for two numbers a character,
    and four more.
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
        if behind in (stop, size):
            continue
        place = behind
        beginning = _kind_of_beginning(characters, kinds, behind)
        if beginning & (UPPER | DIGIT | UNSURE) == 0:
            continue
        is_sure = beginning & UNSURE == 0 and (
            stop - start > 1
            or characters[start] != FULL_STOP
            or _is_long_word(characters, kinds, start, longest)
        )
        found[4 * count : 4 * count + 3] = start, stop, behind
        found[4 * count + 3] = is_sure
        count += 1
    return count


@compiled
def _kind_of_beginning(characters: CodePoints, kinds: Octets, place: int) -> int:
    """Return the kind of what begins here, of three characters the first that does not open."""
    for number in range(place, min(place + 3, len(characters))):
        kind = _kind_of(int(characters[number]), kinds)
        if kind & OPENING == 0:
            return kind
    return 0


@compiled
def _is_long_word(characters: CodePoints, kinds: Octets, end: int, longest: int) -> bool:
    """Return whether letters end here, more than `longest`, of which one is small."""
    has_small = False
    for letters in range(min(end, _LONGEST_WORD)):
        character = int(characters[end - 1 - letters])
        kind = _kind_of(character, kinds)
        if kind & (LETTER | UNSURE) != LETTER:
            return character == GAP and letters > longest and has_small
        has_small |= kind & SMALL > 0
    return False


@compiled
def _kind_of(character: int, kinds: Octets) -> int:
    return int(kinds[min(character, len(kinds) - 1)])


@compiled
def _ends(character: int) -> bool:
    return character in (FULL_STOP, _EXCLAMATION, _QUESTION, _ELLIPSIS)


@compiled
def _is_space(character: int) -> bool:
    """Whether `str.isspace` holds."""
    if character < 0x80:
        return character == 32 or 9 <= character <= 13 or 28 <= character <= 31
    return character in _SPACES or 0x2000 <= character <= 0x200A
