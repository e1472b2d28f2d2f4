"""From what a person names to a stream of records: files, folders, pipes, and what goes wrong."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from index.article import Article, BlockKind
from index.errors import SourceError
from index.readers import Reject, SourceFile, find_sources, read_source

LINES = "".join(
    json.dumps({"id": f"k-{number}", "title": f"Başlık {number}", "body": "Işık. " * 200}) + "\n"
    for number in range(500)
).encode()


def read(*names: str | Path, format_name: str = "") -> list[Article | Reject]:
    sources = find_sources(names, format_name=format_name)
    return [record for file in sources.files for record in read_source(file)]


def packed_by_frames(data: bytes) -> bytes:
    half = len(data) // 2
    compressor = zstandard.ZstdCompressor(write_checksum=True)  # as the zstd command does
    return compressor.compress(data[:half]) + compressor.compress(data[half:])


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": packed_by_frames,
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_every_compression_is_read_and_every_byte_is_counted(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"haberler.jsonl{suffix}"
    path.write_bytes(PACKERS[suffix](LINES))
    [source] = find_sources([path]).files
    counts: list[int] = []
    records = list(read_source(source, on_bytes=counts.append))
    assert [record.id for record in records if isinstance(record, Article)] == [
        f"k-{number}" for number in range(500)
    ]
    assert sum(counts) == source.size == path.stat().st_size


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_damaged_data_is_said_and_never_taken_for_the_end(
    tmp_path: Path, suffix: str, damage: str
) -> None:
    data = bytearray(PACKERS[suffix](LINES))
    if damage == "cut":
        del data[-20:]
    else:
        data[len(data) // 2] ^= 0xFF
    path = tmp_path / f"haberler.jsonl{suffix}"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"haberler\.jsonl.*damaged or breaks off"):
        read(path)


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_a_file_that_is_not_compressed_as_its_name_says_is_said(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"haberler.jsonl{suffix}"
    path.write_bytes(LINES)
    with pytest.raises(SourceError, match=f"haberler.jsonl{suffix}"):
        read(path)


def test_each_kind_of_file_is_read_by_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"title": "a"}]')
    (tmp_path / "b.CSV").write_text("title;body\nb;x\n")
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress("Üçüncü haber\n\nBu bir haberdir.".encode()))
    (tmp_path / "d.htm").write_text("<title>d</title><article><p>Bu bir haberdir.</p></article>")
    titles = [record.title for record in read(tmp_path) if isinstance(record, Article)]
    assert titles == ["a", "b", "Üçüncü haber", "d"]


def test_folders_are_read_in_order_and_what_is_left_out_is_counted(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.txt", ".git/x.txt", "b/.x.txt", "b/x.png", "y"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"Haber {name} yazıldı.")
    (tmp_path / "loop").symlink_to(tmp_path)
    sources = find_sources([tmp_path])
    names = [Path(file.path).relative_to(tmp_path).as_posix() for file in sources.files]
    assert names == ["a.txt", "c.txt", "b/1.txt", "b/2.txt"]
    assert sources.skipped == 3
    assert sources.total_bytes == sum(file.size or 0 for file in sources.files)


def test_what_cannot_be_read_in_a_folder_is_a_reject_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Birinci haber yazıldı.")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.txt").write_bytes(bytes(range(256)))
    (tmp_path / "d.txt").write_bytes("Größe über alles schön".encode("latin-1"))
    (tmp_path / "e.jsonl.gz").write_bytes(b"no gzip")
    (tmp_path / "f.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "z.txt").write_text("Sonuncu haber yazıldı.")
    records = read(tmp_path)
    assert [type(record) for record in records] == [Article, *[Reject] * 5, Article]
    reasons = [record.reason for record in records if isinstance(record, Reject)]
    for reason, part in zip(
        reasons, ["empty", "binary", "not UTF-8", "damaged", "cannot be read"], strict=True
    ):
        assert part in reason
        assert str(tmp_path) not in reason, "the path has a column of its own"


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("b.txt", b"", "empty"),
        ("b.jsonl", b"", "empty"),
        ("b.jsonl.gz", gzip.compress(b""), "empty"),
        ("b.txt", bytes(range(256)), "binary"),
        ("b.csv", b"PK\x03\x04", "ZIP"),
        ("b.jsonl", '{"title": "ığüşöç"}'.encode("cp1254"), "not UTF-8"),
        ("b.txt", b"haber " * 3_000_000, "larger than 16 MiB"),
        ("b.csv", b"x,y\n1,2\n", "no title and no body"),
        ("b.docx", b"x", "suffix"),
    ],
)
def test_a_named_file_that_cannot_be_read_is_one_clear_line(
    tmp_path: Path, name: str, content: bytes, part: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.count(str(path)) == 1
    assert part in message
    assert "\n" not in message


def test_a_record_that_is_no_article_is_a_reject_even_in_a_named_file(tmp_path: Path) -> None:
    path = tmp_path / "b.txt"
    path.write_text("***\n")
    assert read(path) == [Reject(str(path), None, "the file holds no words")]


@pytest.mark.parametrize("name", ["nowhere.txt", "nowhere", "a\0b.txt", "x" * 5_000])
def test_what_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError):
        find_sources([tmp_path / name])


def test_a_folder_with_nothing_to_import_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"x")
    with pytest.raises(SourceError, match=r"holds no file that can be imported.*1 other"):
        find_sources([tmp_path])


def test_naming_nothing_is_said() -> None:
    with pytest.raises(SourceError, match="nothing to import"):
        find_sources([])


@pytest.mark.parametrize(
    ("format_name", "data"),
    [
        ("", LINES),
        ("jsonl.zst", packed_by_frames(LINES)),
        ("csv", b"title,body\na,b\n"),
        ("TXT", b"Haber.\n"),
    ],
)
def test_standard_input_is_read_in_the_format_said(format_name: str, data: bytes) -> None:
    sources = find_sources(["-"], format_name=format_name)
    assert sources.total_bytes is None
    [source] = sources.files
    stream = io.BytesIO(data)
    records = list(read_source(source, stdin=stream))
    assert records
    assert all(isinstance(record, Article) for record in records)
    assert not stream.closed


def test_an_empty_standard_input_is_said() -> None:
    [source] = find_sources(["-"]).files
    with pytest.raises(SourceError, match="-: the file is empty"):
        list(read_source(source, stdin=io.BytesIO()))


def test_a_format_that_nobody_knows_is_said() -> None:
    with pytest.raises(SourceError, match="unknown format 'docx'"):
        find_sources(["-"], format_name="docx")


def test_the_format_wins_over_the_suffix(tmp_path: Path) -> None:
    path = tmp_path / "haberler.dat"
    path.write_bytes(LINES)
    assert len(read(path, format_name="jsonl")) == 500


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "boru.jsonl"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(LINES,))
    writer.start()
    records = read(path)
    writer.join()
    assert len(records) == 500


def test_reading_streams_and_stops_where_the_reader_does(tmp_path: Path) -> None:
    path = tmp_path / "haberler.jsonl"
    path.write_bytes(LINES * 20)
    [source] = find_sources([path]).files
    counts: list[int] = []
    next(read_source(source, on_bytes=counts.append))
    assert 0 < sum(counts) < path.stat().st_size / 2


def test_a_compression_that_is_not_known_is_no_suffix(tmp_path: Path) -> None:
    path = tmp_path / "haberler.jsonl.bz2"
    path.write_bytes(bz2.compress(LINES))
    with pytest.raises(SourceError, match="suffix"):
        find_sources([path])


def test_the_scraped_article_is_read_as_a_reader_would(shared: Path) -> None:
    [record] = read(shared / "seed")
    assert isinstance(record, Article)
    assert record.title.startswith("Kuzey Kore lideri Kim Jong-un, Rusya Savunma Bakanı")
    headings = [block.text for block in record.blocks if block.kind is BlockKind.HEADING]
    assert headings == ["O Anlaşmaya Değindiler", "‘Güvenilir’ Dostlar"]
    assert "11 bin Kuzey Kore askerini" in record.body
    assert "Dronlar" not in record.body
    assert "Roma Dönemine" not in record.body
    assert len(record.blocks) == 7


def test_source_files_are_values() -> None:
    [first] = find_sources(["-"]).files
    [second] = find_sources(["-"]).files
    assert first == second
    assert isinstance(first, SourceFile)
