"""Plain text, without markup: what is headline, subheading, story, and what is none of it."""

from __future__ import annotations

import pytest

from index.article import BlockKind
from index.errors import ArticleError
from index.readers import plaintext
from index.readers.titles import LONGEST_TITLE, first_sentence, title_from_lead

LEAD = (
    "Kuzyaka Belediyesi, kıyıdaki eski balıkhanenin yerine yapılacak kütüphane için hazırlanan "
    "üç projeyi, dün akşam Cumhuriyet Meydanı’nda kurulan çadırda halka gösterdi."
)
SECOND = (
    "Projelerden birini çizen mimar Selin Işık, “Denizi içeri almak istedik” dedi. Oylama bir ay "
    "sürecek ve sonuç kasımda açıklanacak."
)
THIRD = "Balıkçılar kooperatifi ise tezgâhların nereye taşınacağının hâlâ belli olmadığını söyledi."
OTHERS = (
    "1\nKuzyaka’da Kış Tarifesi Başladı\n2\nLodos Seferleri Durdurdu: Üç Gün Vapur Yok\n"
    "3\nZeytinde Rekolte Neden Düştü?\n"
)


def headings(text: str) -> list[str]:
    return [b.text for b in plaintext.read(text.encode()).blocks if b.kind is BlockKind.HEADING]


def body(text: str) -> list[str]:
    return [block.text for block in plaintext.read(text.encode()).blocks]


def title(text: str) -> str:
    return plaintext.read(text.encode()).title


# Scraped stories


def test_a_scraped_story_has_its_lead_subheadings_and_no_other_stories() -> None:
    text = f"{LEAD}\n‘Deniz’ İçeride\n{SECOND}\nTezgâhlar Nereye?\n{THIRD}\n{OTHERS}"
    assert title(text).startswith("Kuzyaka Belediyesi, kıyıdaki eski balıkhanenin")
    assert headings(text) == ["‘Deniz’ İçeride", "Tezgâhlar Nereye?"]
    assert body(text) == [LEAD, "‘Deniz’ İçeride", SECOND, "Tezgâhlar Nereye?", THIRD]


def test_the_caption_of_the_list_goes_with_it() -> None:
    assert body(f"{LEAD}\n{SECOND}\nDiğer Haberler\n{OTHERS}") == [LEAD, SECOND]


def test_numbers_may_have_a_full_stop_and_blank_lines_between() -> None:
    spaced = OTHERS.replace("1\n", "1.\n").replace("\n", "\n\n")
    assert body(f"{LEAD}\n\n{SECOND}\n\n{spaced}") == [LEAD, SECOND]


def test_the_id_is_of_all_the_text() -> None:
    first, second = (plaintext.read(f"{LEAD}\n{end}".encode()) for end in (OTHERS, SECOND))
    assert plaintext.read(f"\ufeff{LEAD}\r\n\r\n{OTHERS}".encode()).id == first.id
    assert first.id != second.id


# What must stay in the story


def test_a_list_that_the_story_announces_stays() -> None:
    text = f"{LEAD}\nOylanacak üç projenin adları şunlar:\n{OTHERS}"
    assert len(body(text)) == 2 + 6


def test_a_list_of_single_words_stays() -> None:
    text = f"{LEAD}\nEn çok okunan yazarlar\n1\nYaşar Kemal\n2\nSait Faik\n3\nTanpınar\n"
    assert body(text)[-1] == "Tanpınar"


def test_a_list_of_sentences_stays() -> None:
    text = f"{LEAD}\n1\nÖnce kapılar açılacak.\n2\nSonra tören başlayacak.\n"
    assert body(text)[-1] == "Sonra tören başlayacak."


def test_a_list_inside_the_story_stays() -> None:
    assert body(f"{LEAD}\n{OTHERS}{SECOND}")[1:3] == ["1", "Kuzyaka’da Kış Tarifesi Başladı"]


def test_numbered_lines_stay() -> None:
    text = f"{LEAD}\n1. Kapılar açılacak ve halk girecek\n2. Tören başlayacak ve bando çalacak\n"
    assert len(body(text)) == 3


@pytest.mark.parametrize("numbers", [("2", "3"), ("1", "3"), ("1", "1"), ("2024", "2025")])
def test_numbers_that_do_not_count_from_one_make_no_list(numbers: tuple[str, str]) -> None:
    text = f"{LEAD}\n{numbers[0]}\nBir Başka Haber Başlığı\n{numbers[1]}\nÜçüncü Haberin Başlığı\n"
    assert len(body(text)) == 5


def test_a_single_number_and_line_at_the_end_stay() -> None:
    assert len(body(f"{LEAD}\n1\nKuzyaka’da Kış Tarifesi Başladı")) == 3


def test_a_file_that_is_only_a_list_stays() -> None:
    assert len(body(OTHERS)) == 6


# Headlines


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "headline",
    [
        "Kütüphane denize bakacak",
        "Kütüphane nereye bakacak?",
        "“Denizi içeri alacağız”",
        "KÜTÜPHANE",
    ],
)
def test_a_headline_in_the_first_line_is_the_title_and_no_part_of_the_body(
    headline: str, gap: str
) -> None:
    text = f"{headline}{gap}{LEAD}{gap}{SECOND}"
    assert title(text) == headline
    assert body(text) == [LEAD, SECOND]


def test_a_dateline_may_stand_below_the_headline() -> None:
    text = f"Kütüphane denize bakacak\nKuzyaka\n{LEAD}\n{SECOND}"
    assert title(text) == "Kütüphane denize bakacak"
    assert body(text)[-2:] == [LEAD, SECOND]


