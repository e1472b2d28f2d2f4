"""Which spelling did the person mean? Diacritics, slips, words joined or split: the archive knows.

Every repair is a word that is indexed, so none leads to nothing; each is told to the reader, who
can undo it. Pure: the vocabulary comes in with the call. Rules and figures: docs/analysis.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from index.analysis import Analyzer, fold
from index.layers import Layer
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
        pairs = [
            (first.text, second.text)
            for first, second in pairwise(query.wanted)
            if isinstance(first, Word) and isinstance(second, Word)
        ]
        archive = _Archive(self._analyzer, vocabulary)
        archive.expect([word for word, _ in words], pairs)
        plain_keyboard = TURKISH_LETTERS.isdisjoint(str(query))
        respellings: dict[str, tuple[Respelling, ...]] = {}
        for word, in_phrase in words:
            found = self._with_diacritics(word, archive) if plain_keyboard else None
            if found is None and not in_phrase:
                found = (
                    self._listed_apart(word, archive)
                    or self._without_typo(word, archive)
                    or self._apart(word, archive)
                )
            if found is not None:
                respellings[word] = (found,)
        for pair in pairs:
            joined = self._together(*pair, archive)
            if joined is not None:
                for word in pair:
                    respellings[word] = (*respellings.get(word, ()), joined)
        return RepairedQuery(respellings)

    def _listed_apart(self, word: str, archive: _Archive) -> Respelling | None:
        """Return a listed compound in its parts, to be searched as well."""
        typed = archive.single(word)
        listed = self._analyzer.apart(typed) if typed else None
        if not listed or not all(archive.spellings(part) for part in listed.split()):
            return None
        return Respelling(Repair(RepairKind.SPLIT, word, listed))

    def _apart(self, word: str, archive: _Archive) -> Respelling | None:
        """Return an unknown word as the two known ones that it was run together from."""
        typed = archive.single(word)
        if typed is None or not typed.isalpha():
            return None
        if not 2 * MIN_PART_LETTERS <= len(typed) <= MAX_LETTERS:
            return None
        if archive.has(typed) or self._analyzer.knows(typed):
            return None
        places = range(MIN_PART_LETTERS, len(typed) - MIN_PART_LETTERS + 1)
        cuts = [(typed[:place], typed[place:]) for place in places]
        archive.look_up(fold(part) for cut in cuts for part in cut)
        best: tuple[int, str] | None = None
        for cut in cuts:
            parts = [archive.usual(part) for part in cut]
            rank = (min(count for count, _ in parts), " ".join(spelling for _, spelling in parts))
            best = rank if best is None else max(best, rank)
        if best is None or best[0] < MIN_PART_ARTICLES:
            return None
        return Respelling(Repair(RepairKind.SPLIT, word, best[1]), instead=True)

    def _together(self, first: str, second: str, archive: _Archive) -> Respelling | None:
        """Return two words written as one, as well, where the archive has them so."""
        joined = archive.joined(first, second)
        if joined is None:
            return None
        count, usual = archive.usual(joined)
        if count < MIN_JOINED_ARTICLES:
            return None
        return Respelling(Repair(RepairKind.JOINED, f"{first} {second}", usual))

    def _with_diacritics(self, word: str, archive: _Archive) -> Respelling | None:
        typed = archive.single(word)
        if typed is None:
            return None
        counts = dict(archive.spellings(typed))
        if not counts:
            return None
        best = max(counts, key=lambda spelling: (counts[spelling], spelling))
        if best == typed or counts[best] < DIACRITICS_RATIO * counts.get(typed, 0):
            return None
        return Respelling(Repair(RepairKind.DIACRITICS, word, best))

    def _without_typo(self, word: str, archive: _Archive) -> Respelling | None:
        typed = archive.single(word)
        if typed is None or not typed.isalpha():
            return None
        folded = fold(typed)
        if not MIN_TYPO_LETTERS <= len(folded) <= MAX_LETTERS or archive.has(typed):
            return None
        if self._analyzer.knows(typed):
            return None  # a word that this archive has not, rather than a slip
        candidates = set(one_edit_away(folded))
        archive.look_up(candidates)
        best: tuple[bool, int, str] | None = None
        for candidate in candidates:
            for spelling, count in archive.folded(candidate):
                same_initial = candidate[0] == folded[0]
                if not same_initial and count < MIN_OTHER_INITIAL:
                    continue
                rank = (same_initial, count, spelling)
                best = rank if best is None else max(best, rank)
        if best is None:
            return None
        return Respelling(Repair(RepairKind.TYPO, word, best[2]), instead=True)


class _Archive:
    """What one query has to know of the archive's words: nothing is looked up or analysed twice."""

    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary) -> None:
        self._analyzer = analyzer
        self._vocabulary = vocabulary
        self._spellings: dict[str, Sequence[tuple[str, int]]] = {}
        self._singles: dict[str, str | None] = {}

    def expect(self, words: Sequence[str], pairs: Sequence[tuple[str, str]]) -> None:
        """Look up together what will be asked about every query: its words, and pairs as one."""
        expected = [self.single(word) for word in words] + [self.joined(*pair) for pair in pairs]
        self.look_up(fold(word) for word in expected if word is not None)

    def look_up(self, folds: Iterable[str]) -> None:
        """Look up many folds at once."""
        unknown = [folded for folded in dict.fromkeys(folds) if folded not in self._spellings]
        if unknown:
            found = self._vocabulary.spellings_of(unknown)
            self._spellings.update(zip(unknown, found, strict=True))

    def single(self, word: str) -> str | None:
        """Return the one lowered word that `word` stands for, or None where it is several."""
        if word not in self._singles:
            tokens = self._analyzer.tokens(word)
            self._singles[word] = tokens[0].forms.exact if len(tokens) == 1 else None
        return self._singles[word]

    def joined(self, first: str, second: str) -> str | None:
        """Return two words written as one; None where they cannot be."""
        head, tail = self.single(first), self.single(second)
        if not (head and tail and head.isalpha() and tail.isalpha()):
            return None
        return head + tail if len(head) > 1 and len(tail) > 1 else None

    def folded(self, folded: str) -> Sequence[tuple[str, int]]:
        """Return the spellings with this fold, with their counts."""
        if folded not in self._spellings:
            self.look_up([folded])
        return self._spellings[folded]

    def spellings(self, word: str) -> Sequence[tuple[str, int]]:
        """Return the spellings with the same fold as a lowered word."""
        return self.folded(fold(word))

    def usual(self, word: str) -> tuple[int, str]:
        """Return (articles, spelling) of the most frequent of `spellings`; (0, word) if none."""
        spellings = self.spellings(word)
        return max(((count, spelling) for spelling, count in spellings), default=(0, word))

    def has(self, typed: str) -> bool:
        """Whether the archive has the word, or an inflection of it."""
        return bool(
            self.spellings(typed) or self._vocabulary.count(Layer.STEM, self._analyzer.stem(typed))
        )


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
