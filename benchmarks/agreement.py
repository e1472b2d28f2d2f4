"""Does the embedded engine rank as a score of every document does? On every relevance query.

    python -m benchmarks.agreement --sets xquad_tr --limit 50

The whole collections of ../shared/relevance, each query of two spellings. The same top ten but for
ties: at each place the scores agree within a billionth, so do the totals, and the ids where no
other document has the same score. Queries with a phrase in them (quotation marks in a topic) are
counted and left to `tests/property`.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

import click
import numpy as np

from benchmarks.dense_scoring import DenseCollection, Unscored
from benchmarks.documents import SHARED
from benchmarks.relevance_sets import INDEXES, SETS, Corpus, bring_up_to_date
from index.analysis import Analyzer
from index.words import read_word_lists
from search.engine import EngineRequest, EngineResult
from search.engines.embedded import EmbeddedEngine
from search.parser import parse
from search.planning import plan
from search.trec import read_topics

RESULTS = Path(__file__).parent / "results" / "agreement.json"
TOLERANCE = 1e-9
TOP = 10


@click.command()
@click.option("--sets", default=",".join(SETS), show_default=True, metavar="LIST")
@click.option("--variants", default="nl,kw", show_default=True, metavar="LIST")
@click.option("--limit", type=int, help="Queries of each set and variant; else all.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
def main(sets: str, variants: str, limit: int | None, output: Path) -> None:
    """Compare the engine with the score of every document; exit status 1 where they differ."""
    analyzer = Analyzer(read_word_lists())
    made: dict[str, dict[str, int]] = {}
    different: list[str] = []
    dense: dict[str, DenseCollection] = {}
    for name in sets.split(","):
        collection = SETS[name]
        click.echo(bring_up_to_date(collection), err=True)
        if collection.name not in dense:
            dense = {collection.name: _dense(collection.name, Corpus(collection), analyzer)}
        searcher = EmbeddedEngine(INDEXES / collection.name).searcher()
        counted: Counter[str] = Counter()
        for variant in variants.split(","):
            path = SHARED / "relevance" / name / f"queries.{variant}.jsonl"
            for topic in read_topics(path)[:limit]:
                request = EngineRequest(plan(parse(topic.text).query, analyzer).query, limit=TOP)
                try:
                    same = _agree(searcher.search(request), request, dense[collection.name])
                except Unscored:
                    counted["with a phrase"] += 1
                    continue
                counted["compared"] += 1
                if not same:
                    different.append(f"{name} {variant} {topic.id}")
        made[name] = {"documents": len(dense[collection.name].ids), **counted}
        click.echo(f"{name}: {dict(counted)}", err=True)
        output.parent.mkdir(exist_ok=True)
        answer = {"sets": made, "different": different, "tolerance": TOLERANCE}
        output.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    print(
        f"{sum(each['compared'] for each in made.values()):,} queries, {len(different)} differ",
        *different[:10],
        sep="\n",
    )
    sys.exit(1 if different else 0)


def _dense(name: str, corpus: Corpus, analyzer: Analyzer) -> DenseCollection:
    began = time.monotonic()
    collection = DenseCollection(corpus.articles(), analyzer)
    took = time.monotonic() - began
    click.echo(f"{name}: {len(collection.ids):,} documents in memory, {took:.0f} s", err=True)
    return collection


def _agree(fast: EngineResult, request: EngineRequest, slow: DenseCollection) -> bool:
    scores = slow.scores(request.query, request.ranking)
    matching = np.flatnonzero(slow.matching(request.query))
    if fast.total != len(matching) or len(fast.ids) != min(TOP, fast.total):
        return False
    own = scores[matching]
    best = np.sort(own)[::-1][: len(fast.ids)]
    if not np.allclose(best, fast.scores, rtol=TOLERANCE, atol=TOLERANCE):
        return False
    if not fast.ids:
        return True
    near = matching[own >= best[-1] * (1 - 1e-6)]  # those on the page, and whatever ties with them
    by_id = {slow.ids[number]: scores[number] for number in near}
    expected = [by_id.get(article_id, -1.0) for article_id in fast.ids]
    return bool(np.allclose(expected, fast.scores, rtol=TOLERANCE, atol=TOLERANCE))


if __name__ == "__main__":
    main()
