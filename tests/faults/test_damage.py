"""Flipped bits and cut files: found by verify or harmless, never a wrong hit, mended exactly."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import kupur
from index.archive import Archive, Version
from index.archive_copying import back_up
from index.errors import WorldError
from index.findings import Finding
from index.verifying import verify
from search.engines.embedded import EmbeddedEngine
from search.request import SearchRequest
from search.service import SearchService
from tests.faults.journey import Step, article, index
from tests.faults.test_kills import first
from tests.faults.test_system_calls import copy_with_links
from tests.faults.whole import (
    ANALYZER,
    INDEX,
    Document,
    archive_contents,
    assert_whole,
    current,
    index_contents,
)

QUERIES = ("köprü", "kar ışık", '"çay Iğdır"', "haber -gün", "İzmir", "")

Answers = tuple[tuple[tuple[str, str, str], ...], ...]
"""For each query the (id, title, body) of each hit."""


@dataclass(frozen=True, slots=True)
class Original:
    """A sound archive with two generations, a backup of it, and what it answers."""

    folder: Path
    backup: Path
    archive: dict[str, tuple[Version, ...]]
    index: dict[str, Document]
    answers: Answers
    earlier_answers: Answers


@pytest.fixture(autouse=True)
def one_analyzer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the analyzer once and not for each repair, of which it would be nine tenths."""
    monkeypatch.setattr(kupur.Application, "analyzer", lambda *_: ANALYZER)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    top = tmp_path_factory.mktemp("damage")
    folder, living = top / "archive", top / "living"
    chance = random.Random(3)  # noqa: S311  # a run that can be repeated
    first(living, chance)
    with Archive.open(living) as archive:
        for step in (
            Step("put", articles=tuple(article(n, chance) for n in range(15, 30))),
            Step("remove", ids=("h-2", "h-3")),
            Step("restore", ids=("h-3",)),
            Step("forget", ids=("h-4",)),
            Step("index"),
            Step("put", articles=tuple(article(n, chance) for n in (7, 8, 40))),
        ):
            step.run(archive)
        earlier = answers(living)
        index(archive)
        now = answers(living)
        (living / "rejects").mkdir()
        (living / "rejects" / "20260301T090500.000000Z.tsv").write_text("path\tline\treason\n")
        # While it is open, so that there is a write-ahead log, too.
        copy_with_links(living, folder)
        back_up(living, top / "backup.db")
        contents = archive_contents(living)
    return Original(
        folder, top / "backup.db", contents, index_contents(current(living)), now, earlier
    )


def answers(folder: Path) -> Answers:
    """Ask an archive, as a server that was just started would; any `WorldError` comes out."""
    with Archive.open(folder, read_only=True) as archive:
        service = SearchService(EmbeddedEngine(folder / INDEX), archive, ANALYZER, seconds=60)
        pages = [service.search(SearchRequest(q=query, per_page=50)) for query in QUERIES]
    return tuple(
        tuple((hit.article.id, hit.article.title, hit.article.body) for hit in page.hits)
        for page in pages
    )


def damage(path: Path, chance: random.Random) -> str:
    """Flip a bit, or cut the file short, in place: what is linked to it is damaged, too.

    Half of the time the file keeps its times, as when a disk does it and no program.
    """
    times = path.stat()
    try:
        return _damage(path, chance)
    finally:
        if chance.random() < 0.5:
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _damage(path: Path, chance: random.Random) -> str:
    size = path.stat().st_size
    if size == 0:
        path.write_bytes(b"\1")
        return f"{path.name}: a byte too many"
    place = chance.randrange(size)
    with path.open("r+b") as file:
        if chance.random() < 0.15:
            file.truncate(place)
            return f"{path.name}: cut to {place} of {size}"
        bit = chance.randrange(8)
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))
    return f"{path.name}: bit {bit} of byte {place}"


def test_damage_is_found_or_harmless_never_answered_and_mended(
    tmp_path: Path,
    original: Original,
    scale: Callable[[int, int], int],
    record: Callable[[str, dict[str, object]], None],
) -> None:
    chance = random.Random(4)  # noqa: S311  # a run that can be repeated
    folder = tmp_path / "archive"
    rounds = scale(60, 1000)
    outcomes: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for _ in range(rounds):
        shutil.rmtree(folder, ignore_errors=True)
        copy_with_links(original.folder, folder)
        path = chance.choice(sorted(p for p in folder.rglob("*") if p.is_file()))
        what = damage(path, chance)
        files[path.suffix or path.name] += 1
        reader = served(folder, original, what)
        found = bool(findings(folder))
        if not found:
            assert archive_contents(folder) == original.archive, what
            assert index_contents(current(folder)) == original.index, what
            assert reader == "right", what
        mend(folder, original, what)
        outcomes[f"{'found' if found else 'harmless'}, reader {reader}"] += 1
    record(
        "damage",
        {
            "rounds": rounds,
            "outcomes": dict(sorted(outcomes.items())),
            "files": dict(sorted(files.items())),
        },
    )
    assert outcomes["found, reader refused"]


def findings(folder: Path) -> list[Finding]:
    return verify(folder, folder / INDEX, lambda: Archive.open(folder))


def served(folder: Path, original: Original, what: str) -> str:
    """Return how a reader fared: right answers, those of the generation before, or an error."""
    try:
        given = answers(folder)
    except WorldError:
        return "refused"
    if given == original.answers:
        return "right"
    shown = {hit for page in given for hit in page}
    genuine = {
        (version.article.id, version.article.title, version.article.body)
        for history in original.archive.values()
        for version in history
        if version.article is not None
    }
    assert shown <= genuine, f"{what}: a text that nobody wrote"
    return "an earlier state"


def mend(folder: Path, original: Original, what: str) -> None:
    status = kupur.run(
        ["repair", "--archive", str(folder), "--from", str(original.backup), "--json"]
    )
    assert status == 0, what
    assert archive_contents(folder) == original.archive, what
    assert index_contents(current(folder)) == original.index, what
    for left in folder.glob("*.damaged*"):
        left.unlink()
    shutil.rmtree(folder / "rejects")
    assert_whole(folder)


def test_a_flip_in_a_text_is_named_and_needs_a_backup(
    tmp_path: Path, original: Original, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "archive"
    copy_with_links(original.folder, folder)
    connection = sqlite3.connect(folder / "archive.db")
    connection.execute(
        "UPDATE change SET record = replace(record, 'Haber', 'Habor') WHERE sequence = 40"
    )
    connection.commit()
    connection.close()
    assert kupur.run(["verify", "--archive", str(folder)]) == 2
    assert "its change 40 (put) is damaged" in capsys.readouterr().err
    assert kupur.run(["repair", "--archive", str(folder)]) == 2
    assert "1 of 42 changes are lost (among 5, 40)" in capsys.readouterr().err
    assert kupur.run(["repair", "--archive", str(folder), "--from", str(original.backup)]) == 0
    assert archive_contents(folder) == original.archive
