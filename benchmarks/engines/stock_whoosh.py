"""Stock Whoosh 2.7.4: its own writer, codec and search; lower case and Snowball's Turkish.

It indexes a few hundred speeches a second, so it is measured on the smaller sizes alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import Stemmer
from whoosh import fields, index, query, scoring
from whoosh.analysis import Filter, RegexTokenizer, Token
from whoosh.filedb.filestore import FileStorage
from whoosh.sorting import FieldFacet

from benchmarks.documents import RecordFile
from benchmarks.engines.adapter import TOP, WORD, Answer, InProcess, Kind, Lookup, turkish_lower

_MEGABYTES = 512


class _TurkishStem(Filter):  # type: ignore[misc]  # whoosh has no types
    """Lower case and stem, each distinct word once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, tokens: Iterator[Token]) -> Iterator[Token]:
        stemmer = Stemmer.Stemmer("turkish")
        for token in tokens:
            stem = self._known.get(token.text)
            if stem is None:
                stem = self._known[token.text] = stemmer.stemWord(turkish_lower(token.text))
            token.text = stem
            yield token


class WhooshAdapter(InProcess):
    """One field of stems with positions, BM25F with kupur's constants."""

    version = "2.7.4"

    def build(self, records: RecordFile, folder: Path) -> float:
        """Index parsed records with one writer in this process."""
        parsed = list(records.records())
        began = time.perf_counter()
        chain = RegexTokenizer(WORD) | _TurkishStem()
        schema = fields.Schema(
            id=fields.STORED,
            text=fields.TEXT(analyzer=chain),
            year=fields.NUMERIC(sortable=True),
        )
        made = index.create_in(str(folder), schema)
        writer = made.writer(limitmb=_MEGABYTES)
        for record in parsed:
            writer.add_document(id=record.id, text=record.text, year=record.day.year)
        writer.commit()
        made.close()
        return time.perf_counter() - began

    def open(self, folder: Path) -> None:
        """Open the index and one searcher for this thread."""
        opened = FileStorage(str(folder)).open_index()
        self._searcher = opened.searcher(weighting=scoring.BM25F(B=0.7, K1=0.9))
        self._stemmer = Stemmer.Stemmer("turkish")

    def search(self, lookup: Lookup) -> Answer:
        """Search the ten best; facets group all matches."""
        options: dict[str, Any] = {}
        if lookup.years is not None:
            options["filter"] = query.NumericRange("year", *lookup.years)
        if lookup.kind is Kind.FACETS:
            options["groupedby"] = {"year": FieldFacet("year")}
        results = self._searcher.search(self._query(lookup), limit=TOP, **options)
        years = len(results.groups("year")) if lookup.kind is Kind.FACETS else 0
        return Answer([hit["id"] for hit in results], years=years)

    def _query(self, lookup: Lookup) -> query.Query:
        lowered = [turkish_lower(word) for word in lookup.words]
        if lookup.kind is Kind.PREFIX:
            return query.Prefix("text", lowered[0])
        stems = [self._stemmer.stemWord(word) for word in lowered]
        if lookup.kind is Kind.PHRASE:
            return query.Phrase("text", stems)
        return query.Or([query.Term("text", stem) for stem in stems])
