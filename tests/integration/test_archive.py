"""The archive: what is acknowledged is there, in every version, from every thread."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.archive import Archive, Change, ChangeKind, PutReport
from index.archive_database import APPLICATION_ID, DATABASE_NAME, SCHEMA_VERSION
from index.article import ISTANBUL, Article, Block, BlockKind
from index.errors import ArchiveError


def article(number: int, body: str = "Köprü dün açıldı.", **fields: object) -> Article:
    plain = Article(
        id=f"k-{number}",
        title=f"Haber {number}",
        blocks=(Block(BlockKind.PARAGRAPH, body), Block(BlockKind.HEADING, "‘Ara’")),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]  # the tests name real fields


RICH = article(
    1,
    published=datetime(2019, 3, 1, 0, 30, tzinfo=ISTANBUL),
    section="Yerel",
    source="Kuzyaka Postası",
    authors=("Ayşe Yılmaz", "Can Demir"),
    tags=("köprü",),
    source_url="https://example.com/kopru?a=1",
    language="tr",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "archive"


@pytest.fixture
def archive(folder: Path) -> Iterator[Archive]:
    with Archive.open(folder, create=True, clock=lambda: 1_600_000_000.9) as opened:
        yield opened


# Putting and getting


def test_what_was_put_comes_back_equal_after_reopening(archive: Archive, folder: Path) -> None:
    odd = article(2, body="İ ı ’ 👩‍🚀 \u2028 \x00 " + "x" * 100_000)
    assert archive.put([RICH, odd]) == PutReport(added=2)
    archive.close()
    with Archive.open(folder) as again:
        assert again.get("k-1") == RICH
        assert again.get("k-2") == odd
        assert again.get("k-3") is None


def test_putting_again_changes_nothing(archive: Archive) -> None:
    archive.put([article(1), article(2)])
    assert archive.put([article(1), article(2)]) == PutReport(unchanged=2)
    assert archive.sequence == 2
    assert archive.changes_since(2, 10) == []


def test_a_change_replaces_the_text_and_keeps_the_old_version(archive: Archive) -> None:
    archive.put([article(1, "Eski."), article(2)])
    assert archive.put([article(1, "Yeni."), article(2)]) == PutReport(changed=1, unchanged=1)
    assert archive.get("k-1") == article(1, "Yeni.")
    assert [version.article for version in archive.history("k-1")] == [
        article(1, "Eski."),
        article(1, "Yeni."),
    ]
    assert archive.count == 2


def test_the_same_id_twice_in_one_put_ends_as_the_last(archive: Archive) -> None:
    put = [article(1, "Bir."), article(1, "İki."), article(1, "İki."), article(2)]
    assert archive.put(put) == PutReport(added=2, changed=1, unchanged=1)
    assert archive.get("k-1") == article(1, "İki.")
    assert len(archive.history("k-1")) == 2
    assert [change.sequence for change in archive.changes_since(0, 10)] == [2, 3]


def test_a_put_that_fails_half_way_leaves_nothing(archive: Archive) -> None:
    archive.put([article(1)])

    def breaking() -> Iterator[Article]:
        for number in range(2, 2000):
            yield article(number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.put(breaking())
    assert (archive.count, archive.sequence) == (1, 1)
    assert archive.put([article(2)]) == PutReport(added=1)
    assert archive.sequence == 2


def test_a_page_of_articles_comes_in_the_order_asked(archive: Archive) -> None:
    archive.put(article(number) for number in range(1, 1501))
    wanted = ["k-7", "nowhere", "k-3", "k-7", "\ud800", "a\0b", "k-1400"]
    assert list(archive.get_many(wanted)) == ["k-7", "k-3", "k-1400"]
    assert archive.get_many([]) == {}
    assert len(archive.get_many(f"k-{number}" for number in range(2000))) == 1500


@pytest.mark.parametrize(
    "strange", ["", "\ud800", "a\0b", "'; DROP TABLE article; --", "x" * 10_000]
)
def test_no_id_is_a_problem_to_ask_for(archive: Archive, strange: str) -> None:
    archive.put([article(1)])
    assert archive.get(strange) is None
    assert not archive.contains(strange)
    assert archive.history(strange) == ()
    assert archive.remove([strange]) == ()


def test_the_record_on_disk_has_the_fingerprint_of_the_article(
    archive: Archive, folder: Path
) -> None:
    archive.put([RICH])
    connection = sqlite3.connect(folder / DATABASE_NAME)
    (stored,) = connection.execute("SELECT fingerprint FROM article").fetchone()
    connection.close()
    assert stored.hex() == RICH.fingerprint()


# Removing and restoring


def test_a_removed_article_is_gone_until_it_is_restored(archive: Archive) -> None:
    archive.put([article(1), article(2)])
    assert archive.remove(["k-1", "nowhere", "k-1"]) == ("k-1",)
    assert archive.get("k-1") is None
    assert not archive.contains("k-1")
    assert archive.count == 1
    assert list(archive.articles()) == [article(2)]
    assert archive.remove(["k-1"]) == ()
    assert archive.restore(["k-1", "k-2", "nowhere"]) == ("k-1",)
    assert archive.get("k-1") == article(1)
    assert archive.restore(["k-1"]) == ()


def test_reading_the_same_source_again_brings_nothing_removed_back(archive: Archive) -> None:
    archive.put([article(1)])
    archive.remove(["k-1"])
    assert archive.put([article(1)]) == PutReport(removed=1)
    assert archive.put([article(1, "Yeni.")]) == PutReport(removed=1)
    assert archive.get("k-1") is None
    archive.restore(["k-1"])
    assert archive.get("k-1") == article(1, "Yeni.")


def test_the_history_tells_what_was_done_when(archive: Archive) -> None:
    archive.put([article(1)])
    archive.remove(["k-1"])
    archive.restore(["k-1"])
    history = archive.history("k-1")
    assert [(version.sequence, version.kind) for version in history] == [
        (1, ChangeKind.PUT),
        (2, ChangeKind.REMOVE),
        (3, ChangeKind.RESTORE),
    ]
    assert [version.article for version in history] == [article(1), None, None]
    assert {version.recorded for version in history} == {
        datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
    }


# Changes


def test_changes_are_the_newest_state_of_each_article_in_order(archive: Archive) -> None:
    archive.put([article(1), article(2), article(3)])
    archive.put([article(1, "Yeni.")])
    archive.remove(["k-2"])
    assert archive.changes_since(0, 10) == [
        Change(3, "k-3", article(3)),
        Change(4, "k-1", article(1, "Yeni.")),
        Change(5, "k-2", None),
    ]
    assert archive.sequence == 5
    assert archive.changes_since(4, 10) == [Change(5, "k-2", None)]


def test_pages_of_changes_neither_lose_nor_repeat(archive: Archive) -> None:
    archive.put(article(number) for number in range(100))
    seen: list[str] = []
    sequence = 0
    while page := archive.changes_since(sequence, 7):
        seen += [change.id for change in page]
        sequence = page[-1].sequence
        if len(seen) == 70:
            archive.put([article(3, "Meanwhile.")])
    assert seen == [*(f"k-{number}" for number in range(100)), "k-3"]
    assert sequence == archive.sequence


def test_a_stream_of_articles_is_of_one_moment(archive: Archive) -> None:
    archive.put(article(number) for number in range(10))
    stream = archive.articles()
    first = next(stream)
    archive.put([article(5, "Yeni."), article(99)])
    archive.remove(["k-7"])
    assert [first, *stream] == [article(number) for number in range(10)]


# Figures


def test_the_summary_counts_what_is_there(archive: Archive) -> None:
    assert archive.summary().articles == 0
    assert archive.summary().first_day is None
    archive.put(
        [
            article(1, section="Spor", source="A", published=date(2005, 7, 1)),
            article(2, section="Spor", source="B", published=date(2026, 1, 2)),
            article(3, section="İlçe", published=datetime(2004, 12, 31, 22, 30, tzinfo=UTC)),
            article(4),
            article(5, section="Çevre", published=date(1990, 1, 1)),
        ]
    )
    archive.remove(["k-5"])
    summary = archive.summary()
    assert (summary.articles, summary.removed, summary.sequence) == (4, 1, 6)
    assert summary.sections == ("Spor", "İlçe")
    assert summary.sources == ("A", "B")
    assert summary.first_day == date(2005, 1, 1), "of Istanbul, not of UTC"
    assert summary.last_day == date(2026, 1, 2)
    assert summary.bytes_on_disk == archive.bytes_on_disk > 10_000


def test_each_archive_has_an_identity_of_its_own(tmp_path: Path) -> None:
    with (
        Archive.open(tmp_path / "a", create=True) as one,
        Archive.open(tmp_path / "b", create=True) as other,
    ):
        assert len({one.identity, other.identity}) == 2
    with Archive.open(tmp_path / "a") as again:
        assert again.identity == one_identity(tmp_path / "a")


def one_identity(folder: Path) -> str:
    with Archive.open(folder, read_only=True) as archive:
        return archive.identity


# Opening


def test_no_archive_is_made_unless_asked_for(folder: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no archive here; kupur import makes one"):
        Archive.open(folder)
    assert not folder.exists()


def test_a_folder_with_other_things_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    with pytest.raises(ArchiveError, match=r"holds 'index' but no archive\.db"):
        Archive.open(tmp_path, create=True)
    assert not (tmp_path / DATABASE_NAME).exists()


def test_opening_to_create_keeps_what_is_there(archive: Archive, folder: Path) -> None:
    archive.put([article(1)])
    with Archive.open(folder, create=True) as again:
        assert again.count == 1


@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_no_archive_is_left_alone(tmp_path: Path, create: bool) -> None:
    for name, content in {"text": b"Haber. " * 1000, "sqlite": b""}.items():
        folder = tmp_path / name
        folder.mkdir()
        path = folder / DATABASE_NAME
        path.write_bytes(content)
        if name == "sqlite":
            connection = sqlite3.connect(path)
            connection.execute("CREATE TABLE recipe (name TEXT)")
            connection.commit()
            connection.close()
        before = path.read_bytes()
        with pytest.raises(ArchiveError, match=r"archive\.db: this file is no archive of kupur"):
            Archive.open(folder, create=create)
        assert path.read_bytes() == before


def test_a_creation_that_was_cut_short_is_finished(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / DATABASE_NAME).write_bytes(b"")
    with pytest.raises(ArchiveError, match="no archive"):
        Archive.open(folder)
    with Archive.open(folder, create=True) as archive:
        assert archive.put([article(1)]) == PutReport(added=1)


def test_an_archive_of_a_newer_kupur_is_refused(archive: Archive, folder: Path) -> None:
    archive.close()
    connection = sqlite3.connect(folder / DATABASE_NAME)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(ArchiveError, match=r"newer kupur.*upgrade"):
        Archive.open(folder)


def test_the_file_says_whose_it_is_and_is_durable(archive: Archive, folder: Path) -> None:
    archive.put([article(1)])
    connection = sqlite3.connect(folder / DATABASE_NAME)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    with archive._database.writing() as writer:
        assert writer.execute("PRAGMA synchronous").fetchone() == (2,), "2 is FULL"
        assert writer.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_damaged_record_is_an_error_not_an_article(archive: Archive, folder: Path) -> None:
    archive.put([article(1)])
    connection = sqlite3.connect(folder / DATABASE_NAME)
    connection.execute("UPDATE change SET record = '{\"title\": 1'")
    connection.commit()
    connection.close()
    with pytest.raises(ArchiveError, match=r"k-1.*damaged"):
        archive.get("k-1")


def test_a_damaged_file_is_said(archive: Archive, folder: Path) -> None:
    archive.put(article(number) for number in range(1000))
    archive.close()
    path = folder / DATABASE_NAME
    data = bytearray(path.read_bytes())
    for place in range(8192, len(data), 512):
        data[place : place + 64] = os.urandom(64)
    path.write_bytes(data)
    with Archive.open(folder) as again, pytest.raises(ArchiveError, match=r"archive\.db"):
        list(again.articles())


def test_a_reader_writes_nothing(archive: Archive, folder: Path) -> None:
    archive.put([article(1)])
    with Archive.open(folder, read_only=True) as reader:
        assert reader.get("k-1") == article(1)
        with pytest.raises(ArchiveError, match="cannot be written to"):
            reader.put([article(2)])
        archive.put([article(3)])
        assert reader.count == 2


def test_an_archive_on_a_read_only_folder_is_read(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put([article(1)])
    archive.close()
    # Root may write anywhere, so what a reader without that right sees is told, not tried.
    monkeypatch.setattr("os.access", lambda *_: False)
    with Archive.open(folder, read_only=True) as reader:
        assert reader.get("k-1") == article(1)
    assert [path.name for path in folder.iterdir()] == [DATABASE_NAME]


def test_a_closed_archive_is_a_bug_to_use(archive: Archive) -> None:
    archive.close()
    with pytest.raises(ValueError, match="closed"):
        archive.get("k-1")


# Threads and processes


def test_threads_read_while_one_writes(archive: Archive) -> None:
    archive.put(article(number) for number in range(200))
    writing = threading.Event()
    writing.set()

    def read(start: int) -> int:
        rounds = 0
        while writing.is_set() or not rounds:
            ids = [f"k-{number}" for number in range(start, start + 10)]
            found = archive.get_many(ids)
            bodies = {found[each].body for each in ids}
            assert len(bodies) == 1, "a put is seen as a whole or not at all"
            rounds += 1
        return rounds

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read, start) for start in range(0, 160, 20)]
        for version in range(20):
            archive.put(article(number, f"Sürüm {version}.") for number in range(200))
        writing.clear()
        assert all(reader.result() for reader in readers)
    assert archive.sequence == 200 * 21


def test_threads_that_write_wait_for_each_other(archive: Archive) -> None:
    def write(writer: int) -> int:
        return sum(archive.put([article(writer * 100 + each)]).added for each in range(20))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write, range(4))) == 80
    assert archive.sequence == archive.count == 80
    assert [change.sequence for change in archive.changes_since(0, 100)] == list(range(1, 81))


KILLED = """
import os, sys
from pathlib import Path
from index.archive import Archive
from index.article import Article

archive = Archive.open(Path(sys.argv[1]), create=True)
archive.put(Article(f"a-{n}", "t", ()) for n in range(50))
print("acknowledged", flush=True)

def endless():
    for n in range(5_000):
        yield Article(f"b-{n}", "t", ())
    os.kill(os.getpid(), 9)

archive.put(endless())
"""


def test_a_killed_writer_loses_only_what_was_not_acknowledged(folder: Path, checkout: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, folder], cwd=checkout, capture_output=True, check=False
    )
    assert killed.returncode == -9
    assert killed.stdout == b"acknowledged\n"
    with Archive.open(folder) as archive:
        assert (archive.count, archive.sequence) == (50, 50)
        assert archive.put([article(1)]) == PutReport(added=1)
        assert archive.sequence == 51


def test_a_second_writer_is_told_that_one_is_at_work(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.archive_database.BUSY_MILLISECONDS", 50)
    with Archive.open(folder) as other, archive._database.writing():
        with pytest.raises(ArchiveError, match="another import is writing"):
            other.put([article(1)])
        assert other.count == 0, "reading is never blocked"
