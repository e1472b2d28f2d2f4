"""Measure analysis alone: tokens a second in one process, from texts to term numbers.

    python -m benchmarks.analysis [--articles 100000]

As the indexer does it: every surface is looked up, and analysed when it is first seen; inverting
and writing are not counted, nor is the loading of compiled loops. Processor seconds, so that a busy
machine disturbs little.
Needs ../shared (parliament-100k).
"""

from __future__ import annotations

import json
import lzma
import time
from itertools import islice

import click

from benchmarks.documents import PARLIAMENT, SHARED
from benchmarks.machine import conditions
from index.analysis import Analyzer
from index.codec.builder import Lexicon
from index.words import read_word_lists


@click.command()
@click.option("--articles", default=100_000, show_default=True, help="How many speeches to read.")
def main(articles: int) -> None:
    """Print tokens, distinct surfaces and words, seconds, and tokens a second."""
    lexicon = Lexicon(Analyzer(read_word_lists()))
    lexicon.surfaces.read(["söz"])
    seconds = 0.0
    tokens = 0
    with lzma.open(SHARED / "corpora" / f"{PARLIAMENT}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, articles):
            text = json.loads(line)["body"]
            began = time.process_time()
            tokens += len(lexicon.surfaces.read([text]).codes)
            seconds += time.process_time() - began
    print(json.dumps(conditions()))
    print(f"{tokens:,} tokens, {len(lexicon.surfaces):,} surfaces, {len(lexicon.words):,} words")
    print(f"{seconds:.1f} s of one processor: {tokens / seconds:,.0f} tokens a second")


if __name__ == "__main__":
    main()
