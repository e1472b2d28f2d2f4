"""Why was this article found? The parts of its score, by the words of the query that ask for them.

An engine says what each term adds (`search.engine.TermScore`); here each part is given to the
words that were typed, with the words of the article it stands for. Pure; `search.service` calls
it, and the shares add up to the score that the search reports. No layer is named here, so one that
is new explains itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.analysis import Analyzer, Forms
from index.article import Article
from index.layers import layer_text, text_blocks
from search.engine import (
    EngineQuery,
    OpenQuery,
    PrefixQuery,
    ScoredField,
    ScoredWord,
    TermScore,
    open_text,
    scored_words,
)
from search.patterns import asks_for
from search.query import Clause, Query, Word
from search.request import SearchRequest
from search.respelling import Respelling
from search.results import Repair


@dataclass(frozen=True, slots=True)
class FoundWord:
    """A word as it is spelled in the article, suffix included, and how often."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class ExplainedPart:
    """What one term adds for one word of the query, and the words of the article it stands for.

    `score` is this word's part of `term.score`: a term that two words ask for is shared.
    """

    term: TermScore
    score: float
    words: tuple[FoundWord, ...]


@dataclass(frozen=True, slots=True)
class ExplainedWord:
    """One clause of the query: `searched` are the spellings it was searched in."""

    typed: str
    searched: tuple[str, ...]
    parts: tuple[ExplainedPart, ...]

    @property
    def score(self) -> float:
        """What the word adds in all."""
        return sum(part.score for part in self.parts)

    @property
    def found(self) -> tuple[FoundWord, ...]:
        """The words of the article that any layer found, the most frequent first."""
        counts: dict[str, int] = {}
        for part in self.parts:
            if part.term.field is ScoredField.TEXT:
                for word in part.words:
                    counts[word.text] = max(word.count, counts.get(word.text, 0))
        return _by_frequency(counts)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article was found, or that it was not (`is_found`; then there are no words).

    `together` are parts of the score that no single word of the query asks for.
    """

    article: Article
    request: SearchRequest
    interpreted: str
    generation: int
    is_found: bool
    words: tuple[ExplainedWord, ...] = ()
    together: tuple[ExplainedPart, ...] = ()
    repairs: tuple[Repair, ...] = ()

    @property
    def score(self) -> float:
        """The article's score: the sum of all parts."""
        return sum(word.score for word in self.words) + sum(part.score for part in self.together)


PlanOf = Callable[[Query], EngineQuery]
"""What an engine runs for a query, as the search did it."""

_Key = tuple[str, str, bool]
"""Layer, text, whether it is a prefix: what makes terms equal."""

_Test = Callable[[Forms], bool]


def explained_words(
    query: Query,
    article: Article,
    scores: Sequence[TermScore],
    *,
    plan_of: PlanOf,
    respellings: Mapping[str, tuple[Respelling, ...]],
    analyzer: Analyzer,
) -> tuple[tuple[ExplainedWord, ...], tuple[ExplainedPart, ...]]:
    """Return what each clause of the query adds to a score, and what none adds by itself."""
    wanted = [_weights(plan_of(Query((clause,)))) for clause in query.wanted]
    totals: dict[_Key, float] = {}
    for weights in wanted:
        for key, weight in weights.items():
            totals[key] = totals.get(key, 0.0) + weight
    surfaces = _Surfaces(article, analyzer, _open_words(plan_of(query)))

    def part(term: TermScore, share: float) -> ExplainedPart:
        return ExplainedPart(term, share * term.score, surfaces.of(term))

    words = tuple(
        ExplainedWord(
            str(clause),
            _searched(clause, respellings),
            tuple(
                part(term, weights[_key_of(term)] / totals[_key_of(term)])
                for term in scores
                if weights.get(_key_of(term))
            ),
        )
        for clause, weights in zip(query.wanted, wanted, strict=True)
    )
    return words, tuple(part(term, 1.0) for term in scores if not totals.get(_key_of(term)))


def _searched(clause: Clause, respellings: Mapping[str, tuple[Respelling, ...]]) -> tuple[str, ...]:
    """Return the spellings that a clause was searched in; as typed first, unless replaced."""
    if not isinstance(clause, Word):
        return (str(clause),)
    others = respellings.get(clause.text, ())
    used = tuple(each.repair.used for each in others)
    return used if any(each.instead for each in others) else (clause.text, *used)


def _weights(query: EngineQuery) -> dict[_Key, float]:
    """Return what is scored in a query with its weight, equal terms as one."""
    weights: dict[_Key, float] = {}
    for word in scored_words(query):
        for key, weight in _terms(word):
            weights[key] = weights.get(key, 0.0) + weight
    return weights


def _terms(word: ScoredWord) -> list[tuple[_Key, float]]:
    if isinstance(word, OpenQuery):
        return [(_key_of_open(word), word.weight)]
    return [((str(term.layer), term.text, False), term.weight) for term in word.score]


def _key_of(term: TermScore) -> _Key:
    return str(term.layer), term.text, term.is_prefix


def _key_of_open(word: OpenQuery) -> _Key:
    return str(word.layer), open_text(word), isinstance(word, PrefixQuery)


class _Surfaces:
    """The words of an article as they are spelled, to be looked up by term."""

    def __init__(
        self, article: Article, analyzer: Analyzer, open_words: Mapping[_Key, _Test]
    ) -> None:
        self._open_words = open_words
        texts = list(text_blocks(article))
        tokens = [[(text, token) for token in analyzer.tokens(text)] for text in texts]
        self._tokens = {
            ScoredField.TITLE: tokens[0],
            ScoredField.TEXT: [pair for own in tokens for pair in own],
        }

    def of(self, term: TermScore) -> tuple[FoundWord, ...]:
        """Return the words that a term stands for in its field, the most frequent first."""
        is_one = self._open_words.get(_key_of(term)) or _is(term)
        counts = Counter(
            text[token.start : token.end]
            for text, token in self._tokens[term.field]
            if is_one(token.forms)
        )
        return _by_frequency(counts)


def _open_words(query: EngineQuery) -> dict[_Key, _Test]:
    words = (word for word in scored_words(query) if isinstance(word, OpenQuery))
    return {_key_of_open(word): asks_for(word) for word in words}


def _is(term: TermScore) -> _Test:
    return lambda forms: layer_text(forms, term.layer) == term.text


def _by_frequency(counts: Mapping[str, int]) -> tuple[FoundWord, ...]:
    pairs: Iterable[tuple[str, int]] = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FoundWord(text, count) for text, count in pairs)
