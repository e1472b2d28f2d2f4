"""kupur's embedded engine: the whole formula over all layers, exact totals.

Indexing is what an import runs after the archive has taken the articles in: two worker processes,
each reading its own part (here a file of JSON lines, whose parsing is in the time). A search begins
with the text of the query: parsing, analysis and planning are in the time.
"""

from __future__ import annotations

import time
from datetime import date
from functools import cache, partial
from pathlib import Path

from benchmarks.documents import RecordFile
from benchmarks.engines.adapter import TOP, Answer, InProcess, Kind, Lookup
from index.analysis import Analyzer
from index.article import published_seconds
from index.build import update_index
from index.codec.container import FORMAT_VERSION
from index.codec.section import load_loops
from index.sharing import Workers
from index.words import read_word_lists
from search.engine import EngineRequest, Filters
from search.engines.embedded import EmbeddedEngine
from search.parser import parse
from search.planning import plan
from search.request import FacetField

PROCESSES = 2

load_loops()
"""Numba reads tables of its own when a loop is first called: that is code, and no searcher's."""


class EmbeddedAdapter(InProcess):
    """The engine behind `kupur search`."""

    version = f"index format {FORMAT_VERSION}"
    layers = 5

    def build(self, records: RecordFile, folder: Path) -> float:
        """Index with two worker processes, whose start is in the time."""
        workers = Workers(PROCESSES, partial(RecordFile, records.path, records.count))
        analyzer = _analyzer()
        began = time.perf_counter()
        update_index(records, folder / "index", analyzer, workers=workers)
        return time.perf_counter() - began

    def open(self, folder: Path) -> None:
        """Map the newest generation."""
        self._analyzer = _analyzer()
        self._searcher = EmbeddedEngine(folder / "index").searcher()

    def search(self, lookup: Lookup) -> Answer:
        """Parse, plan and search."""
        planned = plan(parse(_typed(lookup)).query, self._analyzer)
        result = self._searcher.search(
            EngineRequest(
                query=planned.query,
                filters=_filters(lookup),
                limit=TOP,
                facets=(FacetField.YEAR,) if lookup.kind is Kind.FACETS else (),
            )
        )
        return Answer(result.ids, result.total, len(result.facets.get(FacetField.YEAR, ())))


@cache
def _analyzer() -> Analyzer:
    return Analyzer(read_word_lists())


def _typed(lookup: Lookup) -> str:
    words = " ".join(lookup.words)
    if lookup.kind is Kind.PHRASE:
        return f'"{words}"'
    return f"{words}*" if lookup.kind is Kind.PREFIX else words


def _filters(lookup: Lookup) -> Filters:
    if lookup.years is None:
        return Filters()
    first, last = lookup.years
    return Filters(
        published_from=published_seconds(date(first, 1, 1)),
        published_to=published_seconds(date(last + 1, 1, 1)),
    )
