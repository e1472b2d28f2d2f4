"""Which lines of an article are shown, and what is marked in them."""

from __future__ import annotations

import pytest

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from search.marking import Marker
from search.parser import parse
from search.planning import plan
from search.results import Snippet
from search.snippets import MAX_CHARACTERS, best_snippet

ANALYZER = Analyzer()
FILLER = "Bu cümle yalnızca yer tutsun diye buraya konmuş, başka da bir şey anlatmayan cümledir."


def article(*texts: str, title: str = "") -> Article:
    """Return an article; a text that begins with # is a subheading."""
    return Article(
        "id",
        title,
        tuple(
            Block(BlockKind.HEADING, text[1:])
            if text.startswith("#")
            else Block(BlockKind.PARAGRAPH, text)
            for text in texts
        ),
    )


def snippet_of(query: str, story: Article, rarities: dict[int, float] | None = None) -> Snippet:
    marker = Marker(plan(parse(query).query, ANALYZER).clauses, ANALYZER)
    marks = marker.marks([block.text for block in story.blocks])
    weights = [(rarities or {}).get(number, 1.0) for number in range(len(marker.words))]
    snippet = best_snippet(story.blocks, marks, weights, title=story.title)
    assert snippet is not None
    end = snippet.start + len(snippet.text)
    assert story.body[snippet.start : end] == snippet.text
    return snippet


def shown(query: str, story: Article, rarities: dict[int, float] | None = None) -> str:
    """Return the snippet with its marks in square brackets."""
    snippet = snippet_of(query, story, rarities)
    text = snippet.text
    for span in reversed(snippet.spans):
        text = f"{text[: span.start]}[{text[span.start : span.end]}]{text[span.end :]}"
    return text


def test_the_sentence_with_most_words_is_shown() -> None:
    story = article(f"Belousov geldi. {FILLER} {FILLER} Kim, Belousov’u karşıladı. {FILLER}")
    assert shown("kim belousov", story).startswith("[Kim], [Belousov’u] karşıladı.")


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    story = article(f"Bir bakan geldi. {FILLER} {FILLER} {FILLER} Belousov konuştu. {FILLER}")
    rare_second = {0: 0.1, 1: 1.0}
    assert "[Belousov]" in shown("bakan belousov", story, rare_second)
    assert "[bakan]" in shown("bakan belousov", story, {0: 1.0, 1: 0.1})


def test_the_form_that_was_typed_counts_more_than_an_inflection() -> None:
    story = article(f"Kitaplar geldi. {FILLER} {FILLER} {FILLER} Kitap geldi. {FILLER}")
    assert shown("kitap", story).startswith("[Kitap] geldi.")


def test_among_equals_the_earliest_is_shown() -> None:
    story = article(FILLER, f"Deprem oldu. {FILLER}", f"Deprem oldu. {FILLER} {FILLER}")
    assert snippet_of("deprem", story).start == len(FILLER) + 2


def test_two_neighbouring_sentences_are_shown_where_they_have_more() -> None:
    story = article(f"{FILLER} Kim geldi. Belousov karşıladı. {FILLER}")
    assert "[Kim] geldi. [Belousov] karşıladı." in shown("kim belousov", story)


def test_a_short_sentence_is_shown_with_its_neighbour() -> None:
    assert shown("deprem", article(f"Deprem oldu. {FILLER}")) == f"[Deprem] oldu. {FILLER}"
    assert shown("deprem", article(f"{FILLER} Deprem oldu.")) == f"{FILLER} [Deprem] oldu."


def test_a_snippet_does_not_run_from_one_paragraph_into_the_next() -> None:
    assert shown("deprem", article("Deprem oldu.", FILLER)) == "[Deprem] oldu."


def test_a_heading_is_shown_only_where_no_sentence_says_it() -> None:
    heading, sentence = "#Deprem", f"{FILLER} Deprem oldu."
    assert "[Deprem] oldu." in shown("deprem", article(heading, sentence))
    assert shown("deprem", article(heading, FILLER)) == "[Deprem]"


def test_a_sentence_that_repeats_the_title_gives_way() -> None:
    lead = "Kuzey Kore lideri, Rusya Savunma Bakanı ile görüştü."
    story = article(f"{lead} {FILLER} {FILLER} {FILLER} Kore ordusu hazır.", title=lead[:-1])
    assert "[Kore] ordusu hazır." in shown("kore", story)


def test_a_long_sentence_is_cut_between_words_around_what_was_asked_for() -> None:
    sentence = " ".join(["kelime"] * 100 + ["Belousov’un", "ziyareti"] + ["sonra"] * 100) + "."
    snippet = snippet_of("belousov ziyaret", article(sentence))
    assert [snippet.text[span.start : span.end] for span in snippet.spans] == [
        "Belousov’un", "ziyareti",
    ]  # fmt: skip
    assert 200 <= len(snippet.text) <= MAX_CHARACTERS
    assert set(snippet.text.split()) == {"kelime", "Belousov’un", "ziyareti", "sonra"}


def test_a_long_sentence_is_cut_where_most_words_stand() -> None:
    filler = " ".join(["kelime"] * 60)
    sentence = f"Kim {filler} Belousov {filler} Kim ile Belousov görüştü {filler}"
    assert "[Kim] ile [Belousov] görüştü" in shown("kim belousov", article(sentence))


def test_a_word_longer_than_a_snippet_is_cut() -> None:
    snippet = snippet_of("aaaaa*", article("a" * 5000))
    assert len(snippet.text) == MAX_CHARACTERS
    assert [(span.start, span.end) for span in snippet.spans] == [(0, MAX_CHARACTERS)]


def test_without_a_hit_in_the_body_the_beginning_is_shown() -> None:
    snippet = snippet_of("yokböylesi", article("#Ara başlık", f"{FILLER} {FILLER} {FILLER} Son."))
    assert snippet.text == f"{FILLER} {FILLER}"
    assert snippet.spans == ()


def test_the_beginning_does_not_say_the_title_again() -> None:
    lead = "Kuzey Kore lideri, Rusya Savunma Bakanı ile görüştü."
    assert shown("", article(f"{lead} {FILLER}", title=lead)) == FILLER
    assert shown("", article(lead, title=lead)) == lead


def test_a_long_first_sentence_is_cut_between_words() -> None:
    text = " ".join(["kelimeler"] * 80)
    snippet = snippet_of("", article(text))
    assert len(snippet.text) <= MAX_CHARACTERS
    assert set(snippet.text.split()) == {"kelimeler"}


@pytest.mark.parametrize("texts", [(), ("",), ("   ",), ("#",)])
def test_an_article_without_text_has_no_snippet(texts: tuple[str, ...]) -> None:
    story = article(*texts)
    assert best_snippet(story.blocks, [[] for _ in story.blocks], []) is None


def test_a_body_of_headings_shows_the_first() -> None:
    assert shown("", article("#Birinci", "#İkinci")) == "Birinci"
