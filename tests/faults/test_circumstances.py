"""What goes wrong around an archive: disk, folder, pointer, segments, other writers, the clock."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kupur
from index.archive import Archive
from index.article import Article
from index.build import update_index
from index.errors import BusyError, EngineError
from index.generations import POINTER, current_generation
from index.locking import held
from index.verifying import verify
from search.engines.embedded import EmbeddedEngine
from search.request import SearchRequest
from tests.faults.whole import INDEX, assert_whole, current
from web.app import create_app

CHECKOUT = Path(__file__).parent.parent.parent


def lines(*numbers: int, words: int = 30) -> str:
    """Return articles as JSON Lines."""
    return "".join(
        json.dumps({"id": f"n-{n}", "title": f"Haber {n}", "body": f"köprü {n} " * words}) + "\n"
        for n in numbers
    )


def imported(folder: Path, text: str) -> int:
    source = folder.parent / "source.jsonl"
    source.write_text(text)
    return kupur.run(["import", "--archive", str(folder), str(source)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an archive of two generations."""
    folder = tmp_path / "archive"
    assert imported(folder, lines(1, 2, 3)) == 0
    assert imported(folder, lines(3, 4)) == 0
    return folder


def found(folder: Path) -> set[str]:
    """Return what a server that was just started finds."""
    with kupur.Application().reading(folder) as service:
        return {hit.article.id for hit in service.search(SearchRequest(q="köprü")).hits}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of 3 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=0755", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_on_a_full_disk_what_was_acknowledged_stays_and_is_served(
    small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_disk / "archive"
    (tmp_path / "source.jsonl").write_text(lines(1, 2, 3))
    assert kupur.run(["import", "--archive", str(folder), str(tmp_path / "source.jsonl")]) == 0
    many = tmp_path / "many.jsonl"
    many.write_text(lines(*range(10, 400), words=1500))
    capsys.readouterr()
    assert kupur.run(["import", "--archive", str(folder), str(many)]) == 2
    complaint = capsys.readouterr().err.splitlines()[-1]
    assert re.search(r"kupur: .*(disk is full|No space left)", complaint)
    assert found(folder) == {"n-1", "n-2", "n-3"}
    many.unlink()
    # Removing needs no room for texts; the log may need a few pages.
    assert_whole(folder)


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    """Return an archive on a file system that nobody may write to."""
    bound = subprocess.run(
        ["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False
    )
    if bound.returncode:
        pytest.skip("only root can make a folder read-only for root, too")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_read_only_archive_is_searched_and_refuses_to_be_written(
    read_only: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(read_only) == {"n-1", "n-2", "n-3", "n-4"}
    capsys.readouterr()
    assert imported(read_only, lines(9)) == 2
    assert "kupur: " in capsys.readouterr().err
    assert found(read_only) == {"n-1", "n-2", "n-3", "n-4"}


@pytest.mark.parametrize("text", [None, "", "generation-00000077 \n", "\0" * 85])
def test_without_a_good_pointer_the_last_good_generation_is_served(
    folder: Path, text: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    pointer = folder / INDEX / POINTER
    pointer.unlink() if text is None else pointer.write_text(text)
    assert found(folder) == {"n-1", "n-2", "n-3", "n-4"}
    assert re.search(r"CURRENT: .*is served meanwhile", caplog.text)
    assert kupur.run(["verify", "--archive", str(folder)]) == 2
    assert imported(folder, lines(5)) == 0
    assert_whole(folder)
    assert found(folder) == {"n-1", "n-2", "n-3", "n-4", "n-5"}


def test_with_a_deleted_segment_the_generation_before_is_served(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newest = current(folder)
    known = {path.name for path in newest.folder.parent.glob("*1/*.kpr")}
    (own,) = [path for path in newest.folder.glob("*.kpr") if path.name not in known]
    own.unlink()
    assert found(folder) == {"n-1", "n-2", "n-3"}
    assert "generation 1 is served meanwhile" in caplog.text
    assert imported(folder, lines(6)) == 0
    assert_whole(folder)


def test_without_any_index_the_answer_is_503_and_a_running_server_goes_on(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    running = create_app(kupur.open_service(folder, seconds=60)).test_client()
    assert running.get("/api/v1/search?q=köprü").status_code == 200
    (folder / INDEX).rename(folder.parent / "away")
    assert running.get("/api/v1/search?q=köprü").get_json()["total"]["value"] == 4
    assert "generation 2 is served meanwhile" in caplog.text
    started = create_app(kupur.open_service(folder, seconds=60)).test_client()
    answer = started.get("/api/v1/search?q=köprü")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
    assert kupur.run(["repair", "--archive", str(folder)]) == 0
    assert started.get("/api/v1/search?q=köprü").status_code == 200


def test_a_second_writer_is_told_who_is_at_work(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with held(folder / ".lock", "kupur import"):
        status = kupur.run(["remove", "--archive", str(folder), "--wait", "0.1", "n-1"])
    assert status == 2
    told = capsys.readouterr().err
    assert re.search(rf"kupur import \(process {os.getpid()}, since 20.*\) is writing", told)
    assert found(folder) == {"n-1", "n-2", "n-3", "n-4"}


def test_two_imports_at_once_take_turns(folder: Path, tmp_path: Path) -> None:
    started = []
    for number in (1, 2):
        source = tmp_path / f"{number}.jsonl"
        source.write_text(lines(*range(number * 1000, number * 1000 + 50)))
        command = [sys.executable, "-P", "-m", "kupur", "import", "--archive", str(folder),
                   "--wait", "120", str(source)]  # fmt: skip
        started.append(subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE))
    for process in started:
        _, told = process.communicate()
        assert process.returncode == 0, told
    with Archive.open(folder) as archive:
        assert archive.count == 104
    assert_whole(folder)


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = (
        "import sys, time; from pathlib import Path; from index.locking import held\n"
        "with held(Path(sys.argv[1]), 'x'): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], cwd=CHECKOUT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(BusyError), held(path, "y", wait=0):
            pass
        process.kill()
    with held(path, "z", wait=0):
        assert path.exists()


def test_a_clock_that_goes_backwards_changes_no_order(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    moments = iter([2_000_000_000.0, 1_000_000_000.0, 0.0, 1_500_000_000.0, 5.0])
    with Archive.open(folder, create=True, clock=lambda: next(moments)) as archive:
        for text in ("Bir", "İki", "Üç"):
            archive.put([Article("a", text, ())])
        archive.remove(["a"])
        archive.restore([])
        versions = archive.history("a")
        assert [v.article.title for v in versions if v.article] == ["Bir", "İki", "Üç"]
        assert [v.sequence for v in versions] == [1, 2, 3, 4]
        assert not archive.contains("a")
        kupur.Application().bring_index_up_to_date(archive)
    assert_whole(folder)


def test_a_folder_that_everybody_may_write_to_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / INDEX).chmod(0o777)
    assert kupur.run(["search", "--archive", str(folder), "köprü"]) == 2
    assert "everybody may write to it" in capsys.readouterr().err
    assert imported(folder, lines(7)) == 2
    (folder / INDEX).chmod(0o755)
    assert kupur.run(["search", "--archive", str(folder), "köprü"]) == 0


def test_a_strangers_generation_is_refused(folder: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can give files away")
    os.chown(current(folder).folder, 12345, 12345)
    with pytest.raises(EngineError, match="belongs to user number 12345"):
        current_generation(folder / INDEX)


def test_rebuilding_while_people_search_fails_no_request(folder: Path) -> None:
    client = create_app(kupur.open_service(folder, seconds=60)).test_client()
    statuses: list[int] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            answer = client.get("/api/v1/search?q=köprü")
            statuses.append(answer.status_code)
            assert answer.get_json()["total"]["value"] == 4

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        assert kupur.run(["rebuild", "--archive", str(folder)]) == 0
    over.set()
    reader.join()
    assert set(statuses) == {200}


def test_a_new_article_is_searchable_within_a_second(
    folder: Path, scale: Callable[[int, int], int], record: Callable[[str, dict[str, object]], None]
) -> None:
    taken = []
    engine = EmbeddedEngine(folder / INDEX)
    engine.searcher()
    # A process reads its word lists once: half a second, twice that on a crowded machine.
    analyzer = kupur.Application().analyzer(folder)
    for number in range(scale(5, 50)):
        with Archive.open(folder) as archive:
            archive.put([Article(f"yeni-{number}", f"Yepyeni {number}", ())])
            acknowledged = time.process_time()
            update_index(archive, folder / INDEX, analyzer)
            assert engine.searcher().sequence == archive.sequence
            taken.append(time.process_time() - acknowledged)
    record("searchable after", {"median_ms": round(sorted(taken)[len(taken) // 2] * 1000, 1)})
    assert sorted(taken)[len(taken) // 2] < 1


def test_verify_names_what_differs_both_ways(folder: Path) -> None:
    other = folder.parent / "other"
    assert imported(other, lines(1, 2, 8)) == 0
    (folder / INDEX).rename(folder.parent / "own")
    (other / INDEX).rename(folder / INDEX)
    with Archive.open(folder):
        found_wrong = verify(folder, folder / INDEX, lambda: Archive.open(folder))
    assert [each.what for each in found_wrong] == ["is the index of another archive"]
