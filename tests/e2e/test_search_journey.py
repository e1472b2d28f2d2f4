"""What a reader does: search, narrow, page, open, come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]


def search_for(page: Page, query: str) -> None:
    page.get_by_role("searchbox").fill(query)
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url(re.compile(r"/ara\?"))


def total(page: Page) -> int:
    found = re.match(r"([\d.]+) haber", page.locator(".tally").inner_text())
    assert found
    return int(found[1].replace(".", ""))


def test_a_search_shows_ranked_results_with_the_words_marked(page: Page) -> None:
    search_for(page, "kar kızakçı")
    expect(page).to_have_title("kar kızakçı – küpür")
    first = page.locator(".hit").first
    expect(first.locator("h2")).to_contain_text("Kızakçı Temel")
    marked = first.locator("mark").all_inner_texts()
    assert "Kızakçı" in marked
    assert all(re.match(r"(?i)k[aâ]r|kızak", word) for word in marked)
    expect(first.locator("time")).to_have_text("11 Ocak 2007")
    expect(page.locator(".tally")).to_contain_text(re.compile(r"\d+ haber.*ms"))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("KİM JONG-UN", "Kim Jong-un heyeti kabul etti"),
        ("kim jong un", "Kim Jong-un heyeti kabul etti"),
        ("ISPARTA UZATMA", "ISPARTA'DA 11 DAKİKALIK UZATMA"),
        ("ısparta uzatma", "ISPARTA'DA 11 DAKİKALIK UZATMA"),
        ("IŞILDAK FENERLERİ", "Işıldak’ın yolunu balıkçı fenerleri aydınlattı"),
        ("isildak fenerleri", "Işıldak’ın yolunu balıkçı fenerleri aydınlattı"),
    ],
)
def test_turkish_letters_in_any_spelling_find_the_same(page: Page, query: str, title: str) -> None:
    search_for(page, query)
    expect(page.get_by_role("searchbox")).to_have_value(query)
    expect(page.locator(".hit h2").first).to_have_text(title)


def test_a_whole_name_is_marked_with_its_suffix(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kuzey+kore")
    snippet = page.locator(".hit", has_text="Kim Jong-un heyeti").locator(".hit-snippet")
    assert {"Kuzey", "Kore’nin"} <= set(snippet.locator("mark").all_inner_texts())


def test_pages_lead_on_and_back_without_losing_or_doubling_a_result(open_page: OpenPage) -> None:
    page = open_page("/ara?q=haber+kar+belediye&sirala=yeni")
    expected = total(page)
    assert expected > 20
    seen: list[str] = []
    while True:
        seen += [link.get_attribute("href") or "" for link in page.locator(".hit h2 a").all()]
        following = page.locator(".pager a[rel=next]")
        if not following.count():
            break
        following.click()
        page.wait_for_load_state()
    paths = [href.split("?")[0] for href in seen]
    assert len(paths) == len(set(paths)) == expected
    expect(page.locator(".pager [aria-current=page]")).to_have_count(1)
    page.locator(".pager a[rel=prev]").click()
    expect(page.locator(".hit")).to_have_count(10)


def test_a_page_far_past_the_end_leads_back(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kar&sayfa=40")
    expect(page.get_by_role("heading", name="40. sayfa yok")).to_be_visible()
    page.get_by_role("link", name="Son sayfaya git").click()
    expect(page.locator(".hit").first).to_be_visible()


def test_filters_narrow_and_each_can_be_taken_off(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kar")
    before = total(page)
    section = page.locator(".filter-section .choice").first
    name, count = section.locator(".choice-label").inner_text(), section.locator(".count")
    wanted = int(count.inner_text())
    section.click()
    expect(page.locator(".chip")).to_have_count(1)
    assert total(page) == wanted < before
    assert set(page.locator(".origin-section").all_inner_texts()) == {name}
    expect(page.locator(".filter-section [aria-current]")).to_contain_text(name)
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert total(page) == before


def test_a_year_and_a_range_of_dates_narrow(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kar")
    year = page.locator(".filter-year .choice").first
    label = year.locator(".choice-label").inner_text()
    year.click()
    assert all(label in day for day in page.locator(".hit time").all_inner_texts())
    page.get_by_role("link", name=re.compile("^Kaldır")).click()
    page.get_by_label("Başlangıç").fill("3.2010")
    page.get_by_label("Bitiş").fill("2012")
    page.get_by_role("button", name="Uygula").click()
    expect(page.locator(".chip")).to_contain_text("1 Mart 2010 – 31 Aralık 2012")
    days = [each.get_attribute("datetime") or "" for each in page.locator(".hit time").all()]
    assert days
    assert all("2010-03-01" <= day[:10] <= "2012-12-31" for day in days)


def test_a_wrong_date_is_explained_where_it_was_typed(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kar")
    page.get_by_label("Başlangıç").fill("dün")
    page.get_by_role("button", name="Uygula").click()
    expect(page.get_by_role("alert")).to_contain_text("“dün” bir tarih değil")
    expect(page.get_by_role("searchbox")).to_have_value("kar")
    field = page.get_by_label("Başlangıç")
    expect(field).to_have_value("dün")
    expect(field).to_have_accessible_description(re.compile("“dün” bir tarih değil"))
    page.get_by_role("link", name="Bunlar olmadan ara").click()
    expect(page.locator(".hit").first).to_be_visible()


def test_orders_are_by_date_when_asked(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kar")
    for name, reverse in (("En yeni", True), ("En eski", False)):
        page.get_by_role("link", name=name).click()
        expect(page.locator(".orders [aria-current]")).to_have_text(name)
        days = [each.get_attribute("datetime") or "" for each in page.locator(".hit time").all()]
        assert [day[:10] for day in days] == sorted((day[:10] for day in days), reverse=reverse)


def test_an_article_leads_from_place_to_place_and_back_to_the_results(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kar+kâr&sirala=eski&sayfa=2")
    results = page.url
    page.locator(".hit h2 a").first.click()
    places = page.locator(".isabet")
    count = places.count()
    expect(page.locator(".stepper-count")).to_have_text(f"{count} yerde geçiyor")
    page.get_by_role("link", name="İlki").click()
    expect(page).to_have_url(re.compile(r"#isabet-1$"))
    expect(page.locator("#isabet-1 mark").first).to_be_in_viewport()
    steps = page.locator("#isabet-1 .isabet-steps")
    expect(steps).to_be_visible()
    expect(steps.locator(".step-at")).to_have_attribute("data-at", f"1/{count}")
    steps.get_by_role("link", name="Sonraki").click()
    expect(page).to_have_url(re.compile(rf"#isabet-{2 if count > 1 else 1}$"))
    expect(page.locator(".stepper")).to_be_hidden()
    page.get_by_role("link", name=re.compile("sonuçları$")).click()
    expect(page).to_have_url(results)


def test_the_back_button_returns_to_the_same_results(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kar&sayfa=2")
    titles = page.locator(".hit h2").all_inner_texts()
    page.locator(".hit h2 a").nth(3).click()
    expect(page.locator(".story h1")).to_have_text(titles[3])
    page.go_back()
    expect(page.locator(".hit h2").nth(3)).to_have_text(titles[3])
    assert page.locator(".hit h2").all_inner_texts() == titles
    expect(page.get_by_role("searchbox")).to_have_value("kar")


def test_nothing_found_offers_ways_on(open_page: OpenPage) -> None:
    page = open_page("/ara?q=%22hiçbiryerdegeçmeyen+söz%22&bolum=Spor")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("haber bulunamadı")
    expect(page.get_by_role("link", name="Tırnaksız ara")).to_be_visible()
    page.get_by_role("link", name="Süzgeçleri kaldırıp yeniden ara").click()
    expect(page.locator(".chip")).to_have_count(0)
    page.locator(".examples a").first.click()
    expect(page.locator(".hit").first).to_be_visible()


def test_every_example_on_the_pages_finds_something(open_page: OpenPage) -> None:
    page = open_page("/yardim")
    addresses = {each.get_attribute("href") for each in page.locator(".recipe dd a").all()}
    page.goto("/")
    addresses |= {each.get_attribute("href") for each in page.locator(".hint a[lang]").all()}
    page.goto("/ara?q=hiçbiryerdegeçmeyen")
    addresses |= {each.get_attribute("href") for each in page.locator(".examples a").all()}
    assert len(addresses) >= 9
    for address in addresses:
        page.goto(address or "")
        assert page.locator(".hit").count(), address


@pytest.mark.parametrize("script", [True, False])
def test_markup_in_query_and_article_stays_text(open_page: OpenPage, script: bool) -> None:
    page = open_page("/", java_script_enabled=script)
    search_for(page, "<script>document.title='kırıldı'</script> betikdenemesi")
    expect(page).to_have_title(re.compile(r"^<script>document\.title='kırıldı'</script>"))
    page.locator(".hit h2 a", has_text="Formda").click()
    expect(page.locator(".story h1")).to_contain_text("<script>document.title='kırıldı'</script>")
    expect(page.locator(".story-body")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img, script").count() == 0


def test_everything_works_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/", java_script_enabled=False)
    search_for(page, "kar")
    page.locator(".filter-section .choice").first.click()
    expect(page.locator(".chip")).to_have_count(1)
    page.get_by_role("link", name="En eski").click()
    page.locator(".hit h2 a").first.click()
    page.get_by_role("link", name="İlki").click()
    expect(page.locator("#isabet-1 .isabet-steps")).to_be_visible()
    page.get_by_role("link", name=re.compile("sonuçları$")).click()
    expect(page.locator(".chip")).to_have_count(1)


def test_the_language_switch_stays_on_and_keeps_the_search(open_page: OpenPage) -> None:
    page = open_page("/ara?q=kar&sirala=yeni")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".tally")).to_contain_text("articles")
    expect(page.locator(".orders [aria-current]")).to_have_text("Newest")
    search_for(page, "müze")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".hit h2 a").first.click()
    expect(page.get_by_role("link", name="Results for “müze”")).to_be_visible()
    page.get_by_role("link", name="Türkçe").click()
    expect(page.locator("html")).to_have_attribute("lang", "tr")


def test_repaired_spelling_is_said_and_can_be_undone(open_page: OpenPage) -> None:
    page = open_page("/ara?q=guvenlik")
    expect(page.locator(".repairs")).to_contain_text("“güvenlik” olarak da arandı")
    page.get_by_role("link", name="Yalnız yazdığım gibi ara").click()
    expect(page.locator(".repairs")).to_have_count(0)
    expect(page.locator(".chip")).to_contain_text("Yazım onarılmasın")


def test_keyboard_alone_is_enough(page: Page) -> None:
    page.keyboard.type("kar kızakçı")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ara\?"))
    page.keyboard.press("Tab")
    assert focused(page)["text"] == "İçeriğe geç"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, "Kızakçı Temel")
    page.keyboard.press("Enter")
    expect(page.locator(".story h1")).to_have_text(re.compile("Kızakçı Temel$"))
    tab_to(page, "İlki")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#isabet-1$"))
    tab_to(page, "Sonraki", limit=2)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#isabet-2$"))
    tab_to(page, "Önceki", limit=1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#isabet-1$"))


def focused(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """() => {
            const at = document.activeElement;
            // The search box shows its focus on the frame around it.
            const shown = at.matches(".search input") ? at.form : at;
            return {
                text: at.innerText || at.ariaLabel || "",
                outline: getComputedStyle(shown).outlineStyle,
            };
        }"""
    )
    return found


def tab_to(page: Page, text: str, limit: int = 60) -> None:
    """Press Tab until the focus is on something with `text`; each stop must be visible."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        at = focused(page)
        assert at["outline"] != "none", at
        if text in at["text"]:
            return
    raise AssertionError(f"{limit} steps of Tab do not reach {text!r}")
