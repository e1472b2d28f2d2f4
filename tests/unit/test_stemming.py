"""The stem layer on small lists of roots: sounds, endings, and the choice between readings."""

from __future__ import annotations

import pytest

from index.analysis.stemming import Root, Stemmer
from index.analysis.stemming.endings import Endings, compile_endings
from index.analysis.stemming.grammar import GRAMMAR, State
from index.analysis.stemming.lexicon import NOUN, VERB, Roots, compile_lexicon, reaches, spellings
from index.analysis.stemming.phonology import BITS, attach, context_of
from index.analysis.wordlists import WordLists

ROOTS = (
    Root("kitap", NOUN, 11, "s"),
    Root("şehir", NOUN, 11, "v"),
    Root("hak", NOUN, 11, "d"),
    Root("renk", NOUN, 13, "s"),
    Root("kayıp", NOUN, 12, "sv"),
    Root("saat", NOUN, 11, "f"),
    Root("için", NOUN, 8, "a"),
    Root("iç", NOUN, 9),
    Root("zeytinyağı", NOUN, 16, "c"),
    Root("oda", NOUN, 12),
    Root("gün", NOUN, 9),
    Root("günü", NOUN, 20),
    Root("alt", NOUN, 11),
    Root("altın", NOUN, 11),
    Root("adam", NOUN, 11),
    Root("ada", NOUN, 13),
    Root("adana", NOUN, 12),
    Root("al", VERB, 8),
    Root("açıkla", VERB, 10),
    Root("açık", NOUN, 10),
    Root("gel", VERB, 8),
    Root("git", VERB, 9, "s"),
    Root("de", VERB, 7),
    Root("ye", VERB, 11),
    Root("söyle", VERB, 9),
    Root("oku", VERB, 10),
    Root("ayır", VERB, 12, "v"),
    Root("yap", VERB, 7),
    Root("kal", VERB, 9),
    Root("kaldır", VERB, 12),
)


@pytest.fixture(scope="module")
def stemmer() -> Stemmer:
    return Stemmer(ROOTS)


@pytest.fixture(scope="module")
def endings() -> Endings:
    return compile_endings()


@pytest.mark.parametrize(
    ("stem", "suffix", "shapes"),
    [
        ("oda", "DA", ["da"]),
        ("kitap", "DA", ["ta"]),
        ("göz", "lAr", ["ler"]),
        ("oda", "(y)A", ["ya"]),
        ("göz", "(y)A", ["e"]),
        ("oda", "(I)m", ["m"]),
        ("göz", "(I)mIz", ["ümüz"]),
        ("okul", "(s)I", ["u"]),
        ("oda", "lIK", ["lık", "lığ"]),
        ("gel", "(I)yor", ["iyor"]),
    ],
)
def test_a_suffix_takes_the_shape_of_its_stem(stem: str, suffix: str, shapes: list[str]) -> None:
    assert [shape for shape, _ in attach(context_of(stem), suffix)] == shapes


def test_harmony_follows_the_last_vowel_of_a_suffix_that_has_its_own() -> None:
    (_, after), *_ = attach(context_of("gel"), "(I)yor")
    assert [shape for shape, _ in attach(after, "(y)Im")] == ["um"]


def test_a_word_that_takes_front_vowels_in_spite_of_its_own() -> None:
    assert [shape for shape, _ in attach(context_of("saat", front=True), "lAr")] == ["ler"]


@pytest.mark.parametrize("ending", ["", "lerimizin", "ndaki", "ıyordu", "mayacaklarını", "ydı"])
def test_endings_of_the_language_are_made(ending: str, endings: Endings) -> None:
    assert ending in endings


@pytest.mark.parametrize("ending", ["lerımız", "larler", "yoracak", "sındı", "dalarda"])
def test_what_breaks_harmony_or_order_is_no_ending(ending: str, endings: Endings) -> None:
    assert ending not in endings


