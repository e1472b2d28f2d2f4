"""Properties of the analysis chain, over any text and over texts made to be hard for it."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import Analyzer, fold, turkish_lower
from index.analysis.token import Token
from index.analysis.tokenizer import APOSTROPHES, INVISIBLE, surfaces

ANALYZER = Analyzer()

any_text = st.text(max_size=60)
marked_letters = st.sampled_from("çğıöşüâîûÇĞİÖŞÜÂÎÛiIéñåВйΐabMZ15")
signs = st.sampled_from([*APOSTROPHES, *INVISIBLE, *".%-_ \n\u0307\u0301\u0327", ".'", "😀"])
turkish_text = st.lists(marked_letters | signs, max_size=40).map("".join)
texts = any_text | turkish_text
words = st.lists(marked_letters, min_size=1, max_size=12).map("".join)


def forms(tokens: list[Token]) -> list[tuple[object, int]]:
    return [(token.forms, token.position) for token in tokens]


@given(texts)
@example("i\u0307\u0301")
@example("I\u0307\u0307")
def test_lowering_is_idempotent_and_composed(text: str) -> None:
    lowered = turkish_lower(text)
    assert turkish_lower(lowered) == lowered
    assert unicodedata.is_normalized("NFC", lowered)


@given(texts)
def test_lowering_agrees_on_composed_and_decomposed_text(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert turkish_lower(composed) == turkish_lower(decomposed)


@given(texts)
@example("ǿ㎑")
def test_folding_is_idempotent_and_in_lower_case(text: str) -> None:
    folded = fold(turkish_lower(text))
    assert fold(folded) == folded
    assert folded == folded.casefold()


@given(texts, texts)
def test_folding_goes_letter_by_letter(left: str, right: str) -> None:
    """What lets a prefix query look its exact prefix up in the run of the folded one."""
    left, right = turkish_lower(left), turkish_lower(right)
    assert fold(left + right) == fold(left) + fold(right)


@given(words)
def test_turkish_words_fold_to_plain_letters(word: str) -> None:
    plain = "".join(letter for letter in word if letter not in "Вйΐåéñ")
    folded = fold(turkish_lower(plain))
    assert folded.isascii()
    assert len(folded) == len(plain)


@given(texts)
@example("Ankaraʼnın")
@example("%\u200b5'i")
def test_tokens_cover_the_text_they_stand_for(text: str) -> None:
    for token in ANALYZER.tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        surface = text[token.start : token.end]
        assert not surface[0].isspace()
        assert not surface[-1].isspace()
        assert surface == "%" or any(letter.isalnum() for letter in surface)


@given(texts)
def test_tokens_stand_in_reading_order(text: str) -> None:
    tokens = ANALYZER.tokens(text)
    starts = [token.start for token in tokens]
    positions = [token.position for token in tokens]
    assert starts == sorted(starts)
    assert positions == sorted(positions)
    assert sorted(set(positions)) == list(range(len(set(positions))))


@given(texts)
def test_tokens_of_one_position_overlap_and_others_do_not(text: str) -> None:
    tokens = ANALYZER.tokens(text)
    for left, right in pairwise(tokens):
        if left.position == right.position:
            assert right.start < left.end
    parts = [token for token in tokens if not _is_joined(token, tokens)]
    assert all(left.end <= right.start for left, right in pairwise(parts))


def _is_joined(token: Token, tokens: list[Token]) -> bool:
    return any(
        other is not token and token.start <= other.start and other.end <= token.end
        for other in tokens
    )


@given(turkish_text)
@example("İ.B.B.'de Ş.Urfa Ö'Neill")
def test_decomposed_text_has_the_same_words(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert forms(ANALYZER.tokens(composed)) == forms(ANALYZER.tokens(decomposed))


@given(texts)
def test_one_plain_word_is_read_as_among_others(text: str) -> None:
    for word in text.split():
        assert ANALYZER.tokens(word) == ANALYZER.tokens(f"{word} a")[:-1]


@given(turkish_text)
def test_invisible_characters_inside_words_change_nothing(text: str) -> None:
    hidden = "".join(f"{letter}\u00ad\ufeff" if letter.isalnum() else letter for letter in text)
    assert forms(ANALYZER.tokens(hidden)) == forms(ANALYZER.tokens(text))


@given(texts)
def test_no_term_holds_what_separates_the_keys_of_the_vocabulary(text: str) -> None:
    for token in ANALYZER.tokens(text):
        assert "\0" not in token.forms.exact + token.forms.folded
        assert token.forms.exact.encode().decode() == token.forms.exact


@given(texts)
def test_the_indexer_sees_the_words_that_queries_see(text: str) -> None:
    """`surfaces` and `expand`, which fill the index, against `tokens`, which ask it."""
    expanded = []
    base = 0
    for surface in surfaces(text):
        found = ANALYZER.expand(surface)
        expanded += [(word.exact, base + word.position) for word in found]
        base += found[-1].position + 1
    assert expanded == [(token.forms.exact, token.position) for token in ANALYZER.tokens(text)]


@given(words)
def test_an_analysed_word_is_its_own_analysis(word: str) -> None:
    """Repair and suggestions search for indexed spellings: each must find itself."""
    for token in ANALYZER.tokens(word):
        assert [again.forms for again in ANALYZER.tokens(token.forms.exact)] == [token.forms]


@given(words)
def test_the_wide_layers_are_beginnings_of_the_folded_word(word: str) -> None:
    of_word = ANALYZER.forms(word)
    assert of_word.folded.startswith(of_word.five)
    assert of_word.five.startswith(of_word.four)
    assert len(of_word.five) == min(5, len(of_word.folded))
