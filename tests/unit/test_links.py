"""Addresses of searches are those that `url_for` would write, with the language carried along."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, url_for

from web.links import Links

AWKWARD = ("kar yağışı", '"a b"~3', "a+b&c=d", "100%", "#?/:;@,!$'()*", "İ\u0307", "")


@pytest.mark.parametrize("q", AWKWARD)
def test_an_address_is_written_as_url_for_writes_it(q: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/ara", "search", lambda: "")
    parameters: dict[str, Any] = {
        "q": [q],
        "bolum": ["Yurt", "Spor & Kültür"],
        "sayfa": 3,
        "sirala": None,
    }
    with app.test_request_context():
        assert Links("/ara", "/haber/", {}).to_search(**parameters) == url_for(
            "search", **parameters
        )


@pytest.mark.parametrize("id", [*filter(None, AWKWARD), "a/b", "ç%2F", "~x^{|}`"])
def test_an_article_has_the_address_that_url_for_writes(id: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/haber/<path:id>", "article", lambda **_: "")
    with app.test_request_context():
        expected = url_for("article", id=id, q="kar")
    assert Links("/ara", "/haber/", {}).to_article(id, q="kar") == expected


def test_without_parameters_the_address_is_the_path() -> None:
    assert Links("/arsiv/ara", "/arsiv/haber/", {}).to_search() == "/arsiv/ara"


def test_what_is_carried_comes_last_and_only_where_nothing_else_is_said() -> None:
    links = Links("/ara", "/haber/", {"dil": "en"})
    assert links.to_search(q="kar") == "/ara?q=kar&dil=en"
    assert links.to_search(dil="tr") == "/ara?dil=tr"
    assert links.to_search(q="kar", dil=None) == "/ara?q=kar"
