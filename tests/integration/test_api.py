"""The endpoint, from a request to the documented JSON, over a real archive."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import kupur
from index.errors import EngineError
from search.request import SearchRequest
from search.results import ResultPage
from search.service import SearchService
from web.api_request import HIGHLIGHT
from web.app import create_app
from web.parameters import API_PARAMETERS
from web.problem_texts import PROBLEMS

API_DOCS = (Path(__file__).parent.parent.parent / "docs" / "api.md").read_text("utf-8")


@pytest.fixture(scope="module")
def app(news: Path) -> Flask:
    # A busy machine is no fault of the query; the limit itself is tested in tests/unit.
    return create_app(kupur.open_service(news, seconds=60))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def answer(client: FlaskClient, path: str, **headers: str) -> Any:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, response.text
    return json.loads(response.data)


def search(client: FlaskClient, **parameters: Any) -> Any:
    response = client.get("/api/v1/search", query_string=parameters)
    assert response.status_code == 200, response.text
    return json.loads(response.data)


def problem(response: TestResponse, status: int) -> Any:
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    document = json.loads(response.data)
    assert document["status"] == status
    return document


def ids(found: Any) -> list[str]:
    return [hit["id"] for hit in found["results"]]


def test_a_search_finds_marks_and_counts(client: FlaskClient) -> None:
    found = search(client, q="güvenlik konseyi")
    assert found["total"] == {"value": 1, "relation": "eq"}
    (hit,) = found["results"]
    assert (hit["id"], hit["published"]) == ("konsey-1", "2019-03-01T09:12:00+03:00")
    assert any("<mark>Konseyi’nin</mark>" in each["html"] for each in hit["highlights"])


def test_highlights_point_into_the_article(client: FlaskClient) -> None:
    (hit,) = search(client, q="konsey")["results"]
    article = answer(client, "/api/v1/articles/konsey-1")
    for each in hit["highlights"]:
        text = article[each["field"]][each["start"] : each["end"]]
        assert text == unescape(re.sub("</?mark>", "", each["html"]))
        marked = [article[each["field"]][mark["start"] : mark["end"]] for mark in each["marks"]]
        assert marked == [unescape(word) for word in re.findall("<mark>(.*?)</mark>", each["html"])]


def test_markup_in_an_article_stays_text(client: FlaskClient) -> None:
    text = json.dumps(search(client, q="uzmanlar")["results"][0]["highlights"])
    assert "&lt;script&gt;" in text
    assert "<script" not in text


def test_pages_neither_lose_nor_double_a_hit(client: FlaskClient) -> None:
    path: str | None = "/api/v1/search?q=pazar&per_page=7&sort=newest"
    seen: list[str] = []
    while path:
        found = answer(client, path)
        seen += ids(found)
        path = found["links"]["next"]
    assert len(seen) == len(set(seen)) == found["total"]["value"] == 26


def test_undated_articles_come_last_in_both_orders_of_time(client: FlaskClient) -> None:
    newest = ids(search(client, q="pazar", sort="newest", per_page=50))
    oldest = ids(search(client, q="pazar", sort="oldest", per_page=50))
    assert newest[0] == "pazar-25"
    assert oldest[0] == "pazar-01"
    assert newest[-1] == oldest[-1] == "tarihsiz"


def test_a_page_past_the_end_is_empty_and_leads_back(client: FlaskClient) -> None:
    found = search(client, q="pazar", page=40)
    assert found["results"] == []
    assert found["total"]["value"] == 26
    assert found["links"]["prev"] == "/api/v1/search?q=pazar&page=3"


@pytest.mark.parametrize(
    ("narrowing", "count"),
    [
        ({"from": "2020-01-10", "to": "2020-01-12"}, 3),
        ({"from": "2020", "to": "2020"}, 25),
        ({"to": "2019"}, 0),
        ({"section": "Ekonomi"}, 12),
        ({"section": ["Ekonomi", "Yerel"]}, 25),
        ({"section": "Ekonomi", "source": "Ova Ajansı"}, 4),
        ({"section": "Yok"}, 0),
    ],
)
def test_filters_narrow(client: FlaskClient, narrowing: dict[str, Any], count: int) -> None:
    assert search(client, q="pazar", **narrowing)["total"]["value"] == count


def test_a_day_ends_at_turkish_midnight(client: FlaskClient) -> None:
    assert ids(search(client, q="konsey", **{"from": "2019-03-01", "to": "2019-03-01"}))
    assert not ids(search(client, q="konsey", to="2019-02-28"))
    assert not ids(search(client, q="konsey", **{"from": "2019-03-02"}))


def test_the_ends_of_the_calendar_are_dates_as_well(client: FlaskClient) -> None:
    found = search(client, q="pazar", **{"from": "0001", "to": "9999"})
    assert found["total"]["value"] == 25


def test_facets_count_all_matches(client: FlaskClient) -> None:
    found = search(client, q="pazar", facets="section,year", section="Ekonomi", per_page=1)
    sections = {each["value"]: each for each in found["facets"]["section"]}
    assert (sections["Ekonomi"]["count"], sections["Ekonomi"]["selected"]) == (12, True)
    assert found["facets"]["year"] == [{"value": "2020", "count": 12, "selected": False}]


def test_a_histogram_counts_all_matches_by_their_date(client: FlaskClient) -> None:
    found = search(client, q="pazar", histogram="year", per_page=1)
    histogram = found["histogram"]
    assert histogram["interval"] == "year"
    counted = sum(bucket["count"] for bucket in histogram["buckets"])
    assert counted + histogram["undated"] == found["total"]["value"]
    assert {bucket["key"] for bucket in histogram["buckets"]} >= {"2020"}
    day = search(client, q="konsey", histogram="auto", **{"from": "2019-03-01", "to": "2019-03-01"})
    assert day["histogram"]["interval"] == "day"
    assert [bucket["key"] for bucket in day["histogram"]["buckets"]] == ["2019-03-01"]
    assert search(client, q="pazar")["histogram"] is None


def test_wildcards_and_fuzzy_words_find_and_mark(client: FlaskClient) -> None:
    for query in ("kon*eyi", "kons?yi", "konsyei~"):
        found = search(client, q=query)
        assert found["total"]["value"], query
        assert "<mark>" in str(found["results"][0]["highlights"]), query


def test_without_a_query_every_article_is_found(client: FlaskClient) -> None:
    assert search(client)["total"]["value"] == 28


def test_every_word_can_be_required(client: FlaskClient) -> None:
    assert search(client, q="pazar konsey")["total"]["value"] == 27
    assert search(client, q="pazar konsey", op="and")["total"]["value"] == 0


@pytest.mark.parametrize(
    "query",
    ['"', "-", "--", '"açık', "😀", "\x00kar\x00", "\u202ekar", "'", "AND OR NOT",
     "(((", "kar~~5", "{{7-7}}", "%", "\\", "٣", "ﬁ", "İ" * 512],
)  # fmt: skip
def test_no_query_raises(client: FlaskClient, query: str) -> None:
    assert search(client, q=query)["query"]["q"] == query


def test_broken_utf_8_in_an_address_raises_nothing(client: FlaskClient) -> None:
    assert client.get("/api/v1/search?q=%ff%fe").status_code == 200


def test_an_article_is_given_whole(client: FlaskClient) -> None:
    article = answer(client, "/api/v1/articles/konsey-1")
    kinds = [
        (block["kind"], article["body"][block["start"] : block["end"]])
        for block in article["blocks"]
    ]
    assert [kind for kind, _ in kinds] == ["paragraph", "heading", "paragraph"]
    assert kinds[1][1] == "Oylama"
    assert article["tags"] == ["BM"]


def test_an_explanation_adds_up_to_the_score_of_the_search(client: FlaskClient) -> None:
    asked = {"q": "konsey toplantisi", "section": "Dünya"}
    (hit,) = search(client, **asked)["results"]
    response = client.get("/api/v1/explain/konsey-1", query_string=asked)
    explained = json.loads(response.data)
    assert explained["found"] is True
    assert explained["score"] == pytest.approx(hit["score"], abs=1e-4)
    assert sum(word["score"] for word in explained["words"]) == pytest.approx(
        hit["score"], abs=1e-4
    )
    for word in explained["words"]:
        assert sum(part["score"] for part in word["parts"]) == pytest.approx(
            word["score"], abs=1e-4
        )
    found = {word["typed"]: [each["text"] for each in word["found"]] for word in explained["words"]}
    assert found == {"konsey": ["Konseyi", "Konseyi’nin"], "toplantisi": ["toplandı", "toplantısı"]}


def test_what_a_search_does_not_find_is_explained_as_such(client: FlaskClient) -> None:
    path = "/api/v1/explain/konsey-1?q=konsey&section=Yerel"
    explained = json.loads(client.get(path).data)
    assert (explained["found"], explained["score"], explained["words"]) == (False, 0.0, [])


def test_there_is_no_explanation_of_an_unknown_article(client: FlaskClient) -> None:
    response = client.get("/api/v1/explain/no-such-article?q=kar")
    assert problem(response, 404)["code"] == "unknown_article"


def test_an_analysis_has_offsets_into_the_text(client: FlaskClient) -> None:
    text = "İzmir’in %20'si"
    response = client.get("/api/v1/analyze", query_string={"text": text})
    surfaces = json.loads(response.data)["surfaces"]
    assert [each["text"] for each in surfaces] == ["İzmir’in", "%20'si"]
    for surface in surfaces:
        assert text[surface["start"] : surface["end"]] == surface["text"]
    (izmir,), (percent, twenty) = (surface["words"] for surface in surfaces)
    assert (izmir["exact"], izmir["five"], izmir["four"]) == ("izmir", "izmir", "izmi")
    assert (percent["exact"], twenty["exact"]) == ("yüzde", "20")
    assert text[percent["start"] : percent["end"]] == "%"


def test_a_text_too_long_to_analyse_is_refused(client: FlaskClient) -> None:
    response = client.get("/api/v1/analyze", query_string={"text": "k" * 10_001})
    assert problem(response, 400)["code"] == "text_too_long"


def test_an_unknown_article_is_a_404(client: FlaskClient) -> None:
    document = problem(client.get("/api/v1/articles/yok"), 404)
    assert document["code"] == "unknown_article"


def test_figures_add_up(client: FlaskClient) -> None:
    figures = answer(client, "/api/v1/stats")
    assert figures["articles"] == 28
    assert (figures["first_day"], figures["last_day"]) == ("2019-03-01", "2021-05-06")
    assert figures["words"] > 100
    assert figures["archive_bytes"] > 0
    assert figures["index_bytes"] > 0


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_healthy_server_says_so(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert json.loads(response.data)["status"] == "ok"
    assert response.headers["Cache-Control"] == "no-store"


def test_everything_that_is_wrong_is_reported_at_once(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?from=dün&sayfa=2&page=0&sort=best&per_page=99&q=kar")
    document = problem(response, 400)
    assert document["code"] == "invalid_parameters"
    assert [(each["param"], each["code"]) for each in document["errors"]] == [
        ("from", "invalid_date"),
        ("sayfa", "unknown_parameter"),
        ("page", "invalid_number"),
        ("sort", "invalid_choice"),
        ("per_page", "invalid_per_page"),
    ]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("search?per_page=51", "invalid_per_page"),
        ("search?page=101", "page_too_deep"),
        ("search?from=2020&to=2019", "invalid_date_range"),
        ("search?q=a&q=b", "repeated_parameter"),
        ("search?highlight=html", "invalid_choice"),
        ("search?facets=section,city", "invalid_choice"),
        ("search?q=" + "a" * 513, "query_too_long"),
        ("search?q=" + "+".join(f"a{n}" for n in range(33)), "too_many_words"),
        ("search?q=a*", "wildcard_too_early"),
        ("search?q=*pazar", "wildcard_too_early"),
        ("search?q=pazar~2", "fuzzy_too_far"),
        ("search?q=kar~", "fuzzy_too_short"),
        ("search?q=pazar~+konsey~+haber~+bakan~", "too_many_fuzzy"),
        ("search?histogram=week", "invalid_choice"),
        ("articles/konsey-1?q=kar", "unknown_parameter"),
        ("stats?x=1", "unknown_parameter"),
    ],
)
def test_what_is_wrong_has_a_stable_code(client: FlaskClient, address: str, code: str) -> None:
    document = problem(client.get(f"/api/v1/{address}"), 400)
    assert document["code"] == document["errors"][0]["code"] == code
    assert document["type"] == f"/problems/{code.replace('_', '-')}"


def test_problems_follow_the_language_of_the_reader(client: FlaskClient) -> None:
    told = {}
    for header in ("tr", "en-GB,en;q=0.9", "de", ""):
        response = client.get("/api/v1/search?from=x", headers={"Accept-Language": header})
        told[header] = problem(response, 400)["title"]
        assert "Accept-Language" in response.headers["Vary"]
    assert told == {
        "tr": "Geçersiz tarih",
        "en-GB,en;q=0.9": "Invalid date",
        "de": "Geçersiz tarih",
        "": "Geçersiz tarih",
    }


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/", "/api/v2/search", "/api/v1/articles/"]
)
def test_an_unknown_address_is_a_problem_document(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert problem(response, 404)["code"] == "not_found"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_another_method_is_refused_with_the_allowed_ones(client: FlaskClient, method: str) -> None:
    response = client.open("/api/v1/search?q=kar", method=method)
    assert problem(response, 405)["code"] == "method_not_allowed"
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_head_gives_the_headers_of_get_without_a_body(client: FlaskClient) -> None:
    got, head = client.get("/api/v1/search?q=pazar"), client.head("/api/v1/search?q=pazar")
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Link"] == got.headers["Link"]


def test_a_script_of_another_site_may_ask_first(client: FlaskClient) -> None:
    response = client.options("/api/v1/search")
    assert response.status_code == 200
    assert response.data == b""
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_an_unchanged_answer_is_a_304(client: FlaskClient) -> None:
    first = client.get("/api/v1/search?q=pazar&page=1")
    assert first.headers["Cache-Control"] == "public, no-cache"
    # Another spelling of the same request is the same answer.
    again = client.get(
        "/api/v1/search?page=&q=pazar", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_another_answer_has_another_validator(client: FlaskClient) -> None:
    tags = {
        client.get(path).headers["ETag"]
        for path in (
            "/api/v1/search?q=pazar",
            "/api/v1/search?q=pazar&page=2",
            "/api/v1/search?q=pazar&highlight=none",
            "/api/v1/articles/konsey-1",
        )
    }
    assert len(tags) == 4


def test_the_link_header_leads_to_the_neighbours(client: FlaskClient) -> None:
    link = client.get("/api/v1/search?q=pazar&page=2").headers["Link"]
    assert '</api/v1/search?q=pazar&page=3>; rel="next"' in link
    assert '</api/v1/search?q=pazar>; rel="prev"' in link
    assert '</ara?q=pazar&sayfa=2>; rel="alternate"; type="text/html"' in link


def test_a_request_keeps_its_harmless_id(client: FlaskClient) -> None:
    kept = client.get("/healthz", headers={"X-Request-Id": "trace-42"})
    assert kept.headers["X-Request-Id"] == "trace-42"
    for bad in ("a b", "x" * 65, "<x>"):
        replaced = client.get("/healthz", headers={"X-Request-Id": bad}).headers["X-Request-Id"]
        assert re.fullmatch("[0-9a-f]{16}", replaced)


def test_every_page_has_a_request_id(client: FlaskClient) -> None:
    first, second = (client.get("/").headers["X-Request-Id"] for _ in range(2))
    assert first != second


class Failing(SearchService):
    """A service whose every search ends in `error`."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def search(self, request: SearchRequest) -> ResultPage:  # noqa: ARG002 - fails whatever it is
        raise self.error


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.ERROR):
        yield caplog


