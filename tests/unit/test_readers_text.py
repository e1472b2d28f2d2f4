"""Cleaning, ids and encodings: what is done to text before it is an article's."""

from __future__ import annotations

import pytest

from index.errors import SourceError
from index.readers.cleaning import clean_line, clean_lines
from index.readers.encoding import decode, encoding_of
from index.readers.ids import id_for, is_safe_address, usable_id

NEWS = "Işık söndü, ağır ağır. Şoför “geçtik” dedi; İğdır’ın yolu açıldı."
GERMAN = "Die Bürger möchten größere Häuser, sagte Jürgen Schön über Köln."
ICELANDIC = "Það er gott að búa á Íslandi, sagði Þórður, og veðrið þar er líka gott ýmist."


def test_controls_marks_and_runs_of_space_vanish() -> None:
    assert clean_line("\ufeff Ankara\x00'da\u00a0\t kar\x07 ") == "Ankara'da kar"


def test_decomposed_letters_are_composed() -> None:
    assert clean_line("I\u0307stanbul s\u0327ehri") == "İstanbul şehri"


def test_leaked_windows_1252_bytes_become_the_signs_they_were() -> None:
    assert clean_line("Ankara\x92nın \x93yeni\x94 yolu") == "Ankara’nın “yeni” yolu"
    assert clean_lines("Sonra\x85 sustu") == ["Sonra… sustu"]


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert clean_line("a\ud83d b") == "a\ufffd b"


@pytest.mark.parametrize(
    "text", ["&quot;Evet&quot;", "so\u00adnuç", "\u200fمرحبا", "👩\u200d🚀", "<b>"]
)
def test_what_may_be_meant_stays(text: str) -> None:
    assert clean_line(text) == text


def test_every_kind_of_line_break_parts_lines() -> None:
    assert clean_lines("a\nb\r\nc\rd\u2028e\u2029\nf") == ["a", "b", "c", "d", "e", "", "f"]


@pytest.mark.parametrize("given", ["42", "aa-2019-0042", "a.b~c_d:e@f", "X" * 128])
def test_an_id_that_an_address_can_carry_is_kept(given: str) -> None:
    assert usable_id(given) == given


@pytest.mark.parametrize(
    "given", ["haber/1", "haber 1", "çay", "..", ".x", "-x", "a?b", "a#b", "a%2Fb", "X" * 129, "İ"]
)
def test_any_other_id_gets_a_stable_stand_in_that_is_usable(given: str) -> None:
    stand_in = usable_id(given)
    assert stand_in != given
    assert usable_id(given) == stand_in
    assert usable_id(stand_in) == stand_in


def test_ids_that_look_alike_stay_apart() -> None:
    assert len({usable_id(given) for given in ("a/b", "a b", "a-b", "a//b", "a?b")}) == 5


def test_an_id_is_given_or_of_the_address_or_of_the_content() -> None:
    address = "https://example.com/haber/1"
    assert id_for(given="x", source_url=address, title="t") == "x"
    assert id_for(source_url=address, title="t") == id_for(source_url=address, title="other")
    assert id_for(title="t", body="b") != id_for(title="t", body="c")


def test_a_site_address_does_not_make_all_its_articles_one() -> None:
    site = "https://example.com/"
    assert id_for(source_url=site, title="a") != id_for(source_url=site, title="b")
    by_query = [id_for(source_url=f"https://example.com/?p={number}", title="a") for number in "12"]
    assert by_query[0] != by_query[1]


@pytest.mark.parametrize(
    "text", ["https://example.com/a?b=ç", "http://örnek.example", "/haber/1", "metin/1.txt"]
)
def test_an_address_may_be_of_the_web_or_a_path(text: str) -> None:
    assert is_safe_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript:x",
        "data:text/html,x",
        "http://",
        "https:///x",
        "http://[",
    ],
)
def test_an_address_is_nothing_that_runs_and_not_broken(text: str) -> None:
    assert not is_safe_address(text)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1254"])
def test_turkish_is_read_in_every_encoding_it_comes_in(codec: str) -> None:
    data = NEWS.encode(codec)
    assert decode(data) == NEWS


def test_iso_8859_9_is_read() -> None:
    plain = NEWS.replace("’", "'").replace("“", '"').replace("”", '"')
    assert decode(plain.encode("iso8859_9")) == plain


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (GERMAN, "cp1252"),
        (ICELANDIC, "cp1252"),
        ("Министр обороны прибыл с визитом.", "cp1251"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy.", "cp1250"),
        ("Işık ağır ağır söndü, şoför geçti.", "cp857"),
        ("Işık ağır ağır söndü, şoför geçti.", "mac_turkish"),
        ("Bir tek ş harfi.", "cp1254"),
    ],
)
def test_what_is_not_surely_turkish_is_not_guessed_at(text: str, codec: str) -> None:
    with pytest.raises(SourceError, match="iconv -f WINDOWS-1254 -t UTF-8"):
        decode(text.encode(codec))


def test_json_is_never_read_as_windows_1254() -> None:
    assert encoding_of(NEWS.encode("cp1254"), legacy=True) == "cp1254"
    with pytest.raises(SourceError, match="not UTF-8"):
        encoding_of(NEWS.encode("cp1254"), legacy=False)


def test_a_page_may_declare_another_encoding() -> None:
    text = '<meta charset="windows-1251">Министр обороны прибыл'
    assert decode(text.encode("cp1251"), declared="windows-1251") == text


@pytest.mark.parametrize("declared", ["hex", "zip", "rot13", "no-such", "utf-7", "idna", "utf-8"])
def test_a_page_cannot_declare_a_codec_that_is_no_character_set(declared: str) -> None:
    with pytest.raises(SourceError, match="not UTF-8"):
        decode(GERMAN.encode("cp1252"), declared=declared)


def test_one_bad_byte_in_utf_8_is_pointed_at() -> None:
    lines = [f"{number}. satırda ışık vardı" for number in range(1, 10)]
    data = "\n".join(lines).encode()
    broken = data.replace("5. satırda ı".encode(), b"5. sat\xffrda \xfe")
    with pytest.raises(SourceError, match="line 5"):
        decode(broken)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04" + b"\x00" * 20, "ZIP"),
        (b"\x89PNG\r\n", "picture"),
        (bytes(range(256)) * 10, "binary"),
        ("Işık söndü".encode("utf-16-le"), "UTF-16 without its mark"),
    ],
)
def test_what_is_no_text_is_called_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        decode(data)


def test_a_stray_nul_makes_no_text_binary() -> None:
    assert decode(NEWS.encode() + b"\x00") == NEWS + "\x00"
