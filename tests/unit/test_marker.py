"""Which words of a text are marked: those for which the article was found."""

from __future__ import annotations

import pytest

from index.analysis import Analyzer
from search.marking import Mark, Marker, spans_of
from search.parser import parse
from search.planning import plan
from search.request import Match, Operator
from search.results import Span

ANALYZER = Analyzer()


def marked(query: str, *texts: str, match: Match = Match.STEM) -> list[list[str]]:
    clauses = plan(parse(query).query, ANALYZER, match=match).clauses
    found = Marker(clauses, ANALYZER).marks(texts)
    return [
        [text[span.start : span.end] for span in spans_of(marks)]
        for text, marks in zip(texts, found, strict=True)
    ]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("belousov", "Kim, Belousov’u ve Belousov'un ekibini", ["Belousov’u", "Belousov'un"]),
        ("kuzey kore", "Kuzey Kore’nin lideri", ["Kuzey", "Kore’nin"]),
        ("KİM JONG-UN", "Kim Jong-un geldi", ["Kim", "Jong", "un"]),
        ("guvenilir", "Güvenilir dostlar", ["Güvenilir"]),
        ("kitap", "Kitapları, kitabı ve kitle", ["Kitapları", "kitabı"]),
        ("tbmm", "T.B.M.M.'de ve TBMM’nin", ["T.B.M.M.'de", "TBMM’nin"]),
        ("1250000", "Tam 1.250.000 lira", ["1.250.000"]),
        ("ışık", "IŞIK yandı, işik diye bir şey yok", ["IŞIK", "işik"]),
        ("bahçe", "F.Bahçe kazandı", ["Bahçe"]),
        ("fbahçe", "F.Bahçe kazandı", ["F.Bahçe"]),
        ("sonra", "geldi.Sonra gitti", ["Sonra"]),
        ("güven*", "Güvenlik, güvence ve güve", ["Güvenlik", "güvence"]),
        ("güv*n?e", "Güvence, güven ve güvenceye", ["Güvence"]),
        ("bel*ye", "BELEDİYE’nin, beldeye; Belçika", ["BELEDİYE’nin", "beldeye"]),
        (
            "güven~",
            "Güve, güveb, gvüen ve gövenci, Ğüven’in",
            ["Güve", "güveb", "gvüen", "Ğüven’in"],
        ),
        ("güven~", "Öüven, ven; Güvеn жüven", ["Öüven", "Güvеn", "жüven"]),
        ("kum", "kumaş ve kum", ["kum"]),
        ("i̇stanbul", "İSTANBUL'un", ["İSTANBUL'un"]),
        ("-kar", "kar yağdı", []),
        ("", "kar yağdı", []),
    ],
)
def test_the_whole_surface_word_is_marked(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == [expected]


def test_an_exact_word_marks_only_its_letters() -> None:
    assert marked("altın", "Altın, altının, alıntı", match=Match.EXACT) == [["Altın"]]
    assert marked('"kâr"', "kar ve kâr") == [["kâr"]]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ('"kuzey kore"', "Kuzey rüzgârı Kuzey Kore’nin Kore", ["Kuzey", "Kore’nin"]),
        ('"kuzey kore"', "Kore ve Kuzey", []),
        ('"alfa gama"~1', "alfa beta gama, alfa beta beta gama", ["alfa", "gama"]),
        ('"bile bile"', "bile, oysa bile bile", ["bile", "bile"]),
        ('"yüzde 20"', "20 kişi, %20’si", ["%", "20’si"]),
        ('"a b c"', "a b a b c b", ["a", "b", "c"]),
    ],
)
def test_a_phrase_is_marked_only_where_it_stands(
    query: str, text: str, expected: list[str]
) -> None:
    assert marked(query, text) == [expected]


def test_a_phrase_does_not_run_from_one_text_into_the_next() -> None:
    assert marked('"kuzey kore"', "Kuzey", "Kore") == [[], []]


def test_parts_of_a_typed_word_are_marked_where_they_stand_together() -> None:
    assert marked("Jong-un", "Jong-un ekmeği undan yaptı", "un ve Jong") == [["Jong", "un"], []]


def test_parts_that_stand_nowhere_together_are_marked_apart() -> None:
    assert marked("Rusya-Ukrayna", "Rusya ile Ukrayna") == [["Rusya", "Ukrayna"]]


def test_one_part_alone_is_no_reason_to_be_found_and_is_not_marked() -> None:
    assert marked("Jong-un kilo", "bir kilo un") == [["kilo"]]


def test_the_operator_changes_no_mark() -> None:
    query = parse("kar kış").query
    marks = [
        Marker(plan(query, ANALYZER, operator=operator).clauses, ANALYZER).marks(["kar ve kış"])
        for operator in Operator
    ]
    assert marks[0] == marks[1]


def test_closer_forms_are_told_from_farther_ones() -> None:
    clauses = plan(parse("kitabı").query, ANALYZER).clauses
    marks = Marker(clauses, ANALYZER).marks(["kitabı kitabi kitaplar"])[0]
    closeness = [mark.closeness for mark in marks]
    assert closeness == sorted(closeness, reverse=True)
    assert len(set(closeness)) == 3


@pytest.mark.parametrize("word", ["ğı", "o", "ıı", "adı", "at", "%5", "O'Connor", "F.B", "Ω", "ß"])
def test_the_shortcut_by_first_letters_loses_nothing(word: str) -> None:
    text = "ĞI o O ıı II adı Adını at atı %5 O'Connor’ın F.B F.B.'nin Ω ω ß ss SS a ad"
    clauses = plan(parse(word).query, ANALYZER).clauses
    marker = Marker(clauses, ANALYZER)
    wanted = {
        (term.layer.value, term.text)
        for number in marker.words
        for term in number
        if hasattr(term, "text")
    }
    expected = {
        (token.start, token.end)
        for token in ANALYZER.tokens(text)
        if wanted
        & {
            ("folded", token.forms.folded),
            ("stem", token.forms.stem),
            ("five", token.forms.five),
        }
    }
    found = {(mark.start, mark.end) for mark in marker.marks([text])[0]}
    assert found == expected
    assert found


def test_overlapping_marks_become_one_span_and_neighbours_stay_apart() -> None:
    marks = [Mark(4, 9, 0, 1), Mark(0, 3, 0, 1), Mark(6, 12, 1, 1), Mark(12, 14, 0, 1)]
    assert spans_of(marks) == (Span(0, 3), Span(4, 12), Span(12, 14))
