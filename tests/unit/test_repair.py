"""Which spelling was meant: diacritics and typing errors, from the words that are indexed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from index.analysis import Analyzer, fold
from index.analysis.stemming.lexicon import NOUN, Root
from index.analysis.wordlists import WordLists
from index.layers import Layer
from search.engine import Term
from search.parser import parse
from search.repair import SpellingRepair, one_edit_away
from search.respelling import Respelling
from search.results import Repair, RepairKind

ANALYZER = Analyzer()


class Words:
    """A vocabulary of a few words with their counts (the port's `Vocabulary`)."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def count(self, layer: Layer, text: str) -> int:
        return sum(
            count
            for word, count in self._counts.items()
            if getattr(ANALYZER.forms(word), layer.value) == text
        )

    def spellings(self, folded: str) -> Sequence[tuple[str, int]]:
        return sorted((word, n) for word, n in self._counts.items() if fold(word) == folded)

    def spellings_of(self, folds: Sequence[str]) -> list[Sequence[tuple[str, int]]]:
        return [self.spellings(folded) for folded in folds]

    def counts_at_most(self, terms: Sequence[Term]) -> list[int]:
        return [self.count(term.layer, term.text) for term in terms]

    def beginning_with(self, folded_prefix: str) -> Iterator[tuple[str, str, int]]:
        for word in sorted(self._counts, key=lambda each: (fold(each), each)):
            if fold(word).startswith(folded_prefix):
                yield fold(word), word, self._counts[word]


def repairs(query: str, counts: Mapping[str, int]) -> dict[str, Respelling]:
    """Return the one respelling of each mended word."""
    found = SpellingRepair(ANALYZER).repair(parse(query).query, Words(counts)).respellings
    assert all(len(spellings) == 1 for spellings in found.values())
    return {word: spellings[0] for word, spellings in found.items()}


def used(query: str, counts: Mapping[str, int]) -> dict[str, str]:
    return {word: each.repair.used for word, each in repairs(query, counts).items()}


# Diacritics


def test_a_word_typed_without_turkish_letters_is_searched_with_them_as_well() -> None:
    assert repairs("guvenilir", {"güvenilir": 7}) == {
        "guvenilir": Respelling(Repair(RepairKind.DIACRITICS, "guvenilir", "güvenilir"))
    }


def test_every_word_of_a_plain_query_is_mended_by_itself() -> None:
    counts = {"savunma": 9, "bakanı": 5, "görüştü": 3}
    assert used("savunma bakani gorustu", counts) == {"bakani": "bakanı", "gorustu": "görüştü"}


@pytest.mark.parametrize(
    "query", ["güven isik", "isik İzmir", 'isik "ağır ceza"', "isik Çiç*", "isik -özgür"]
)
def test_who_types_a_turkish_letter_means_every_plain_one(query: str) -> None:
    assert used(query, {"ışık": 100, "güven": 5, "izmir": 5}) == {}


@pytest.mark.parametrize(
    ("typed", "mended", "is_mended"),
    [(0, 1, True), (1, 3, True), (10, 30, True), (10, 29, False), (1, 2, False), (5, 5, False)],
)
def test_the_other_spelling_must_be_three_times_as_frequent(
    typed: int, mended: int, is_mended: bool
) -> None:
    counts = {"kis": typed, "kış": mended} if typed else {"kış": mended}
    assert used("kis", counts) == ({"kis": "kış"} if is_mended else {})


def test_the_most_frequent_spelling_is_taken() -> None:
    assert used("acik", {"açık": 40, "acık": 2, "acîk": 3}) == {"acik": "açık"}


def test_a_word_that_is_right_as_typed_is_left_alone() -> None:
    assert used("kar", {"kar": 10, "kâr": 4}) == {}
    assert used("ankara", {"ankara": 1}) == {}


def test_an_unknown_word_without_any_spelling_is_left_alone() -> None:
    assert used("zzyzx", {"güvenilir": 7}) == {}


def test_suffixes_and_capitals_do_not_hide_the_word() -> None:
    assert used("ISIK", {"ışık": 5}) == {"ISIK": "ışık"}
    assert used("Kayseri'nin Agri'da", {"ağrı": 5, "kayseri": 1}) == {"Agri'da": "ağrı"}


def test_words_in_a_phrase_get_their_diacritics_too() -> None:
    assert used('"mesru mudafaa"', {"meşru": 3, "müdafaa": 3}) == {
        "mesru": "meşru",
        "mudafaa": "müdafaa",
    }


def test_excluded_words_are_not_repaired() -> None:
    assert used("kar -guvenilir", {"güvenilir": 7, "kar": 1}) == {}


def test_a_surface_of_several_words_is_not_repaired() -> None:
    assert used("F.Bahce", {"fbahçe": 9, "bahçe": 9}) == {}
    assert used("%20", {"yüzde": 9, "20": 9}) == {}


# Typing errors


@pytest.mark.parametrize(
    "typed",
    ["bakanlk", "bakanlıkk", "bkaanlık", "bakınlık", "başanlık", "akanlık"],
    ids=["dropped", "added", "swapped", "changed", "another changed", "first dropped"],
)
def test_one_typing_error_is_mended_and_replaces_the_word(typed: str) -> None:
    found = repairs(typed, {"bakanlık": 4})
    assert found == {typed: Respelling(Repair(RepairKind.TYPO, typed, "bakanlık"), instead=True)}


def test_two_typing_errors_are_not_mended() -> None:
    assert used("bkanlk", {"bakanlık": 4}) == {}
    assert used("baknalıkk", {"bakanlık": 4}) == {}


def test_short_words_are_not_guessed_at() -> None:
    assert used("kark", {"park": 50, "kart": 9}) == {}
    assert used("parkk", {"park": 50}) == {"parkk": "park"}


def test_an_indexed_word_is_no_error() -> None:
    assert used("bakanlik", {"bakanlik": 1, "bakanlık": 2}) == {}
    assert used("kalem", {"kalem": 1, "kalen": 500}) == {}


def test_an_inflection_that_does_not_occur_of_a_word_that_does_is_no_error() -> None:
    """The guard of TURKISH.md: the stem is indexed, so the word was meant as typed."""
    counts = {"haberler": 3, "haberlez": 90}
    stem = ANALYZER.stem("haberlerin")
    assert Words(counts).count(Layer.STEM, stem) > 0
    assert used("haberlerin", counts) == {}


def test_words_in_a_phrase_are_not_replaced() -> None:
    assert used('"meşru müdafaaa"', {"meşru": 3, "müdafaa": 3}) == {}


def test_the_same_first_letter_is_preferred_then_frequency() -> None:
    assert used("barış", {"varış": 900, "barıı": 1}) == {"barış": "barıı"}
    assert used("karpız", {"karpuz": 9, "karpaz": 2}) == {"karpız": "karpuz"}
    assert used("karpız", {"karpuz": 2, "karpaz": 9}) == {"karpız": "karpaz"}


def test_a_rare_word_with_another_first_letter_is_another_word() -> None:
    assert used("önemine", {"dönemine": 2}) == {}
    assert used("önemine", {"dönemine": 3}) == {"önemine": "dönemine"}


def test_numbers_are_not_guessed_at() -> None:
    assert used("20244", {"2024": 50}) == {}
    assert used("covid19", {"covid18": 50}) == {}


def test_typing_errors_are_mended_beside_turkish_letters() -> None:
    assert used("şehir bakanlk", {"şehir": 3, "bakanlık": 3}) == {"bakanlk": "bakanlık"}


def test_nothing_typed_needs_no_repair() -> None:
    assert used("", {"kar": 1}) == {}
    assert used("-kar", {"kar": 1}) == {}


def edits(word: str) -> set[str]:
    return set(one_edit_away(word))


@pytest.mark.parametrize(
    ("word", "near"),
    [("para", "praa"), ("bakan", "bakn"), ("bakan", "bakkan"), ("bakan", "bakin"), ("a", "")],
)
def test_one_edit_goes_both_ways(word: str, near: str) -> None:
    assert near in edits(word)
    assert word in edits(near)


@pytest.mark.parametrize("far", ["praal", "para2", "prra!", "arap", "paralel", "pala bıyık"])
def test_what_needs_more_than_one_edit_is_not_near(far: str) -> None:
    assert far not in edits("para")


def test_every_candidate_is_at_most_one_letter_longer_or_shorter() -> None:
    lengths = {len(candidate) for candidate in edits("bakan")}
    assert lengths == {4, 5, 6}


def test_candidates_are_folded_words() -> None:
    assert all(candidate.isascii() for candidate in edits("bakanlik"))


# Words joined and split

ROOTS = tuple(Root(word, NOUN, 12) for word in ("defter", "kredi"))
LISTED = Analyzer(WordLists(compounds={"herşey": "her şey"}, roots=ROOTS))


def respellings(query: str, counts: Mapping[str, int]) -> dict[str, tuple[Respelling, ...]]:
    """Return every respelling, by an analyzer that has word lists."""
    return dict(SpellingRepair(LISTED).repair(parse(query).query, Words(counts)).respellings)


def told(query: str, counts: Mapping[str, int]) -> list[tuple[RepairKind, str, str]]:
    repaired = SpellingRepair(LISTED).repair(parse(query).query, Words(counts))
    return [(each.kind, each.typed, each.used) for each in repaired.repairs]


def test_a_listed_compound_is_searched_in_its_parts_as_well() -> None:
    split = Respelling(Repair(RepairKind.SPLIT, "herşey", "her şey"))
    assert respellings("herşey", {"her": 9, "şey": 9}) == {"herşey": (split,)}
    assert respellings("herşey", {"her": 9, "şey": 9, "herşey": 40}) == {"herşey": (split,)}


def test_a_listed_compound_whose_parts_do_not_all_occur_is_left_alone() -> None:
    assert respellings("herşey", {"her": 9, "herşey": 40}) == {}


def test_a_listed_compound_in_a_phrase_is_left_alone() -> None:
    assert respellings('"herşey güzel"', {"her": 9, "şey": 9, "güzel": 1}) == {}


def test_an_unknown_word_that_was_run_together_is_two_words_instead() -> None:
    split = Respelling(Repair(RepairKind.SPLIT, "ihtiyaçkredisi", "ihtiyaç kredisi"), instead=True)
    counts = {"ihtiyaç": 3, "kredisi": 3}
    assert respellings("ihtiyaçkredisi", counts) == {"ihtiyaçkredisi": (split,)}


def test_what_is_longer_than_any_word_is_not_guessed_at() -> None:
    for letters, is_mended in ((50, True), (51, False)):
        part = "a" * (letters - 5)
        assert bool(respellings(part + "deniz", {part: 9, "deniz": 9})) is is_mended
        word = "z" * (letters - 1)
        assert bool(respellings(word + "y", {word: 9})) is is_mended


def test_the_parts_of_a_split_word_get_their_usual_spelling() -> None:
    counts = {"seçim": 8, "sonuçları": 5, "sonuclari": 1}
    assert told("secimsonuclari", counts) == [
        (RepairKind.SPLIT, "secimsonuclari", "seçim sonuçları")
    ]


def test_a_word_is_split_where_its_rarer_part_is_most_frequent() -> None:
    counts = {"kara": 9, "deniz": 9, "karaden": 4, "kar": 50, "adeniz": 3, "izi": 80, "denizi": 7}
    assert told("karadenizi", counts) == [(RepairKind.SPLIT, "karadenizi", "kara denizi")]


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("ihtiyaçkredisi", {"ihtiyaç": 3, "kredisi": 2}),
        ("ihtiyaçkredisi", {"ihtiyaç": 3}),
        ("ihtiyaçkredisi", {"ihtiyaç": 9, "kredisi": 9, "ihtiyaçkredisi": 1}),
        ("evde", {"ev": 90, "de": 90}),
        ("benveo", {"benv": 9, "eo": 9, "be": 9, "nveo": 9}),
        ("covid19aşı", {"covid19": 9, "aşı": 9}),
        ('"ihtiyaçkredisi faizi"', {"ihtiyaç": 9, "kredisi": 9, "faizi": 9}),
    ],
    ids=["rare part", "one part", "it occurs", "short", "short part", "digits", "phrase"],
)
def test_what_may_be_one_word_is_not_split(query: str, counts: Mapping[str, int]) -> None:
    assert respellings(query, counts) == {}


