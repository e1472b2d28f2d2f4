"""What every template can use: the reader's language, its texts, and addresses of static files.

The language is part of the address (`dil=en`) and is carried along by every link; there is no
cookie, so that a shared link shows what its sender saw, and nothing is kept about a reader.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for

from web.language import LANGUAGES, NAMES, Language, load_language
from web.links import Links
from web.marking import cut_after, cut_before, runs_of
from web.settings import Settings

LANGUAGE_PARAMETER = "dil"

STATIC_SECONDS = 365 * 24 * 3600
"""How long a static file may be kept: its address changes with its content."""


def prepare(app: Flask, settings: Settings) -> None:
    """Give the templates of `app` their language and texts, and its links their `dil`."""
    app.config["KUPUR_SETTINGS"] = settings
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.url_defaults(_carry_language)
    app.context_processor(_context)
    app.jinja_env.globals.update(runs_of=runs_of, cut_before=cut_before, cut_after=cut_after)
    app.jinja_env.filters.update(web_host=web_host, unquoted=unquoted)
    for code in LANGUAGES:
        load_language(code)  # a broken catalogue must fail at start, not at the first reader


def current_settings() -> Settings:
    """Return the settings of the running application."""
    settings: Settings = current_app.config["KUPUR_SETTINGS"]
    return settings


def current_language() -> Language:
    """Return the language this request asks for; an unknown one is the site's own."""
    if "language" not in g:
        wanted = request.args.get(LANGUAGE_PARAMETER, "")
        code = wanted if wanted in LANGUAGES else current_settings().language
        g.language = load_language(code)
    language: Language = g.language
    return language


def page(template: str, status: int = 200, /, **context: Any) -> Response:
    """Return a rendered page. It may be kept, but is asked for again each time."""
    response = make_response(render_template(template, **context), status)
    response.headers["Content-Language"] = current_language().code
    response.headers["Cache-Control"] = "no-cache" if status == 200 else "no-store"
    return response


def web_host(address: str) -> str:
    """Return the host of an http(s) address, empty for anything else.

    An article's source address comes from outside: `javascript:` must not become a link.

    >>> web_host("https://www.ornek.com.tr/haber"), web_host("javascript:alert(1)")
    ('ornek.com.tr', '')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.hostname if parts.scheme in ("http", "https") else None
    return (host or "").removeprefix("www.")


def unquoted(q: str) -> str:
    """Return a query without its quotation marks, to be searched word by word."""
    return " ".join(re.sub(r'(["“”„‟«»]|~[0-9]+)', " ", q).split())


def _carry_language(endpoint: str, values: dict[str, Any]) -> None:
    if not endpoint.startswith("pages."):
        return
    code = values.setdefault(LANGUAGE_PARAMETER, current_language().code)
    if code == current_settings().language:
        del values[LANGUAGE_PARAMETER]


def _context() -> dict[str, object]:
    language = current_language()
    own = current_settings().language
    carried = {} if language.code == own else {LANGUAGE_PARAMETER: language.code}
    articles = url_for("pages.article", id="-", dil=None).removesuffix("-")
    links = Links(url_for("pages.search", dil=None), articles, carried)
    return {
        "search_url": links.to_search,
        "article_url": links.to_article,
        "language": language,
        "t": language.text,
        "tn": language.count,
        "settings": current_settings(),
        "static": _static_address,
        "languages": [(code, NAMES[code], _address_in(code)) for code in LANGUAGES],
        "own_language": own,
    }


def _address_in(code: str) -> str:
    """Return this page's address in another language; the home page's where there is no page."""
    if request.endpoint is None or not request.endpoint.startswith("pages."):
        return url_for("pages.home", dil=code)
    args = {name: request.args.getlist(name) for name in request.args}
    return url_for(request.endpoint, **{**args, **(request.view_args or {}), "dil": code})


def _static_address(name: str) -> str:
    version = _version(name, Path(str(current_app.static_folder)))
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={version}"


@cache
def _version(name: str, folder: Path) -> str:
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
