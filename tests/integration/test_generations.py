"""Generations on disk: the pointer, the manifest, and what is said where they are damaged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from index.analysis import Analyzer
from index.build import update_index
from index.errors import EngineError
from index.generations import Generation, current_generation
from search.engine import EngineRequest, Everything
from search.engines.embedded import EmbeddedEngine
from tests.memory_archive import MemoryArchive, news


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an index of two segments with a deleted article, in its second generation."""
    folder = tmp_path / "index"
    archive = MemoryArchive([news("a", "kar"), news("b", "kar")])
    update_index(archive, folder, Analyzer())
    archive.put(news("b", "buz"))
    update_index(archive, folder, Analyzer())
    return folder


def current(folder: Path) -> Generation:
    generation = current_generation(folder)
    assert generation is not None
    return generation


def open_and_count(folder: Path) -> int:
    return EmbeddedEngine(folder).searcher().search(EngineRequest(Everything())).total


def test_a_folder_without_an_index_has_no_generation(tmp_path: Path) -> None:
    assert current_generation(tmp_path) is None
    assert current_generation(tmp_path / "nothing") is None
    with pytest.raises(EngineError, match="no index yet; run `kupur import`"):
        EmbeddedEngine(tmp_path).searcher()


def test_what_a_killed_first_update_leaves_is_no_index_and_no_damage(tmp_path: Path) -> None:
    index = tmp_path / "index"
    (index / "generation-00000001").mkdir(parents=True)
    (index / "generation-00000001" / "MAIN_0.kpr").write_bytes(b"half of a")
    assert current_generation(index) is None
    with pytest.raises(EngineError, match="no index yet; run `kupur import` first"):
        EmbeddedEngine(index).searcher()
    update_index(MemoryArchive([news("n1", "kar")]), index, Analyzer())
    assert open_and_count(index) == 1
    assert not (index / "generation-00000001").exists()


def test_the_pointer_names_the_newest_generation(folder: Path) -> None:
    generation = current(folder)
    assert generation.folder.name == "generation-00000002"
    assert (folder / "CURRENT").read_text().split()[0] == generation.folder.name


def test_the_manifest_says_how_far_the_index_has_come(folder: Path) -> None:
    manifest = current(folder).manifest
    assert manifest.generation == 2
    assert manifest.sequence == 3
    assert manifest.documents == 2
    assert sorted((entry.documents, entry.deleted) for entry in manifest.segments) == [
        (1, 0),
        (2, 1),
    ]


def test_the_manifest_lists_every_file_with_its_size(folder: Path) -> None:
    generation = current(folder)
    on_disk = {p.name: p.stat().st_size for p in generation.folder.iterdir()}
    del on_disk["manifest.json"]
    assert {name: file.size for name, file in generation.manifest.files.items()} == on_disk
    assert sorted(path.suffix for path in map(Path, on_disk)) == [".del", ".kpr", ".kpr", ".toc"]


POINTERS = {
    "empty": lambda path: path.write_bytes(b""),
    "not a name": lambda path: path.write_text("../../etc"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-10]),
    "another generation": lambda path: path.write_text(path.read_text().replace("02 ", "01 ")),
    "one that never was": lambda path: path.write_text(path.read_text().replace("02 ", "09 ")),
    "missing": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}