def test_a_marked_headline_may_end_with_a_full_stop() -> None:
    assert title(f"# Denize bakacak.\n\n{LEAD}") == "Denize bakacak."
    assert headings(f"# Denize bakacak.\n\n{LEAD}\n\n## Ara başlık.\n\n{SECOND}") == ["Ara başlık."]


@pytest.mark.parametrize("text", ["Köprü açıldı.", "Köprü açıldı", "Köprü açıldı. Halk sevindi."])
def test_a_story_of_one_line_keeps_it_and_is_named_after_it(text: str) -> None:
    assert title(text) == "Köprü açıldı"
    assert body(text) == [text]


def test_a_first_sentence_is_no_headline() -> None:
    text = f"Köprü açıldı.\n{LEAD}"
    assert title(text) == "Köprü açıldı"
    assert body(text) == ["Köprü açıldı.", LEAD]


# Subheadings


@pytest.mark.parametrize(
    "line",
    [
        "ve sonra sustu",  # begins small: a broken line
        "Oylama bir ay sürecek.",
        "Mimar Selin Işık şunları söyledi:",
        "“Denizi içeri almak istedik.”",
        "Peki ya balıkçılar ne olacak?",  # a question of the story, not capitalised
        "***",
        "2019",
    ],
)
def test_a_short_line_of_the_story_is_no_subheading(line: str) -> None:
    assert headings(f"{LEAD}\n{line}\n{SECOND}") == []
    assert line in body(f"{LEAD}\n{line}\n{SECOND}")


def test_a_last_line_is_no_subheading() -> None:
    text = f"{LEAD}\n{SECOND}\nHaber Merkezi"
    assert headings(text) == []
    assert body(text)[-1] == "Haber Merkezi"


VERSE = """Denizin üstünde bir gece
Yürüdüm kıyıdan kıyıya
Ay vardı, rüzgâr vardı
Bir de senin adın

Sabah olunca sustum
Martılar konuştu yerime
Sandallar döndü birer birer
Adın kaldı kıyıda"""


def test_verse_is_kept_line_by_line_without_subheadings() -> None:
    text = f"{LEAD}\n\n{VERSE}\n\n{SECOND}"
    assert headings(text) == []
    assert body(text) == [LEAD, *(line for line in VERSE.split("\n") if line), SECOND]


def test_a_poem_by_itself_loses_no_line() -> None:
    assert body(VERSE) == [line for line in VERSE.split("\n") if line]


def test_lines_that_were_broken_at_a_column_become_paragraphs_again() -> None:
    def wrapped(text: str, width: int = 72) -> str:
        lines = [""]
        for word in text.split():
            if len(lines[-1]) + len(word) >= width:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        return "\n".join(lines)

    text = f"Kütüphane denize bakacak\n\n{wrapped(LEAD)}\n\nAra Başlık\n\n{wrapped(SECOND)}"
    assert title(text) == "Kütüphane denize bakacak"
    assert body(text) == [LEAD, "Ara Başlık", SECOND]
    assert headings(text) == ["Ara Başlık"]


@pytest.mark.parametrize("text", [" \n\t\n", "...\n***", "\u200b"])
def test_a_file_without_words_is_no_article(text: str) -> None:
    with pytest.raises(ArticleError, match="no words"):
        plaintext.read(text.encode())


# Titles out of leads


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Köprü açıldı. Halk sevindi.", "Köprü açıldı."),
        ("Köprü açıldı mı? Hayır.", "Köprü açıldı mı?"),
        ("“Köprü açıldı.” Böyle dedi.", "“Köprü açıldı.”"),
        ("Prof. Dr. Elif Kaya geldi. Konuştu.", "Prof. Dr. Elif Kaya geldi."),
        ("Bakan A. Yılmaz geldi. Konuştu.", "Bakan A. Yılmaz geldi."),
        ("T.B.M.M. Başkanı geldi. Konuştu.", "T.B.M.M. Başkanı geldi."),
        (
            "II. Abdülhamid ve 2. Dünya Savaşı anıldı. Bitti.",
            "II. Abdülhamid ve 2. Dünya Savaşı anıldı.",
        ),
        ("Fuar 12. Gün sona erdi. Bitti.", "Fuar 12. Gün sona erdi."),
        ("Maç 2019. Sonra yıllar geçti.", "Maç 2019."),
        ("Sonra… sustu. Gitti.", "Sonra… sustu."),
        ("Fiyat 1.250 lira oldu. Az.", "Fiyat 1.250 lira oldu."),
        ("Noktasız bir satır", "Noktasız bir satır"),
    ],
)
def test_a_sentence_ends_where_it_ends(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_long_first_sentence_is_cut_after_a_clause() -> None:
    assert title_from_lead(LEAD) == (
        "Kuzyaka Belediyesi, kıyıdaki eski balıkhanenin yerine yapılacak kütüphane için "
        "hazırlanan üç projeyi…"
    )


def test_without_a_clause_it_is_cut_after_a_word() -> None:
    found = title_from_lead("kütüphaneciler " * 20)
    assert found.endswith("kütüphaneciler…")
    assert len(found) <= LONGEST_TITLE


def test_one_endless_word_is_cut_all_the_same() -> None:
    assert len(title_from_lead("a" * 500)) == LONGEST_TITLE


def test_a_clause_that_says_too_little_is_not_enough() -> None:
    lead = "Edinilen bilgiye göre, " + "kıyıdaki eski balıkhanenin yerine yapılacak kütüphane " * 4
    assert title_from_lead(lead).startswith("Edinilen bilgiye göre, kıyıdaki eski balıkhanenin")
