"""How good is the ranking? Queries and judgements in; a run, its measures and a comparison out.

Offline only: nothing that serves people imports this. Measures are those of ir-measures (the
extra `evaluate`), the reference that TREC tools agree with: nDCG@10 with gains 2^grade - 1, MRR@10
and R@100. A query that finds nothing counts 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from index.analysis import Analyzer
from index.errors import InputError
from search.engine import EngineRequest, Searcher
from search.parser import parse
from search.planning import plan
from search.ranking import DEFAULT_PROFILE, RankingProfile
from search.respelling import QueryRepair

DEPTH = 100
"""How many articles of each query are judged."""

MEASURES = ("nDCG@10", "MRR@10", "R@100")

_GAINS = {grade: 2**grade - 1 for grade in range(8)}
_TRIALS = 10_000
_SEED = 20050101

Qrels = Mapping[str, Mapping[str, int]]
"""Query id → article id → grade."""

Run = Mapping[str, Mapping[str, float]]
"""Query id → article id → score."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One query of a set."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a run scored: `by_query[measure][query id]`, each between 0 and 1."""

    by_query: Mapping[str, Mapping[str, float]]

    def mean(self, measure: str) -> float:
        """Return the mean of a measure over all queries."""
        values = self.by_query[measure].values()
        return sum(values) / len(values) if values else 0.0


def read_topics(path: Path) -> list[Topic]:
    """Return the queries of a JSON Lines file (`id`, `text`). Raises `InputError`."""
    topics = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            record = json.loads(line)
            topics.append(Topic(str(record["id"]), str(record["text"])))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f'{path}:{number}: not a query; expected {{"id": …, "text": …}}'
            ) from error
    return topics


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return judgements in TREC form (query, 0, article, grade). Raises `InputError`."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(path), start=1):
        match line.split():
            case [query, _, article, grade] if grade.lstrip("-").isdigit():
                qrels.setdefault(query, {})[article] = int(grade)
            case _:
                raise InputError(
                    f"{path}:{number}: not a judgement; expected `query 0 article grade`"
                )
    return qrels


def _lines(path: Path) -> Iterable[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({error})") from error


def run_topics(
    topics: Iterable[Topic],
    searcher: Searcher,
    analyzer: Analyzer,
    *,
    repair: QueryRepair | None = None,
    profile: RankingProfile = DEFAULT_PROFILE,
) -> dict[str, dict[str, float]]:
    """Return the best `DEPTH` articles of each query, as a reader would get them."""
    return {topic.id: _rank(topic.text, searcher, analyzer, repair, profile) for topic in topics}


def _rank(
    text: str,
    searcher: Searcher,
    analyzer: Analyzer,
    repair: QueryRepair | None,
    profile: RankingProfile,
) -> dict[str, float]:
    query = parse(text).query
    respellings = repair.repair(query, searcher.vocabulary).respellings if repair else {}
    planned = plan(query, analyzer, respellings=respellings, profile=profile)
    result = searcher.search(EngineRequest(planned.query, ranking=profile.ranking, limit=DEPTH))
    return dict(zip(result.ids, result.scores, strict=True))


def evaluate(run: Run, qrels: Qrels) -> Evaluation:
    """Return the measures of every query of a run. Raises `InputError` without ir-measures."""
    measures = _ir_measures()
    known = {
        "nDCG@10": measures.nDCG(gains=_GAINS) @ 10,
        "MRR@10": measures.RR @ 10,
        "R@100": measures.R @ 100,
    }
    names = {measure: name for name, measure in known.items()}
    by_query: dict[str, dict[str, float]] = {name: dict.fromkeys(run, 0.0) for name in known}
    judged = {query: dict(qrels.get(query, {})) for query in run}
    ranked = {query: dict(scores) for query, scores in run.items()}
    for result in measures.iter_calc(list(known.values()), judged, ranked):
        by_query[names[result.measure]][result.query_id] = float(result.value)
    return Evaluation(by_query)


def _ir_measures() -> ModuleType:
    try:
        import ir_measures  # noqa: PLC0415  # an extra that only this needs
    except ImportError as error:
        raise InputError(
            "measuring needs ir-measures; install it with `pip install 'kupur[evaluate]'`"
        ) from error
    module: ModuleType = ir_measures
    return module


def chance_of_difference(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the p-value of the mean difference of paired values: a two-sided sign-flip test.

    Fisher's randomisation test with 10,000 flips, as Smucker, Allan and Carterette recommend
    (A comparison of statistical significance tests for IR evaluation, CIKM 2007).
    """
    differences = np.asarray(ours) - np.asarray(theirs)
    generator = np.random.default_rng(_SEED)
    observed = abs(differences.mean())
    signs = generator.choice((-1.0, 1.0), size=(_TRIALS, len(differences)))
    extreme = np.count_nonzero(np.abs(signs @ differences) / len(differences) >= observed - 1e-12)
    return float((extreme + 1) / (_TRIALS + 1))


def run_lines(run: Run, name: str = "kupur") -> Iterable[str]:
    """Yield a run in the form that TREC tools read: query Q0 article rank score name."""
    for query, scores in run.items():
        for place, (article, score) in enumerate(scores.items(), start=1):
            yield f"{query} Q0 {article} {place} {score:.6f} {name}"


def means(evaluation: Evaluation) -> dict[str, Any]:
    """Return the means of an evaluation, ready for JSON."""
    return {measure: round(evaluation.mean(measure), 4) for measure in MEASURES}
