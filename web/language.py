"""The interface in one language: its texts, and its way to write numbers and days.

A catalogue is a PO file of `web/locale`, read once at start; there is no compile step. A message
id is a stable key (`results.count`), so that Turkish is a catalogue like any other. Nothing here
knows Flask or looks at a request: `web.app` chooses the language and hands it to the templates.
"""

from __future__ import annotations

import gettext
import io
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from index.article import ISTANBUL

LANGUAGES = ("tr", "en")
DEFAULT_LANGUAGE = "tr"
NAMES = {"tr": "Türkçe", "en": "English"}
"""Each language in its own words, as a switch shows it."""


@dataclass(frozen=True, slots=True)
class Language:
    """Texts, numbers and days of one interface language."""

    code: str
    keys: frozenset[str]
    translations: gettext.NullTranslations
    locale: Locale

    def text(self, key: str, **values: object) -> str:
        """Return the text of `key` with `values` filled in. Raises `KeyError` for an unknown key.

        Numbers among `values` are written the language's way.
        """
        self._require(key)
        return self._fill(self.translations.gettext(key), values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the text of `key` in the plural form that `number` asks for."""
        self._require(key)
        text = self.translations.ngettext(key, key, number)
        return self._fill(text, {"count": number, **values})

    def has(self, key: str) -> bool:
        """Whether there is a text for `key`."""
        return key in self.keys

    def number(self, value: float) -> str:
        """Return a number with the language's own separators: 1.842 in Turkish."""
        return _written(value, self.locale)

    def share(self, value: float) -> str:
        """Return a part of 1 as a percentage: %58 in Turkish."""
        return format_percent(value, locale=self.locale)

    def day(self, value: date | datetime) -> str:
        """Return a day in words, in Turkish time: 1 Mart 2019."""
        if isinstance(value, datetime):
            value = value.astimezone(ISTANBUL).date()
        return format_date(value, "d MMMM y", locale=self.locale)

    def iso_day(self, day: str) -> str:
        """Return an ISO day (2019-03-01) in words."""
        return self.day(date.fromisoformat(day))

    def range_of_days(self, first: date, last: date) -> str:
        """Return a range of days as shortly as it can be said: 2019, Mart 2019, 2005–2019."""
        month_end = monthrange(last.year, last.month)[1]
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return "–".join(str(year) for year in sorted({first.year, last.year}))
        if first == last.replace(day=1) and last.day == month_end:
            return format_date(first, "MMMM y", locale=self.locale)
        if first == last:
            return self.day(first)
        return f"{self.day(first)} – {self.day(last)}"

    def time(self, value: date | datetime | None) -> str:
        """Return the Turkish wall-clock time (09.12, 09:12), empty where none is known."""
        if not isinstance(value, datetime):
            return ""
        return value.astimezone(ISTANBUL).strftime("%H.%M" if self.code == "tr" else "%H:%M")

    def duration(self, milliseconds: float) -> str:
        """Return a duration, whole milliseconds below a second, and never a puzzling zero."""
        if milliseconds < 1:
            return "< 1 ms"
        if milliseconds < 1000:
            return f"{self.number(round(milliseconds))} ms"
        return self.text("results.seconds", seconds=round(milliseconds / 1000, 1))

    def _require(self, key: str) -> None:
        if key not in self.keys:
            raise KeyError(f"no text {key!r} in web/locale/{self.code}.po: add it to every .po")

    def _fill(self, text: str, values: dict[str, object]) -> str:
        written = {
            name: self.number(value) if isinstance(value, int | float) else value
            for name, value in values.items()
        }
        return text.format(**written)


@lru_cache(maxsize=4096)
def _written(value: float, locale: Locale) -> str:
    # A page of results has forty numbers, the same small counts and years again and again.
    return format_decimal(value, locale=locale)


def read_catalogue(code: str) -> Catalog:
    """Return the PO catalogue of one language, as it lies in `web/locale`."""
    with (files("web") / "locale" / f"{code}.po").open("rb") as stream:
        return read_po(stream, locale=code, domain="kupur", abort_invalid=True)


@cache
def load_language(code: str) -> Language:
    """Return one of `LANGUAGES`, read from its catalogue once. Raises `KeyError` for others."""
    if code not in LANGUAGES:
        raise KeyError(code)
    catalogue = read_catalogue(code)
    compiled = io.BytesIO()
    # Babel reads PO, the standard library reads MO and knows plurals: joined in memory.
    write_mo(compiled, catalogue)
    compiled.seek(0)
    keys = frozenset(_key(message.id) for message in catalogue if message.id)
    return Language(code, keys, gettext.GNUTranslations(compiled), Locale.parse(code))


def _key(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]
