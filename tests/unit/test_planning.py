"""What an engine is asked to run for a query."""

from __future__ import annotations

import pytest

from index.analysis import Analyzer
from index.layers import Layer
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Everything,
    Excluding,
    FuzzyQuery,
    Nothing,
    PhraseQuery,
    PrefixQuery,
    Term,
    TermQuery,
    WildcardQuery,
)
from search.parser import parse
from search.planning import plan
from search.query import Query, Word
from search.request import Match, Operator
from search.respelling import Respelling, respelled
from search.results import Repair, RepairKind

ANALYZER = Analyzer()


def planned(
    text: str, *, match: Match = Match.STEM, operator: Operator = Operator.OR
) -> EngineQuery:
    return plan(parse(text).query, ANALYZER, match=match, operator=operator).query


def term_query(query: EngineQuery) -> TermQuery:
    assert isinstance(query, TermQuery)
    return query


def matched(query: EngineQuery) -> set[str]:
    return {f"{term.layer}:{term.text}" for term in term_query(query).match}


def scored(query: EngineQuery) -> dict[Layer, str]:
    return {term.layer: term.text for term in term_query(query).score}


def test_a_word_matches_by_spelling_stem_and_first_five_letters() -> None:
    assert matched(planned("Kitapları")) == {"folded:kitaplari", "stem:kitap", "five:kitap"}


def test_the_first_four_letters_score_but_do_not_match() -> None:
    query = planned("Kitapları")
    assert "four:kita" not in matched(query)
    assert scored(query)[Layer.FOUR] == "kita"


@pytest.mark.parametrize("text", ["Kitapları", "kum", '"Kitapları"'])
def test_what_makes_a_match_is_scored_by_the_same_terms(text: str) -> None:
    query = term_query(planned(text))
    assert all(any(term is scored for scored in query.score) for term in query.match)


def test_a_word_of_fewer_than_five_letters_does_not_match_by_its_beginning() -> None:
    assert not any(term.startswith("five") for term in matched(planned("kum")))
    assert "five:kumlu" in matched(planned("kumlu"))


def test_the_exact_form_scores_a_little_so_that_it_ranks_first() -> None:
    weights = {term.layer: term.weight for term in term_query(planned("kâr")).score}
    assert 0 < weights[Layer.EXACT] < weights[Layer.FIVE]
    assert scored(planned("kâr"))[Layer.EXACT] == "kâr"


def test_exact_matching_looks_at_nothing_but_the_letters() -> None:
    query = term_query(planned("Kitapları", match=Match.EXACT))
    assert query == TermQuery((Term(Layer.EXACT, "kitapları"),), (Term(Layer.EXACT, "kitapları"),))


def test_words_are_joined_by_the_operator() -> None:
    assert isinstance(planned("kar kış"), AnyOf)
    both = planned("kar kış", operator=Operator.AND)
    assert isinstance(both, AllOf)
    assert len(both.children) == 2


def test_the_tokens_of_one_typed_word_belong_together() -> None:
    query = planned("Jong-un")
    assert isinstance(query, AllOf)
    assert [scored(child)[Layer.EXACT] for child in query.children] == ["jong", "un"]


def test_an_initial_glued_to_a_name_is_the_joined_word_or_all_its_parts() -> None:
    query = planned("F.Bahçe")
    assert isinstance(query, AnyOf)
    joined, parts = query.children
    assert scored(joined)[Layer.EXACT] == "fbahçe"
    assert isinstance(parts, AllOf)
    assert [scored(child)[Layer.EXACT] for child in parts.children] == ["f", "bahçe"]


def test_a_phrase_is_exact_words_at_the_places_an_article_has_them() -> None:
    query = planned('"%20 Jong-un"~2')
    assert isinstance(query, PhraseQuery)
    assert [[term.text for term in place] for place in query.words] == [
        ["yüzde"], ["20"], ["jong"], ["un"],
    ]  # fmt: skip
    assert {term.layer for place in query.words for term in place} == {Layer.EXACT}
    assert query.slop == 2


def test_an_initial_in_a_phrase_may_be_either_at_its_place() -> None:
    query = planned('"F.Bahçe kazandı"')
    assert isinstance(query, PhraseQuery)
    assert {term.text for term in query.words[0]} == {"fbahçe", "f"}


def test_a_phrase_of_one_word_is_that_exact_word() -> None:
    assert matched(planned('"kâr"')) == {"exact:kâr"}


def test_a_prefix_is_folded_unless_exact_words_are_asked_for() -> None:
    assert planned("güven*") == PrefixQuery(Layer.FOLDED, "guven")
    assert planned("Güven*", match=Match.EXACT) == PrefixQuery(Layer.EXACT, "güven")


