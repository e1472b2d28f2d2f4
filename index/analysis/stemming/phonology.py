"""How Turkish suffixes take shape: vowel harmony, buffers, voicing, and what a stem may end in.

Suffixes are written with archiphonemes, as in Snowball's `turkish.sbl`: `A` is a or e, `I` is ı, i,
u or ü, `D` is d or t, `C` is c or ç, `K` is k, or ğ before a vowel. A letter in brackets is a
buffer: `(y)A` has its y after a vowel, `(I)m` its vowel after a consonant.

Knows no single suffix and no word. Called by `endings` and `lexicon`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

VOWELS = "aeıioöuü"
VOICELESS = "fstkçşhp"

_CLASS_OF_VOWEL = {"a": 0, "ı": 0, "e": 1, "i": 1, "o": 2, "u": 2, "ö": 3, "ü": 3}
_CLASSES = 4
_LOW = "aeae"  # what `A` is after each class of vowel
_HIGH = "ıiuü"  # what `I` is


class End(IntEnum):
    """How a stem ends, as far as the next suffix cares."""

    VOWEL = 0
    VOICED = 1
    VOICELESS = 2
    VOICED_BARE = 3
    """Takes no vowel: şehir has şehr- for that."""
    VOICELESS_BARE = 4
    """Takes no vowel: kitap has kitab- for that."""
    BEFORE_VOWEL = 5
    """Takes vowels only: kitab-, şehr-, hakk-."""
    BEFORE_YOR = 6
    """A verb that lost its last vowel: açıkl-ıyor."""
    BEFORE_Y = 7
    """di-yen, yi-yecek."""
    ALONE = 8
    """Takes nothing at all: için, fakat."""


class Context(NamedTuple):
    """What a suffix must know of the stem: the class of its last vowel, and how it ends."""

    vowels: int
    end: End

    @property
    def bit(self) -> int:
        """The context as one bit of a mask."""
        return 1 << (self.end * _CLASSES + self.vowels)


BITS = _CLASSES * len(End)
"""How many contexts there are."""

FREE_CONTEXTS = tuple(
    Context(vowels, end)
    for end in (End.VOWEL, End.VOICED, End.VOICELESS)
    for vowels in range(_CLASSES)
)
"""Contexts that take vowels and consonants alike."""


def context_of(stem: str, *, front: bool = False) -> Context:
    """Return the context that a stem makes; `front`: it takes e and i in spite of its vowel (saat).

    >>> context_of("kitap"), context_of("saat", front=True).vowels
    (Context(vowels=0, end=<End.VOICELESS: 2>), 1)
    """
    vowels = next((_CLASS_OF_VOWEL[x] for x in reversed(stem) if x in _CLASS_OF_VOWEL), 1)
    if front and vowels in {0, 2}:
        vowels += 1
    if stem[-1] in VOWELS:
        return Context(vowels, End.VOWEL)
    return Context(vowels, End.VOICELESS if stem[-1] in VOICELESS else End.VOICED)


def attach(context: Context, suffix: str) -> list[tuple[str, Context]]:
    """Return the shapes that a suffix takes in a context, each with the context it makes.

    None, where it cannot follow; two, where it ends in `K`.

    >>> [shape for shape, _ in attach(context_of("kitap"), "DAn")]
    ['tan']
    >>> [shape for shape, _ in attach(context_of("oda"), "lIK")]
    ['lık', 'lığ']
    """
    letters = _spell(context, suffix)
    if not letters:
        return [("", context)]
    if not _may_follow(context.end, letters):
        return []
    if letters[-1] != "K":
        return [(letters, _after(context, letters))]
    hard, soft = letters[:-1] + "k", letters[:-1] + "ğ"
    vowels = _after(context, hard).vowels
    return [
        (hard, Context(vowels, End.VOICELESS_BARE)),
        (soft, Context(vowels, End.BEFORE_VOWEL)),
    ]


def _spell(context: Context, suffix: str) -> str:
    vowels, end = context
    after_vowel = end is End.VOWEL
    voiceless = end in {End.VOICELESS, End.VOICELESS_BARE}
    letters = ""
    buffer = False
    for letter in suffix:
        if letter in "()":
            buffer = letter == "("
            continue
        if buffer and (letter in "AI") == after_vowel:
            continue
        if letter in "AI":
            letters += (_LOW if letter == "A" else _HIGH)[vowels]
            vowels = _CLASS_OF_VOWEL[letters[-1]]
        elif letter in "DC":
            hard = voiceless if not letters else letters[-1] in VOICELESS
            letters += {"D": "dt", "C": "cç"}[letter][hard]
        else:
            letters += letter
            vowels = _CLASS_OF_VOWEL.get(letter, vowels)
    return letters


def _may_follow(end: End, letters: str) -> bool:
    if end in {End.VOICED_BARE, End.VOICELESS_BARE}:
        return letters[0] not in VOWELS
    return end is not End.BEFORE_VOWEL or letters[0] in VOWELS


def contexts_like(context: Context, ending: str) -> int:
    """Return a mask of the contexts that take this ending because a free one does."""
    vowels, end = context
    ends = [end]
    if not ending:
        ends.append(End.ALONE)
    if not ending or ending[0] not in VOWELS:
        ends += {End.VOICED: [End.VOICED_BARE], End.VOICELESS: [End.VOICELESS_BARE]}.get(end, [])
    elif end is End.VOICED:
        ends.append(End.BEFORE_VOWEL)
        if ending[1:4] == "yor":
            ends.append(End.BEFORE_YOR)
    if end is End.VOWEL and ending[:1] == "y" and ending[1:3] != "or":
        ends.append(End.BEFORE_Y)
    return sum(Context(vowels, each).bit for each in ends)


def _after(context: Context, letters: str) -> Context:
    vowels = next(
        (_CLASS_OF_VOWEL[x] for x in reversed(letters) if x in _CLASS_OF_VOWEL), context.vowels
    )
    if letters[-1] in VOWELS:
        return Context(vowels, End.VOWEL)
    return Context(vowels, End.VOICELESS if letters[-1] in VOICELESS else End.VOICED)
