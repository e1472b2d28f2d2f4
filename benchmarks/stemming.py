"""Measure the stem layer: conflation beside Snowball's, words a second, seconds to start, memory.

    python -m benchmarks.stemming [--words 200000]

Needs ../shared (gold lemmas, and the vocabulary of the news corpus).
"""

from __future__ import annotations

import json
import lzma
import re
import resource
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import click
import snowballstemmer

from benchmarks.conflation import read_gold_words, table
from index.analysis import Analyzer, turkish_lower
from index.analysis.stemming import Stemmer
from index.words import read_word_lists

SHARED = Path(__file__).parent.parent.parent / "shared"


@click.command()
@click.option("--words", default=200_000, show_default=True, help="Distinct words to stem.")
def main(words: int) -> None:
    """Print the figures of docs/analysis.md, section "The stem layer"."""
    before = _megabytes()
    started = time.process_time()
    lists = read_word_lists()
    read = time.process_time()
    stemmer = Stemmer(lists.roots)
    made = time.process_time()
    print(f"{len(lists.roots):,} roots: read in {read - started:.2f} s, compiled in", end=" ")
    print(f"{made - read:.2f} s, {_megabytes() - before:.0f} MB")
    vocabulary = _vocabulary(SHARED / "corpora" / "news-37k.jsonl.xz", words)
    snowball = snowballstemmer.stemmer("turkish").stemWord
    for name, stem in (("kupur", stemmer.stem), ("Snowball", snowball)):
        print(f"{name}: {_speed(stem, vocabulary):,.0f} distinct words a second")
    gold = read_gold_words(SHARED / "lexicon" / "gold_lemmas.tsv")
    print(table(gold, {"kupur": Analyzer(lists).stem, "Snowball": snowball}))


def _speed(stem: Callable[[str], str], words: list[str]) -> float:
    started = time.process_time()
    for word in words:
        stem(word)
    return len(words) / (time.process_time() - started)


def _vocabulary(corpus: Path, size: int) -> list[str]:
    """Return the first distinct words of a corpus."""
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        texts = (json.loads(line)["body"] for line in lines)
        found = (turkish_lower(word) for text in texts for word in re.findall(r"[^\W\d_]+", text))
        seen: dict[str, None] = {}
        for word in found:
            seen[word] = None
            if len(seen) >= size:
                break
        return list(islice(seen, size))


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
