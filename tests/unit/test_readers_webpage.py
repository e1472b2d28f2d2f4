"""Saved web pages: the story without the page around it, and what the page says of itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from index.article import Block, BlockKind, derive_id
from index.errors import ArticleError, SourceError
from index.readers import webpage

STORY = """
<h1>Körfez’de balık bereketi</h1>
<p class="spot">Balıkçılar ağlarını umduklarından dolu çekti.</p>
<p>İzmir Körfezi’nde sezonun ilk haftasında tutulan balık miktarı geçen yılın iki katına çıktı.
Foça’daki kooperatifin başkanı Hüseyin Işık, “Uzun zamandır böyle bir bolluk görmedik”
dedi.<br>Kooperatif 40 tekneyle çalışıyor.</p>
<h2>Fiyatlar düştü</h2>
<p>Halde sardalyanın kilosu 20 liradan 12 liraya indi. <b>Esnaf</b>, tezgâhların uzun süre böyle
dolu kalmasını beklemiyor.</p>
<ul><li>Sardalya: 12 lira</li><li>Çipura: 45 lira</li></ul>
<blockquote><p>Deniz bize yeniden güldü.</p></blockquote>
<table><tr><th>Balık</th><th>Fiyat</th></tr><tr><td>Lüfer</td><td>80 lira</td></tr></table>
<h3>Gözler Marmara’da</h3>
<p>Uzmanlar, su sıcaklığının normale dönmesinin göçü hızlandırdığını söylüyor. Elif Kaya’ya göre
<i>palamut</i> da yolda; ilk sürülerin ay sonunda boğaza varması bekleniyor.</p>
"""
HEAD = """
<title>Körfez’de balık bereketi - Kıyı Gazetesi</title>
<meta property="og:title" content="Körfez’de balık bereketi">
<meta property="og:site_name" content="Kıyı Gazetesi">
<meta property="article:published_time" content="2019-03-12T09:12:00+03:00">
<meta property="article:section" content="Ekonomi">
<meta name="author" content="Ayşe Demir; Can Öz">
<meta name="keywords" content="balık, körfez">
<link rel="canonical" href="https://kiyi.example/ekonomi/korfezde-balik">
"""


def page(head: str = HEAD, story: str = STORY, *, language: str = "tr") -> str:
    """Return a page as newspapers build them: a menu, a story, other stories, a footer."""
    return f"""<!DOCTYPE html><html lang="{language}">
    <head><meta charset="utf-8">{head}</head><body>
    <nav><ul><li><a href="/">Ana Sayfa</a></li><li><a href="/spor">Spor</a></li></ul></nav>
    <main><article>{story}</article></main>
    <aside><h3>Çok okunanlar</h3><ul><li><a href="/1">Gizemli dronlar görüldü</a></li></ul></aside>
    <section class="comments"><p>Okur yorumu: Balık pahalı.</p></section>
    <script>var reklam = "Hemen abone olun";</script>
    <footer>© 2024 Kıyı Gazetesi. Tüm hakları saklıdır.</footer></body></html>"""


def linked_data(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def test_the_story_is_read_with_its_subheadings_lists_and_tables() -> None:
    article = webpage.read(page().encode())
    assert article.blocks == (
        Block(BlockKind.PARAGRAPH, "Balıkçılar ağlarını umduklarından dolu çekti."),
        Block(
            BlockKind.PARAGRAPH,
            "İzmir Körfezi’nde sezonun ilk haftasında tutulan balık miktarı geçen yılın iki katına "
            "çıktı. Foça’daki kooperatifin başkanı Hüseyin Işık, “Uzun zamandır böyle bir bolluk "
            "görmedik” dedi.",
        ),
        Block(BlockKind.PARAGRAPH, "Kooperatif 40 tekneyle çalışıyor."),
        Block(BlockKind.HEADING, "Fiyatlar düştü"),
        Block(
            BlockKind.PARAGRAPH,
            "Halde sardalyanın kilosu 20 liradan 12 liraya indi. Esnaf, tezgâhların uzun süre "
            "böyle dolu kalmasını beklemiyor.",
        ),
        Block(BlockKind.PARAGRAPH, "Sardalya: 12 lira"),
        Block(BlockKind.PARAGRAPH, "Çipura: 45 lira"),
        Block(BlockKind.PARAGRAPH, "Deniz bize yeniden güldü."),
        Block(BlockKind.PARAGRAPH, "Balık | Fiyat"),
        Block(BlockKind.PARAGRAPH, "Lüfer | 80 lira"),
        Block(BlockKind.HEADING, "Gözler Marmara’da"),
        Block(
            BlockKind.PARAGRAPH,
            "Uzmanlar, su sıcaklığının normale dönmesinin göçü hızlandırdığını söylüyor. Elif "
            "Kaya’ya göre palamut da yolda; ilk sürülerin ay sonunda boğaza varması bekleniyor.",
        ),
    )


def test_what_the_page_says_of_itself_is_read() -> None:
    article = webpage.read(page().encode())
    address = "https://kiyi.example/ekonomi/korfezde-balik"
    assert article.title == "Körfez’de balık bereketi"
    assert article.published == datetime(2019, 3, 12, 6, 12, tzinfo=UTC)
    assert article.section == "Ekonomi"
    assert article.source == "Kıyı Gazetesi"
    assert article.authors == ("Ayşe Demir", "Can Öz")
    assert article.tags == ("balık", "körfez")
    assert article.source_url == address
    assert article.id == derive_id(source_url=address)
    assert article.language == "tr"


def test_a_page_that_says_nothing_of_itself_is_read_all_the_same() -> None:
    article = webpage.read(page(head="").encode())
    assert article.title == "Körfez’de balık bereketi"
    assert article.published is None, "the year in the footer is no date"
    assert (article.source, article.authors, article.source_url) == ("", (), "")
    assert article.id == derive_id(title=article.title, body=article.body)


@pytest.mark.parametrize(
    "head",
    [
        '<meta itemprop="datePublished" content="12 Mart 2019">',
        '<meta name="pubdate" content="12.03.2019">',
        linked_data('{"@type": "NewsArticle", "datePublished": "2019-03-12"}'),
        linked_data('[{"@type": "WebSite"}, {"datePublished": "2019-03-12"}]'),
        linked_data('{"@graph": [{"@type": "WebSite"}, {"datePublished": "2019-03-12"}]}'),
        linked_data("{broken") + '<meta name="date" content="2019-03-12">',
        '<meta name="pubdate" content="bugün"><meta name="date" content="2019-03-12">',
    ],
)
def test_a_date_is_found_where_pages_put_it(head: str) -> None:
    assert webpage.read(page(head).encode()).published == date(2019, 3, 12)


def test_a_date_that_cannot_be_read_is_said() -> None:
    with pytest.raises(ArticleError, match="'bugün' cannot be read"):
        webpage.read(page('<meta name="pubdate" content="bugün">').encode())


def test_an_address_that_names_only_the_site_makes_no_id() -> None:
    head = '<link rel="canonical" href="https://kiyi.example/">'
    one, other = (
        webpage.read(page(head, STORY.replace("12 lira", price)).encode())
        for price in ("12 lira", "13 lira")
    )
    assert one.id != other.id


def test_a_script_address_is_not_kept() -> None:
    article = webpage.read(page('<link rel="canonical" href="javascript:alert(1)">').encode())
    assert not article.source_url.startswith("javascript")


def test_markup_that_is_text_stays_text() -> None:
    story = STORY.replace("Fiyatlar düştü", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; sonrası")
    texts = [block.text for block in webpage.read(page(story=story).encode()).blocks]
    assert "<script>alert(1)</script> & sonrası" in texts


@pytest.mark.parametrize("codec", ["cp1254", "iso8859_9"])
def test_old_turkish_pages_are_read_even_where_they_declare_latin_1(codec: str) -> None:
    text = page().replace("’", "'").replace("“", '"').replace("”", '"')
    for declared in (codec.replace("cp", "windows-"), "iso-8859-1"):
        old = text.replace('charset="utf-8"', f'charset="{declared}"')
        assert webpage.read(old.encode(codec)).title == "Körfez'de balık bereketi"


def test_an_xml_declaration_is_no_obstacle() -> None:
    text = '<?xml version="1.0" encoding="utf-8"?>' + page()
    assert webpage.read(text.encode()).title == "Körfez’de balık bereketi"


@pytest.mark.parametrize(
    "text", ["<html></html>", "<!-- -->", " \n", "<html><head><title>x</title></head></html>", "{}"]
)
def test_a_page_without_a_story_is_no_article(text: str) -> None:
    with pytest.raises(ArticleError, match=r"no (story|HTML)"):
        webpage.read(text.encode())


def test_a_picture_is_no_page() -> None:
    with pytest.raises(SourceError, match="picture"):
        webpage.read(b"\x89PNG\r\n\x1a\n" + bytes(100))


def test_deeply_nested_markup_breaks_nothing() -> None:
    text = page(story="<div>" * 5_000 + STORY + "</div>" * 5_000)
    try:
        article = webpage.read(text.encode())
    except ArticleError:
        return
    assert article.title
