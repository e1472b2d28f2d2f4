"""Links to searches: a page of results has some thirty, which differ in little.

`url_for` would match the route and quote every value anew for each of them, a third of the time
that a page takes. Pure; `web.rendering` makes one `SearchLinks` a page for the templates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote_plus

_SAFE = "!$'()*,/:;?@"
"""What stays as it is in a query, as in Werkzeug's `url_for` (url.spec.whatwg.org,
#percent-encoded-bytes)."""


class SearchLinks:
    """Writes the address of a search as `url_for` does: `path`, then the parameters in order.

    `carried` is added to every address that does not say otherwise (with None: not at all).
    """

    def __init__(self, path: str, carried: Mapping[str, str]) -> None:
        self._path = path
        self._carried = carried
        self._quoted: dict[str, str] = {}

    def __call__(self, /, **parameters: object) -> str:
        """Return the address of a search; a value may be a list of values, or None for none.

        >>> SearchLinks("/ara", {"dil": "en"})(q="kar yağışı", bolum=["Yurt", "Dünya"])
        '/ara?q=kar+ya%C4%9F%C4%B1%C5%9F%C4%B1&bolum=Yurt&bolum=D%C3%BCnya&dil=en'
        """
        for name, value in self._carried.items():
            parameters.setdefault(name, value)
        quote = self._quote
        pairs = [
            f"{quote(name)}={quote(each)}"
            for name, value in parameters.items()
            for each in _values(value)
        ]
        return f"{self._path}?{'&'.join(pairs)}" if pairs else self._path

    def _quote(self, text: str) -> str:
        quoted = self._quoted.get(text)
        if quoted is None:
            quoted = self._quoted[text] = quote_plus(text, safe=_SAFE)
        return quoted


def _values(value: object) -> Sequence[str]:
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return (str(value),)
