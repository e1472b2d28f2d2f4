"""What each text asks for."""

from __future__ import annotations

import pytest

from search.parser import parse
from search.query import Clause, Fuzzy, Phrase, Prefix, Query, Wildcard, Word


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text) for text in texts)


def phrase(*texts: str, slop: int = 0) -> Phrase:
    return Phrase(texts, slop)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ()),
        ("   \t\n ", ()),
        ("belousov görüşme", words("belousov", "görüşme")),
        ("  KİM   JONG-UN ", words("KİM", "JONG-UN")),
        ("Ankara'nın Ankara’nın", words("Ankara'nın", "Ankara'nın")),
        ("Sarah O'Connor'ın", words("Sarah", "O'Connor'ın")),
        ("(Ankara), İzmir; Bursa!", words("Ankara", "İzmir", "Bursa")),
        ("Ankara/İstanbul", words("Ankara", "İstanbul")),
        ("T.B.M.M. F.Bahçe", words("T.B.M.M", "F.Bahçe")),
        ("1.250.000 3,5 12:30 %20", words("1.250.000", "3,5", "12:30", "%20")),
        ("geldi,sonra gitti:bitti", words("geldi", "sonra", "gitti", "bitti")),
        ("AT&T C++", words("AT&T", "C")),
        ("geldi...sonra", words("geldi", "sonra")),
        ("çok_alt_çizgi", words("çok", "alt", "çizgi")),
        ("AND OR NOT", words("AND", "OR", "NOT")),
        ("section:spor", words("section", "spor")),
        ("日本語 مرحبا", words("日本語", "مرحبا")),
    ],
)
def test_words(text: str, wanted: tuple[Word, ...]) -> None:
    assert parse(text).query == Query(wanted)
    assert parse(text).warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        '"meşru müdafaa"',
        "“meşru müdafaa”",
        "”meşru müdafaa”",
        "„meşru müdafaa“",
        "‟meşru müdafaa”",
        "«meşru müdafaa»",
        "»meşru müdafaa«",
        "″meşru müdafaa″",
        "''meşru müdafaa''",
        "``meşru müdafaa´´",
        "‘‘meşru müdafaa’’",
        '""meşru müdafaa""',
        '“meşru müdafaa"',
        '"  meşru,   müdafaa.  "',
        "“«meşru» müdafaa”",
    ],
)
def test_every_kind_of_quotes_makes_a_phrase(text: str) -> None:
    assert parse(text).query == Query((phrase("meşru", "müdafaa"),))
    assert parse(text).warnings == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"kâr"', (phrase("kâr"),)),
        ('"a b""c d"', (phrase("a", "b"), phrase("c", "d"))),
        ('kim"jong un"geldi', (Word("kim"), phrase("jong", "un"), Word("geldi"))),
        ('"Kim Jong-un"', (phrase("Kim", "Jong-un"),)),
        ('"-a* b~2"', (phrase("a", "b", "2"),)),
        ('"" a', words("a")),
        ('"..." a', words("a")),
    ],
)
def test_phrases_among_words(text: str, wanted: tuple[Word | Phrase, ...]) -> None:
    assert parse(text).query == Query(wanted)
    assert parse(text).warnings == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"kuzey askeri"~3', phrase("kuzey", "askeri", slop=3)),
        ('"kuzey askeri"~10', phrase("kuzey", "askeri", slop=10)),
        ('"kuzey askeri"~0', phrase("kuzey", "askeri")),
        ('"kuzey askeri"~', phrase("kuzey", "askeri")),
        ('"kuzey askeri"~123456789', phrase("kuzey", "askeri", slop=123)),
    ],
)
def test_slop(text: str, wanted: Phrase) -> None:
    assert parse(text).query == Query((wanted,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘Güvenilir’ Dostlar", Query(words("Güvenilir", "Dostlar"))),
        ("'Güvenilir' Dostlar", Query(words("Güvenilir", "Dostlar"))),
        ("'Güvenilir Dostlar'ın yolu", Query(words("Güvenilir", "Dostlar'ın", "yolu"))),
        (
            "Bakan: “Bu iş bitti” – İşte ayrıntılar…",
            Query((Word("Bakan"), phrase("Bu", "iş", "bitti"), *words("İşte", "ayrıntılar"))),
        ),
        ("Ankara–İstanbul hattı", Query(words("Ankara-İstanbul", "hattı"))),
        ("Rusya — Ukrayna", Query(words("Rusya", "Ukrayna"))),
        ("Bakan—geldi", Query(words("Bakan", "geldi"))),
        ("1919–1923", Query(words("1919-1923"))),
        ("Son dakika | Haber • Spor", Query(words("Son", "dakika", "Haber", "Spor"))),
    ],
)
def test_a_pasted_headline_means_its_words(text: str, expected: Query) -> None:
    assert parse(text).query == expected
    assert parse(text).warnings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deprem -spor", Query(words("deprem"), words("spor"))),
        ("deprem −spor –futbol", Query(words("deprem"), words("spor", "futbol"))),
        ('deprem -"son dakika"', Query(words("deprem"), (phrase("son", "dakika"),))),
        ("deprem -“son dakika”~2", Query(words("deprem"), (phrase("son", "dakika", slop=2),))),
        ("deprem -(spor)", Query(words("deprem"), words("spor"))),
        ("deprem -'spor'", Query(words("deprem"), words("spor"))),
        ("deprem -spor*", Query(words("deprem"), (Prefix("spor"),))),
        ("deprem -bel*ye", Query(words("deprem"), (Wildcard("bel*ye"),))),
        ("deprem -spor~", Query(words("deprem"), (Fuzzy("spor"),))),
        ("-spor deprem", Query(words("deprem"), words("spor"))),
        ("Jong-un", Query(words("Jong-un"))),
        ("Rusya-", Query(words("Rusya"))),
        ("deprem - spor", Query(words("deprem", "spor"))),
        ("deprem --spor", Query(words("deprem", "spor"))),
        ('deprem - "son dakika"', Query((Word("deprem"), phrase("son", "dakika")))),
        ("deprem -", Query(words("deprem"))),
        ("deprem -…", Query(words("deprem"))),
        ('"deprem"-spor', Query((phrase("deprem"), Word("spor")))),
    ],
)
def test_a_minus_excludes_only_right_before_a_clause(text: str, expected: Query) -> None:
    assert parse(text).query == expected
    assert parse(text).warnings == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("güven*", (Prefix("güven"),)),
        ("güv*", (Prefix("güv"),)),
        ("güven**", (Prefix("güven"),)),
        ("(güven*)", (Prefix("güven"),)),
        ("gü*", (Prefix("gü"),)),
        ("*", ()),
        ("güven * barış", words("güven", "barış")),
        ("Jong-un*", (Word("Jong-un"),)),
        ("Ankara'nın*", (Word("Ankara'nın"),)),
    ],
)
def test_a_star_behind_a_word_makes_a_prefix(text: str, wanted: tuple[Clause, ...]) -> None:
    assert parse(text).query == Query(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bel*ye", (Wildcard("bel*ye"),)),
        ("kal?m", (Wildcard("kal?m"),)),
        ("kal??m", (Wildcard("kal??m"),)),
        ("kale**mi", (Wildcard("kale*mi"),)),
        ("kal*?e", (Wildcard("kal?*e"),)),
        ("kal?*", (Wildcard("kal?*"),)),
        ("bel*ye*", (Wildcard("bel*ye*"),)),
        ("ka*lem", (Wildcard("ka*lem"),)),
        ("*güven", (Wildcard("*güven"),)),
        ("Kuzey-bel*ye", (Word("Kuzey"), Wildcard("bel*ye"))),
        ("bel*ye'nin", (Wildcard("bel*ye"), Word("nin"))),
    ],
)
def test_stars_and_question_marks_within_a_word_stand_for_letters(
    text: str, wanted: tuple[Clause, ...]
) -> None:
    assert parse(text).query == Query(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Bakan istifa mı etti?", words("Bakan", "istifa", "mı", "etti")),
        ("Kim? Neden?", words("Kim", "Neden")),
        ("Gerçekten mi?? Evet", words("Gerçekten", "mi", "Evet")),
        ("¿qué ?güven", words("qué", "güven")),
        ("etti?, geldi", words("etti", "geldi")),
        ("güven*?", (Prefix("güven"),)),
        ('"Kim geldi?"', (phrase("Kim", "geldi"),)),
    ],
)
def test_a_question_mark_that_ends_a_question_means_nothing(
    text: str, wanted: tuple[Clause, ...]
) -> None:
    assert parse(text).query == Query(wanted)
    assert parse(text).warnings == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("kelime~", (Fuzzy("kelime"),)),
        ("kelime~1", (Fuzzy("kelime"),)),
        ("kelime~2", (Fuzzy("kelime", 2),)),
        ("kelime~0", words("kelime")),
        ("(kelime~)", (Fuzzy("kelime"),)),
        ("abc~ gelir", (Fuzzy("abc"), Word("gelir"))),
        ("Jong-un~", words("Jong-un")),
        ("kelime~~", words("kelime")),
        ("a~b ~50", words("a", "b", "50")),
    ],
)
def test_a_tilde_behind_a_word_makes_it_fuzzy(text: str, wanted: tuple[Clause, ...]) -> None:
    assert parse(text).query == Query(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("gü\u00adven", words("güven")),
        ("gü\u200bven\ufeff", words("güven")),
        ("\u202egüven\u202c \u200fİzmir\u200e", words("güven", "İzmir")),
        ("kim\x00jong", words("kim", "jong")),
        ("kim\x85jong\x1bun", words("kim", "jong", "un")),
        ("deprem🌍haber", words("deprem", "haber")),
        ("1️⃣ haber", words("1", "haber")),
        ("👨‍👩‍👧 aile", words("aile")),
        ("\ud800lone", words("lone")),
        ("Ankara\x92nın \x93", words("Ankara'nın")),
        ("i\u0307stanbul I\u0307zmir", words("istanbul", "İzmir")),
        ("go\u0308ru\u0308s\u0327", words("görüş")),
        ("\u0301aksan", words("aksan")),
    ],
)
def test_invisible_and_broken_characters_do_no_harm(text: str, wanted: tuple[Word, ...]) -> None:
    assert parse(text).query == Query(wanted)


