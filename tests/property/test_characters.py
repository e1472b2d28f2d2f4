"""The compiled loops find what the patterns of analysis find, in texts of every kind."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import Analyzer, fold
from index.analysis.tokenizer import surface_spans
from search.heads import HeadFinder
from search.sentences import _ends_sentence, sentence_spans

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


@given(TEXTS | st.text(st.sampled_from('abcdeABİı. "(19!漢ǅ'), max_size=60))
@example('Bitti."\n Sonra... yok!? Evet')
@example("Bir karşılaştırma. Sonra Prof. Dr. Ak. (“Evet”) 漢. Ve")
def test_sentences_end_as_the_rules_say_one_by_one(text: str) -> None:
    ends = [
        (match.start(), match.start() + len(match.group().rstrip()), match.end())
        for match in _END.finditer(text)
        if match.end() < len(text)
    ]
    starts = [len(text) - len(text.lstrip())]
    expected = []
    for mark, stop, following in ends:
        if _ends_sentence(text, mark, stop, following):
            expected.append((starts[-1], stop))
            starts.append(following)
    if starts[-1] < len(text.rstrip()):
        expected.append((starts[-1], len(text.rstrip())))
    assert [tuple(span) for span in sentence_spans(text)] == expected
