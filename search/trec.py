"""The files of an evaluation: queries, judgements and runs, in the forms that TREC tools share.

Reads and writes text; measures nothing (`search.evaluate`). Every error says where: path:line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.errors import InputError

Qrels = Mapping[str, Mapping[str, int]]
"""Query id → article id → grade."""

Run = Mapping[str, Mapping[str, float]]
"""Query id → article id → score, the best article first."""

PLAIN = "plain"
"""What the queries of `queries.jsonl` are called beside those of `queries.<variant>.jsonl`."""

_VARIANT = re.compile(r"queries(?:\.([\w-]+))?\.jsonl")
_GRADE = re.compile(r"-?[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Topic:
    """One query of a set."""

    id: str
    text: str


def query_files(path: Path) -> dict[str, Path]:
    """Return the query files of a folder by variant, or a single file under its own variant.

    Raises `InputError` for a folder without any.
    """
    if not path.is_dir():
        return {_variant_of(path): path}
    found = sorted(file for file in path.iterdir() if _VARIANT.fullmatch(file.name))
    if not found:
        raise InputError(
            f"{path}: holds no queries; expected queries.jsonl or queries.<variant>.jsonl"
        )
    return {_variant_of(file): file for file in found}


def _variant_of(path: Path) -> str:
    named = _VARIANT.fullmatch(path.name)
    return (named[1] or PLAIN) if named else path.stem


def read_topics(path: Path) -> list[Topic]:
    """Return the queries of a JSON Lines file (`id`, `text`). Raises `InputError`."""
    topics: dict[str, Topic] = {}
    for where, line in _lines(path):
        topic = _topic(where, line)
        if topic.id in topics:
            raise InputError(f"{where}: the query id '{topic.id}' is taken by an earlier line")
        topics[topic.id] = topic
    if not topics:
        raise InputError(f"{path}: holds no queries")
    return list(topics.values())


def _topic(where: str, line: str) -> Topic:
    try:
        record = json.loads(line)
        topic = Topic(str(record["id"]), str(record["text"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f'{where}: not a query; expected {{"id": …, "text": …}}') from error
    if not topic.id or topic.id.split() != [topic.id]:
        raise InputError(f"{where}: a query id is one word, for runs and judgements: {topic.id!r}")
    return topic


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Return judgements in TREC form (query, 0, article, grade). Raises `InputError`."""
    qrels: dict[str, dict[str, int]] = {}
    for where, line in _lines(path):
        match line.split():
            case [query, _, article, grade] if _GRADE.fullmatch(grade):
                judged = qrels.setdefault(query, {})
                if judged.setdefault(article, int(grade)) != int(grade):
                    raise InputError(
                        f"{where}: {article} was judged {judged[article]} for {query} by an"
                        " earlier line"
                    )
            case _:
                raise InputError(f"{where}: not a judgement; expected `query 0 article grade`")
    if not qrels:
        raise InputError(f"{path}: holds no judgements")
    return qrels


def run_lines(run: Run, name: str = "kupur") -> Iterator[str]:
    """Yield a run in the form that TREC tools read: query Q0 article rank score name."""
    for query, scores in run.items():
        for place, (article, score) in enumerate(falling(scores).items(), start=1):
            yield f"{query} Q0 {article} {place} {score!r} {name}"


def read_run(path: Path) -> dict[str, dict[str, float]]:
    """Return a run that `run_lines` or another TREC tool wrote. Raises `InputError`."""
    run: dict[str, dict[str, float]] = {}
    for where, line in _lines(path):
        try:
            query, _, article, _, score, _ = line.split()
            run.setdefault(query, {})[article] = float(score)
        except ValueError as error:
            raise InputError(
                f"{where}: not a line of a run; expected `query Q0 article rank score name`"
            ) from error
    return run


def falling(scores: Mapping[str, float]) -> dict[str, float]:
    """Return scores that fall from place to place, each changed as little as can be.

    trec_eval keeps scores as 32-bit floats and orders equal ones by article id, backwards: an
    order that no reader saw.

    >>> list(falling({"a": 2.0, "b": 2.0}).values())
    [2.0, 1.9999998807907104]
    """
    lowest = np.float32(-np.inf)
    fallen: dict[str, float] = {}
    last = np.float32(np.inf)
    for article, score in scores.items():
        last = min(np.float32(score), np.nextafter(last, lowest))
        fallen[article] = float(last)
    return fallen


def _lines(path: Path) -> Iterable[tuple[str, str]]:
    """Return (path:line, text) of every line that is not blank."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text ({error.reason})") from error
    numbered = enumerate(text.split("\n"), start=1)
    return [(f"{path}:{number}", line) for number, line in numbered if line.strip()]
