"""What pages look like to every reader: accessible, in light and dark, on phones, on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]

ADDRESSES = (
    "/",
    "/ara?q=kar",
    "/ara?q=guvenlik+kar&bolum=Spor&bolum=Yerel&baslangic=2005&bitis=2026&islec=ve",
    "/ara?q=hiçbiryerdegeçmeyen",
    "/ara?q=kar&baslangic=dün&sirala=hizli",
    "/ara?q=kar&sayfa=40",
    "/haber/deneme-kim?q=kim+jong-un",
    "/haber/deneme-kim/aciklama?q=kim+jong-un+heyetler+yok",
    "/haber/deneme-kim?q=kim+jong-un#isabet-2",
    "/haber/deneme-uzun?q=uzunsözcük",
    "/haber/yok",
    "/yok",
    "/yardim",
    "/hakkinda",
)

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}


def in_language(address: str, language: str) -> str:
    if language == "tr":
        return address
    path, mark, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}dil={language}{mark}{fragment}"


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        ("tr", "light", 1280),
        ("tr", "dark", 1280),
        ("en", "light", 1280),
        ("en", "dark", 1280),
        ("tr", "light", 360),
        ("en", "dark", 360),
    ],
)
def test_axe_finds_nothing(open_page: OpenPage, language: str, scheme: str, width: int) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    found = {}
    for address in ADDRESSES:
        page.goto(in_language(address, language))
        results = Axe().run(page, options=RULES)
        violations = results.response["violations"]
        if violations:
            found[address] = [
                (each["id"], each["impact"], [node["html"][:120] for node in each["nodes"][:3]])
                for each in violations
            ]
    assert found == {}


@pytest.mark.parametrize("width", [320, 360, 700, 1024, 1280])
def test_no_page_scrolls_sideways(open_page: OpenPage, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 740})
    long_query = "/ara?q=" + "uzunluktaşıransözcük" * 12
    for address in (*ADDRESSES, long_query, "/ara?q=uzunsözcük"):
        page.goto(address)
        size = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert size[0] <= size[1], (address, size)


def colours(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """() => {
            const body = getComputedStyle(document.documentElement);
            return {paper: body.backgroundColor, ink: body.color};
        }"""
    )
    return found


def lightness(colour: str) -> int:
    return sum(int(part) for part in colour.strip("rgba()").split(",")[:3])


def test_dark_is_dark_and_light_is_light(open_page: OpenPage) -> None:
    light = colours(open_page("/ara?q=kar", color_scheme="light"))
    dark = colours(open_page("/ara?q=kar", color_scheme="dark"))
    assert lightness(light["paper"]) - lightness(light["ink"]) > 600
    assert lightness(dark["ink"]) - lightness(dark["paper"]) > 500


def test_both_fonts_are_ours_and_load(open_page: OpenPage) -> None:
    page = open_page("/haber/deneme-kim")
    # Not wait_for_function: where it has to poll, our Content-Security-Policy forbids its eval.
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert {name.strip('"') for name in loaded} == {"Newsreader", "Schibsted Grotesk"}


def test_lines_of_an_article_have_a_readable_measure(open_page: OpenPage) -> None:
    page = open_page("/haber/deneme-kim", viewport={"width": 1400, "height": 900})
    body = page.locator(".story-body")
    width = page.evaluate(
        """() => {
            const style = getComputedStyle(document.querySelector(".story-body"));
            const pen = new OffscreenCanvas(10, 10).getContext("2d");
            pen.font = `${style.fontSize} ${style.fontFamily}`;
            return pen.measureText("Kabul edilen heyet dün akşam başkente ulaştı").width / 44;
        }"""
    )
    box = body.bounding_box()
    assert box
    assert 55 <= box["width"] / width <= 80


def test_on_paper_only_the_article_remains(open_page: OpenPage) -> None:
    page = open_page("/haber/deneme-kim?q=kim")
    page.emulate_media(media="print")
    expect(page.locator(".story h1")).to_be_visible()
    for gone in (".stepper", ".masthead search", ".colophon", ".back"):
        expect(page.locator(gone)).to_be_hidden()


def test_motion_stops_where_the_reader_wants_none(open_page: OpenPage) -> None:
    page = open_page("/haber/deneme-kim", reduced_motion="reduce")
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(behaviour) == "auto"
