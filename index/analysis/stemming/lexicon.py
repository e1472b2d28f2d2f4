"""The roots of Turkish, under every spelling that a suffix finds them in.

    kitap   kitap, and kitab- before a vowel        söyle   söyle, and söyl- before -yor;
    şehir   şehir, and şehr- before a vowel                 söylen- (it is said), söylet- and
    hak     hak, and hakk- before a vowel                   söyletil- are söyle, too

Pure: `index.words` reads the roots from a file. Called once, when a stemmer is made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from index.analysis.stemming.phonology import BITS, VOWELS, Context, End, attach, context_of

NOUN = "n"
VERB = "v"
KINDS = NOUN + VERB

SOFTENS = "s"
"""kitap: kitabı."""
DROPS_VOWEL = "v"
"""şehir: şehri."""
DOUBLES = "d"
"""hak: hakkı."""
FRONT = "f"
"""saat: saati."""
COMPOUND = "c"
"""zeytinyağı: zeytinyağını, zeytinyağları."""
ALONE = "a"
"""için: never inflected, so that içindeki is left to iç."""
TRAITS = ALONE + SOFTENS + DROPS_VOWEL + DOUBLES + FRONT + COMPOUND


class Root(NamedTuple):
    """A dictionary word: `kind` says which endings it takes, nominal ("n") or verbal ("v").

    `cost` is in bits, -log2 of how often it is used; `traits` are the letters of what it does
    that its spelling does not tell.
    """

    word: str
    kind: str
    cost: int
    traits: str = ""


@dataclass(frozen=True, slots=True)
class Roots:
    """Any number of roots, kept as one text: thirty thousand tuples would take 8 MB.

    `text` has a line for each: its word, kind, cost and traits, parted by spaces.
    """

    text: str = ""

    @classmethod
    def of(cls, roots: Iterable[Root]) -> Roots:
        """Return some roots as one value."""
        return cls(
            "".join(f"{word} {kind} {cost} {traits}\n" for word, kind, cost, traits in roots)
        )

    def __iter__(self) -> Iterator[Root]:
        start = 0
        while (end := self.text.find("\n", start)) >= 0:
            word, kind, cost, traits = self.text[start:end].split(" ")
            yield Root(word, kind, int(cost), traits)
            start = end + 1

    def __len__(self) -> int:
        return self.text.count("\n")


Entry = tuple[int, int, str]
"""The contexts that a spelling makes, as a mask; the cost of its root; the root's word, empty where
it is the spelling itself: so most spellings share their entries, and a process is 5 MB smaller."""

Lexicon = Mapping[str, tuple[Entry, ...]]

HEAD_LETTERS = 4
"""By so many letters `reaches` tells spellings apart. Keeping every beginning of every spelling
instead is no faster and takes 8 MB more."""

_SOFT = {"p": "b", "ç": "c", "t": "d", "k": "ğ", "g": "ğ"}
_HARD = {"ğ": "k", "b": "p", "c": "ç", "d": "t"}
_VOICE_COST = 3  # bits: every eighth verb or so is passive, and every eighth causative


def compile_lexicon(roots: Collection[Root] | Roots) -> Lexicon:
    """Return all roots, by every spelling that a suffix finds them in."""
    verbs = frozenset(root.word for root in roots if root.kind == VERB)
    entries: dict[str, tuple[Entry, ...]] = {}
    shared: dict[tuple[Entry, ...], tuple[Entry, ...]] = {}
    for root in roots:
        word = root.word
        for spelling, mask, cost in spellings(root, verbs):
            found = (*entries.get(spelling, ()), (mask, cost, "" if spelling == word else word))
            entries[spelling] = shared.setdefault(found, found)
    return entries


def reaches(lexicon: Lexicon) -> dict[str, int]:
    """Return how many letters the longest spelling has, by its first `HEAD_LETTERS`.

    Who looks for spellings that a word begins with need not look beyond.
    """
    longest: dict[str, int] = {}
    for spelling in lexicon:
        head = spelling[:HEAD_LETTERS]
        longest[head] = max(longest.get(head, 0), len(spelling))
    return longest


def spellings(root: Root, verbs: frozenset[str] = frozenset()) -> Iterator[tuple[str, int, int]]:
    """Yield (spelling, mask of its contexts, cost).

    A passive or causative that is itself among `verbs` is left to that entry: kaldır (lift) is not
    looked for under kal (stay).
    """
    if root.kind == NOUN:
        for spelling, context in _noun(root):
            yield spelling, context.bit, root.cost
        return
    for spelling, context in _verb(root.word, softens=SOFTENS in root.traits):
        yield spelling, context.bit << BITS, root.cost
    for stem, cost in _voices(root):
        if stem not in verbs:
            for spelling, context in _verb(stem):
                yield spelling, context.bit << BITS, cost


def _noun(root: Root) -> Iterator[tuple[str, Context]]:
    word, traits = root.word, root.traits
    if ALONE in traits:
        yield word, Context(0, End.ALONE)
        return
    if COMPOUND in traits:
        yield from _compound(word)
        return
    context = context_of(word, front=FRONT in traits)
    changed = _changed(word, traits)
    if changed == word:
        yield word, context
    else:
        yield word, _bare(context)
        yield changed, Context(context.vowels, End.BEFORE_VOWEL)


def _compound(word: str) -> Iterator[tuple[str, Context]]:
    """Yield what stands before the (s)I of a compound: all its forms have that or lArI."""
    stem = word[:-2] if word[-2] == "s" and word[-3:-2] in VOWELS else word[:-1]
    context = context_of(stem)
    yield stem, context
    if stem[-1] in _HARD:
        yield stem[:-1] + _HARD[stem[-1]], Context(context.vowels, End.VOICELESS_BARE)


def _verb(stem: str, *, softens: bool = False) -> Iterator[tuple[str, Context]]:
    context = context_of(stem)
    if softens:
        yield stem, _bare(context)
        yield _softened(stem), Context(context.vowels, End.BEFORE_VOWEL)
        return
    yield stem, context
    if stem[-1] in "ae" and len(stem) > 1:
        yield stem[:-1], Context(context_of(stem[:-1]).vowels, End.BEFORE_YOR)
        if len(stem) == 2:  # de, ye
            yield stem[0] + "i", Context(context.vowels, End.BEFORE_Y)


def _voices(root: Root) -> Iterator[tuple[str, int]]:
    """Yield (stem, cost) of the verb's passive, of its causative, and of that one's passive."""
    passive = _passive(_changed(root.word, root.traits))
    causative = _causative(root.word)
    yield passive, root.cost + _VOICE_COST
    yield causative, root.cost + _VOICE_COST
    yield _passive(causative), root.cost + 2 * _VOICE_COST
    if root.word[-1] in VOWELS:
        yield _passive(passive), root.cost + 2 * _VOICE_COST  # söylenil


def _passive(stem: str) -> str:
    suffix = "n" if stem[-1] in VOWELS else "In" if stem[-1] == "l" else "Il"
    return stem + attach(context_of(stem), suffix)[0][0]


def _causative(stem: str) -> str:
    syllables = sum(letter in VOWELS for letter in stem)
    short = stem[-1] in VOWELS or (stem[-1] in "lr" and syllables > 1)
    return stem + attach(context_of(stem), "t" if short else "DIr")[0][0]


def _changed(word: str, traits: str) -> str:
    """Return what a word is before a vowel."""
    if DROPS_VOWEL in traits:
        word = word[:-2] + word[-1]
    if SOFTENS in traits:
        word = _softened(word)
    return word + word[-1] if DOUBLES in traits else word


def _softened(word: str) -> str:
    if word.endswith("nk"):
        return word[:-1] + "g"
    return word[:-1] + _SOFT.get(word[-1], word[-1])


def _bare(context: Context) -> Context:
    end = End.VOICELESS_BARE if context.end is End.VOICELESS else End.VOICED_BARE
    return Context(context.vowels, end)
