"""Surfaces: the stretches of the original text that stand for one word, with their offsets."""

from __future__ import annotations

import pytest

from index.analysis.tokenizer import APOSTROPHES, INVISIBLE, surface_spans, surfaces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t…—!?", []),
        ("😀 🇹🇷", []),
        ("Ankara'da kar yağdı.", ["Ankara'da", "kar", "yağdı"]),
        ("Kim Jong-un", ["Kim", "Jong", "un"]),
        ("güneş_ışığı", ["güneş", "ışığı"]),
        ("T.B.M.M.'de", ["T.B.M.M.'de"]),
        ("T.B.M.M.’de", ["T.B.M.M.’de"]),
        ("F.Bahçe kazandı.", ["F.Bahçe", "kazandı"]),
        ("1.250.000 lira", ["1.250.000", "lira"]),
        ("%20 arttı", ["%20", "arttı"]),
        ("%20'si", ["%20'si"]),
        ("yüzde%", ["yüzde"]),
        ("5 % 6", ["5", "6"]),
        ("'alıntı'", ["alıntı"]),
        ("“Evet” dedi", ["Evet", "dedi"]),
        ("3,5 kat", ["3", "5", "kat"]),
        ("geldi.Sonra", ["geldi.Sonra"]),
        ("bitti... yeni", ["bitti", "yeni"]),
        ("ana'", ["ana"]),
        ("a''b", ["a", "b"]),
    ],
)
def test_a_text_is_cut_into_its_surfaces(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


@pytest.mark.parametrize("apostrophe", APOSTROPHES, ids=lambda sign: f"U+{ord(sign):04X}")
def test_every_apostrophe_of_the_newsrooms_joins_a_suffix(apostrophe: str) -> None:
    assert surfaces(f"Ankara{apostrophe}nın yolu") == [f"Ankara{apostrophe}nın", "yolu"]


@pytest.mark.parametrize("apostrophe", APOSTROPHES, ids=lambda sign: f"U+{ord(sign):04X}")
def test_an_apostrophe_as_a_quotation_mark_belongs_to_no_word(apostrophe: str) -> None:
    assert surfaces(f"{apostrophe}Evet{apostrophe} dedi") == ["Evet", "dedi"]


@pytest.mark.parametrize("invisible", INVISIBLE, ids=lambda sign: f"U+{ord(sign):04X}")
@pytest.mark.parametrize("template", ["An{}kara", "Ankara{}'nın", "Ankara'{}nın", "T.{}B.M.M"])
def test_an_invisible_character_parts_no_word(template: str, invisible: str) -> None:
    text = template.format(invisible)
    assert surfaces(text) == [text]


def test_an_invisible_character_before_a_word_is_not_part_of_it() -> None:
    assert surfaces("\ufeffAnkara") == ["Ankara"]


def test_decomposed_letters_part_no_word() -> None:
    assert surfaces("I\u0307stanbul s\u0327ehri") == ["I\u0307stanbul", "s\u0327ehri"]


def test_offsets_point_into_the_text_as_it_was_given() -> None:
    text = "İstanbul’un İÇİNDE, I\u0307zmir'de\u200b %20"
    spans = list(surface_spans(text))
    assert [surface for surface, _, _ in spans] == surfaces(text)
    assert all(text[start:end] == surface for surface, start, end in spans)
    assert spans[1] == ("İÇİNDE", 12, 18)


def test_the_pattern_for_unusual_texts_cuts_usual_words_alike() -> None:
    usual = "T.B.M.M.'de Ankara’nın %20'si, Kim Jong-un 1.250.000 F.Bahçe geldi.Sonra"
    assert surfaces(f"{usual} e\u0301") == [*surfaces(usual), "e\u0301"]
