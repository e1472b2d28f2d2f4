"""Which id an article gets: its own where an address can carry it, else one derived for good.

The rules are promises: a rule that changes would import every article a second time.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from index.article import derive_id

_USABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:@-]{0,127}")
"""RFC 3986 unreserved characters, `:` and `@`; the first is no dot (`..` is a path segment) and
no hyphen (`-x` is an option of a command)."""

_UNUSABLE_RUN = re.compile(r"[^A-Za-z0-9_~]+")
_LONGEST_URL = 2_000


def usable_id(given: str) -> str:
    """Return `given`, or where an address cannot carry it a readable, unique and stable stand-in.

    >>> usable_id("aa-2019-0042")
    'aa-2019-0042'
    >>> usable_id("haber/2019/42")
    'haber-2019-42-53e40c9823b1574b'
    """
    if _USABLE.fullmatch(given):
        return given
    digest = hashlib.sha256(f"id\n{given}".encode()).hexdigest()[:16]
    readable = _UNUSABLE_RUN.sub("-", given)[:48].strip("-_~")
    return f"{readable}-{digest}" if readable else digest


def id_for(*, given: str = "", source_url: str = "", title: str = "", body: str = "") -> str:
    """Return the id of a record: given, else from the page it is on, else from its content.

    An address without a path or query (https://example.com/) names a site, not an article: taking
    it would make every article of a badly exported site one and the same.
    """
    if given:
        return usable_id(given)
    if source_url:
        address = urlsplit(source_url)
        if address.path.strip("/") or address.query:
            return derive_id(source_url=source_url)
    return derive_id(title=title, body=body)


def is_safe_address(text: str) -> bool:
    """Tell whether `text` may be kept as an address: http, https, or a path on some site.

    A path (`haberler/42.html`) says where an article came from, though nobody can follow it.
    `javascript:` and the like are refused before any page could link to them.

    >>> [is_safe_address(text) for text in ("https://example.com/1", "haber/1", "javascript:x")]
    [True, True, False]
    """
    if len(text) > _LONGEST_URL:
        return False
    try:
        address = urlsplit(text)
        has_host = bool(address.hostname)
    except ValueError:  # a broken IPv6 host, say
        return False
    return has_host if address.scheme in ("http", "https") else address.scheme == ""
