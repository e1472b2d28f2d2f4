"""What the score of one document is made of: the sum of `scoring`, term by term."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from search.engine import EngineRequest, Ranking, ScoredField, TermScore
from search.engines.embedded.entries import Entry
from search.engines.embedded.scoring import Scorer, scored_entries
from search.engines.embedded.snapshot import Field, Snapshot


def term_scores(
    request: EngineRequest, document: int, scorer: Scorer, snapshot: Snapshot
) -> Iterator[TermScore]:
    """Yield a part for each scored entry and field in which it stands in the document.

    Raises `EngineTimeout` where the request's deadline passes.
    """
    weights: dict[Entry, float] = {}
    for entry, weight in scored_entries(request.query):
        weights[entry] = weights.get(entry, 0.0) + weight
    fields: list[tuple[Field, float]] = [("text", 1.0)]
    if request.ranking.title_weight:
        fields.append(("title", request.ranking.title_weight))
    norms = [_norm(field, request.ranking, document, snapshot) for field, _ in fields]
    for entry, weight in weights.items():
        for (field, field_weight), norm in zip(fields, norms, strict=True):
            request.deadline.check()
            frequency, holding = scorer.occurrences(field, entry, document)
            if not frequency:
                continue
            idf = scorer.idf(holding)
            share = frequency * (request.ranking.k1 + 1) / (frequency + norm)
            yield TermScore(
                layer=entry.layer,
                text=entry.text,
                is_prefix=entry.is_prefix,
                field=ScoredField(field),
                frequency=frequency,
                document_frequency=holding,
                weight=field_weight * weight,
                idf=idf,
                score=field_weight * weight * idf * share,
            )


def _norm(field: Field, ranking: Ranking, document: int, snapshot: Snapshot) -> float:
    lengths = snapshot.lengths(field)
    mean = float(np.mean(lengths[snapshot.live])) or 1.0
    b = ranking.title_b if field == "title" else ranking.b
    return ranking.k1 * (1 - b + b * int(lengths[document]) / mean)