MANIFESTS = {
    "empty": lambda path: path.write_bytes(b""),
    "no JSON": lambda path: path.write_text("{"),
    "another kind of JSON": lambda path: path.write_text("[]"),
    "missing fields": lambda path: path.write_text('{"version": 2}'),
    "another version": lambda path: path.write_text(json.dumps({"version": 99})),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "one digit changed": lambda path: path.write_text(
        path.read_text().replace('"sequence": 3', '"sequence": 2')
    ),
    "missing": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", POINTERS.values(), ids=POINTERS)
def test_a_damaged_pointer_is_an_error_that_names_a_file_and_a_way_out(
    folder: Path, damage: Callable[[Path], object]
) -> None:
    damage(folder / "CURRENT")
    with pytest.raises(EngineError) as caught:
        current_generation(folder)
    assert str(folder) in str(caught.value)
    assert "run `kupur" in str(caught.value) or "Is a directory" in str(caught.value)


@pytest.mark.parametrize("damage", MANIFESTS.values(), ids=MANIFESTS)
def test_a_damaged_manifest_is_an_error_that_names_it_and_a_way_out(
    folder: Path, damage: Callable[[Path], object]
) -> None:
    path = current(folder).folder / "manifest.json"
    damage(path)
    with pytest.raises(EngineError, match="run `kupur") as caught:
        current_generation(folder)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("suffix", [".kpr", ".del"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut short"])
def test_damaged_files_of_a_generation_never_give_a_wrong_answer(
    folder: Path, suffix: str, damage: str
) -> None:
    """An engine may answer from the generation before, or raise; the index heals when updated."""
    generation = current(folder)
    path = min(generation.folder.glob(f"*{suffix}"))
    data = path.read_bytes()
    path.unlink()  # a hard link: the generation before keeps the whole file
    if damage != "missing":
        path.write_bytes(data[: len(data) // 2] if damage == "cut short" else b"")
    message = ""
    try:
        searcher = EmbeddedEngine(folder).searcher()
        assert searcher.search(EngineRequest(Everything())).ids == ("a", "b")
        assert searcher.generation == 1
    except EngineError as error:
        message = str(error)
    assert not message or (str(path) in message and "run `kupur" in message)
    archive = MemoryArchive([news("a", "kar"), news("b", "kar")])
    archive.put(news("b", "buz"), news("c", "yeni"))
    update_index(archive, folder, Analyzer())
    assert open_and_count(folder) == 3


def test_a_file_that_is_swept_while_it_is_looked_at_is_missing(folder: Path) -> None:
    generation = current(folder)
    name = generation.manifest.segments[0].file

    def swept(path: Path, _owner: int) -> None:
        path.unlink()

    with (
        patch("index.generations.check_file", swept),
        pytest.raises(EngineError, match=r"\.kpr: missing; run `kupur repair`"),
    ):
        generation.check_to_open(name)


def test_the_pointer_is_never_half_written(folder: Path) -> None:
    """At every step of a publication the pointer names a whole generation."""
    seen = []

    def watch(original: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            seen.append(current(folder).manifest.generation)
            done = original(*arguments, **options)
            seen.append(current(folder).manifest.generation)
            return done

        return step

    archive = MemoryArchive([news("a", "kar"), news("b", "kar")])
    archive.put(news("b", "buz"), news("c", "yeni"))
    with (
        patch("os.fsync", watch(os.fsync)),
        patch("pathlib.Path.replace", watch(Path.replace)),
    ):
        update_index(archive, folder, Analyzer())
    assert len(seen) > 8
    assert seen == sorted(seen)
    assert set(seen) == {2, 3}


def test_everything_is_synced_before_the_pointer_speaks_of_it(folder: Path) -> None:
    synced: list[int] = []
    synced_before: list[int] = []
    sync, replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        sync(descriptor)
        synced.append(os.fstat(descriptor).st_ino)

    def renamed(path: Path, target: Path) -> Path:
        if path.name == "CURRENT.new":
            synced_before.extend(synced)
            synced.clear()
        return replace(path, target)

    archive = MemoryArchive([news("a", "kar"), news("b", "kar")])
    archive.put(news("b", "buz"), news("c", "yeni"))
    with patch("os.fsync", fsync), patch("pathlib.Path.replace", renamed):
        update_index(archive, folder, Analyzer())
    made = current(folder).folder
    linked = {path.stat().st_ino for path in (folder / "generation-00000002").iterdir()}
    fresh = {path.stat().st_ino for path in made.iterdir()} - linked
    folders_and_pointer = {path.stat().st_ino for path in (made, folder, folder / "CURRENT")}
    assert len(fresh) > 2
    assert fresh | folders_and_pointer <= set(synced_before)
    assert folder.stat().st_ino in synced
