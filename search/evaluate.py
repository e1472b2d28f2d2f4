"""How good is the ranking? Queries and judgements in; a run, its measures and a comparison out.

Offline only: nothing that serves people imports this. Measures are those of ir-measures (the
extra `evaluate`), the reference that TREC tools agree with: nDCG@10 with gains 2^grade - 1, MRR@10
and R@100. A query that finds nothing counts 0; one without a judgement does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from index.analysis import Analyzer
from index.errors import InputError
from search.engine import EngineRequest, Searcher
from search.parser import parse
from search.planning import plan
from search.ranking import DEFAULT_PROFILE, RankingProfile
from search.respelling import QueryRepair
from search.trec import Qrels, Run, Topic, falling

DEPTH = 100
"""How many articles of each query are judged."""

MEASURES = ("nDCG@10", "MRR@10", "R@100")

_TRIALS = 10_000
_FLIPS_AT_ONCE = 500
_SEED = 20050101


@dataclass(frozen=True, slots=True)
class SearchParts:
    """What ranks articles for a query: the parts of the service, without what makes its pages."""

    searcher: Searcher
    analyzer: Analyzer
    repair: QueryRepair | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a run scored: `by_query[measure][query id]`, each between 0 and 1."""

    by_query: Mapping[str, Mapping[str, float]]

    def mean(self, measure: str) -> float:
        """Return the mean of a measure over all queries."""
        values = self.by_query[measure].values()
        return sum(values) / len(values) if values else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a second run's measure differs, over the same queries.

    `chance` is the p-value of `difference` (theirs less ours); `better`, `worse` and `same` count
    queries.
    """

    difference: float
    chance: float
    better: int
    worse: int
    same: int


def run_topics(
    topics: Iterable[Topic], parts: SearchParts, profile: RankingProfile = DEFAULT_PROFILE
) -> dict[str, dict[str, float]]:
    """Return the best `DEPTH` articles of each query, as a reader would get them."""
    return {
        topic.id: _rank(topic.text, parts.searcher, parts.analyzer, parts.repair, profile)
        for topic in topics
    }


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
    """Return the measures of every judged query of a run, in the order that readers saw.

    Raises `InputError` where ir-measures is not installed, or nothing of the run is judged.
    """
    library = ir_measures()
    judged = {query: dict(qrels[query]) for query in run if qrels.get(query)}
    if not judged:
        raise InputError("none of these queries is judged; do queries and judgements belong?")
    grades = {grade for grades in judged.values() for grade in grades.values()}
    known = {
        "nDCG@10": library.nDCG(gains={grade: max(0, 2**grade - 1) for grade in grades}) @ 10,
        "MRR@10": library.RR @ 10,
        "R@100": library.R @ 100,
    }
    names = {measure: name for name, measure in known.items()}
    by_query: dict[str, dict[str, float]] = {name: dict.fromkeys(judged, 0.0) for name in known}
    ranked = {query: falling(run[query]) for query in judged}
    for result in library.iter_calc(list(known.values()), judged, ranked):
        by_query[names[result.measure]][result.query_id] = float(result.value)
    return Evaluation(by_query)


def ir_measures() -> ModuleType:
    """Return the library of measures. Raises `InputError` where it is not installed."""
    try:
        import ir_measures  # noqa: PLC0415  # an extra that only this needs
    except ImportError as error:
        raise InputError(
            "measuring needs ir-measures; install it beside kupur: pip install ir-measures"
        ) from error
    module: ModuleType = ir_measures
    return module


def compare(ours: Evaluation, theirs: Evaluation, measure: str) -> Comparison:
    """Return how the second of two evaluations of the same queries differs from the first."""
    before = ours.by_query[measure]
    pairs = [(value, theirs.by_query[measure][query]) for query, value in before.items()]
    better = sum(second > first for first, second in pairs)
    worse = sum(second < first for first, second in pairs)
    return Comparison(
        difference=theirs.mean(measure) - ours.mean(measure),
        chance=chance_of_difference([pair[1] for pair in pairs], [pair[0] for pair in pairs]),
        better=better,
        worse=worse,
        same=len(pairs) - better - worse,
    )


def chance_of_difference(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the p-value of the mean difference of paired values: a two-sided sign-flip test.

    Fisher's randomisation test with 10,000 flips, as Smucker, Allan and Carterette recommend
    (A comparison of statistical significance tests for IR evaluation, CIKM 2007).
    """
    differences = np.asarray(ours) - np.asarray(theirs)
    generator = np.random.default_rng(_SEED)
    observed = abs(differences.mean())
    extreme = 0
    for _ in range(_TRIALS // _FLIPS_AT_ONCE):  # in parts: a set may have thousands of queries
        signs = generator.choice((-1.0, 1.0), size=(_FLIPS_AT_ONCE, len(differences)))
        means = np.abs(signs @ differences) / len(differences)
        extreme += int(np.count_nonzero(means >= observed - 1e-12))
    return (extreme + 1) / (_TRIALS + 1)
