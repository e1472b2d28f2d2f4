"""What the score of one document is made of: the sum of `scoring`, term by term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from search.engine import EngineRequest, ScoredField, TermScore, scored_words
from search.engines.embedded.entries import Entry
from search.engines.embedded.scoring import Scorer, entry_weights
from search.engines.embedded.snapshot import Field


def term_scores(request: EngineRequest, document: int, scorer: Scorer) -> Iterator[TermScore]:
    """Yield a part for each scored entry and field in which it stands in the document.

    Raises `EngineTimeout` where the request's deadline passes.
    """
    merged: dict[tuple[Entry, Field], TermScore] = {}
    ranking = request.ranking
    factors: dict[Field, float] = {"text": 1.0, "title": ranking.title_weight}
    fields = [
        (field, factor, scorer.norm(field, ranking, document))
        for field, factor in factors.items()
        if factor
    ]
    for word in scored_words(request.query):
        parts = {}
        for entry, weight in entry_weights(word).items():
            for field, factor, norm in fields:
                request.deadline.check()
                frequency, holding = scorer.occurrences(field, entry, document)
                if frequency:
                    share = frequency * (ranking.k1 + 1) / (frequency + norm)
                    parts[entry, field] = TermScore(
                        layer=entry.layer,
                        text=entry.text,
                        is_prefix=entry.is_prefix,
                        field=ScoredField(field),
                        frequency=frequency,
                        document_frequency=holding,
                        weight=factor * weight,
                        idf=scorer.idf(holding),
                        score=factor * weight * scorer.idf(holding) * share,
                    )
        whole = sum(part.score for part in parts.values())
        # Weights near 0 may add up to 0.
        share_of_whole = whole ** (ranking.word_power - 1) if whole else 0.0
        for key, part in parts.items():
            before = merged.get(key)
            merged[key] = replace(
                part,
                weight=part.weight + (before.weight if before else 0.0),
                score=part.score * share_of_whole + (before.score if before else 0.0),
            )
    yield from merged.values()