def test_a_failing_world_is_a_503_that_says_when_to_try_again(
    log: pytest.LogCaptureFixture,
) -> None:
    client = create_app(Failing(EngineError("/secret/place: gone"))).test_client()
    for path in ("/api/v1/search?q=kar", "/readyz"):
        response = client.get(path)
        assert problem(response, 503)["code"] == "unavailable"
        assert int(response.headers["Retry-After"]) > 0
        assert response.headers["Cache-Control"] == "no-store"
        assert b"secret" not in response.data
    assert "/secret/place: gone" in log.text
    assert client.get("/healthz").status_code == 200


def test_a_bug_is_a_500_that_tells_nothing_and_is_logged(log: pytest.LogCaptureFixture) -> None:
    client = create_app(Failing(ValueError("secret inside"))).test_client()
    response = client.get("/api/v1/search?q=kar", headers={"X-Request-Id": "trace-43"})
    document = problem(response, 500)
    assert document["code"] == "internal_error"
    assert "trace-43" in document["detail"]
    assert b"secret" not in response.data
    assert b"Traceback" not in response.data
    assert "trace-43" in log.text
    assert "secret inside" in log.text


def keys(value: Any) -> set[str]:
    """Return every name in a JSON value."""
    if isinstance(value, dict):
        return set(value) | set().union(*map(keys, value.values()))
    if isinstance(value, list):
        return set().union(*map(keys, value))
    return set()


def documented_examples() -> list[Any]:
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", API_DOCS, re.DOTALL)]


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("/api/v1/search?q=pazar&page=2&facets=section&histogram=year", 0),
        ("/api/v1/articles/konsey-1", 1),
        ("/api/v1/explain/konsey-1?q=konsey+karari", 2),
        ("/api/v1/analyze?text=kar", 3),
        ("/api/v1/stats", 4),
        ("/api/v1/search?from=x", 5),
    ],
)
def test_answers_have_the_fields_of_the_documentation(
    client: FlaskClient, path: str, example: int
) -> None:
    shown = documented_examples()[example]
    given = json.loads(client.get(path).data)
    assert list(given) == list(shown)
    # Repairs and highlights only occur where there are some.
    rare = {"kind", "typed", "used"}
    assert keys(given) | rare == keys(shown) | rare


def test_every_parameter_and_code_is_documented() -> None:
    for parameter in (*API_PARAMETERS, HIGHLIGHT):
        assert f"`{parameter.name}`" in API_DOCS
    for code, text in PROBLEMS.items():
        assert re.search(rf"\| {text.status} \|[^|]*`{code}`", API_DOCS), code
