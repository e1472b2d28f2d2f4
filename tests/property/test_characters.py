"""The compiled loops find what the patterns of analysis find, in texts of every kind."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import Analyzer, fold
from index.analysis.tokenizer import surface_spans
from search.characters import code_points, possible_ends
from search.heads import HeadFinder

ANALYZER = Analyzer()

SIGNS = ".'’%-_ \u00a0\t5aıİŞKb!?…\"”)»"
TEXTS = st.text(st.sampled_from(SIGNS) | st.characters(max_codepoint=0x3100), max_size=60)
HEADS = st.lists(st.text(st.sampled_from("abks5iy"), min_size=1, max_size=5), min_size=1)

_END = re.compile(r"[.!?…]+[\"”’'»)\]]*\s+")


@given(TEXTS, HEADS)
@example("geldi.Sonra F.B.'nin O'Connor’ın %20'si 1.250.000", ["sonra", "fb", "ocon", "yu", "1250"])
def test_every_surface_with_a_word_that_begins_so_is_found(text: str, heads: list[str]) -> None:
    found = HeadFinder(heads).surfaces(text)
    if found is None:
        return
    asked = [
        (surface, start)
        for surface, start, _ in surface_spans(text)
        if any(fold(word.exact).startswith(tuple(heads)) for word in ANALYZER.expand(surface))
    ]
    assert set(asked) <= set(found)
    assert set(found) <= {(surface, start) for surface, start, _ in surface_spans(text)}


def test_of_plain_words_only_those_that_begin_so_are_found() -> None:
    found = HeadFinder(["kar", "yag"]).surfaces("Kara karga yağmura yakalandı, 5'te vardı.")
    assert found == [("Kara", 0), ("karga", 5), ("yağmura", 11)]


@given(TEXTS)
@example('Bitti."\n Sonra... yok!? Evet')
def test_sentences_may_end_where_a_mark_and_white_space_stand(text: str) -> None:
    room = np.empty(3 * len(text) // 2 + 3, dtype=np.int32)
    count = possible_ends(code_points(text), room)
    expected = [
        (match.start(), match.start() + len(match.group().rstrip()), match.end())
        for match in _END.finditer(text)
    ]
    assert [tuple(room[3 * n : 3 * n + 3].tolist()) for n in range(count)] == expected
