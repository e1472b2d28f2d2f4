"""Measure the judged queries that ship with kupur, on an archive of its sample articles.

Run by itself it pins the figure of every query in pinned.json:

    python -m tests.relevance.judged
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import kupur
from search.evaluate import Evaluation, evaluate, run_topics
from search.trec import Topic, query_files, read_qrels, read_topics

CHECKOUT = Path(__file__).parent.parent.parent
JUDGED = CHECKOUT / "data" / "judged"
SAMPLE = CHECKOUT / "data" / "sample"
PINNED = Path(__file__).parent / "pinned.json"

MEASURE = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Judged:
    """The queries of one variant, and what each scored."""

    topics: dict[str, Topic]
    evaluation: Evaluation


def measured(folder: Path) -> dict[str, Judged]:
    """Import the sample articles into `folder`, and measure every variant."""
    assert kupur.run(["import", "--archive", str(folder), str(SAMPLE)]) == 0
    qrels = read_qrels(JUDGED / "qrels.txt")
    with kupur.Application().measuring(folder) as parts:
        return {
            variant: Judged(
                {topic.id: topic for topic in topics}, evaluate(run_topics(topics, parts), qrels)
            )
            for variant, path in query_files(JUDGED).items()
            for topics in [read_topics(path)]
        }


def pinned() -> dict[str, dict[str, float]]:
    """Return by variant what each query scored when it was pinned; those not named had 1."""
    values: dict[str, dict[str, float]] = json.loads(PINNED.read_bytes())
    return values


def _pin() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder) / "archive")
    values = {
        variant: {
            query: round(value, 4)
            for query, value in judged.evaluation.by_query[MEASURE].items()
            if value < 0.99995
        }
        for variant, judged in found.items()
    }
    PINNED.write_text(json.dumps(values, indent=1) + "\n")
    for variant, judged in found.items():
        print(f"{variant:<8}{judged.evaluation.mean(MEASURE):.4f}")  # noqa: T201  # run by hand


if __name__ == "__main__":
    _pin()
