"""What one surface means: names with suffixes, abbreviations, numbers, forgotten spaces."""

from __future__ import annotations

import unicodedata

import pytest

from index.analysis.surface import Word, words_of
from index.analysis.tokenizer import APOSTROPHES

PROTECTED = {"kur'an": "kuran", "san'at": "sanat"}


def words(surface: str) -> list[str]:
    return [word.exact for word in words_of(surface, PROTECTED)]


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        # The apostrophe parts a name from its suffix ...
        ("Ankara'nın", ["ankara"]),
        ("ANKARA'NIN", ["ankara"]),
        ("İzmir'den", ["izmir"]),
        ("TBMM'de", ["tbmm"]),
        ("TBMM'NİN", ["tbmm"]),
        ("Türkiye'ninki'ler", ["türkiye"]),
        # ... unless fewer than two letters stand before it, or a capital follows.
        ("O'Connor", ["oconnor"]),
        ("O'Connor'ın", ["oconnor"]),
        ("D'Artois", ["dartois"]),
        ("D'ALEMBERT'İN", ["dalembert"]),
        ("A'dan", ["adan"]),
        ("De'Longhi'nin", ["delonghi"]),
        # A word list may keep it.
        ("Kur'an", ["kuran"]),
        ("Kur'an'ın", ["kuran"]),
        ("KUR'AN'DA", ["kuran"]),  # regression: was "kuranda"
        ("san'at", ["sanat"]),
        ("Kur'aydın", ["kur"]),
    ],
)
def test_an_apostrophe_parts_a_name_from_its_suffix(surface: str, expected: list[str]) -> None:
    assert words(surface) == expected


@pytest.mark.parametrize("apostrophe", APOSTROPHES, ids=lambda sign: f"U+{ord(sign):04X}")
def test_all_apostrophes_mean_the_same(apostrophe: str) -> None:
    assert words(f"Ankara{apostrophe}nın") == ["ankara"]
    assert words(f"Kur{apostrophe}an{apostrophe}ın") == ["kuran"]
    assert words(f"O{apostrophe}Connor{apostrophe}ın") == ["oconnor"]


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("2024'te", ["2024"]),
        ("1990'lar", ["1990"]),
        ("5'te", ["5"]),  # regression: one digit is no letter; 6,700 times in 37,000 articles
        ("3'üncü", ["3"]),
        ("1.250.000", ["1250000"]),
        ("1.250.000'den", ["1250000"]),
        ("11.000", ["11000"]),
        ("%20", ["yüzde", "20"]),
        ("%20'si", ["yüzde", "20"]),
        ("%5'i", ["yüzde", "5"]),
        ("%1.500", ["yüzde", "1500"]),
        ("%yirmi", ["yirmi"]),
        ("23.04.1920", ["23", "04", "1920"]),
        ("19.30", ["19", "30"]),
        # Regressions: a month and its year, and a forgotten space, are not thousands.
        ("12.2024", ["12", "2024"]),
        ("1.000.Sonra", ["1", "000", "sonra"]),
        ("1.2500", ["1", "2500"]),
    ],
)
def test_numbers(surface: str, expected: list[str]) -> None:
    assert words(surface) == expected


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("T.B.M.M", ["tbmm"]),
        ("T.B.M.M.'de", ["tbmm"]),
        ("T.B.M.M'de", ["tbmm"]),
        ("İ.B.B", ["ibb"]),
        ("A.Ş.'nin", ["aş"]),
        ("v.b", ["vb"]),
        ("F.Bahçe", ["fbahçe", "f", "bahçe"]),
        ("F.Bahçe'nin", ["fbahçe", "f", "bahçe"]),
        ("Ş.Urfa", ["şurfa", "ş", "urfa"]),
        ("geldi.Sonra", ["geldi", "sonra"]),
        ("bitti.Ankara'da", ["bitti", "ankara"]),
        ("x.com.tr", ["x", "com", "tr"]),
        ("a.ş", ["aş"]),
        ("e.posta", ["e", "posta"]),  # an initial is a capital
        # Regressions: an initial or an abbreviation with its dot and a suffix.
        ("A.'nın", ["a"]),
        ("Prof.'un", ["prof"]),
        ("Şti.'ne", ["şti"]),
    ],
)
def test_dots(surface: str, expected: list[str]) -> None:
    assert words(surface) == expected


@pytest.mark.parametrize(
    "surface",
    ["İ.B.B.'de", "Ş.Urfa", "Ç.'nin", "Ö'Neill", "Kur'ân", "güneş.Işık", "%20'şer", "çağrı"],
)
def test_decomposed_surfaces_mean_what_composed_ones_do(surface: str) -> None:
    composed = unicodedata.normalize("NFC", surface)
    decomposed = unicodedata.normalize("NFD", surface)
    assert decomposed != composed
    assert words(decomposed) == words(composed)


def test_invisible_characters_mean_nothing() -> None:
    assert words("An\u00adkara\u200b'nın") == ["ankara"]
    assert words("Ankara'\u200bnın") == ["ankara"]
    assert words("T.\u2060B.M.M") == ["tbmm"]
    assert words("%\u200b20") == ["yüzde", "20"]


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("Ankara'nın", [(0, 0, 10)]),
        ("F.Bahçe'nin", [(0, 0, 11), (0, 0, 1), (1, 2, 11)]),
        ("%20'si", [(0, 0, 1), (1, 1, 6)]),
        ("geldi.Sonra", [(0, 0, 5), (1, 6, 11)]),
        ("Prof.'un", [(0, 0, 8)]),
        ("S\u0327.Urfa", [(0, 0, 7), (0, 0, 2), (1, 3, 7)]),
    ],
)
def test_each_word_covers_its_surface_with_the_suffix(
    surface: str, expected: list[tuple[int, int, int]]
) -> None:
    assert [word[1:] for word in words_of(surface, {})] == expected


def test_a_plain_word_is_one_word() -> None:
    assert words_of("IŞIK", {}) == (Word("ışık", 0, 0, 4),)
