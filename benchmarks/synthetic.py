"""A synthetic archive of short articles, as large as one likes: seeded, so that it can be repeated.

Words are stems of Turkish syllables with Turkish endings; how often a stem occurs falls with its
rank as in real text (Zipf, exponent 1.07), lengths are lognormal around 100 words. It is no
language, only a load of the right shape: a few words in nearly every article, most words rare, and
prefix layers that gather many words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product

import numpy as np

from benchmarks.documents import WORK, RecordFile, write_lines
from benchmarks.engines.adapter import Kind, Lookup
from benchmarks.workload import Workload

STEMS = 60_000
EXPONENT = 1.07
MEDIAN_WORDS = 100
_SPREAD = 0.5
_SEED = 1923
_BATCH = 5000
_CONSONANTS = "bcçdfgğhjklmnprsştvyz"
_ENDINGS = [
    "", "", "", "", "{a}", "{i}", "l{a}r", "l{a}r{i}", "d{a}", "d{a}n", "n{i}n", "l{a}r{i}n",
    "l{a}rd{a}n", "{i}m{i}z", "l{i}k", "c{i}", "d{i}", "m{i}ş", "{a}c{a}k", "m{a}k",
]  # fmt: skip


def synthetic(count: int) -> RecordFile:
    """Return the first `count` articles; they are made once."""
    path = WORK / f"synthetic-{count}.jsonl"
    if not path.with_suffix(".starts.npy").exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_lines(path, _lines(count))
    return RecordFile(path, count)


def synthetic_workload(count: int) -> Workload:
    """Return searches for one to three words of middling frequency, the same for every size."""
    random = np.random.default_rng(_SEED + 1)
    words = _vocabulary()
    # Ranks 50 to 20,000, evenly on a logarithmic scale: neither "ve" nor a misspelling.
    ranks = np.exp(random.uniform(np.log(50), np.log(20_000), (count, 3))).astype(int)
    endings = random.integers(len(_ENDINGS), size=(count, 3))
    chosen = words[ranks, endings]
    return {"keywords": [Lookup(Kind.WORDS, tuple(dict.fromkeys(row))) for row in chosen.tolist()]}


def _lines(count: int) -> Iterator[bytes]:
    random = np.random.default_rng(_SEED)
    words = _vocabulary()
    weights = 1 / np.arange(1, STEMS + 1) ** EXPONENT
    bounds = np.cumsum(weights / weights.sum())
    for start in range(0, count, _BATCH):
        lengths = random.lognormal(np.log(MEDIAN_WORDS), _SPREAD, _BATCH).astype(int) + 10
        ranks = np.searchsorted(bounds, random.random(lengths.sum())).clip(max=STEMS - 1)
        flat = words[ranks, random.integers(len(_ENDINGS), size=len(ranks))].tolist()
        years = random.integers(2005, 2027, _BATCH).tolist()
        place = 0
        for number, length in enumerate(lengths[: count - start].tolist()):
            text = flat[place : place + length]
            place += length
            record = {
                "id": f"s{start + number:08}",
                "title": " ".join(text[:6]),
                "body": " ".join(text[6:]),
                "date": f"{years[number]}-06-01",
                "category": f"b{number % 9}",
                "source": f"k{number % 5}",
            }
            yield json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _vocabulary() -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
    """Return words by (rank of the stem, number of the ending)."""
    random = np.random.default_rng(_SEED)
    syllables = ["".join(pair) for pair in product(_CONSONANTS, "aeıioöuü")]
    stems: dict[str, None] = {}
    while len(stems) < STEMS:
        picked = random.integers(len(syllables), size=int(random.integers(2, 4)))
        stem = "".join(syllables[number] for number in picked)
        stems[stem + str(random.choice(["", "r", "n", "k", "l"]))] = None
    table = np.empty((STEMS, len(_ENDINGS)), dtype=object)
    for row, stem in enumerate(stems):
        last = next(letter for letter in reversed(stem) if letter in "aeıioöuü")
        low, high = ("e", "i") if last in "eiöü" else ("a", "ı")
        for column, ending in enumerate(_ENDINGS):
            table[row, column] = stem + ending.format(a=low, i=high)
    return table