def test_wildcards_and_fuzzy_words_are_taken_folded_or_letter_by_letter() -> None:
    assert planned("İŞ?Çİ*lık") == WildcardQuery(Layer.FOLDED, "is?ci*lik")
    assert planned("İŞ?Çİ*lık", match=Match.EXACT) == WildcardQuery(Layer.EXACT, "iş?çi*lık")
    assert planned("Güven~") == FuzzyQuery(Layer.FOLDED, "guven")
    assert planned("Güven~", match=Match.EXACT) == FuzzyQuery(Layer.EXACT, "güven")


def test_an_excluded_word_takes_spelling_and_stem_but_not_its_beginning() -> None:
    query = planned("deprem -Adana")
    assert isinstance(query, Excluding)
    assert {term.layer for term in term_query(query.unwanted).match} == {Layer.FOLDED, Layer.STEM}
    assert term_query(query.unwanted).score == ()


def test_an_excluded_word_in_parts_goes_only_where_all_of_it_stands() -> None:
    query = planned("kore -Jong-un")
    assert isinstance(query, Excluding)
    assert isinstance(query.unwanted, AllOf)


def test_any_of_several_exclusions_is_enough() -> None:
    query = planned('-spor -"son dakika"', operator=Operator.AND)
    assert isinstance(query, Excluding)
    assert query.wanted == Everything()
    assert isinstance(query.unwanted, AnyOf)


def test_nothing_asked_for_is_everything() -> None:
    assert planned("") == Everything()


def test_a_word_without_any_token_finds_nothing() -> None:
    assert plan(Query((Word("\u0301"),)), ANALYZER).query == Nothing()


def test_the_clauses_are_what_was_wanted_in_the_order_typed() -> None:
    clauses = plan(parse('kar -kış "son dakika" güven*').query, ANALYZER).clauses
    assert [type(clause) for clause in clauses] == [TermQuery, PhraseQuery, PrefixQuery]


def respelling(typed: str, used: str, *, instead: bool) -> dict[str, tuple[Respelling, ...]]:
    kind = RepairKind.TYPO if instead else RepairKind.DIACRITICS
    return {typed: (Respelling(Repair(kind, typed, used), instead=instead),)}


def test_a_respelling_is_searched_as_well_and_what_is_shared_counts_once() -> None:
    query = parse("isik").query
    both = plan(query, ANALYZER, respellings=respelling("isik", "ışık", instead=False)).query
    assert {"folded:isik", "stem:ışık"} <= matched(both)
    texts = [(term.layer, term.text) for term in term_query(both).score]
    assert len(texts) == len(set(texts))
    assert (Layer.EXACT, "isik") in texts
    assert (Layer.EXACT, "ışık") in texts


def test_a_respelling_can_stand_instead_of_the_word() -> None:
    query = parse("depram").query
    mended = plan(query, ANALYZER, respellings=respelling("depram", "deprem", instead=True)).query
    assert mended == planned("deprem")


def test_a_respelling_of_two_words_asks_for_both() -> None:
    query = parse("havalimanıyolu").query
    mended = plan(
        query, ANALYZER, respellings=respelling("havalimanıyolu", "havalimanı yolu", instead=True)
    ).query
    assert isinstance(mended, AllOf)


def test_in_a_phrase_a_word_is_searched_as_well_but_never_replaced() -> None:
    query = parse('"mesru hak"').query
    as_well = plan(query, ANALYZER, respellings=respelling("mesru", "meşru", instead=False)).query
    assert isinstance(as_well, PhraseQuery)
    assert {term.text for term in as_well.words[0]} == {"mesru", "meşru"}
    instead = plan(query, ANALYZER, respellings=respelling("mesru", "meşru", instead=True)).query
    assert instead == planned('"mesru hak"')


@pytest.mark.parametrize(
    ("text", "typed", "used", "instead", "expected"),
    [
        ("isik yandı -isik", "isik", "ışık", False, "ışık yandı -isik"),
        ('"isik yandı"~2', "isik", "ışık", False, '"ışık yandı"~2'),
        ('"isik yandı"', "isik", "ışık", True, '"isik yandı"'),
        ("havalimanıyolu*", "havalimanıyolu", "hava", True, "havalimanıyolu*"),
        ("ikisözcük", "ikisözcük", "iki sözcük", True, "iki sözcük"),
    ],
)
def test_a_query_reads_as_it_ran(
    text: str, typed: str, used: str, instead: bool, expected: str
) -> None:
    query = parse(text).query
    assert str(respelled(query, respelling(typed, used, instead=instead))) == expected
