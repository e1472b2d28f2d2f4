"""The score of every document of a collection, whole arrays at a time: slow, and obviously right.

What `search.engine.Ranking` writes, over tokens in memory. Shares nothing with the engine it
judges but the analyzer and the query tree: no index, no vocabulary in order, no bounds. It has no
phrases. `benchmarks.agreement` is the caller.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from index.analysis import Analyzer, Forms
from index.article import Article
from index.layers import Layer, layer_text, text_blocks
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    Ranking,
    Term,
    TermQuery,
    scored_words,
)

Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Unscored(Exception):
    """A part of a query that only engines know."""


class Field:
    """The tokens of one field: where each distinct form stands, and how long documents are."""

    def __init__(self) -> None:
        self._forms = array("i")
        self._documents = array("i")
        self.lengths = array("q")

    def add(self, forms: Iterable[int]) -> None:
        """Add the next document's tokens, by the numbers of their forms."""
        before = len(self._forms)
        self._forms.extend(forms)
        count = len(self._forms) - before
        self._documents.extend([len(self.lengths)] * count)
        self.lengths.append(count)

    def finish(self, form_count: int) -> None:
        """Sort the tokens by their forms."""
        forms = np.frombuffer(self._forms, dtype=np.int32)
        order = np.argsort(forms, kind="stable")
        self._sorted = np.frombuffer(self._documents, dtype=np.int32)[order]
        self._starts = np.searchsorted(forms[order], np.arange(form_count + 1))
        self.norm_lengths = np.array(self.lengths, dtype=np.float64)

    def frequencies(self, forms: Iterable[int]) -> Scores:
        """Return how often any of these forms stands in each document."""
        parts = [self._sorted[self._starts[form] : self._starts[form + 1]] for form in forms]
        documents = np.concatenate(parts) if parts else np.zeros(0, np.int32)
        return np.bincount(documents, minlength=len(self.lengths)).astype(np.float64)


class DenseCollection:
    """All articles of a collection, analysed."""

    def __init__(self, articles: Iterable[Article], analyzer: Analyzer) -> None:
        self.ids: list[str] = []
        self._text, self._title = Field(), Field()
        numbers: dict[Forms, int] = {}

        def forms_of(text: str) -> list[int]:
            tokens = analyzer.tokens(text)
            return [numbers.setdefault(token.forms, len(numbers)) for token in tokens]

        for article in articles:
            self.ids.append(article.id)
            title, *blocks = [forms_of(text) for text in text_blocks(article)]
            self._title.add(title)
            self._text.add([*title, *(number for block in blocks for number in block)])
        for field in (self._text, self._title):
            field.finish(len(numbers))
        self._by_layer: dict[Layer, dict[str, list[int]]] = {layer: {} for layer in Layer}
        for layer, by_text in self._by_layer.items():
            for forms, number in numbers.items():
                by_text.setdefault(layer_text(forms, layer), []).append(number)

    def scores(self, query: EngineQuery, ranking: Ranking) -> Scores:
        """Return the score of every document. Raises `Unscored`."""
        total = np.zeros(len(self.ids))
        for word in scored_words(query):
            if not isinstance(word, TermQuery):
                raise Unscored
            total += self._score(word, ranking) ** ranking.word_power
        return total

    def matching(self, query: EngineQuery) -> Mask:
        """Return which documents match. Raises `Unscored`."""
        masks: list[Mask]
        match query:
            case TermQuery():
                masks = [self._frequencies(self._text, term) > 0 for term in query.match]
            case AnyOf() | AllOf():
                masks = [self.matching(child) for child in query.children]
            case _:
                raise Unscored
        join = np.logical_and if isinstance(query, AllOf) else np.logical_or
        found: Mask = join.reduce(masks)
        return found

    def _score(self, word: TermQuery, ranking: Ranking) -> Scores:
        score = np.zeros(len(self.ids))
        fields = [
            (self._text, ranking.b, 1.0),
            (self._title, ranking.title_b, ranking.title_weight),
        ]
        for field, b, factor in fields:
            mean = field.norm_lengths.mean() or 1.0
            norms = ranking.k1 * (1 - b + b * field.norm_lengths / mean)
            for term in word.score:
                frequencies = self._frequencies(field, term)
                holding = np.count_nonzero(frequencies)
                idf = np.log(1 + (len(self.ids) - holding + 0.5) / (holding + 0.5))
                tf = frequencies * (ranking.k1 + 1) / (frequencies + norms)
                score += factor * term.weight * idf * tf
        return score

    def _frequencies(self, field: Field, term: Term) -> Scores:
        return field.frequencies(self._by_layer[term.layer].get(term.text, ()))
