"""The relevance sets of ../shared/relevance: which corpus, what of it is searched, in an index.

Other people's texts: they are read where they lie, and their indexes go to var/, which is never
committed. `benchmarks.relevance` is the caller.
"""

from __future__ import annotations

import json
import lzma
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from index.build import update_index
from index.errors import EngineError
from index.words import read_word_lists
from search.engines.embedded import EmbeddedEngine
from search.evaluate import MEASURES, SearchParts, evaluate, run_topics
from search.ranking import RankingProfile
from search.repair import SpellingRepair
from search.trec import read_qrels, read_topics

CHECKOUT = Path(__file__).parent.parent
SHARED = CHECKOUT.parent / "shared"
INDEXES = CHECKOUT / "var" / "relevance"

VARIANTS = ("nl", "kw", "nl_ascii", "kw_ascii", "kw_typo")


@dataclass(frozen=True, slots=True)
class Collection:
    """A corpus, with its titles or by its bodies alone."""

    corpus: str
    with_titles: bool = True

    @property
    def name(self) -> str:
        """What its index folder is called."""
        return self.corpus if self.with_titles else f"{self.corpus}-bodies"


SETS = {
    "news-title": Collection("news-37k", with_titles=False),
    "news-trend": Collection("news-37k"),
    "news-claim": Collection("news-37k", with_titles=False),
    "parliament-topics": Collection("parliament-100k"),
    "xquad_tr": Collection("xquad_tr"),
    "tquad2018": Collection("tquad2018"),
}
"""Each set and what it searches (../shared/relevance/README.md)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One set in one variant: what was measured."""

    set_name: str
    variant: str
    queries: int
    measures: dict[str, float]
    ms_per_query: float


@dataclass(frozen=True, slots=True)
class _Change:
    id: str
    sequence: int
    article: Article


class Corpus:
    """A corpus as far as the index reads an archive."""

    def __init__(self, collection: Collection) -> None:
        self._name = collection.name
        self._with_titles = collection.with_titles
        with lzma.open(SHARED / "corpora" / f"{collection.corpus}.jsonl.xz", "rb") as stream:
            self._lines = stream.readlines()

    @property
    def sequence(self) -> int:
        """How many articles there are."""
        return len(self._lines)

    @property
    def identity(self) -> str:
        """Its name, so that no index of another corpus is built on."""
        return self._name

    def forgotten_since(self, _sequence: int) -> None:
        """Answer that nothing ever was."""

    def changes_since(self, sequence: int, limit: int) -> Sequence[_Change]:
        """Return the next articles as changes."""
        lines = self._lines[sequence : sequence + limit]
        return [
            _Change(article.id, number, article)
            for number, article in enumerate(map(self._article, lines), start=sequence + 1)
        ]

    def articles(self) -> Iterator[Article]:
        """Yield every article."""
        return map(self._article, self._lines)

    def _article(self, line: bytes) -> Article:
        record = json.loads(line)
        paragraphs = (text for text in record["body"].split("\n") if text.strip())
        return Article(
            record["id"],
            record["title"] if self._with_titles else "",
            tuple(Block(BlockKind.PARAGRAPH, text) for text in paragraphs),
            _day(record.get("date") or ""),
            section=record.get("category") or "",
            source=record.get("source") or "",
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def bring_up_to_date(collection: Collection) -> str:
    """Index a collection where its index is missing or another analyzer's; tell what was done."""
    folder = INDEXES / collection.name
    began = time.monotonic()
    corpus = Corpus(collection)
    analyzer = Analyzer(read_word_lists())
    try:
        report = update_index(corpus, folder, analyzer)
    except EngineError:  # damaged, or of a format that is no more: nothing in it is worth keeping
        shutil.rmtree(folder, ignore_errors=True)
        report = update_index(corpus, folder, analyzer)
    done = f"{report.indexed:,} indexed" if report.indexed else "index is there"
    return f"{collection.name}: {done}, {time.monotonic() - began:.0f} s"


def measure(set_name: str, variant: str, limit: int | None, profile: RankingProfile) -> Cell:
    """Run the queries of one set in one variant, and measure."""
    folder = SHARED / "relevance" / set_name
    topics = read_topics(folder / f"queries.{variant}.jsonl")[:limit]
    parts = _parts(SETS[set_name].name)
    run_topics(topics[:1], parts, profile)  # loads compiled code
    began = time.perf_counter()
    run = run_topics(topics, parts, profile)
    seconds = time.perf_counter() - began
    evaluation = evaluate(run, read_qrels(folder / "qrels.txt"))
    return Cell(
        set_name=set_name,
        variant=variant,
        queries=len(topics),
        measures={name: evaluation.mean(name) for name in MEASURES},
        ms_per_query=1000 * seconds / len(topics),
    )


@cache
def _parts(index_name: str) -> SearchParts:
    """Return what searches an index; each process opens each index once."""
    analyzer = Analyzer(read_word_lists())
    searcher = EmbeddedEngine(INDEXES / index_name).searcher()
    return SearchParts(searcher, analyzer, SpellingRepair(analyzer))
