"""A real browser against a real server over a real archive: `data/sample` and four articles more.

Outside CI a missing browser skips these tests and says so; where CI is set it fails them.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from waitress.server import create_server

import kupur
from web.app import create_app

CHECKOUT = Path(__file__).parent.parent.parent

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

LONG_WORD = "muvaffakiyetsizleştiricileştiriveremeyebileceklerimizdenmişsinizcesine" * 3

RECORDS: list[dict[str, Any]] = [
    {
        "id": "deneme-betik",
        "title": "Formda <script>document.title='kırıldı'</script> bulundu",
        "body": "Denetçiler <script>document.title='kırıldı'</script> ve "
        "<img src=x onerror=alert(1)> yazan iletileri saydı: betikdenemesi.",
        "published": "2021-05-06",
        "section": "Yerel",
        "source": "Deneme",
    },
    {
        "id": "deneme-kim",
        "title": "Kim Jong-un heyeti kabul etti",
        "body": "Kim Jong-un, Pyongyang’a gelen heyeti kabul etti.\n\nGörüşmede Kuzey Kore’nin "
        "önerisi ele alındı. KİM JONG-UN yazan pankartlar asılmıştı.",
        "published": "2024-11-30",
        "section": "Dünya",
        "source": "Deneme",
    },
    {
        "id": "deneme-uzun",
        "title": f"Sözlüğe giren en uzun sözcük: {LONG_WORD}",
        "body": f"Sözcük şudur: {LONG_WORD}. Adı da uzunsözcük denemesi.",
        "published": "2022-02-02",
        "section": "Kültür-Sanat",
        "source": "Deneme",
        "url": f"https://example.com/{LONG_WORD}",
    },
]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a running site."""
    folder = tmp_path_factory.mktemp("site")
    more = folder / "deneme.jsonl"
    more.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), "utf-8")
    archive = folder / "archive"
    sample = CHECKOUT / "data" / "sample"
    assert kupur.run(["import", "--archive", str(archive), str(sample), str(more)]) == 0
    app = create_app(kupur.open_service(archive, seconds=60))
    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(app, sockets=[listening], threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield Debian's Chromium, driven by Playwright."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        reason = f"there is none of {', '.join(BROWSERS)} on the path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Yield a function that opens a fresh window; whatever it loads must be ours and clean."""
    contexts = []
    wrong: list[str] = []

    def watch_console(message: ConsoleMessage) -> None:
        # A page that answers 400 or 404 on purpose is reported as a failed resource.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def watch_request(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(site).netloc:
            wrong.append(f"loaded from elsewhere: {request.url}")

    def open_window(address: str = "/", **options: Any) -> Page:
        context = browser.new_context(base_url=site, locale="tr-TR", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)  # milliseconds; a busy machine is no failure
        page.on("console", watch_console)
        page.on("request", watch_request)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Return a fresh window on the home page."""
    return open_page()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder as one that needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
