"""The order of the Turkish alphabet."""

from __future__ import annotations

from itertools import pairwise

import pytest

from search.collation import turkish_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Ceyhan", "Çorum", "Dinar"],
        ["Giresun", "Ğ", "Hatay"],
        ["Iğdır", "Isparta", "İzmir", "İznik"],
        ["Ordu", "Ödemiş", "Pazar"],
        ["Sinop", "Şanlıurfa", "Tokat"],
        ["Urla", "Ünye", "Van"],
        ["2019", "2020", "Ankara"],
        ["Zonguldak", "Ørsted", "Ωμέγα"],
        ["AK Parti", "Akşam", "aktüel"],
    ],
    ids=" ".join,
)
def test_names_sort_by_the_turkish_alphabet(ordered: list[str]) -> None:
    assert all(turkish_key(before) < turkish_key(after) for before, after in pairwise(ordered))


def test_capitals_and_circumflexes_do_not_part_what_belongs_together() -> None:
    assert sorted(["kâra", "KARB", "kar", "Kara"], key=turkish_key) == [
        "kar", "Kara", "kâra", "KARB",
    ]  # fmt: skip