def test_the_grammar_has_a_way_out_of_each_state(endings: Endings) -> None:
    assert set(GRAMMAR) == set(State) - {State.END}
    assert all(contexts >> 2 * BITS == 0 for found in endings.values() for contexts, _ in found)


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("kitap", "kitap"),
        ("kitabı", "kitap"),
        ("kitaplarımızdan", "kitap"),
        ("şehri", "şehir"),
        ("şehirlerimizin", "şehir"),
        ("hakkında", "hak"),
        ("haklarını", "hak"),
        ("rengi", "renk"),
        ("kaybın", "kayıp"),
        ("saatlerce", "saat"),
        ("saati", "saat"),
        ("zeytinyağından", "zeytinyağı"),
        ("zeytinyağları", "zeytinyağı"),
        ("odamızdakiler", "oda"),
        ("günü", "gün"),
        ("günkü", "günkü"),  # ki keeps its i but in günkü and dünkü: left alone
        ("altta", "alt"),
        ("adamı", "adam"),
        ("adanın", "ada"),
        ("adana", "adana"),
        ("içindeki", "iç"),
        ("için", "için"),
    ],
)
def test_nominal_inflection_is_cut_off(word: str, stem: str, stemmer: Stemmer) -> None:
    assert stemmer.stem(word) == stem


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("geliyor", "gel"),
        ("geldi", "gel"),
        ("gelecek", "gel"),
        ("gelemeyeceklerini", "gel"),
        ("gelmeyenlerin", "gel"),
        ("açıklıyor", "açıkla"),
        ("açıklıyorlardı", "açıkla"),
        ("açıkladı", "açıkla"),
        ("açıklayacağını", "açıkla"),
        ("açıklandı", "açıkla"),
        ("açıklatıldı", "açıkla"),
        ("gidiyor", "git"),
        ("gitti", "git"),
        ("diyor", "de"),
        ("diyecek", "de"),
        ("dedi", "de"),
        ("yiyen", "ye"),
        ("söylüyor", "söyle"),
        ("söylendi", "söyle"),
        ("okuyor", "oku"),
        ("okunduğunda", "oku"),
        ("ayrıldı", "ayır"),
        ("yaptırdı", "yap"),
        ("alınmıştır", "al"),
        ("kaldırdı", "kaldır"),
    ],
)
def test_verbal_inflection_and_voice_are_cut_off(word: str, stem: str, stemmer: Stemmer) -> None:
    assert stemmer.stem(word) == stem


def test_a_rare_root_is_no_match_for_a_usual_one_with_an_ending() -> None:
    usual, rare = Root("gün", NOUN, 9), Root("günü", NOUN, 20)
    assert Stemmer([usual, rare]).stem("günü") == "gün"
    assert Stemmer([usual, rare._replace(cost=9)]).stem("günü") == "günü"


def test_a_voice_with_a_root_of_its_own_is_left_to_it() -> None:
    stay = Root("kal", VERB, 9)
    listed = frozenset({"kal", "kaldır"})  # stay, lift
    assert "kaldır" in {spelling for spelling, _, _ in spellings(stay)}
    assert "kaldır" not in {spelling for spelling, _, _ in spellings(stay, listed)}


def test_a_spelling_of_two_roots_has_both() -> None:
    entries = compile_lexicon([Root("yüz", NOUN, 8), Root("yüz", VERB, 14)])["yüz"]
    assert [(cost, word) for _, cost, word in entries] == [(8, ""), (14, "")]


def test_a_reach_is_that_of_the_longest_spelling() -> None:
    lexicon = compile_lexicon(
        [Root("kar", NOUN, 8), Root("karar", NOUN, 9), Root("karga", NOUN, 9)]
    )
    assert reaches(lexicon) == {"kar": 3, "kara": 5, "karg": 5}


def test_roots_kept_as_one_text_are_the_same_roots() -> None:
    packed = Roots.of(ROOTS)
    assert tuple(packed) == tuple(ROOTS)
    assert len(packed) == len(ROOTS)
    assert WordLists(roots=packed).digest() == WordLists(roots=tuple(ROOTS)).digest()


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("belousov", "belousov"),
        ("belousovun", "belousov"),
        ("belousovlardan", "belousov"),
        ("zelenski", "zelenski"),
        ("rıza", "rıza"),  # too little would remain
        ("xq", "xq"),
        ("", ""),
        ("2024", "2024"),
    ],
)
def test_a_word_without_a_root_loses_little(word: str, stem: str, stemmer: Stemmer) -> None:
    assert stemmer.stem(word) == stem


def test_the_circumflex_makes_no_difference(stemmer: Stemmer) -> None:
    assert stemmer.stem("hakkâ") == stemmer.stem("hakka") == "hak"


def test_a_word_longer_than_any_ending_is_no_trouble(stemmer: Stemmer) -> None:
    assert stemmer.stem("a" * 10_000) == "a" * 10_000
