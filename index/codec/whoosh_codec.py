"""The array segments as a Whoosh codec: stock Whoosh opens, reads and searches our index.

This is the slow, independent way to the same answers; tests hold the fast executor against it.
Writing goes through `index.build` alone: Whoosh's writers neither sync nor survive a failure half
way through a document (ENGINE.md, pitfalls 2 and 5).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound

from index.codec.postings import FieldPostings, Hits, hits_of
from index.codec.segment import Segment, word_of
from index.generations import SegmentEntry, load_deletions
from index.layers import Layer
from index.schema import TITLE_PREFIX, whoosh_schema

INDEX_NAME = "MAIN"
"""Whoosh's default name, so that `whoosh.index.open_dir(folder)` finds the index; the names of
segments begin with it (`index.indexing.SEGMENT_PREFIX`)."""


def write_table_of_contents(folder: Path, generation: int, entries: Sequence[SegmentEntry]) -> None:
    """Write the file by which stock Whoosh opens a generation."""
    segments = [ArraySegment(entry.name, entry.documents, entry.deleted) for entry in entries]
    TOC(whoosh_schema(), segments, generation).write(FileStorage(str(folder)), INDEX_NAME)


class ArraySegment(base.Segment):  # type: ignore[misc]  # whoosh has no types
    """What Whoosh's table of contents keeps of one segment."""

    def __init__(self, name: str, documents: int, deleted: int) -> None:
        indexname, segid = name.split("_", 1)
        super().__init__(indexname)
        self.segid = segid
        self._documents = documents
        self._deleted = deleted

    def codec(self) -> ArrayCodec:
        """Return the codec that reads this segment."""
        return ArrayCodec()

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._documents

    def deleted_count(self) -> int:
        """Return the number of deleted documents."""
        return self._deleted

    def should_assemble(self) -> bool:
        """Return False: a segment is one file already."""
        return False


class ArrayCodec(base.Codec):  # type: ignore[misc]  # whoosh has no types
    """Reads array segments for stock Whoosh."""

    def terms_reader(self, storage: FileStorage, segment: ArraySegment) -> ArrayTermsReader:
        """Return the reader of terms and postings."""
        return ArrayTermsReader(_open(storage, segment))

    def per_document_reader(
        self, storage: FileStorage, segment: ArraySegment
    ) -> ArrayDocumentReader:
        """Return the reader of lengths, ids and deletions."""
        deleted: frozenset[int] = frozenset()
        if segment.deleted_count():
            path = Path(storage.folder) / f"{segment.segment_id()}.del"
            deleted = frozenset(load_deletions(path).tolist())
        return ArrayDocumentReader(_open(storage, segment), deleted)


def _open(storage: FileStorage, segment: ArraySegment) -> Segment:
    return Segment(Path(storage.folder) / f"{segment.segment_id()}.kpr")


def _field_of(segment: Segment, fieldname: str) -> tuple[FieldPostings, Layer]:
    if fieldname.startswith(TITLE_PREFIX):
        return segment.title, Layer(fieldname.removeprefix(TITLE_PREFIX))
    return segment.text, Layer(fieldname)


class _PositionValues:
    """The position lists of one entry's documents, encoded the way Whoosh decodes them."""

    def __init__(self, field: FieldPostings, terms: Any, docs: Sequence[int], format_: Any) -> None:
        self._field = field
        self._terms = terms
        self._docs = docs
        self._encode = format_.encode
        self._by_document: dict[int, list[int]] | None = None

    def __len__(self) -> int:
        return len(self._docs)

    def __getitem__(self, place: int) -> bytes:
        if self._by_document is None:
            self._by_document = {}
            for number in self._field.places(self._terms).tolist():
                self._by_document.setdefault(number >> 32, []).append(number & 0xFFFFFFFF)
        encoded: bytes = self._encode(self._by_document[self._docs[place]])
        return encoded


