"""The page that tells why a search found an article, from a request to the HTML a reader gets."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import kupur
from web.app import create_app


@pytest.fixture(scope="module")
def client(news: Path) -> FlaskClient:
    return create_app(kupur.open_service(news, seconds=60)).test_client()


def shown(client: FlaskClient, address: str, status: int = 200) -> str:
    """Return what a reader sees of a page."""
    response = client.get(address)
    assert response.status_code == status
    text = re.sub(r"<head>.*?</head>", "", response.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_an_article_opened_from_results_leads_there_and_back(client: FlaskClient) -> None:
    article = client.get("/haber/konsey-1?q=konsey&bolum=D%C3%BCnya").text
    (link,) = re.findall(r'<a class="why" href="([^"]+)"', article)
    explanation = client.get(unescape(link)).text
    assert "Neden bu sonuç?" in explanation
    assert 'href="/haber/konsey-1?q=konsey&amp;bolum=D%C3%BCnya"' in explanation
    assert 'class="why"' not in client.get("/haber/konsey-1").text
    assert 'class="why"' not in client.get("/haber/konsey-1?q=yokboylebirsey").text


def test_each_word_has_its_words_of_the_article_and_its_share(client: FlaskClient) -> None:
    text = shown(client, "/haber/konsey-1/aciklama?q=konsey+oylamasi+yokboylesi")
    konsey, oylama, absent = (
        re.search(rf"{word} puandaki payı %(\d+) (.*?) Ayrıntı", text)
        for word in ("konsey", "oylamasi", "yokboylesi")
    )
    assert konsey
    assert konsey[2] == "Konseyi Konseyi’nin"
    assert oylama
    assert oylama[2] == "Oylama"
    assert 99 <= int(konsey[1]) + int(oylama[1]) <= 101
    assert absent is None
    assert "yokboylesi Bu haberde karşılığı yok." in text


def test_a_mended_word_tells_how_it_was_searched(client: FlaskClient) -> None:
    text = shown(client, "/haber/konsey-1/aciklama?q=guvenlik")
    assert "guvenlik puandaki payı %100 Şöyle arandı: guvenlik, güvenlik Güvenlik" in text


def test_every_layer_is_told_in_the_language_of_the_reader(client: FlaskClient) -> None:
    for language, layers in (
        ("tr", ("yazıldığı gibi", "Türkçe harfsiz", "eksiz", "ilk beş harf", "ilk dört harf")),
        ("en", ("as spelled", "without Turkish letters", "without endings", "first five letters")),
    ):
        text = shown(client, f"/haber/konsey-1/aciklama?q=konseyi&dil={language}")
        assert all(layer in text for layer in layers)


def test_without_words_or_a_match_it_says_so(client: FlaskClient) -> None:
    assert "bu haberi bulmuyor" in shown(client, "/haber/konsey-1/aciklama?q=pazar")
    assert "tarihe göre" in shown(client, "/haber/konsey-1/aciklama")


def test_markup_stays_text(client: FlaskClient) -> None:
    page = client.get("/haber/script-1/aciklama?q=<script>alert(2)</script>+alert").text
    assert "<script>" not in page
    assert "alert(2)" in page


def test_unknown_articles_and_wrong_questions_have_their_pages(client: FlaskClient) -> None:
    shown(client, "/haber/yok/aciklama?q=konsey", 404)
    shown(client, f"/haber/konsey-1/aciklama?q={'a' * 600}", 400)
    shown(client, "/haber/konsey-1/aciklama?q=konsey&baslangic=x", 400)
