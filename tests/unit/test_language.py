"""The interface's texts: both languages say everything, and templates ask for nothing else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from index.layers import Layer
from search.engine import ScoredField
from search.parser import NO_WORDS, ONLY_EXCLUSIONS, UNBALANCED_QUOTE
from search.request import Sort
from search.results import RepairKind
from web.error_pages import KNOWN
from web.language import LANGUAGES, load_language, read_catalogue

WEB = Path(__file__).parent.parent.parent / "web"
SOURCES = [*WEB.glob("templates/*.html"), *WEB.glob("*.py")]

LITERAL = re.compile(r"""(?:\bt|\btn|\.text|\.count)\(\s*f?["']([a-z_0-9.]+)["'],?""")
STRING = re.compile(r"""["']([a-z_0-9]+(?:\.[a-z_0-9]+)+)["']""")

BUILT = {
    *(f"repair.{kind.value}" for kind in RepairKind),
    *(f"sort.{sort.value}" for sort in Sort),
    *(f"warning.{code}" for code in (NO_WORDS, ONLY_EXCLUSIONS, UNBALANCED_QUOTE)),
    *(f"filter.{name}" for name in ("year", "section", "source", "author")),
    *(f"why.layer.{layer.value}" for layer in Layer),
    *(f"why.field.{field.value}" for field in ScoredField),
    *(
        f"error.{name}.{part}"
        for name in (*KNOWN, "article", "timeout")
        for part in ("title", "text")
    ),
}
"""Keys that are put together from parts, and what the parts can be."""


def keys(code: str) -> set[str]:
    return {_key(message) for message in read_catalogue(code) if message.id}


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_every_language_has_the_same_keys() -> None:
    assert keys("tr") == keys("en")


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_text_is_empty_or_fuzzy(code: str) -> None:
    for message in read_catalogue(code):
        assert all(text.strip() for text in _texts(message)), message.id
        if message.id:
            assert not message.fuzzy, message.id


def test_a_key_takes_the_same_values_in_every_language() -> None:
    def values(code: str) -> dict[str, set[str]]:
        return {
            _key(message): set(re.findall(r"{(\w+)}", " ".join(_texts(message))))
            for message in read_catalogue(code)
            if message.id
        }

    assert values("tr") == values("en")


def test_templates_and_views_use_only_known_keys() -> None:
    known = keys("tr")
    used = {key for path in SOURCES for key in LITERAL.findall(path.read_text("utf-8"))}
    assert len(used) > 80
    assert {key for key in used if not key.endswith(".")} - known == set()
    assert known >= BUILT


def test_no_text_is_left_over() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in SOURCES)
    used = set(LITERAL.findall(sources)) | set(STRING.findall(sources)) | BUILT
    help_keys = re.findall(r'\("([a-z]+)", [\'"]', (WEB / "templates/help.html").read_text("utf-8"))
    used |= {f"help.{name}.{part}" for name in help_keys for part in ("title", "text")}
    assert keys("tr") - used == set()


def test_numbers_and_plurals_follow_the_language() -> None:
    turkish, english = load_language("tr"), load_language("en")
    assert turkish.count("results.count", 1842) == "1.842 haber"
    assert english.count("results.count", 1842) == "1,842 articles"
    assert english.count("results.count", 1) == "1 article"


def test_days_are_written_in_words_in_turkish_time() -> None:
    late = datetime(2019, 2, 28, 22, 30, tzinfo=UTC)
    assert load_language("tr").day(late) == "1 Mart 2019"
    assert load_language("tr").time(late) == "01.30"
    assert load_language("en").day(date(2019, 3, 1)) == "1 March 2019"
    assert load_language("tr").time(date(2019, 3, 1)) == ""


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), "2019"),
        (date(2005, 1, 1), date(2019, 12, 31), "2005–2019"),
        (date(2024, 2, 1), date(2024, 2, 29), "Şubat 2024"),
        (date(2024, 2, 3), date(2024, 2, 3), "3 Şubat 2024"),
        (date(2024, 2, 1), date(2024, 2, 28), "1 Şubat 2024 – 28 Şubat 2024"),
    ],
)
def test_a_range_of_days_is_said_shortly(first: date, last: date, words: str) -> None:
    assert load_language("tr").range_of_days(first, last) == words


def test_a_duration_is_never_a_puzzling_zero() -> None:
    assert load_language("tr").duration(0.2) == "< 1 ms"
    assert load_language("tr").duration(3.14) == "3 ms"
    assert load_language("tr").duration(5272) == "5,3 sn"
    assert load_language("en").duration(1000) == "1 s"


def test_an_unknown_key_is_an_error_and_no_silent_gap() -> None:
    with pytest.raises(KeyError, match=r"tr\.po"):
        load_language("tr").text("no.such.key")


def test_a_value_is_never_read_as_a_format() -> None:
    assert "{x.__class__}" in load_language("tr").text("nothing.title", q="{x.__class__}")
