"""From files to the archive: the report, the reject file, interrupts, and importing again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.archive import Archive
from index.errors import ArchiveError, SourceError
from index.importing import ImportReport, import_sources, reject_path
from index.readers import find_sources

STARTED = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)


@dataclass
class Watching:
    """A `Progress` that remembers; it may interrupt after so many records."""

    interrupt_after: int | None = None
    total_bytes: int | None = -1
    byte_counts: list[int] = field(default_factory=list)
    record_counts: list[int] = field(default_factory=list)

    def start(self, total_bytes: int | None) -> None:
        self.total_bytes = total_bytes

    def advance(self, byte_count: int, record_count: int) -> None:
        self.byte_counts.append(byte_count)
        self.record_counts.append(record_count)
        if self.interrupt_after is not None and sum(self.record_counts) >= self.interrupt_after:
            raise KeyboardInterrupt


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive", create=True) as opened:
        yield opened


def run(
    archive: Archive, *names: Path, watching: Watching | None = None, batch: int = 100
) -> ImportReport:
    return import_sources(
        find_sources(names),
        archive,
        reject_file=reject_path(archive.folder, STARTED),
        progress=watching,
        batch=batch,
    )


def write_lines(path: Path, *records: object) -> Path:
    path.write_text("\n".join(map(json.dumps, records)) + "\n")
    return path


def many(count: int) -> list[dict[str, str]]:
    return [{"id": f"k-{number}", "title": f"Haber {number}"} for number in range(count)]


def test_the_report_counts_everything_once(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_lines(folder / "a.jsonl", *many(3))
    run(archive, folder)
    archive.remove(["k-2"])
    write_lines(
        folder / "a.jsonl",
        {"id": "k-0", "title": "Haber 0"},
        {"id": "k-1", "title": "Yeni başlık"},
        {"id": "k-2", "title": "Haber 2"},
        {"id": "k-3", "title": "Haber 3"},
        {"id": "k-4", "date": "dün", "title": "x"},
    )
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.png").write_bytes(b"x")
    report = run(archive, folder)
    assert (report.read, report.added, report.changed, report.unchanged) == (6, 1, 1, 1)
    assert (report.removed, report.rejected, report.skipped) == (1, 2, 1)
    assert report.read == (
        report.added + report.changed + report.unchanged + report.removed + report.rejected
    )
    assert report.seconds > 0
    assert report.articles_per_second == report.read / report.seconds


def test_rejects_are_written_with_path_line_and_reason(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "ara\tlık"
    folder.mkdir()
    write_lines(folder / "a.jsonl", {"title": "t"}, {"title": 5}, {"title": "t", "date": "dün"})
    (folder / "b.txt").write_bytes(b"")
    report = run(archive, folder)
    assert report.reject_file == archive.folder / "rejects" / "20260301T090500.000000Z.tsv"
    header, *rows = [line.split("\t") for line in report.reject_file.read_text().splitlines()]
    assert header == ["path", "line", "reason"]
    assert [row[1] for row in rows] == ["2", "3", ""]
    assert all(len(row) == 3 for row in rows)
    assert rows[0][2] == "title is a number, but must be text"
    assert rows[2][0].endswith("b.txt")


def test_without_rejects_there_is_no_reject_file(archive: Archive, tmp_path: Path) -> None:
    report = run(archive, write_lines(tmp_path / "a.jsonl", *many(3)))
    assert report.reject_file is None
    assert not (archive.folder / "rejects").exists()


def test_importing_again_changes_nothing(archive: Archive, checkout: Path) -> None:
    sample = checkout / "data" / "sample"
    first = run(archive, sample)
    assert first.added == first.read > 80
    sequence = archive.sequence
    second = run(archive, sample)
    assert second.unchanged == second.read == first.read
    assert archive.sequence == sequence


def test_progress_hears_of_every_byte_and_record(archive: Archive, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", *many(1234))
    watching = Watching()
    run(archive, path, watching=watching, batch=500)
    assert watching.total_bytes == sum(watching.byte_counts) == path.stat().st_size
    assert sum(watching.record_counts) == 1234
    assert len(watching.record_counts) > 10


def test_an_interrupt_loses_at_most_one_batch_and_a_second_run_goes_on(
    archive: Archive, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "a.jsonl", *many(1000))
    with pytest.raises(KeyboardInterrupt):
        run(archive, path, watching=Watching(interrupt_after=650), batch=100)
    assert archive.count >= 600
    kept = archive.count
    report = run(archive, path)
    assert (report.unchanged, report.added) == (kept, 1000 - kept)
    assert archive.count == 1000


def test_rejects_before_an_interrupt_are_kept(archive: Archive, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"title": 5}, *many(500))
    with pytest.raises(KeyboardInterrupt):
        run(archive, path, watching=Watching(interrupt_after=300))
    [rejects] = (archive.folder / "rejects").iterdir()
    assert len(rejects.read_text().splitlines()) == 2


def test_what_was_read_before_a_file_that_fails_is_kept(archive: Archive, tmp_path: Path) -> None:
    good = write_lines(tmp_path / "a.jsonl", *many(30))
    bad = tmp_path / "b.txt"
    bad.write_bytes(bytes(range(256)))
    with pytest.raises(SourceError, match=r"b\.txt.*binary"):
        run(archive, good, bad)
    assert archive.count == 30


def test_an_earlier_reject_file_is_never_written_over(archive: Archive, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"title": 5})
    run(archive, path)
    with pytest.raises(ArchiveError, match="rejects cannot be written"):
        run(archive, path)


def test_csv_text_and_pages_arrive_side_by_side(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("Başlık;Metin;Tarih\nPazar taşındı;Pazar taşındı.;7.5.2020\n")
    (folder / "b.txt").write_text("Köprü açıldı\n\nKöprü dün öğleden sonra törenle açıldı.\n")
    (folder / "c.html").write_text(
        "<html><body><article><h1>Fuar kapandı</h1><p>Fuarı 12 bin kişi gezdi.</p></article>"
    )
    assert run(archive, folder).added == 3
    titles = {article.title for article in archive.articles()}
    assert titles == {"Pazar taşındı", "Köprü açıldı", "Fuar kapandı"}


@pytest.mark.slow
def test_a_real_corpus_is_imported_without_a_reject(archive: Archive, shared: Path) -> None:
    report = run(archive, shared / "corpora" / "news-37k.jsonl.xz", batch=1000)
    assert (report.read, report.added, report.rejected) == (36_594, 36_594, 0)
    assert archive.count == 36_594