def test_two_words_are_searched_joined_as_well_and_told_once() -> None:
    joined = Respelling(Repair(RepairKind.JOINED, "baş bakan", "başbakan"))
    counts = {"baş": 5, "bakan": 5, "başbakan": 2}
    assert respellings("baş bakan", counts) == {"baş": (joined,), "bakan": (joined,)}
    assert told("baş bakan", counts) == [(RepairKind.JOINED, "baş bakan", "başbakan")]


def test_joined_words_get_their_usual_spelling() -> None:
    counts = {"bas": 5, "bakan": 5, "başbakan": 8, "basbakan": 1}
    assert (RepairKind.JOINED, "bas bakan", "başbakan") in told("bas bakan", counts)


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("baş bakan", {"baş": 5, "bakan": 5, "başbakan": 1}),
        ("baş -bakan", {"baş": 5, "bakan": 5, "başbakan": 9}),
        ('"baş bakan"', {"baş": 5, "bakan": 5, "başbakan": 9}),
        ("baş yeni bakan", {"baş": 5, "yeni": 5, "bakan": 5, "başbakan": 9}),
        ("5 g", {"5": 5, "g": 5, "5g": 9}),
        ("a kara", {"a": 5, "kara": 5, "akara": 9}),
    ],
    ids=["rare", "excluded", "phrase", "apart", "digits", "letter"],
)
def test_words_that_stay_two_are_not_joined(query: str, counts: Mapping[str, int]) -> None:
    assert respellings(query, counts) == {}


def test_a_word_between_two_others_may_be_joined_with_either() -> None:
    counts = {"ön": 5, "söz": 5, "lük": 5, "önsöz": 4, "sözlük": 6}
    assert told("ön söz lük", counts) == [
        (RepairKind.JOINED, "ön söz", "önsöz"),
        (RepairKind.JOINED, "söz lük", "sözlük"),
    ]


def test_a_turkish_word_that_the_archive_has_not_is_neither_replaced_nor_split() -> None:
    for typed, slip in (("defter", "defser"), ("defterler", "defserler")):
        counts = {slip: 500, "def": 90, "ter": 90, "terler": 90}
        assert respellings(typed, counts) == {}
        # Without the list of roots nothing says that it is a word.
        assert used(typed, counts) == {typed: slip}
