"""Which spelling did the person mean? Diacritics, slips, words joined or split: the archive knows.

Every repair is a word that is indexed, so none leads to nothing; each is told to the reader, who
can undo it. Pure: the vocabulary comes in with the call. Rules and figures: docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from index.analysis import Analyzer, fold
from index.schema import Layer
from search.engine import Vocabulary
from search.query import Phrase, Query, Word
from search.respelling import RepairedQuery, Respelling
from search.results import Repair, RepairKind

TURKISH_LETTERS = frozenset("çğıöşüâîûÇĞİÖŞÜÂÎÛ")
"""Whoever typed one of these has them on the keyboard and meant every plain letter."""

DIACRITICS_RATIO = 3
"""How many times more frequent the mended spelling must be than the typed one."""

MIN_TYPO_LETTERS = 5

MAX_LETTERS = 50
"""Longer words are not guessed at: what is tried grows with the letters, and no word has more."""

MIN_OTHER_INITIAL = 3
"""Articles that must hold a word with another first letter: people seldom mistype the first, so a
rare one is another word (dönemine is no slip for önemine)."""

MIN_PART_LETTERS = 3
MIN_PART_ARTICLES = 3
"""How long, and how frequent, both parts of an unknown word must be for it to be two."""

MIN_JOINED_ARTICLES = 2

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


class SpellingRepair:
    """Mends the words of a query (the `QueryRepair` of `search.respelling`)."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def repair(self, query: Query, vocabulary: Vocabulary) -> RepairedQuery:
        """Return better spellings of the query's words, by the word as typed."""
        words = list(_words(query))
        plain_keyboard = TURKISH_LETTERS.isdisjoint(str(query))
        respellings: dict[str, tuple[Respelling, ...]] = {}
        for word, in_phrase in words:
            found = self._with_diacritics(word, vocabulary) if plain_keyboard else None
            if found is None and not in_phrase:
                found = (
                    self._listed_apart(word, vocabulary)
                    or self._without_typo(word, vocabulary)
                    or self._apart(word, vocabulary)
                )
            if found is not None:
                respellings[word] = (found,)
        for first, second in pairwise(query.wanted):
            if isinstance(first, Word) and isinstance(second, Word):
                joined = self._together(first.text, second.text, vocabulary)
                if joined is not None:
                    for word in (first.text, second.text):
                        respellings[word] = (*respellings.get(word, ()), joined)
        return RepairedQuery(respellings)

    def _listed_apart(self, word: str, vocabulary: Vocabulary) -> Respelling | None:
        """Return a listed compound in its parts, to be searched as well."""
        typed = self._single(word)
        listed = self._analyzer.apart(typed) if typed else None
        if not listed or not all(vocabulary.spellings(fold(part)) for part in listed.split()):
            return None
        return Respelling(Repair(RepairKind.SPLIT, word, listed))

    def _apart(self, word: str, vocabulary: Vocabulary) -> Respelling | None:
        """Return an unknown word as the two known ones that it was run together from."""
        typed = self._single(word)
        if typed is None or not typed.isalpha():
            return None
        if not 2 * MIN_PART_LETTERS <= len(typed) <= MAX_LETTERS:
            return None
        if self._found(typed, vocabulary) or self._analyzer.knows(typed):
            return None
        best: tuple[int, str] | None = None
        for place in range(MIN_PART_LETTERS, len(typed) - MIN_PART_LETTERS + 1):
            parts = [_usual(typed[:place], vocabulary), _usual(typed[place:], vocabulary)]
            rank = (min(count for count, _ in parts), " ".join(spelling for _, spelling in parts))
            best = rank if best is None else max(best, rank)
        if best is None or best[0] < MIN_PART_ARTICLES:
            return None
        return Respelling(Repair(RepairKind.SPLIT, word, best[1]), instead=True)

    def _together(self, first: str, second: str, vocabulary: Vocabulary) -> Respelling | None:
        """Return two words written as one, as well, where the archive has them so."""
        parts = self._single(first), self._single(second)
        if not all(part and part.isalpha() and len(part) > 1 for part in parts):
            return None
        count, joined = _usual("".join(part or "" for part in parts), vocabulary)
        if count < MIN_JOINED_ARTICLES:
            return None
        return Respelling(Repair(RepairKind.JOINED, f"{first} {second}", joined))

    def _found(self, typed: str, vocabulary: Vocabulary) -> bool:
        """Whether the archive has the word, or an inflection of it."""
        return bool(
            vocabulary.spellings(fold(typed))
            or vocabulary.count(Layer.STEM, self._analyzer.stem(typed))
        )

    def _with_diacritics(self, word: str, vocabulary: Vocabulary) -> Respelling | None:
        typed = self._single(word)
        if typed is None:
            return None
        counts = dict(vocabulary.spellings(fold(typed)))
        if not counts:
            return None
        best = max(counts, key=lambda spelling: (counts[spelling], spelling))
        if best == typed or counts[best] < DIACRITICS_RATIO * counts.get(typed, 0):
            return None
        return Respelling(Repair(RepairKind.DIACRITICS, word, best))

    def _without_typo(self, word: str, vocabulary: Vocabulary) -> Respelling | None:
        typed = self._single(word)
        if typed is None or not typed.isalpha():
            return None
        folded = fold(typed)
        if not MIN_TYPO_LETTERS <= len(folded) <= MAX_LETTERS or self._found(typed, vocabulary):
            return None
        if self._analyzer.knows(typed):
            return None  # a word that this archive has not, rather than a slip
        best: tuple[bool, int, str] | None = None
        for candidate in set(one_edit_away(folded)):
            for spelling, count in vocabulary.spellings(candidate):
                same_initial = candidate[0] == folded[0]
                if not same_initial and count < MIN_OTHER_INITIAL:
                    continue
                rank = (same_initial, count, spelling)
                best = rank if best is None else max(best, rank)
        if best is None:
            return None
        return Respelling(Repair(RepairKind.TYPO, word, best[2]), instead=True)

    def _single(self, word: str) -> str | None:
        """Return the one lowered word that `word` stands for, or None where it is several."""
        tokens = self._analyzer.tokens(word)
        return tokens[0].forms.exact if len(tokens) == 1 else None


def _usual(word: str, vocabulary: Vocabulary) -> tuple[int, str]:
    """Return (articles, spelling) of the most frequent word with this fold; (0, word) if none."""
    spellings = vocabulary.spellings(fold(word))
    return max(((count, spelling) for spelling, count in spellings), default=(0, word))


def _words(query: Query) -> Iterator[tuple[str, bool]]:
    """Yield (word as typed, whether it stands in a phrase)."""
    for clause in query.wanted:
        if isinstance(clause, Word):
            yield clause.text, False
        elif isinstance(clause, Phrase):
            for word in clause.words:
                yield word, True


def one_edit_away(word: str) -> Iterator[str]:
    """Yield the folded words one dropped, added, changed or swapped letter away.

    Damerau 1964: these four are four of five typing errors.

    >>> "para" in set(one_edit_away("praa")), "bakan" in set(one_edit_away("bakn"))
    (True, True)
    """
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        for letter in _ALPHABET:
            yield head + letter + tail
        if tail:
            yield head + tail[1:]
            for letter in _ALPHABET:
                yield head + letter + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
