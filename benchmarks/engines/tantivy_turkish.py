"""Tantivy through its Python package: one field, split at signs, lower case, Snowball's Turkish.

Two threads index, as ENGINE.md measured it. Without a count tantivy skips what cannot be among the
ten best, which is what it is fastest at; `CountingTantivyAdapter` asks for the exact total, as a
page of results needs it.
"""

from __future__ import annotations

import time
from importlib import metadata
from pathlib import Path

import tantivy

from benchmarks.documents import RecordFile
from benchmarks.engines.adapter import TOP, Answer, InProcess, Kind, Lookup

THREADS = 2
HEAP_BYTES = 512_000_000
_TOKENIZER = "turkish"
_LONGEST_WORD = 255


class TantivyAdapter(InProcess):
    """Ten best documents without a total."""

    version = metadata.version("tantivy")
    _counting = False

    def build(self, records: RecordFile, folder: Path) -> float:
        """Index parsed records with two threads, merges included."""
        parsed = list(records.records())
        began = time.perf_counter()
        index = tantivy.Index(_schema(), str(folder))
        _register(index)
        writer = index.writer(HEAP_BYTES, THREADS)
        for record in parsed:
            writer.add_document(
                tantivy.Document(id=record.id, text=record.text, year=record.day.year)
            )
        writer.commit()
        writer.wait_merging_threads()
        return time.perf_counter() - began

    def open(self, folder: Path) -> None:
        """Open the index and take a searcher."""
        self._index = tantivy.Index.open(str(folder))
        _register(self._index)
        self._analyzer = _analyzer()
        self._schema = _schema()
        self._searcher = self._index.searcher()

    def search(self, lookup: Lookup) -> Answer:
        """Search; ids are read from the stored field."""
        query = self._query(lookup)
        found = self._searcher.search(query, TOP, count=self._counting)
        years = 0
        if lookup.kind is Kind.FACETS:
            buckets = {"years": {"terms": {"field": "year", "size": 100}}}
            years = len(self._searcher.aggregate(query, buckets)["years"]["buckets"])
        ids = [self._searcher.doc(address).to_dict()["id"][0] for _, address in found.hits]
        # The stub leaves `count` out.
        return Answer(ids, getattr(found, "count", None), years)

    def _query(self, lookup: Lookup) -> tantivy.Query:
        if lookup.kind is Kind.PREFIX:
            pattern = f"{lookup.words[0].lower()}.*"
            return tantivy.Query.regex_query(self._schema, "text", pattern)
        if lookup.kind is Kind.PHRASE:
            terms: list[str | tuple[int, str]] = [
                term for word in lookup.words for term in self._analyzer.analyze(word)
            ]
            return tantivy.Query.phrase_query(self._schema, "text", terms)
        words = self._index.parse_query(" ".join(lookup.words), ["text"])
        if lookup.years is None:
            return words
        between = tantivy.Query.range_query(
            self._schema, "year", tantivy.FieldType.Integer, *lookup.years
        )
        narrowing = tantivy.Query.const_score_query(between, 0.0)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, words), (tantivy.Occur.Must, narrowing)]
        )


class CountingTantivyAdapter(TantivyAdapter):
    """Ten best documents and the exact total."""

    _counting = True


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", tokenizer_name=_TOKENIZER, index_option="position")
    builder.add_integer_field("year", indexed=True, fast=True)
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer("turkish"))
        .build()
    )


def _register(index: tantivy.Index) -> None:
    index.register_tokenizer(_TOKENIZER, _analyzer())
