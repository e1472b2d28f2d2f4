"""The searches that every engine is asked: words of 1 to 8, phrases, prefixes, filters, facets.

Words come from the topic lines of ../shared/relevance/parliament-topics, phrases from the texts
themselves. Seeded: the same corpus gives the same searches.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.documents import SHARED, Record, RecordFile
from benchmarks.engines.adapter import Kind, Lookup

TOPICS = SHARED / "relevance" / "parliament-topics"
KEYWORDS = 3
FIRST_YEAR, LAST_YEAR = 1996, 2020
LONGEST = 32
"""No longer query is taken by kupur (`search.limits`)."""

Workload = dict[str, list[Lookup]]
"""Searches by what they are called in tables."""

_SEED = 20
_WORD = re.compile(r"[^\W\d_]{2,}")
_SUFFIX = re.compile(r"['’]\w+")


def parliament_workload(records: RecordFile, count: int) -> Workload:
    """Return `count` searches of each sort for the parliament corpus."""
    chance = random.Random(_SEED)  # noqa: S311  # no secret
    topics = [words for words in _topics("nl") if words]
    keywords = [words[:KEYWORDS] for words in _topics("kw") if len(words) >= KEYWORDS]
    chance.shuffle(topics)
    chance.shuffle(keywords)
    workload = {
        "keywords": [Lookup(Kind.WORDS, words) for words in keywords[:count]],
        "topic lines": [Lookup(Kind.WORDS, words) for words in topics[:count]],
    }
    long_enough = [words for words in topics if len(words) >= 8]
    for length in range(1, 9):
        workload[f"{length} words"] = [
            Lookup(Kind.WORDS, tuple(chance.sample(words, length))) for words in long_enough[:count]
        ]
    return workload | _others(keywords[:count], _phrases(records, count, chance), chance)


def _others(
    chosen: Sequence[tuple[str, ...]], phrases: Iterable[tuple[str, ...]], chance: random.Random
) -> Workload:
    starts = [next((w for w in words if len(w) >= 5), "")[:4] for words in chosen]
    years = [chance.randint(FIRST_YEAR, LAST_YEAR - 1) for _ in chosen]
    return {
        "phrases": [Lookup(Kind.PHRASE, words) for words in phrases],
        "prefixes": [Lookup(Kind.PREFIX, (start.lower(),)) for start in starts if start],
        "filtered": [
            Lookup(Kind.FILTERED, words, (year, year + 1))
            for words, year in zip(chosen, years, strict=True)
        ],
        "facets": [Lookup(Kind.FACETS, words) for words in chosen],
    }


def _topics(variant: str) -> Iterator[tuple[str, ...]]:
    with (TOPICS / f"queries.{variant}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            text = _SUFFIX.sub("", json.loads(line)["text"])
            yield tuple(dict.fromkeys(_WORD.findall(text)))[:LONGEST]


def _phrases(records: RecordFile, count: int, chance: random.Random) -> Iterator[tuple[str, ...]]:
    texts = [record.text for record in _sample(records, count, chance)]
    for text in texts:
        words = re.findall(r"[^\W\d_]{2,}(?: [^\W\d_]{2,})+", text)
        run = chance.choice(words).split() if words else ["sayın", "başkan"]
        length = min(len(run), chance.choice((2, 2, 3)))
        start = chance.randint(0, len(run) - length)
        yield tuple(run[start : start + length])


def _sample(records: RecordFile, count: int, chance: random.Random) -> Iterator[Record]:
    wanted = set(chance.sample(range(records.count), count))
    for number, record in enumerate(records.records()):
        if number in wanted:
            yield record
