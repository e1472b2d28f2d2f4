"""SQLite's FTS5 with its own tokenizer and `bm25`, on an index without a copy of the texts.

FTS5 has no Turkish stemmer: words match as they are spelled, without their diacritics.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from benchmarks.documents import RecordFile
from benchmarks.engines.adapter import TOP, Answer, InProcess, Kind, Lookup

_FILE = "fts5.db"


class Fts5Adapter(InProcess):
    """One FTS5 table, and one of ids and years beside it."""

    version = sqlite3.sqlite_version

    def build(self, records: RecordFile, folder: Path) -> float:
        """Index parsed records in one transaction, then merge the index to one tree."""
        parsed = [(record.id, record.text, record.day.year) for record in records.records()]
        began = time.perf_counter()
        connection = sqlite3.connect(folder / _FILE)
        with connection:
            connection.execute("CREATE TABLE documents (number INTEGER PRIMARY KEY, id, year)")
            connection.execute("CREATE VIRTUAL TABLE texts USING fts5(text, content='')")
            for number, (article_id, text, year) in enumerate(parsed):
                connection.execute(
                    "INSERT INTO documents VALUES (?, ?, ?)", (number, article_id, year)
                )
                connection.execute("INSERT INTO texts (rowid, text) VALUES (?, ?)", (number, text))
            connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        connection.close()
        return time.perf_counter() - began

    def open(self, folder: Path) -> None:
        """Open the database for reading."""
        self._connection = sqlite3.connect(f"file:{folder / _FILE}?mode=ro", uri=True)

    def search(self, lookup: Lookup) -> Answer:
        """Rank by bm25; counts by year take a second statement."""
        narrowing, years = "", lookup.years or ()
        if years:
            narrowing = " AND documents.year BETWEEN ? AND ?"
        matching = (
            "FROM texts JOIN documents ON documents.number = texts.rowid"
            f" WHERE texts MATCH ?{narrowing}"
        )
        found = self._connection.execute(
            f"SELECT documents.id {matching} ORDER BY bm25(texts) LIMIT ?",
            (_expression(lookup), *years, TOP),
        ).fetchall()
        counted = 0
        if lookup.kind is Kind.FACETS:
            rows = self._connection.execute(
                f"SELECT documents.year, count(*) {matching} GROUP BY 1", (_expression(lookup),)
            )
            counted = len(rows.fetchall())
        return Answer([row[0] for row in found], years=counted)


def _expression(lookup: Lookup) -> str:
    if lookup.kind is Kind.PHRASE:
        return f'"{" ".join(lookup.words)}"'
    if lookup.kind is Kind.PREFIX:
        return f'"{lookup.words[0]}"*'
    return " OR ".join(f'"{word}"' for word in lookup.words)
