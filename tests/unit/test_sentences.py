"""Where Turkish sentences end, and where they only seem to."""

from __future__ import annotations

import pytest

from search.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Belousov geldi.", "Görüşme sürdü."],
        ["Geldi mi?", "Evet!", "Sonra gitti…", "Bitti..."],
        ["“Minnettarız.”", "Kim böyle dedi."],
        ["(Haber böyle.)", "Sonrası belli."],
        ["Maç bitti.", "“Kazandık” dedi."],
        ["İki takım da puanını korudu.", "İlk yarı golsüzdü."],
        ["Yıl 2019.", "Herkes bekliyor."],
        ["Bütçe 1.250.000 liraydı.", "11 bin asker gitti."],
        ["Oran 1.250.", "Gerisi belli."],
        ["Yalnız bir cümle"],
        ["Köprüden 3. kez geçti.", "Durdu."],
    ],
    ids=" | ".join,
)
def test_sentences_end_where_a_new_one_begins(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Prof. Dr. Ayşe Ak konuştu.",
        "Av. Can Er ile Doç. Dr. Ece Su geldi.",
        "R. Tayyip konuştu.",
        "J. R. R. Tolkien yazdı.",
        "T.B.M.M. Başkanlığı açıkladı.",
        "T.C. Ziraat Bankası ile Türk Telekom A.Ş. Genel Müdürlüğü anlaştı.",
        "M.Ö. 1200 yılında kuruldu.",
        "Elma, armut vb. meyveler satıldı.",
        "3. Köprü ile 15. Yıl Parkı açıldı.",
        "II. Dünya Savaşı bitti.",
        "XIX. Yüzyıl böyle geçti.",
        "Atatürk Cad. No. 5 adresinde.",
        "“Neden geldin?” diye sordu.",
        "Yazar.com.tr adresine 1.250 kişi girdi.",
        "Saat 15.30 sularında geldi.",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("text", ["", "   ", "\u00a0"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


def test_spaces_around_sentences_belong_to_none() -> None:
    assert sentences("  Geldi.   Gitti.  ") == ["Geldi.", "Gitti."]
