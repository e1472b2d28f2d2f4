"""Parts of a score go to the words that ask for them, with the words of the article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.analysis.steps import analysis_steps
from index.archive import ArchiveSummary
from index.article import Article, Block, BlockKind
from search.engine import ScoredField, TermScore
from search.engines.exhaustive import ExhaustiveEngine
from search.explain import Explanation, explained_words
from search.planning import plan
from search.query import Query, Word
from search.repair import SpellingRepair
from search.request import Match, SearchRequest
from search.service import SearchService

ANALYZER = Analyzer()


def story(id_: str, title: str, *paragraphs: str) -> Article:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs)
    return Article(id_, title, blocks)


STORIES = [
    story("kar", "Kar yağdı", "İzmir’de kar, KAR yağışı. Karda yollar kapandı.", "Kâr eden yok."),
    story("belousov", "Kim Jong-un konuştu", "Belousov’un ziyareti Jong-un için uzun sürdü."),
    story("gece", "Geceler uzun", "Gece boyunca gecenin sesi; geceleri ışık yandı."),
    story("boş", ""),
]


class Articles:
    """An archive in memory."""

    sequence = len(STORIES)

    def get(self, id: str) -> Article | None:
        return next((each for each in STORIES if each.id == id), None)

    def get_many(self, ids: Iterable[str]) -> Mapping[str, Article]:
        return {each.id: each for each in STORIES if each.id in set(ids)}

    def is_gone(self, id: str) -> bool:  # noqa: ARG002  # nothing was taken out here
        return False

    def summary(self) -> ArchiveSummary:
        raise NotImplementedError("no test here asks what the archive holds")


SERVICE = SearchService(
    ExhaustiveEngine(STORIES, ANALYZER),
    Articles(),
    ANALYZER,
    repair=SpellingRepair(ANALYZER),
    seconds=60,
)


def explained(id_: str, q: str, match: Match = Match.STEM) -> Explanation:
    found = SERVICE.explain(id_, SearchRequest(q=q, match=match))
    assert found is not None
    return found


def spelled(explanation: Explanation) -> dict[str, dict[str, int]]:
    return {
        word.typed: {found.text: found.count for found in word.found} for word in explanation.words
    }


def test_each_word_has_the_words_that_it_met() -> None:
    found = explained("kar", "kar izmir")
    assert found.is_found
    assert spelled(found)["izmir"] == {"İzmir’de": 1}
    met = spelled(found)["kar"]
    assert {"Kar": 1, "kar": 1, "KAR": 1}.items() <= met.items()
    layers = {part.term.layer.value for part in found.words[0].parts}
    assert {"exact", "folded", "stem", "five", "four"} == layers


def test_a_part_counts_the_words_it_names_in_its_field() -> None:
    for part in explained("gece", "gece geceleri").words[0].parts:
        assert sum(word.count for word in part.words) == part.term.frequency
        if part.term.field is ScoredField.TITLE:
            assert [word.text for word in part.words] == ["Geceler"]


def test_words_that_share_a_term_share_its_score() -> None:
    twice = explained("kar", "kar kar izmir")
    first, second, izmir = twice.words
    assert first.score == pytest.approx(second.score)
    assert first.score == pytest.approx(explained("kar", "kar").score)
    assert izmir.score == pytest.approx(explained("kar", "izmir").score)


def test_a_mended_word_tells_its_spellings() -> None:
    (word,) = explained("gece", "isik").words
    assert word.searched == ("isik", "ışık")
    assert [found.text for found in word.found] == ["ışık"]
    (word,) = explained("belousov", "belousof").words
    assert word.searched == ("belousov",)
    assert [found.text for found in word.found] == ["Belousov’un"]


def test_phrases_prefixes_and_words_in_parts_are_explained_as_typed() -> None:
    found = explained("belousov", '"uzun sürdü" bel* Jong-un -kar')
    assert list(spelled(found)) == ['"uzun sürdü"', "bel*", "Jong-un"]
    assert spelled(found)["bel*"] == {"Belousov’un": 1}
    assert spelled(found)["Jong-un"] == {"Jong": 2, "un": 2}
    assert spelled(found)['"uzun sürdü"'] == {"sürdü": 1, "uzun": 1}


def test_wildcards_and_fuzzy_words_are_explained_as_typed() -> None:
    found = explained("belousov", "bel*ov belusov~ Jong")
    assert list(spelled(found)) == ["bel*ov", "belusov~", "Jong"]
    assert spelled(found)["bel*ov"] == spelled(found)["belusov~"] == {"Belousov’un": 1}
    assert [part.term.text for part in found.words[0].parts] == ["bel*ov"]
    assert {part.term.text for part in found.words[1].parts} == {"belusov~"}


def test_by_the_letter_only_the_letter_counts() -> None:
    found = explained("kar", "kâr", Match.EXACT)
    assert spelled(found) == {"kâr": {"Kâr": 1}}
    assert {part.term.layer.value for part in found.words[0].parts} == {"exact"}


def test_a_word_that_is_not_there_adds_nothing() -> None:
    found = explained("gece", "gece deniz")
    assert [(word.typed, bool(word.parts)) for word in found.words] == [
        ("gece", True),
        ("deniz", False),
    ]
    assert found.words[1].score == 0


def test_what_is_not_found_says_so() -> None:
    found = explained("gece", "deniz")
    assert (found.is_found, found.words, found.score) == (False, (), 0)
    assert SERVICE.explain("no such article", SearchRequest(q="gece")) is None


def test_what_no_word_asks_for_alone_is_told_apart() -> None:
    (own,) = explained("gece", "gece").words
    term = own.parts[0].term
    extra = TermScore(
        term.layer, "gece ışık", is_prefix=False, field=ScoredField.TEXT, frequency=1,
        document_frequency=1, weight=1.0, idf=2.0, score=2.0,
    )  # fmt: skip
    words, together = explained_words(
        Query((Word("gece"),)),
        STORIES[2],
        (term, extra),
        plan_of=lambda query: plan(query, ANALYZER).query,
        respellings={},
        analyzer=ANALYZER,
    )
    assert [part.term for part in words[0].parts] == [term]
    assert [(part.term, part.score) for part in together] == [(extra, 2.0)]


words = st.sampled_from(
    ["kar", "kâr", "gecesi", "isik", '"kar yağdı"', "uzun", "Jong-un", "bel*", "yok", "-sesi", "%"]
)


@given(st.lists(words, min_size=1, max_size=6).map(" ".join), st.sampled_from(Match))
def test_shares_add_up_to_the_score_of_the_search(q: str, match: Match) -> None:
    request = SearchRequest(q=q, match=match)
    scores = {hit.article.id: hit.score for hit in SERVICE.search(request).hits}
    for each in STORIES:
        found = SERVICE.explain(each.id, request)
        assert found is not None
        assert found.is_found == (each.id in scores)
        assert found.score == pytest.approx(scores.get(each.id, 0.0))


texts = st.text(alphabet=st.sampled_from("aİıI’'.%1 -\u0307\u200bk\n"), max_size=40)


@given(texts)
def test_the_steps_of_an_analysis_cover_its_tokens(text: str) -> None:
    steps = analysis_steps(text, ANALYZER)
    assert [token for step in steps for token in step.tokens] == ANALYZER.tokens(text)
    for step in steps:
        assert step.text == text[step.start : step.end]
        assert step.tokens
        for token in step.tokens:
            assert step.start <= token.start < token.end <= step.end
