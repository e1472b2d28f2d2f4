"""How good is the ranking? Queries and judgements in; a run and its measures out.

Offline only: nothing that serves people imports this. Measures are those of ir-measures (the
optional extra `evaluate`): nDCG@10 with gains 2^grade - 1, MRR@10, R@100.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.analysis import Analyzer
from index.errors import InputError
from search.engine import EngineRequest, Filters, Searcher
from search.parser import parse
from search.planning import plan
from search.respelling import QueryRepair

DEPTH = 100
"""How many articles of each query are judged."""

Ranked = Mapping[str, float]
"""Article id → score of one query's results."""

Qrels = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Topic:
    """One query of a set."""

    id: str
    text: str


def read_topics(path: Path) -> list[Topic]:
    """Return the queries of a JSON Lines file (`id`, `text`). Raises `InputError`."""
    topics = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            record = json.loads(line)
            topics.append(Topic(str(record["id"]), str(record["text"])))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}:{number}: not a query ({error!r})") from error
    return topics


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return judgements in TREC form (query, 0, document, grade). Raises `InputError`."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(path), start=1):
        fields = line.split()
        if len(fields) != 4 or not fields[3].lstrip("-").isdigit():
            raise InputError(f"{path}:{number}: expected `query 0 document grade`, not {line!r}")
        qrels.setdefault(fields[0], {})[fields[2]] = int(fields[3])
    return qrels


def _lines(path: Path) -> Iterable[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def rank(
    topic: Topic, searcher: Searcher, analyzer: Analyzer, repair: QueryRepair | None
) -> dict[str, float]:
    """Return the best `DEPTH` articles of one query, as a reader would get them."""
    query = parse(topic.text).query
    respellings = repair.repair(query, searcher.vocabulary).respellings if repair else {}
    planned = plan(query, analyzer, respellings=respellings)
    result = searcher.search(EngineRequest(planned.query, filters=Filters(), limit=DEPTH))
    return dict(zip(result.ids, result.scores, strict=True))
