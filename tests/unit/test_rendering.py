"""What templates do with text that comes from outside."""

from __future__ import annotations

import pytest

from web.rendering import unquoted, web_host


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.ornek.com.tr/haber/1", "ornek.com.tr"),
        ("http://ornek.com:8080/", "ornek.com"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//ornek.com/", ""),
        ("/haber/1", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_only_a_web_address_becomes_a_link(address: str, host: str) -> None:
    assert web_host(address) == host


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('"meşru müdafaa"', "meşru müdafaa"),
        ('"meşru müdafaa"~3 kore', "meşru müdafaa kore"),
        ("“meşru” «müdafaa»", "meşru müdafaa"),
        ("Kur'an", "Kur'an"),
    ],
)
def test_a_query_without_its_quotes_keeps_its_words(query: str, words: str) -> None:
    assert unquoted(query) == words
