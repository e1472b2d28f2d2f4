"""bm25s: scores of every posting computed when indexing; words stemmed by Snowball's Turkish.

It keeps no positions and knows no fields: no phrases, prefixes or facets; a filter is a weight of
zero. Its own compiled selection (numba) is used.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import bm25s
import numpy as np
import Stemmer

from benchmarks.documents import RecordFile
from benchmarks.engines.adapter import (
    TOP,
    WORD,
    Answer,
    InProcess,
    Kind,
    Lookup,
    Unsupported,
    turkish_lower,
)


class Bm25sAdapter(InProcess):
    """One layer of stems."""

    version = bm25s.__version__

    def build(self, records: RecordFile, folder: Path) -> float:
        """Index parsed records in this one process."""
        parsed = list(records.records())
        began = time.perf_counter()
        stems = _Stems()
        documents = [stems.of_text(record.text) for record in parsed]
        index = bm25s.BM25(k1=0.9, b=0.7, backend="numba")
        index.index((documents, stems.numbers), show_progress=False)
        index.save(folder)
        (folder / "documents.json").write_text(json.dumps([record.id for record in parsed]))
        np.save(folder / "years.npy", np.array([record.day.year for record in parsed]))
        return time.perf_counter() - began

    def open(self, folder: Path) -> None:
        """Map the arrays."""
        self._index = bm25s.BM25.load(folder, mmap=True)
        self._ids = json.loads((folder / "documents.json").read_text())
        self._years = np.load(folder / "years.npy")
        self._stemmer = Stemmer.Stemmer("turkish")

    def search(self, lookup: Lookup) -> Answer:
        """Score and select."""
        if lookup.kind not in {Kind.WORDS, Kind.FILTERED}:
            raise Unsupported(lookup.kind)
        stems = [self._stemmer.stemWord(turkish_lower(word)) for word in lookup.words]
        mask = None
        if lookup.years is not None:
            first, last = lookup.years
            inside = (self._years >= first) & (self._years <= last)
            mask = inside.astype(np.float32)
        known = [stem for stem in stems if stem in self._index.vocab_dict]
        if not known:
            return Answer([])
        documents, scores = self._index.retrieve(
            [known], k=TOP, show_progress=False, weight_mask=mask
        )
        return Answer(
            [
                self._ids[int(document)]
                for document, score in zip(documents[0], scores[0], strict=True)
                if score > 0
            ]
        )


class _Stems:
    """Numbers stems; each distinct word is stemmed once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._stemmer = Stemmer.Stemmer("turkish")
        self._known: dict[str, int] = {}

    def of_text(self, text: str) -> list[int]:
        return [self._number(word) for word in WORD.findall(turkish_lower(text))]

    def _number(self, word: str) -> int:
        number = self._known.get(word)
        if number is None:
            stem = self._stemmer.stemWord(word)
            number = self._known[word] = self.numbers.setdefault(stem, len(self.numbers))
        return number
