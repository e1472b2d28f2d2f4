"""What "nothing lost" means, as code: the contents of an archive and its index, to be compared.

Slow and obvious on purpose: the index is read word by word, and compared with one that was made
from the same articles in an empty folder.
"""

from __future__ import annotations

import tempfile
from contextlib import nullcontext
from pathlib import Path

from index.analysis import Analyzer
from index.archive import Archive, Version
from index.archive_database import DATABASE_NAME
from index.build import update_index
from index.codec.postings import FieldPostings, TermRange
from index.codec.segment import Segment, word_of
from index.generations import Generation, current_generation, generation_folder, load_deletions
from index.verifying import verify

ANALYZER = Analyzer()
INDEX = "index"

Words = tuple[tuple[int, str], ...]
Document = tuple[int, tuple[str, ...], Words, Words]
"""(seconds, section and source and authors, words of the text, words of the title)."""


def index_contents(generation: Generation) -> dict[str, Document]:
    """Return all that the index knows, by article: no segment, no number of its own is left."""
    found: dict[str, Document] = {}
    for entry in generation.manifest.segments:
        segment = Segment(generation.folder / entry.file)
        deleted: set[int] = set()
        if entry.deleted:
            deleted = set(load_deletions(generation.folder / entry.deletions_file).tolist())
        texts, titles = _words(segment, segment.text), _words(segment, segment.title)
        facets = _facets(segment)
        for document, name in enumerate(segment.ids.all()):
            if document in deleted:
                continue
            assert name.decode() not in found, f"{name!r} is there twice"
            found[name.decode()] = (
                int(segment.published[document]),
                tuple(sorted(facets[document])),
                tuple(sorted(texts[document])),
                tuple(sorted(titles[document])),
            )
    return found


def _words(segment: Segment, field: FieldPostings) -> list[list[tuple[int, str]]]:
    words: list[list[tuple[int, str]]] = [[] for _ in range(segment.document_count)]
    for term in range(segment.term_count):
        word = word_of(segment.keys[term])
        for place in field.places(TermRange(term, term + 1)).tolist():
            words[place >> 32].append((place & 0xFFFFFFFF, word))
    return words


def _facets(segment: Segment) -> list[list[str]]:
    facets: list[list[str]] = [[] for _ in range(segment.document_count)]
    for column in ("section", "source", "author"):
        values = segment.facet_values(column)
        docs, codes = segment.facet_docs(column), segment.facet_codes(column)
        for document, code in zip(docs.tolist(), codes.tolist(), strict=True):
            facets[document].append(f"{column}={values[code]}")
    return facets


def archive_contents(folder: Path) -> dict[str, tuple[Version, ...]]:
    """Return every version of every article that is not forgotten."""
    with Archive.open(folder, read_only=True) as archive:
        _, settled, moved = archive.ids_upto(0)
        return {each: archive.history(each) for each in sorted(settled | moved)}


def current(folder: Path) -> Generation:
    """Return the current generation of an archive's index."""
    generation = current_generation(folder / INDEX)
    assert generation is not None
    return generation


def assert_whole(folder: Path) -> None:
    """Fail unless everything is sound, the index is the archive's, and no file is left over."""
    with Archive.open(folder) as archive:
        findings = verify(folder, folder / INDEX, lambda: nullcontext(archive))
        assert findings == []
        assert_index_is_the_archives(folder, archive)
    assert_nothing_left_over(folder)


def assert_index_is_the_archives(folder: Path, archive: Archive) -> None:
    """Fail unless the index has what an index made from nothing has, to the word."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as made:  # in memory, and private
        update_index(archive, Path(made) / INDEX, ANALYZER)
        assert index_contents(current(folder)) == index_contents(current(Path(made)))
    assert current(folder).manifest.sequence == archive.sequence


def assert_nothing_left_over(folder: Path) -> None:
    """Fail where a file lies about that a sound archive, which nobody has open, does not need."""
    known = {DATABASE_NAME, INDEX, ".lock", "rejects"}
    left_over = {path.name for path in folder.iterdir()} - known
    assert not left_over, left_over
    generation = current(folder)
    number = generation.manifest.generation
    names = {path.name for path in (folder / INDEX).iterdir()} - {"CURRENT", "lock"}
    earlier = names - {generation_folder(folder / INDEX, number).name}
    assert len(earlier) <= 1, f"left over: {earlier}"
    assert all(int(name.rpartition("-")[2]) < number for name in earlier)
    files = {path.name for path in generation.folder.iterdir()}
    assert files == {*generation.manifest.files, "manifest.json"}
