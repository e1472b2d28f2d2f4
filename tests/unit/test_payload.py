"""Results, articles and figures become the documented JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from index.article import ISTANBUL, Article, Block, BlockKind
from search.engine import Histogram
from search.request import FacetField, Interval, Match, SearchRequest, Sort
from search.results import (
    ArchiveStats,
    FacetValue,
    Hit,
    Repair,
    RepairKind,
    ResultPage,
    Snippet,
    Span,
)
from web.parameters import API_PARAMETERS, PAGE_PARAMETERS, read_search
from web.payload import (
    Highlight,
    article_path,
    article_payload,
    marked_html,
    search_payload,
    stats_payload,
    to_json,
)

BODY = "Güvenlik Konseyi’nin kararı <açıklandı>. Kar & kış geldi."

ARTICLE = Article(
    id="gk-1",
    title="Konsey & karar",
    blocks=(
        Block(BlockKind.PARAGRAPH, BODY),
        Block(BlockKind.HEADING, "Ara başlık"),
        Block(BlockKind.PARAGRAPH, "Son."),
    ),
    published=datetime(2019, 3, 1, 9, 12, tzinfo=ISTANBUL),
    section="dünya",
    source="Örnek Ajans",
    authors=("Ayşe Öz",),
    tags=("BM",),
    source_url="https://ornek.invalid/gk-1",
)

HIT = Hit(
    article=ARTICLE,
    score=12.345678,
    title_spans=(Span(0, 6),),
    snippets=(Snippet(text=BODY[9:], start=9, spans=(Span(0, 11), Span(32, 35))),),
)


def page_of(request: SearchRequest, *hits: Hit, total: int = 1) -> ResultPage:
    return ResultPage(
        request=request,
        interpreted=request.q,
        total=total,
        took_ms=3.14159,
        generation=42,
        hits=hits,
    )


def links_of(request: SearchRequest, total: int) -> dict[str, str | None]:
    links: dict[str, str | None] = search_payload(page_of(request, total=total))["links"]
    return links


def test_a_hit_has_the_documented_fields() -> None:
    (hit,) = search_payload(page_of(SearchRequest(q="konsey"), HIT))["results"]
    del hit["highlights"]
    assert hit == {
        "id": "gk-1",
        "url": "/haber/gk-1",
        "source_url": "https://ornek.invalid/gk-1",
        "title": "Konsey & karar",
        "source": "Örnek Ajans",
        "section": "dünya",
        "authors": ["Ayşe Öz"],
        "published": "2019-03-01T09:12:00+03:00",
        "score": 12.3457,
    }


def test_highlights_are_escaped_text_and_marks() -> None:
    (hit,) = search_payload(page_of(SearchRequest(q="konsey"), HIT))["results"]
    title, body = hit["highlights"]
    assert title["field"] == "title"
    assert title["html"] == "<mark>Konsey</mark> &amp; karar"
    assert body["html"] == (
        "<mark>Konseyi’nin</mark> kararı &lt;açıklandı&gt;. <mark>Kar</mark> &amp; kış geldi."
    )


def test_highlight_offsets_point_into_the_body() -> None:
    (hit,) = search_payload(page_of(SearchRequest(q="konsey"), HIT))["results"]
    highlight = hit["highlights"][1]
    plain = unescape(highlight["html"].replace("<mark>", "").replace("</mark>", ""))
    assert ARTICLE.body[highlight["start"] : highlight["end"]] == plain
    marks = [ARTICLE.body[mark["start"] : mark["end"]] for mark in highlight["marks"]]
    assert marks == ["Konseyi’nin", "Kar"]


def test_highlights_as_offsets_hold_plain_text() -> None:
    page = page_of(SearchRequest(q="konsey"), HIT)
    (hit,) = search_payload(page, Highlight.OFFSETS)["results"]
    assert hit["highlights"][1]["text"] == BODY[9:]
    assert "html" not in hit["highlights"][1]


def test_highlights_can_be_left_out() -> None:
    (hit,) = search_payload(page_of(SearchRequest(q="konsey"), HIT), Highlight.NONE)["results"]
    assert hit["highlights"] == []


def test_the_query_tells_what_was_understood() -> None:
    page = ResultPage(
        request=SearchRequest(q="isik", match=Match.EXACT),
        interpreted="ışık",
        total=0,
        took_ms=0,
        generation=1,
        hits=(),
        repairs=(Repair(RepairKind.DIACRITICS, "isik", "ışık"),),
        warnings=("unbalanced_quote",),
        did_you_mean="ışık",
    )
    payload = search_payload(page)
    assert payload["query"] == {
        "q": "isik",
        "interpreted": "ışık",
        "match": "exact",
        "op": "or",
        "sort": "relevance",
        "repairs": [{"kind": "diacritics", "typed": "isik", "used": "ışık"}],
        "warnings": ["unbalanced_quote"],
    }
    assert payload["did_you_mean"] == "ışık"
    assert payload["total"] == {"value": 0, "relation": "eq"}


def test_facets_keep_their_order_and_say_what_is_selected() -> None:
    page = ResultPage(
        request=SearchRequest(sections=("spor",), facets=(FacetField.SECTION,)),
        interpreted="",
        total=3,
        took_ms=1,
        generation=1,
        hits=(),
        facets={FacetField.SECTION: (FacetValue("spor", 3, selected=True), FacetValue("dünya", 2))},
    )
    assert search_payload(page)["facets"] == {
        "section": [
            {"value": "spor", "count": 3, "selected": True},
            {"value": "dünya", "count": 2, "selected": False},
        ]
    }


def test_a_histogram_is_there_where_it_was_asked_for() -> None:
    page = ResultPage(
        request=SearchRequest(histogram=Interval.AUTO),
        interpreted="",
        total=4,
        took_ms=1,
        generation=1,
        hits=(),
        histogram=Histogram(Interval.MONTH, (("2019-02", 1), ("2019-03", 2)), 1),
    )
    assert search_payload(page)["histogram"] == {
        "interval": "month",
        "buckets": [{"key": "2019-02", "count": 1}, {"key": "2019-03", "count": 2}],
        "undated": 1,
    }
    assert search_payload(replace(page, histogram=None))["histogram"] is None


def test_links_lead_to_the_neighbours() -> None:
    links = links_of(SearchRequest(q="kar kış", page=2), total=25)
    assert links["self"] == "/api/v1/search?q=kar+k%C4%B1%C5%9F&page=2"
    assert links["next"] == "/api/v1/search?q=kar+k%C4%B1%C5%9F&page=3"
    assert links["prev"] == "/api/v1/search?q=kar+k%C4%B1%C5%9F"
    assert links["html"] == "/ara?q=kar+k%C4%B1%C5%9F&sayfa=2"


def test_there_is_nothing_before_the_first_and_after_the_last_page() -> None:
    assert links_of(SearchRequest(q="kar"), total=10)["next"] is None
    assert links_of(SearchRequest(q="kar"), total=11)["next"] is not None
    assert links_of(SearchRequest(q="kar"), total=11)["prev"] is None


def test_from_beyond_the_end_the_way_back_is_the_last_page() -> None:
    links = links_of(SearchRequest(q="kar", page=40), total=25)
    assert links["next"] is None
    assert links["prev"] == "/api/v1/search?q=kar&page=3"


def test_links_spell_the_same_search() -> None:
    request = SearchRequest(
        q='"a&b" +?=', sections=("kültür-sanat", "spor"), sort=Sort.NEWEST, page=2, per_page=5
    )
    links = links_of(request, total=8)
    for name, table in (("self", API_PARAMETERS), ("html", PAGE_PARAMETERS)):
        pairs = parse_qsl(urlsplit(links[name] or "").query)
        read = read_search(pairs, table)
        assert (read.q, read.sections, read.page) == (request.q, request.sections, 2)


def test_an_article_gives_its_blocks_as_ranges_of_its_body() -> None:
    payload = article_payload(ARTICLE)
    body = payload["body"]
    blocks = [(block["kind"], body[block["start"] : block["end"]]) for block in payload["blocks"]]
    assert blocks == [("paragraph", BODY), ("heading", "Ara başlık"), ("paragraph", "Son.")]
    assert payload["url"] == "/haber/gk-1"
    assert payload["tags"] == ["BM"]
    assert payload["language"] == "tr"


@pytest.mark.parametrize(
    ("published", "written"),
    [
        (None, None),
        (date(2005, 1, 2), "2005-01-02"),
        (datetime(2005, 1, 2, 3, 4, tzinfo=UTC), "2005-01-02T03:04:00+00:00"),
        (datetime(2005, 1, 2, 3, 4, tzinfo=ISTANBUL), "2005-01-02T03:04:00+02:00"),
    ],
)
def test_dates_are_iso_8601_and_no_more_exact_than_known(
    published: date | None, written: str | None
) -> None:
    article = Article(id="a", title="", blocks=(), published=published)
    assert article_payload(article)["published"] == written


def test_an_id_is_quoted_in_its_address() -> None:
    assert article_path("a/b ç?") == "/haber/a%2Fb%20%C3%A7%3F"


def test_adjacent_marks_stay_apart() -> None:
    assert marked_html("ab<", [Span(0, 1), Span(1, 2)]) == "<mark>a</mark><mark>b</mark>&lt;"


def test_figures_of_an_empty_archive_have_no_days() -> None:
    stats = ArchiveStats(0, 0, 0, 0, "", "", 1, 0, 4096, 0)
    payload = stats_payload(stats)
    assert payload["first_day"] is None
    assert payload["last_day"] is None
    assert payload["archive_bytes"] == 4096


def test_json_is_one_line_with_turkish_letters() -> None:
    text = to_json(article_payload(ARTICLE))
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    assert "Güvenlik" in text
    assert json.loads(text)["id"] == "gk-1"


def test_no_link_leads_beyond_what_can_be_paged() -> None:
    assert links_of(SearchRequest(q="kar", page=19, per_page=50), total=5000)["next"] is not None
    assert links_of(SearchRequest(q="kar", page=20, per_page=50), total=5000)["next"] is None
