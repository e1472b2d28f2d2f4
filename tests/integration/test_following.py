"""An index that is brought up to date while its import goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

import kupur
from index.analysis import Analyzer
from index.archive import Archive
from index.build import BuildReport, update_index
from index.errors import EngineError
from index.following import IndexFollower
from index.generations import current_generation
from index.layers import Layer
from index.sharing import Horizon, Workers
from index.verifying import verify
from search.engine import EngineRequest, Term, TermQuery
from search.engines.embedded import EmbeddedEngine
from tests.memory_archive import news

Answer = TypeVar("Answer")

PATIENCE_SECONDS = 60.0
FIRST = 1_200
"""Articles that the processes are given before the import goes on; they take 500 at a time."""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive", create=True) as opened:
        yield opened


@pytest.fixture(autouse=True)
def small_imports_are_worth_sharing(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("following", "build"):
        monkeypatch.setattr(f"index.{module}.WORTH_SHARING", 100)


class Following:
    """A follower with two processes that index the archive, and what it told of its progress."""

    def __init__(self, archive: Archive, open_source: Callable[[], Archive] | None = None) -> None:
        self.archive = archive
        self.indexed = 0
        self.totals: list[int] = []
        self.given: list[Horizon | None] = []
        reading = partial(Archive.open, archive.folder, read_only=True)
        self._workers = Workers(2, open_source or reading)
        self.follower = IndexFollower(archive, self._update, 0, on_finish=self.totals.append)

    def _update(self, horizon: Horizon | None) -> BuildReport:
        self.given.append(horizon)
        return update_index(
            self.archive,
            self.archive.folder / "index",
            Analyzer(),
            progress=self._count,
            workers=self._workers,
            horizon=horizon,
        )

    def _count(self, changes: int) -> None:
        self.indexed += changes

    def put(self, first: int, behind: int, text: str) -> None:
        numbers = range(first, behind)
        self.archive.put([news(f"n{number}", f"{text} {number}", text) for number in numbers])
        self.follower.put()

    def put_and_be_interrupted(self) -> None:
        with self.follower:
            self.put(0, FIRST, "kar")
            self.wait_until_indexed(500)
            raise KeyboardInterrupt

    def wait_until_indexed(self, count: int) -> None:
        patience = time.monotonic() + PATIENCE_SECONDS
        while self.indexed < count:
            assert time.monotonic() < patience, f"{self.indexed} of {count} were indexed"
            time.sleep(0.02)


def found(index: Path, folded: str) -> dict[str, float]:
    term = Term(Layer.FOLDED, folded)
    request = EngineRequest(TermQuery((term,), (term,)), limit=2 * FIRST)
    result = EmbeddedEngine(index).searcher().search(request)
    return dict(zip(result.ids, result.scores, strict=True))


def is_whole(archive: Archive) -> bool:
    open_again = partial(Archive.open, archive.folder, read_only=True)
    return not verify(archive.folder, archive.folder / "index", open_again)


def test_what_is_indexed_meanwhile_equals_what_is_indexed_afterwards(
    archive: Archive, tmp_path: Path
) -> None:
    archive.put([news("n3", "taş"), news("n4", "taş")])
    archive.remove(["n4"])
    following = Following(archive)
    with following.follower as follower:
        following.put(0, FIRST, "kar")
        following.wait_until_indexed(500)
        following.put(0, 40, "buz")  # some of these are in a segment already
        following.put(FIRST, FIRST + 100, "kar")
        archive.remove(["n50"])
        archive.put([news("n1199", "kum")])
        follower.put()
        report = follower.finish()
    assert [horizon is not None for horizon in following.given] == [True]
    assert following.totals == [archive.sequence]
    assert report.documents == report.indexed == archive.count == FIRST + 100 - 2
    assert is_whole(archive)
    update_index(archive, tmp_path / "made", Analyzer())
    for word in ("kar", "buz", "kum", "tas", "3", "39", "50", "1250"):
        # Which article is in which segment differs, and with it the last digits of a sum.
        made = pytest.approx(found(tmp_path / "made", word))
        assert found(archive.folder / "index", word) == made
    assert len(found(archive.folder / "index", "buz")) == 39
    assert not found(archive.folder / "index", "tas")


def test_an_older_index_is_brought_up_to_date_meanwhile(archive: Archive) -> None:
    archive.put([news(f"n{number}", "taş") for number in range(700)])
    update_index(archive, archive.folder / "index", Analyzer())
    following = Following(archive)
    with following.follower as follower:
        following.put(0, FIRST, "kar")
        following.wait_until_indexed(500)
        following.put(100, 200, "buz")
        report = follower.finish()
    assert (report.documents, report.rebuilt) == (FIRST, False)
    assert is_whole(archive)
    assert not found(archive.folder / "index", "tas")


def test_a_few_articles_start_nothing(archive: Archive) -> None:
    following = Following(archive)
    with following.follower as follower:
        following.put(0, 99, "kar")
        report = follower.finish()
    assert following.given == [None]
    assert report.documents == 99


def test_an_interrupt_publishes_nothing_and_leaves_nothing(archive: Archive) -> None:
    following = Following(archive)
    with pytest.raises(KeyboardInterrupt):
        following.put_and_be_interrupted()
    index = archive.folder / "index"
    assert current_generation(index) is None
    assert [path.name for path in index.iterdir()] == ["lock"]
    assert archive.count == FIRST
    assert update_index(archive, index, Analyzer()).documents == FIRST


def dying_source(folder: Path) -> Archive:
    """Be killed as soon as the archive is opened."""
    if (folder / "die").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return Archive.open(folder, read_only=True)


def test_a_process_that_dies_fails_the_index_but_no_article_is_lost(archive: Archive) -> None:
    (archive.folder / "die").touch()
    following = Following(archive, partial(dying_source, archive.folder))
    with following.follower as follower:
        following.put(0, FIRST, "kar")
        following.put(0, 10, "buz")
        with pytest.raises(EngineError, match="has died"):
            follower.finish()
    (archive.folder / "die").unlink()
    index = archive.folder / "index"
    assert [path.name for path in index.iterdir()] == ["lock"]
    assert update_index(archive, index, Analyzer()).documents == FIRST
    assert is_whole(archive)


def write_articles(path: Path, count: int) -> Path:
    records = ({"id": f"k-{number}", "title": f"Kar {number}"} for number in range(count))
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_what_was_read_before_a_source_broke_off_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = write_articles(tmp_path / "a.jsonl", FIRST)
    broken = tmp_path / "b.jsonl.xz"
    broken.write_bytes(b"\xfd7zXZ\0 no more")
    folder = str(tmp_path / "archive")
    assert kupur.run(["import", "--archive", folder, str(whole), str(broken)]) == 2
    assert "b.jsonl.xz" in capsys.readouterr().err
    assert kupur.run(["search", "--archive", folder, "--json", "kar"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["value"] == FIRST


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads Linux's /proc")
def test_an_import_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kupur", "import", "--archive", str(tmp_path / "archive"), "-"]
    source = write_articles(tmp_path / "a.jsonl", 20_000)
    with subprocess.Popen(  # our own command
        [*command, "--format", "jsonl"], stdin=subprocess.PIPE, cwd=Path(kupur.__file__).parent
    ) as importing:
        assert importing.stdin is not None
        importing.stdin.write(source.read_bytes())
        importing.stdin.flush()
        indexing = wait_for(lambda: indexing_processes(importing.pid))
        importing.kill()
        assert wait_for(lambda: not any(map(is_running, indexing)))


def indexing_processes(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    threads = [path.read_text().split() for path in Path(f"/proc/{parent}/task").glob("*/children")]
    found = {int(child) for child in [*children, *(each for row in threads for each in row)]}
    return sorted(pid for pid in found if b"spawn_main" in command_of(pid))


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def is_running(pid: int) -> bool:
    return command_of(pid) != b""


def wait_for(ask: Callable[[], Answer]) -> Answer:
    patience = time.monotonic() + PATIENCE_SECONDS
    while not (answer := ask()):
        assert time.monotonic() < patience
        time.sleep(0.05)
    return answer
