"""What the exhaustive engine knows of a word and of a score: each rule as `search.engine` words it.

Slow and obviously right, as `exhaustive` itself; nothing is shared with the engines it judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import log

from index.analysis import Forms
from index.article import Article
from index.layers import layer_text
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
    Ranking,
    ScoredField,
    Term,
    TermQuery,
    TermScore,
    WildcardQuery,
)

Test = Callable[[Forms], bool]
"""Whether a token is what one term asks for."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One token: its forms, and where it stands in its block."""

    forms: Forms
    position: int


@dataclass(frozen=True, slots=True)
class Document:
    """One analysed article: the tokens of its title, and of the title and every block."""

    article: Article
    title: tuple[Placed, ...]
    blocks: tuple[tuple[Placed, ...], ...]

    def tokens(self) -> Iterator[Placed]:
        """Yield the tokens of title and body together."""
        for block in self.blocks:
            yield from block


def asks_for(term: Term | OpenQuery) -> Test:
    """Return the test of a term, or of what stands for many."""
    match term:
        case Term():
            return lambda forms: layer_text(forms, term.layer) == term.text
        case PrefixQuery():
            return lambda forms: layer_text(forms, term.layer).startswith(term.prefix)
        case WildcardQuery():
            return lambda forms: _describes(term.pattern, layer_text(forms, term.layer))
        case FuzzyQuery():
            return lambda forms: (
                layer_text(forms, term.layer) in _slips_of(term.word, layer_text(forms, term.layer))
            )


def _describes(pattern: str, word: str) -> bool:
    """Try every number of letters that a star can stand for."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(_describes(pattern[1:], word[taken:]) for taken in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and _describes(pattern[1:], word[1:])


def _slips_of(word: str, letters: str) -> set[str]:
    """Write down the word with every slip there is, none included, with these letters."""
    slips = {word}
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        slips.add(before + after[1:])
        slips.add(before + after[:2][::-1] + after[2:])
        for letter in letters:
            slips.add(before + letter + after)
            slips.add(before + letter + after[1:])
    return slips


def frequency(tokens: Iterable[Placed], test: Test) -> int:
    """Return how many tokens pass a test."""
    return sum(test(token.forms) for token in tokens)


def holds(document: Document, test: Test) -> bool:
    """Whether any token of an article passes a test."""
    return frequency(document.tokens(), test) > 0


class Scorer:
    """BM25 as `search.engine.Ranking` writes it, over title and body together and the title."""

    def __init__(self, documents: Sequence[Document], ranking: Ranking) -> None:
        self._documents = documents
        self._ranking = ranking

    def score(self, document: Document, query: EngineQuery) -> float:
        """Return the sum over every word of what is wanted, whether the word matched or not.

        A wide layer may lift what another word, or a narrower layer, has found.
        """
        power = self._ranking.word_power
        return sum(float(self._sum(document, word) ** power) for word in scored_words(query))

    def _sum(self, document: Document, word: ScoredWord) -> float:
        return sum(
            term.weight * part.score
            for term in scored_terms(word)
            for part in self._term_parts(document, term)
        )

    def parts(self, document: Document, query: EngineQuery) -> tuple[TermScore, ...]:
        """Return what the score is made of, equal terms as one."""
        merged: dict[tuple[object, ...], TermScore] = {}
        for word in scored_words(query):
            whole = self._sum(document, word)
            left = whole ** (self._ranking.word_power - 1) if whole else 0.0
            for term in scored_terms(word):
                for part in self._term_parts(document, term):
                    key = (*_key(term), part.field)
                    weight = term.weight * part.weight
                    score = term.weight * part.score * left
                    if key in merged:
                        weight += merged[key].weight
                        score += merged[key].score
                    merged[key] = replace(part, weight=weight, score=score)
        return tuple(part for part in merged.values() if part.weight)

    def _term_parts(self, document: Document, term: Term | OpenQuery) -> Iterator[TermScore]:
        """Yield what a term of weight 1 adds in the text, and in the title if it stands there."""
        ranking = self._ranking
        yield from self._part(
            document,
            term,
            field=ScoredField.TEXT,
            text=lambda each: tuple(each.tokens()),
            b=ranking.b,
            weight=1.0,
        )
        if ranking.title_weight:
            yield from self._part(
                document,
                term,
                field=ScoredField.TITLE,
                text=lambda each: each.title,
                b=ranking.title_b,
                weight=ranking.title_weight,
            )

    def _part(
        self,
        document: Document,
        term: Term | OpenQuery,
        *,
        field: ScoredField,
        text: Callable[[Document], Sequence[Placed]],
        b: float,
        weight: float,
    ) -> Iterator[TermScore]:
        test = asks_for(term)
        found = frequency(text(document), test)
        if not found:
            return
        count = len(self._documents)
        holding = sum(frequency(text(each), test) > 0 for each in self._documents)
        average = sum(len(text(each)) for each in self._documents) / count
        idf = log(1 + (count - holding + 0.5) / (holding + 0.5))
        k1 = self._ranking.k1
        norm = k1 * (1 - b + b * len(text(document)) / average)
        yield TermScore(
            layer=term.layer,
            text=_text(term),
            is_prefix=isinstance(term, PrefixQuery),
            field=field,
            frequency=found,
            document_frequency=holding,
            weight=weight,
            idf=idf,
            score=weight * idf * found * (k1 + 1) / (found + norm),
        )


ScoredWord = TermQuery | PhraseQuery | OpenQuery
"""What is scored as one: a word, a phrase, a prefix, wildcard or fuzzy word."""


def scored_terms(word: ScoredWord) -> Iterator[Term | OpenQuery]:
    """Yield the scored terms of one word."""
    if isinstance(word, OpenQuery):
        yield word
    else:
        yield from word.score


def scored_words(query: EngineQuery) -> Iterator[ScoredWord]:
    """Yield every word of what is wanted, in the order of the query."""
    match query:
        case TermQuery() | PhraseQuery() | PrefixQuery() | WildcardQuery() | FuzzyQuery():
            yield query
        case AnyOf() | AllOf():
            for child in query.children:
                yield from scored_words(child)
        case Excluding():
            yield from scored_words(query.wanted)
        case Everything() | Nothing():
            return


def _key(term: Term | OpenQuery) -> tuple[object, ...]:
    return term.layer, _text(term), isinstance(term, PrefixQuery)


def _text(term: Term | OpenQuery) -> str:
    match term:
        case Term():
            return term.text
        case PrefixQuery():
            return term.prefix
        case WildcardQuery():
            return term.pattern
        case FuzzyQuery():
            return term.word + "~"
