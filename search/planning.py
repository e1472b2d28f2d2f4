"""From what was asked to what an engine runs: each word becomes the terms of its layers.

Pure: words come from `search.parser`, forms from the analyzer, weights from `search.ranking`.
Which layers make a match is decided here; how much they count is not. The service calls `plan`;
the marks of a page are made from the same clauses (`search.marking`), so what is marked is what
matched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.analysis import Analyzer, Forms, Token, fold, turkish_lower
from index.layers import Layer, layer_text
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Everything,
    Excluding,
    FuzzyQuery,
    Nothing,
    OpenQuery,
    PhraseQuery,
    PrefixQuery,
    Term,
    TermQuery,
    WildcardQuery,
)
from search.query import Clause, Fuzzy, Phrase, Prefix, Query, Wildcard, Word
from search.ranking import DEFAULT_PROFILE, RankingProfile, score_terms
from search.request import Match, Operator
from search.respelling import NO_RESPELLINGS, Respelling

QUESTION_PARTICLES = frozenset({"mi", "mı", "mu", "mü"})
"""As in "istifa etti mi": written apart, and in so many articles that they only disturb. Quoted,
they count like every word."""

_LONGEST_PARTICLE = 2 + len("\u0307")
"""Letters; a dot of its own (i\u0307) may stand above the i."""

FIVE_LETTERS = 5
"""Shorter folds are their own first five letters: that layer would repeat the folded one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine runs, and the clauses that were asked for, in the order typed.

    A clause is one word, phrase or open word of the query; the marks of a page are made from them.
    """

    query: EngineQuery
    clauses: tuple[EngineQuery, ...]


def plan(
    query: Query,
    analyzer: Analyzer,
    *,
    match: Match = Match.STEM,
    operator: Operator = Operator.OR,
    respellings: Mapping[str, tuple[Respelling, ...]] = NO_RESPELLINGS,
    profile: RankingProfile = DEFAULT_PROFILE,
) -> Plan:
    """Return what an engine runs for `query`; words without any token (signs alone) fall away."""
    planner = _Planner(analyzer, match, respellings, profile)
    wanted = tuple(planner.clauses(query.wanted))
    unwanted = tuple(planner.unwanted(query.excluded))
    whole: EngineQuery
    if wanted:
        whole = _joined(wanted, operator)
    elif query.wanted:
        whole = Nothing()
    else:
        whole = Everything()
    if unwanted:
        whole = Excluding(whole, _joined(unwanted, Operator.OR))
    return Plan(whole, wanted)


class _Planner:
    """The rules of one request: which layers match, which spellings are tried."""

    def __init__(
        self,
        analyzer: Analyzer,
        match: Match,
        respellings: Mapping[str, tuple[Respelling, ...]],
        profile: RankingProfile,
    ) -> None:
        self._analyzer = analyzer
        self._match = match
        self._respellings = respellings
        self._profile = profile

    def clauses(self, wanted: Sequence[Clause]) -> Iterable[EngineQuery]:
        """Yield what each wanted clause means; a question particle means nothing beside words."""
        meant = [clause for clause in wanted if not _is_question_particle(clause)]
        for clause in meant or wanted:
            if isinstance(clause, Word):
                planned = self._word(clause)
            elif isinstance(clause, Phrase):
                planned = self._phrase(clause)
            else:
                planned = self._open(clause)
            if planned is not None:
                yield planned

    def unwanted(self, excluded: Sequence[Clause]) -> Iterable[EngineQuery]:
        """Yield what each excluded clause means.

        A word excludes its inflections by stem and spelling, never by its first five letters:
        who excludes "Adana" has not asked to lose "adanmış".
        """
        for clause in excluded:
            if isinstance(clause, Word):
                tokens = self._analyzer.tokens(clause.text)
                planned = _belonging_together(tokens, self._unwanted_token)
            elif isinstance(clause, Phrase):
                planned = self._phrase(clause)
            else:
                planned = self._open(clause)
            if planned is not None:
                yield planned

    def _word(self, word: Word) -> EngineQuery | None:
        respellings = self._respellings.get(word.text, ())
        if not respellings:
            return _belonging_together(self._analyzer.tokens(word.text), self._wanted_token)
        spellings = [each.repair.used for each in respellings]
        if not any(each.instead for each in respellings):
            spellings.insert(0, word.text)
        planned = [
            clause
            for spelling in spellings
            if (clause := _belonging_together(self._analyzer.tokens(spelling), self._wanted_token))
        ]
        if len(planned) == 1:
            return planned[0]
        if planned and all(isinstance(clause, TermQuery) for clause in planned):
            return _merged([clause for clause in planned if isinstance(clause, TermQuery)])
        return _joined(planned, Operator.OR) if planned else None

    def _wanted_token(self, forms: Forms) -> TermQuery:
        scored = self._scores(forms)
        if self._match is Match.EXACT:
            return TermQuery(scored, scored)
        stem, five, _, folded, _ = scored
        has_five = len(forms.folded) >= FIVE_LETTERS
        return TermQuery((folded, stem, five) if has_five else (folded, stem), scored)

    def _unwanted_token(self, forms: Forms) -> TermQuery:
        if self._match is Match.EXACT:
            return TermQuery((Term(Layer.EXACT, forms.exact),), ())
        return TermQuery((Term(Layer.FOLDED, forms.folded), Term(Layer.STEM, forms.stem)), ())

    def _phrase(self, phrase: Phrase) -> EngineQuery | None:
        # Analysed as one text: its tokens get the positions they have in an article.
        tokens = self._analyzer.tokens(" ".join(phrase.words))
        if not tokens:
            return None
        places: list[dict[str, Forms]] = [{} for _ in range(tokens[-1].position + 1)]
        for token in tokens:
            places[token.position][token.forms.exact] = token.forms
            for forms in self._other_spellings(token, phrase.words):
                places[token.position].setdefault(forms.exact, forms)
        words = tuple(tuple(Term(Layer.EXACT, exact) for exact in place) for place in places)
        scores = _merged_terms(
            term for place in places for forms in place.values() for term in self._scores(forms)
        )
        if len(words) == 1:
            return TermQuery(tuple([t for t in scores if t.layer is Layer.EXACT]), scores)
        return PhraseQuery(words, scores, phrase.slop)

    def _other_spellings(self, token: Token, words: Sequence[str]) -> Iterable[Forms]:
        for word in words:
            for each in self._respellings.get(word, ()):
                if not each.instead and self._analyzer.forms(word) == token.forms:
                    yield self._analyzer.forms(each.repair.used)

    def _open(self, clause: Prefix | Wildcard | Fuzzy) -> OpenQuery:
        layer = Layer.EXACT if self._match is Match.EXACT else Layer.FOLDED
        if isinstance(clause, Wildcard):
            # Not analysed: its parts are no words. Lowering and folding leave the signs alone.
            lowered = turkish_lower(clause.text)
            return WildcardQuery(layer, lowered if layer is Layer.EXACT else fold(lowered))
        text = layer_text(self._analyzer.forms(clause.text), layer)
        return PrefixQuery(layer, text) if isinstance(clause, Prefix) else FuzzyQuery(layer, text)

    def _scores(self, forms: Forms) -> tuple[Term, ...]:
        if self._match is Match.EXACT:
            return (Term(Layer.EXACT, forms.exact),)
        return score_terms(forms, self._profile)


def _is_question_particle(clause: Clause) -> bool:
    return (
        isinstance(clause, Word)
        and len(clause.text) <= _LONGEST_PARTICLE
        and turkish_lower(clause.text) in QUESTION_PARTICLES
    )


class _TokenRule(Protocol):
    def __call__(self, forms: Forms) -> TermQuery: ...


def _belonging_together(tokens: Sequence[Token], rule: _TokenRule) -> EngineQuery | None:
    """Return one clause for the tokens of one typed word: all of Jong-un, not "un" alone.

    Of F.Bahçe either the joined word (fbahce) or all of its parts is asked for.
    """
    if len(tokens) == 1:
        return rule(tokens[0].forms)
    joined = [token for token in tokens if any(_covers(token, other) for other in tokens)]
    parts = [rule(token.forms) for token in tokens if token not in joined]
    if not parts:
        return None
    together: EngineQuery = parts[0] if len(parts) == 1 else AllOf(tuple(parts))
    if joined:
        return AnyOf((*(rule(token.forms) for token in joined), together))
    return together


def _covers(token: Token, other: Token) -> bool:
    return token is not other and token.start <= other.start and other.end <= token.end


def _joined(clauses: Sequence[EngineQuery], operator: Operator) -> EngineQuery:
    if len(clauses) == 1:
        return clauses[0]
    return AllOf(tuple(clauses)) if operator is Operator.AND else AnyOf(tuple(clauses))


def _merged(spellings: Sequence[TermQuery]) -> TermQuery:
    """Return one word in several spellings; what they share counts once."""
    return TermQuery(
        _merged_terms(term for spelling in spellings for term in spelling.match),
        _merged_terms(term for spelling in spellings for term in spelling.score),
    )


def _merged_terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple({(term.layer, term.text): term for term in terms}.values())
