"""Lowering and folding: the dotted and the dotless i, and what is left in ASCII letters."""

from __future__ import annotations

import unicodedata

import pytest

from index.analysis import fold, turkish_lower


@pytest.mark.parametrize(
    ("text", "lowered"),
    [
        ("IŞIK", "ışık"),
        ("İSTANBUL", "istanbul"),
        ("İstanbul", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("ÇĞÖŞÜ", "çğöşü"),
        ("ÂÎÛ", "âîû"),
        ("I\u0307zmir", "izmir"),
        ("i\u0307zmir", "izmir"),
        ("ΑΣ", "ας"),
        ("2024", "2024"),
        ("", ""),
    ],
)
def test_lowering_is_turkish(text: str, lowered: str) -> None:
    assert turkish_lower(text) == lowered


def test_the_two_letters_i_stay_apart() -> None:
    assert turkish_lower("IŞIK") != turkish_lower("İŞİK")
    assert turkish_lower("ILIK") == "ılık"
    assert turkish_lower("ILIK") != "ilik"


def test_lowering_changes_no_length_where_pythons_own_does() -> None:
    assert len("İstanbul".lower()) == 9
    assert len(turkish_lower("İstanbul")) == 8


@pytest.mark.parametrize("text", ["i\u0307\u0301", "i\u0307\u0307", "I\u0307\u0301", "İ\u0301"])
def test_lowering_a_lowered_word_again_changes_nothing(text: str) -> None:
    once = turkish_lower(text)
    assert turkish_lower(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("lowered", "folded"),
    [
        ("şehirlerimizin", "sehirlerimizin"),
        ("ığdır", "igdir"),
        ("çağrı", "cagri"),
        ("kâr", "kar"),
        ("millî", "milli"),
        ("mahkûm", "mahkum"),
        ("söz", "soz"),
        ("güvenilir", "guvenilir"),
        ("señor", "senor"),
        ("straße", "strasse"),
        ("æther", "aether"),
        ("łódź", "lodz"),
        ("москва", "москва"),
        ("ﬁn", "fin"),
    ],
)
def test_folding_leaves_ascii_letters_where_there_are_some(lowered: str, folded: str) -> None:
    assert fold(lowered) == folded


@pytest.mark.parametrize("lowered", ["ǿ", "ǽ", "㎑", "ᴬ", "𝚤", "ᵞ"])
def test_folding_a_fold_again_changes_nothing(lowered: str) -> None:
    """Regression: ǿ gave ø, which gives o; ㎑ gave kHz, which no lowered query meets."""
    once = fold(lowered)
    assert fold(once) == once
    assert turkish_lower(once) == once


def test_different_words_may_have_one_fold_but_not_one_lowering() -> None:
    assert fold("kâr") == fold("kar")
    assert turkish_lower("KÂR") != turkish_lower("KAR")
    assert fold("karın") == fold("karin")
    assert fold("altın") != fold("altı")