class ArrayTermsReader(base.TermsReader):  # type: ignore[misc]  # whoosh has no types
    """Every layer of the vocabulary as a Whoosh field; `id` as a field of one-document terms."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def indexed_field_names(self) -> list[str]:
        """Return the names of the fields that hold terms."""
        names = [f"{prefix}{layer.value}" for prefix in ("", TITLE_PREFIX) for layer in Layer]
        return sorted([*names, "id"])

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return bool(len(self._hits(*term).docs))

    def _hits(self, fieldname: str, text: bytes) -> Hits:
        if fieldname == "id":
            document = self._segment.document_of(text.decode())
            docs = np.array([] if document is None else [document], dtype=np.int64)
            return Hits(docs, np.ones_like(docs))
        field, layer = _field_of(self._segment, fieldname)
        terms = self._segment.terms_of(layer, text.decode())
        return hits_of(field, terms)

    def _lexicon(self, fieldname: str) -> list[bytes]:
        """Return the terms of a field that have postings, in the order of their bytes."""
        if fieldname == "id":
            return sorted(self._segment.ids.all())
        field, layer = _field_of(self._segment, fieldname)
        held = np.arange(self._segment.term_count) if field.terms is None else field.terms
        if layer is Layer.STEM:
            codes = self._segment.container.array("stems.of_term")[held]
            return [self._segment.stems[int(code)] for code in np.unique(codes)]
        words = [self._segment.keys[int(number)] for number in held]
        if layer is Layer.EXACT:
            return sorted(word_of(key).encode() for key in words)
        width = {Layer.FIVE: 5, Layer.FOUR: 4}.get(layer)
        folds = {key.partition(b"\0")[0].decode()[:width] for key in words}
        return sorted(folded.encode() for folded in folds)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield (field, term) of every field in order."""
        for fieldname in self.indexed_field_names():
            for text in self._lexicon(fieldname):
                yield fieldname, text

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield the terms of one field from `prefix` on."""
        lexicon = self._lexicon(fieldname)
        for text in lexicon[bisect_left(lexicon, prefix) :]:
            yield fieldname, text

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield ((field, term), statistics)."""
        for fieldname, text in self.terms():
            yield (fieldname, text), self.term_info(fieldname, text)

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield ((field, term), statistics) of one field from `prefix` on."""
        for _, text in self.terms_from(fieldname, prefix):
            yield (fieldname, text), self.term_info(fieldname, text)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return a term's statistics. Raises `KeyError` where there is no such term."""
        return self._info(fieldname, text, self._hits(fieldname, text))

    def _info(self, fieldname: str, text: bytes, hits: Hits) -> TermInfo:
        if not len(hits.docs):
            raise KeyError((fieldname, text))
        if fieldname == "id":
            lengths = np.ones(1, dtype=np.uint32)
        else:
            lengths = _field_of(self._segment, fieldname)[0].arrays.lengths[hits.docs]
        return TermInfo(
            weight=float(hits.frequencies.sum()),
            df=len(hits.docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(hits.frequencies.max()),
            minid=int(hits.docs[0]),
            maxid=int(hits.docs[-1]),
        )

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """Return a matcher over the documents that hold a term."""
        hits = self._hits(fieldname, text)
        if not len(hits.docs):
            raise TermNotFound(f"{fieldname}:{text!r}")
        docs = hits.docs.tolist()
        values = None
        if fieldname != "id":
            field, layer = _field_of(self._segment, fieldname)
            terms = self._segment.terms_of(layer, text.decode())
            values = _PositionValues(field, terms, docs, format_)
        return ListMatcher(
            docs,
            weights=hits.frequencies.astype(float).tolist(),
            values=values,
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self._info(fieldname, text, hits),
        )


class ArrayDocumentReader(base.PerDocumentReader):  # type: ignore[misc]  # whoosh has no types
    """Lengths, ids and deletions of one segment."""

    def __init__(self, segment: Segment, deleted: frozenset[int]) -> None:
        self._segment = segment
        self._deleted = deleted

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self._segment.document_count

    def doc_count(self) -> int:
        """Return the number of live documents."""
        return self._segment.document_count - len(self._deleted)

    def has_deletions(self) -> bool:
        """Return whether any document is deleted."""
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether this document is deleted."""
        return docnum in self._deleted

    def deleted_docs(self) -> frozenset[int]:
        """Return the numbers of the deleted documents."""
        return self._deleted

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """Return the article id, the one thing the index stores."""
        return {"id": self._segment.ids[docnum].decode()}

    def doc_field_length(
        self,
        docnum: int,
        fieldname: str,
        default: int = 0,  # noqa: ARG002  # Whoosh passes it
    ) -> int:
        """Return the number of tokens of a document in a field."""
        return int(_field_of(self._segment, fieldname)[0].arrays.lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        """Return the number of tokens of all documents in a field."""
        if fieldname == "id":
            return self._segment.document_count
        return int(_field_of(self._segment, fieldname)[0].arrays.lengths.sum())

    def min_field_length(self, fieldname: str) -> int:
        """Return the number of tokens of the shortest document."""
        return int(_field_of(self._segment, fieldname)[0].arrays.lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the number of tokens of the longest document."""
        return int(_field_of(self._segment, fieldname)[0].arrays.lengths.max())