@pytest.mark.parametrize(
    ("text", "wanted", "warnings"),
    [
        ('kim "jong un', words("kim", "jong", "un"), ("unbalanced_quote",)),
        ('kim jong" un', words("kim", "jong", "un"), ("unbalanced_quote",)),
        ("«kim jong", words("kim", "jong"), ("unbalanced_quote",)),
        ('"', (), ("unbalanced_quote", "no_words")),
        ('"""', (), ("unbalanced_quote", "no_words")),
        ('""', (), ("no_words",)),
        ("-", (), ("no_words",)),
        ("🎉", (), ("no_words",)),
        ("?!", (), ("no_words",)),
    ],
)
def test_what_is_odd_is_said(
    text: str, wanted: tuple[Word, ...], warnings: tuple[str, ...]
) -> None:
    parsed = parse(text)
    assert parsed.query == Query(wanted)
    assert parsed.warnings == warnings


@pytest.mark.parametrize("text", ["-spor", '-"son dakika"', "-spor -futbol"])
def test_only_exclusions_is_said(text: str) -> None:
    assert parse(text).warnings == ("only_exclusions",)


def test_an_unbalanced_minus_quote_excludes_nothing() -> None:
    parsed = parse('deprem -"son dakika')
    assert parsed.query == Query(words("deprem", "son", "dakika"))
    assert parsed.warnings == ("unbalanced_quote",)


@pytest.mark.parametrize(
    "piece", ["a", '"', "-", "“«", '-"', "a-", "*", "?*", "a?", "a~", "~1", "'", "é\u0301", " "]
)
def test_ten_thousand_characters_are_read(piece: str) -> None:
    parsed = parse(piece * (10_000 // len(piece)))
    assert parse(str(parsed.query)).query == parsed.query
