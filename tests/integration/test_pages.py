"""The pages, from a request to the HTML a reader gets, over a real archive."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import kupur
from index.errors import EngineError
from search.service import SearchService
from web.app import create_app
from web.security import HEADERS
from web.settings import Settings

PAGES = (
    "/",
    "/ara?q=konsey",
    "/ara?q=yokboylebirsey",
    "/haber/konsey-1?q=konsey",
    "/haber/konsey-1/aciklama?q=konsey+oylamasi+yok",
    "/yardim",
    "/hakkinda",
)


@pytest.fixture(scope="module")
def app(news: Path) -> Flask:
    return create_app(kupur.open_service(news, seconds=60), Settings(archive_name="Kuzyaka arşivi"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def broken(news: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return a client of a site whose engine fails."""

    def fail(*_: object) -> None:
        raise EngineError("/var/x/index: segment 3 cannot be read")

    monkeypatch.setattr(SearchService, "search", fail)
    return create_app(kupur.open_service(news)).test_client()


def text_of(response: TestResponse) -> str:
    """Return what a reader sees of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def marks(response: TestResponse) -> list[str]:
    return [unescape(found) for found in re.findall(r"<mark>(.*?)</mark>", response.text)]


def links(response: TestResponse) -> list[str]:
    return [unescape(found) for found in re.findall(r'<a[^>]* href="([^"]*)"', response.text)]


def test_results_say_how_many_and_mark_whole_words(client: FlaskClient) -> None:
    page = client.get("/ara?q=konsey")
    assert page.status_code == 200
    assert "1 haber , " in text_of(page)
    assert "Konseyi’nin" in marks(page)
    assert "1 Mart 2019" in text_of(page)
    assert "/haber/konsey-1?q=konsey" in links(page)


def test_an_article_is_marked_and_leads_from_place_to_place(client: FlaskClient) -> None:
    page = client.get("/haber/konsey-1?q=g%C3%BCvenlik+konseyi&sayfa=2&sirala=yeni")
    assert marks(page)[:2] == ["Güvenlik", "Konseyi"]
    assert 'id="isabet-1"' in page.text
    assert 'href="#isabet-2"' in page.text
    assert "2 yerde geçiyor" in text_of(page)
    assert "/ara?q=güvenlik+konseyi&sirala=yeni&sayfa=2" in {
        link.replace("%C3%BC", "ü") for link in links(page)
    }
    assert "<h2>Oylama</h2>" in page.text
    assert "Güvenlik Konseyi toplandı" in re.sub(r"<[^>]+>", "", page.text)


def test_the_last_place_leads_to_the_first(client: FlaskClient) -> None:
    page = client.get("/haber/konsey-1?q=g%C3%BCvenlik+konseyi").text
    last = page[page.index('id="isabet-2"') :]
    assert re.search(r'href="#isabet-1".*?href="#isabet-1"', last, re.DOTALL)


def test_markup_in_articles_and_queries_stays_text(client: FlaskClient) -> None:
    for address in (
        "/ara?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/haber/script-1?q=%3Cscript%3E",
        "/ara?q=%22%3E%3Cimg%20src%3Dx%3E",
        "/ara?bolum=%3Cscript%3E&q=x",
    ):
        page = client.get(address)
        assert "<script" not in page.text
        assert "<img" not in page.text
    assert "<script>alert(1)</script>" in text_of(client.get("/haber/script-1"))
    assert "<b>açıklandı</b>" in text_of(client.get("/haber/konsey-1"))


def test_pages_are_linked_and_the_last_has_no_next(client: FlaskClient) -> None:
    first, last = client.get("/ara?q=pazar"), client.get("/ara?q=pazar&sayfa=3")
    assert "26 haber" in text_of(first)
    assert re.search(r'<a rel="next"[^>]*href="/ara\?q=pazar&amp;sayfa=2"', first.text)
    assert 'rel="prev"' not in first.text
    assert 'rel="next"' not in last.text
    assert re.search(r'<link rel="prev" href="/ara\?q=pazar&amp;sayfa=2"', last.text)
    assert first.text.count('<li class="hit">') == 10
    assert last.text.count('<li class="hit">') == 6


def test_a_page_past_the_end_leads_back(client: FlaskClient) -> None:
    page = client.get("/ara?q=pazar&sayfa=40")
    assert page.status_code == 200
    assert "40. sayfa yok" in text_of(page)
    assert "/ara?q=pazar&sayfa=3" in links(page)


def test_a_page_too_deep_says_why(client: FlaskClient) -> None:
    page = client.get("/ara?q=pazar&sayfa=4000")
    assert page.status_code == 400
    assert 'value="pazar"' in page.text
    assert "1.000" in text_of(page) or "1000" in text_of(page)


def test_filters_are_links_with_counts_and_can_be_taken_off(client: FlaskClient) -> None:
    page = client.get("/ara?q=pazar")
    assert "/ara?q=pazar&bolum=Yerel" in links(page)
    narrowed = client.get("/ara?q=pazar&bolum=Yerel&baslangic=2020&bitis=2020")
    assert "13 haber" in text_of(narrowed)
    assert "Kaldır: Bölüm: Yerel" in text_of(narrowed)
    assert "/ara?q=pazar&baslangic=2020-01-01&bitis=2020-12-31" in links(narrowed)
    assert "/ara?q=pazar&bolum=Yerel" in links(narrowed)


def test_sorting_is_a_link_and_the_chosen_one_says_so(client: FlaskClient) -> None:
    page = client.get("/ara?q=pazar&sirala=eski")
    assert re.search(r'sirala=eski" aria-current="true">En eski', page.text)
    assert page.text.index("pazar-01") < page.text.index("pazar-02")


def test_nothing_found_says_what_can_be_done(client: FlaskClient) -> None:
    page = client.get("/ara?q=%22yokb%C3%B6yle+birsey%22&bolum=Yerel")
    assert page.status_code == 200
    words = text_of(page)
    assert "için haber bulunamadı" in words
    assert "Süzgeçleri kaldırıp yeniden ara" in words
    assert "Tırnaksız ara" in words
    assert any(link.startswith("/ara?q=yokb%C3%B6yle+birsey&bolum") for link in links(page))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("q=pazar&baslangic=d%C3%BCn", "“dün”"),
        ("q=pazar&sirala=hizli", "“hizli”"),
        ("q=pazar&sayfa=iki", "“iki”"),
        ("q=pazar&baslangic=2020&bitis=2019", "2020-01-01"),
        ("q=pazar&q=kar", "“q”"),
    ],
)
def test_a_bad_parameter_is_explained_beside_the_form(
    client: FlaskClient, query: str, says: str
) -> None:
    page = client.get(f"/ara?{query}")
    assert page.status_code == 400
    assert "Arama yapılamadı" in text_of(page)
    assert says in text_of(page)
    assert 'name="q"' in page.text


def test_a_wrong_date_keeps_the_query_and_what_was_typed(client: FlaskClient) -> None:
    page = client.get("/ara?q=pazar&bolum=Yerel&baslangic=d%C3%BCn")
    assert 'value="pazar"' in page.text
    assert re.search(r'id="baslangic"[^>]*value="dün"[^>]*aria-invalid="true"', page.text)
    assert "/ara?q=pazar&bolum=Yerel" in links(page)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("pa*ar", "pa*ar: ilk * ya da ? işaretinden önce 2 harf var; en az 3 harf gerekir."),
        ("kar~", "kar~: ~ işaretinden önce 3 harf var; en az 4 harf gerekir."),
        ("pazar~2", "pazar~2: 2 harf yanlışı istenmiş; en çok 1 olabilir. pazar~ yazın."),
        ("pazar~ kitap~ bahçe~ çarşı~", "4 sözcük ~ ile bitiyor; en çok 3 olabilir."),
    ],
)
def test_a_wildcard_beyond_the_limits_is_explained_in_the_readers_language(
    client: FlaskClient, query: str, says: str
) -> None:
    page = client.get("/ara", query_string={"q": query})
    assert page.status_code == 400
    assert says in text_of(page)


def test_a_query_too_long_is_explained_beside_the_box(client: FlaskClient) -> None:
    page = client.get("/ara", query_string={"q": "pazar " * 200})
    assert page.status_code == 400
    assert re.search(r'id="q"[^>]*aria-invalid="true"[^>]*aria-describedby="q-hata"', page.text)
    assert 'id="q-hata"' in page.text


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "-",
        "😀",
        "\x00",
        "\u202e\u200f",
        "a" * 513,
        "* ?",
        "'",
        "%",
        "{q}",
        "~9",
        '"" ""',
        "  ",
    ],
)
def test_no_query_breaks_a_page(client: FlaskClient, query: str) -> None:
    assert client.get("/ara", query_string={"q": query}).status_code in {200, 400}
    assert client.get("/haber/konsey-1", query_string={"q": query}).status_code == 200


def test_an_unknown_article_or_page_is_a_helpful_404(client: FlaskClient) -> None:
    for address, title in (("/haber/yok", "Bu haber arşivde yok"), ("/yok", "Böyle bir sayfa yok")):
        page = client.get(address)
        assert page.status_code == 404
        assert title in text_of(page)
        assert 'name="q"' in page.text
    english = client.get("/haber/yok?dil=en")
    assert "This article is not in the archive" in text_of(english)


def test_posting_to_a_page_is_refused_with_the_methods_it_takes(client: FlaskClient) -> None:
    page = client.post("/ara")
    assert page.status_code == 405
    assert "GET" in page.headers["Allow"]


def test_a_failing_engine_is_a_503_without_its_inside(
    broken: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    page = broken.get("/ara?q=kar&dil=en")
    assert page.status_code == 503
    assert "The archive cannot be reached right now" in text_of(page)
    assert "/var/x" not in page.text
    assert int(page.headers["Retry-After"]) > 0
    assert "segment 3" in caplog.text
    assert page.headers["X-Request-Id"] in caplog.text


def test_a_bug_is_a_500_without_its_inside(
    news: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("secret of ours")

    monkeypatch.setattr(SearchService, "search", fail)
    page = create_app(kupur.open_service(news)).test_client().get("/ara?q=kar")
    assert page.status_code == 500
    assert "Bir hata yaptık" in text_of(page)
    assert "secret" not in page.text
    assert page.headers["X-Request-Id"] in page.text
    assert "secret of ours" in caplog.text


def test_an_error_below_api_is_a_problem_document(client: FlaskClient) -> None:
    assert client.get("/api/v1/yok").content_type == "application/problem+json"


@pytest.mark.parametrize(
    "address",
    [*PAGES, "/yok", "/ara?q=kar&sayfa=x", "/static/kupur.css", "/api/v1/search?q=kar", "/api/x"],
)
def test_every_response_has_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    for name in HEADERS:
        assert name in headers
    assert headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_holds_no_script_no_inline_style_and_nothing_from_elsewhere(
    client: FlaskClient, address: str
) -> None:
    page = client.get(address).text
    assert "<script" not in page
    assert "<style" not in page
    assert not re.search(r"\son[a-z]+=|\sstyle=", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!example\.com/konsey")', page)


def test_static_files_may_be_kept_for_good_since_their_address_changes(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/kupur\.css\?v=\w+)"', client.get("/").text)
    assert address
    styles = client.get(address[1], buffered=True)
    assert "max-age=31536000" in styles.headers["Cache-Control"]
    fonts = re.findall(r'url\("(.*?)"\)', styles.text)
    assert len(fonts) == 2
    for font in fonts:
        assert client.get(f"/static/{font}", buffered=True).status_code == 200


def test_the_language_is_part_of_the_address_and_every_link_carries_it(client: FlaskClient) -> None:
    page = client.get("/ara?q=pazar&dil=en")
    assert '<html lang="en">' in page.text
    assert page.headers["Content-Language"] == "en"
    assert "26 articles" in text_of(page)
    own = [link for link in links(page) if link.startswith("/")]
    turkish = [link for link in own if "dil=en" not in link]
    assert turkish == ["/ara?q=pazar"]
    assert '<input type="hidden" name="dil" value="en">' in page.text
    assert '<article lang="tr">' in page.text
    assert '<html lang="tr">' in client.get("/ara?q=pazar&dil=xx").text


def test_no_page_sets_a_cookie(client: FlaskClient) -> None:
    for address in PAGES:
        assert (
            "Set-Cookie"
            not in client.get(f"{address}{'&' if '?' in address else '?'}dil=en").headers
        )


def test_home_tells_what_the_archive_holds(client: FlaskClient) -> None:
    page = client.get("/")
    words = text_of(page)
    assert "Kuzyaka arşivi" in words
    assert "28 haber" in words
    assert "2019–2021" in words
    assert "/ara?bolum=Yerel" in links(page)
    assert "/ara?baslangic=2020-01-01&bitis=2020-12-31" in links(page)


def test_an_empty_archive_says_how_to_fill_it(tmp_path: Path) -> None:
    (tmp_path / "bos.jsonl").write_text("{}\n", "utf-8")
    archive = tmp_path / "archive"
    kupur.run(["import", "--archive", str(archive), str(tmp_path / "bos.jsonl")])
    app = create_app(kupur.open_service(archive), Settings(archive_folder="var/archive"))
    page = app.test_client().get("/")
    assert page.status_code == 200
    assert "kupur import --archive var/archive" in text_of(page)


def test_an_article_without_a_date_is_shown_as_such(client: FlaskClient) -> None:
    assert "Tarihsiz" in text_of(client.get("/haber/tarihsiz"))


def test_a_head_request_is_answered_without_a_body(client: FlaskClient) -> None:
    answer = client.head("/ara?q=pazar")
    assert answer.status_code == 200
    assert answer.data == b""
