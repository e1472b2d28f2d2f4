"""The index opened for stock Whoosh: it searches, and a pickle in its folder runs nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.query import Term

from index.analysis import Analyzer
from index.build import update_index
from index.codec.whoosh_codec import ArraySegment
from index.errors import DamageError, EngineError
from index.generations import POINTER, Generation, current_generation
from index.manifest import MANIFEST, file_entry, manifest_bytes, manifest_digest
from index.schema import whoosh_schema
from index.stock_whoosh import ALLOWED, open_for_whoosh
from tests.memory_archive import MemoryArchive, news


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an index of two segments with a deleted article."""
    folder = tmp_path / "index"
    archive = MemoryArchive([news("a", "kar"), news("b", "kar")])
    update_index(archive, folder, Analyzer())
    archive.put(news("b", "buz"), news("c", "Kâr"))
    update_index(archive, folder, Analyzer())
    return folder


def current(folder: Path) -> Generation:
    generation = current_generation(folder)
    assert generation is not None
    return generation


def toc_of(folder: Path) -> Path:
    (path,) = current(folder).folder.glob("*.toc")
    return path


def forge(folder: Path, toc: TOC | None = None) -> None:
    """Exchange the table of contents, and make manifest and pointer fit it."""
    generation, path = current(folder), toc_of(folder)
    if toc is not None:
        path.unlink()
        toc.write(FileStorage(str(path.parent)), "MAIN")
    files = {**generation.manifest.files, path.name: file_entry(path)}
    data = manifest_bytes(replace(generation.manifest, files=files))
    (generation.folder / MANIFEST).write_bytes(data)
    (folder / POINTER).write_text(f"{generation.folder.name} {manifest_digest(data)}\n")


def test_stock_whoosh_searches_the_index(folder: Path) -> None:
    index = open_for_whoosh(folder)
    assert index.doc_count() == 3
    assert index.latest_generation() == 2
    with index.searcher() as searcher:
        hits = searcher.search(Term("folded", "kar"), limit=10)
        assert sorted(hit["id"] for hit in hits) == ["a", "c"]


def test_the_list_has_exactly_what_a_table_of_contents_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for left_out in ALLOWED:
        monkeypatch.setattr("index.stock_whoosh.ALLOWED", ALLOWED - {left_out})
        with pytest.raises(DamageError, match=rf"wants to load {'.'.join(left_out)}"):
            open_for_whoosh(folder)
    assert not {module for module, _ in ALLOWED} & {"builtins", "os", "copyreg"}


def test_it_is_for_reading_alone(folder: Path) -> None:
    with pytest.raises(EngineError, match="read only; change articles by kupur"):
        open_for_whoosh(folder).writer()


def test_without_an_index_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="run `kupur import` first"):
        open_for_whoosh(tmp_path)


class Poison:
    """Makes a folder when it is unpickled."""

    def __init__(self, function: object, *arguments: object) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self._call


POISONS = {
    "a call": lambda mark: Poison(os.mkdir, mark),
    "a program": lambda mark: Poison(eval, f"__import__('os').mkdir({mark!r})"),
    "a way around": lambda mark: Poison(getattr, mark, "encode"),
}


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
@pytest.mark.parametrize("part", ["schema", "segments"])
def test_a_poisoned_table_of_contents_is_refused_and_nothing_runs(
    folder: Path, tmp_path: Path, part: str, poison: object
) -> None:
    assert callable(poison)
    mark = tmp_path / "it ran"
    schema, segments = whoosh_schema(), [ArraySegment("MAIN_0", 1, 0)]
    if part == "schema":
        schema.poison = poison(str(mark))
    else:
        segments.append(poison(str(mark)))
    forge(folder, TOC(schema, segments, 2))
    with pytest.raises(DamageError, match=r"\.toc: wants to load \S+, which no table"):
        open_for_whoosh(folder)
    assert not mark.exists()


def test_a_pickle_that_does_not_fit_the_manifest_is_never_read(folder: Path) -> None:
    path = toc_of(folder)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"MAIN", b"MAIM"))
    with pytest.raises(DamageError, match=r"\.toc: damaged; run `kupur repair`"):
        open_for_whoosh(folder)
    path.write_bytes(data + b"\0")
    with pytest.raises(DamageError, match=r"\.toc: damaged or cut short"):
        open_for_whoosh(folder)


def test_segments_must_be_those_of_the_manifest(folder: Path) -> None:
    segments = [ArraySegment(e.name, e.documents, 0) for e in current(folder).manifest.segments]
    forge(folder, TOC(whoosh_schema(), segments, 2))
    with pytest.raises(DamageError, match=r"\.toc: damaged"):
        open_for_whoosh(folder)


def test_a_folder_that_everybody_may_write_to_is_refused(folder: Path) -> None:
    current(folder).folder.chmod(0o777)
    with pytest.raises(EngineError, match="everybody may write to it"):
        open_for_whoosh(folder)
    current_folder = folder / "generation-00000002"
    current_folder.chmod(0o755)
    toc_of(folder).chmod(0o666)
    with pytest.raises(EngineError, match="everybody may write to it"):
        open_for_whoosh(folder)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_garbled_pickle_is_damage_and_no_other_error(folder: Path, data: st.DataObject) -> None:
    """Even where the checksums fit, as they do in a forged folder."""
    path = toc_of(folder)
    whole = path.read_bytes()
    garbled = bytearray(whole)
    garbled[data.draw(st.integers(0, len(whole) - 1), "byte")] ^= 1 << data.draw(st.integers(0, 7))
    try:
        path.write_bytes(garbled)
        forge(folder)
        try:
            index = open_for_whoosh(folder)
        except DamageError as error:
            assert str(path) in str(error)  # noqa: PT017  # either outcome is right
        else:
            assert index.doc_count() == 3
    finally:
        path.write_bytes(whole)
        forge(folder)
