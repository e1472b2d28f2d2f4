"""Does the embedded engine rank as the slow exhaustive one does? On the queries of relevance sets.

    python -m benchmarks.agreement --sets xquad_tr --limit 50

The same top ten but for ties: scores at each place agree within a millionth, and so does the
total. The exhaustive engine looks at every token of every document, so each set is cut to its
first documents.
"""

from __future__ import annotations

import json
import lzma
import math
import shutil
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import click

from benchmarks.documents import SHARED, WORK, Change, packed
from benchmarks.relevance_sets import SETS, Collection
from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from index.build import update_index
from index.words import read_word_lists
from search.engine import EngineRequest, EngineResult
from search.engines.embedded import EmbeddedEngine
from search.engines.exhaustive import ExhaustiveEngine
from search.parser import parse
from search.planning import plan
from search.trec import read_topics

RESULTS = Path(__file__).parent / "results" / "agreement.json"
VARIANTS = ("nl", "kw")
TOLERANCE = 1e-6


@click.command()
@click.option("--sets", default=",".join(SETS), show_default=True, metavar="LIST")
@click.option("--documents", default=500, show_default=True)
@click.option("--limit", default=100, show_default=True, help="Queries of each set and variant.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS)
def main(sets: str, documents: int, limit: int, output: Path) -> None:
    """Compare the two engines; exit status 1 where they differ."""
    analyzer = Analyzer(read_word_lists())
    compared: dict[str, int] = {}
    different: list[str] = []
    for name in sets.split(","):
        source = _FirstArticles(SETS[name], documents)
        folder = WORK / "agreement" / name
        shutil.rmtree(folder, ignore_errors=True)
        update_index(source, folder, analyzer)
        fast = EmbeddedEngine(folder).searcher()
        slow = ExhaustiveEngine(source.articles, analyzer).searcher()
        for variant in VARIANTS:
            path = SHARED / "relevance" / name / f"queries.{variant}.jsonl"
            for topic in read_topics(path)[:limit]:
                request = EngineRequest(plan(parse(topic.text).query, analyzer).query, limit=10)
                compared[name] = compared.get(name, 0) + 1
                if not _agree(fast.search(request), slow.search(request)):
                    different.append(f"{name} {variant} {topic.id}")
        click.echo(f"{name}: {compared[name]} queries", err=True)
        made = {"documents": documents, "compared": compared, "different": different}
        output.parent.mkdir(exist_ok=True)
        output.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{sum(compared.values())} queries, {len(different)} differ", *different[:10], sep="\n")
    sys.exit(1 if different else 0)


class _FirstArticles:
    """The first documents of a corpus, as the index reads an archive."""

    def __init__(self, collection: Collection, count: int) -> None:
        with lzma.open(packed(collection.corpus), "rt", encoding="utf-8") as lines:
            records = [json.loads(line) for line in islice(lines, count)]
        self.articles = [
            Article(
                record["id"],
                record["title"] if collection.with_titles else "",
                tuple(
                    Block(BlockKind.PARAGRAPH, text)
                    for text in record["body"].split("\n")
                    if text.strip()
                ),
            )
            for record in records
        ]
        self.identity = collection.name
        self.sequence = len(self.articles)

    def forgotten_since(self, _sequence: int) -> None:
        """Answer that nothing ever was."""

    def changes_since(self, sequence: int, limit: int) -> Sequence[Change]:
        """Return the next articles as changes."""
        wanted = self.articles[sequence : sequence + limit]
        return [
            Change(article.id, number, article)
            for number, article in enumerate(wanted, start=sequence + 1)
        ]


def _agree(fast: EngineResult, slow: EngineResult) -> bool:
    if fast.total != slow.total or len(fast.ids) != len(slow.ids):
        return False
    scores = zip(fast.scores, slow.scores, strict=True)
    return all(math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE) for a, b in scores)


if __name__ == "__main__":
    main()
