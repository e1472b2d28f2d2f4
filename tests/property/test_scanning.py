"""The compiled loop finds the surfaces that the tokenizer's patterns find, and keeps them apart."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.tokenizer import surfaces
from index.codec.scanning import SurfaceTable
from tests.property.strategies import SURFACES

TEXTS = st.lists(
    st.text(alphabet="aİ1.'’ʼ%_ \n\u0301\u00ad`²٣", max_size=20)
    | st.lists(st.sampled_from(SURFACES), max_size=5).map(" ".join)
    | st.text(alphabet=st.characters(exclude_categories=[]), max_size=30),
    max_size=4,
)


class Numbered(SurfaceTable):
    """Gives each surface the next number, and can say which one it was."""

    def __init__(self) -> None:
        super().__init__(self._number)
        self.numbered: list[str] = []

    def _number(self, surface: str) -> int:
        if surface == "zehir":
            raise RuntimeError("poison")
        self.numbered.append(surface)
        return len(self.numbered) - 1

    def surfaces_of(self, texts: list[str]) -> list[list[str]]:
        """Read texts and return the surfaces of each by their codes."""
        read = self.read(texts)
        codes = iter(read.codes.tolist())
        return [[self.numbered[next(codes)] for _ in range(count)] for count in read.counts]


@given(st.lists(TEXTS, max_size=3))
def test_the_surfaces_are_those_of_the_patterns_and_each_has_one_code(
    readings: list[list[str]],
) -> None:
    table = Numbered()
    for texts in readings * 2:  # what was seen before is found again
        assert table.surfaces_of(texts) == [surfaces(text) for text in texts]
    assert len(set(table.numbered)) == len(table.numbered) == len(table)


def test_every_character_is_taken_for_what_the_patterns_take_it_for() -> None:
    letters = re.compile(r"[^\W_ʼ]")
    marks = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
    every = [chr(point) for point in range(sys.maxunicode + 1)]
    usual = [each for each in every if not marks.match(each)]
    table = Numbered()
    found = table.surfaces_of(usual)
    assert [bool(each) for each in found] == [bool(letters.match(each)) for each in usual]


def test_a_table_that_outgrows_its_room_forgets_nothing() -> None:
    table = Numbered()
    words = [f"söz{number}" for number in range(100_000)]
    assert table.surfaces_of([" ".join(words)]) == [words]
    assert table.surfaces_of([" ".join(reversed(words))]) == [words[::-1]]
    assert len(table) == 100_000


def test_a_text_whose_analysis_raises_is_not_remembered() -> None:
    table = Numbered()
    with pytest.raises(RuntimeError, match="poison"):
        table.read(["kar zehir"])
    assert len(table) == 0
    assert table.surfaces_of(["kar"]) == [["kar"]]
