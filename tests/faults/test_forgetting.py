"""Forgotten is forgotten: the bytes on disk are searched for every word that only one text had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kupur
from index.analysis import fold
from index.archive import Archive
from index.article import derive_id
from tests.faults.whole import assert_whole
from web.app import create_app

SECRET = ["Zümrütgöz", "Kırkambaroğlu", "şakşakçılarındanmış", "Yıldırımkemerli"]


def source(
    folder: Path, version: int, *, url: str = "https://example.com/gizli-haber-8461"
) -> Path:
    records: list[dict[str, object]] = [
        {
            "title": f"{SECRET[0]} davası {version}",
            "body": f"{SECRET[1]} dün {SECRET[2 + version]} dedi.\n\n" * 40,
            "source_url": url,
            "authors": ["Gizemcan Saklıbulut"],
        },
    ]
    records.extend(
        {"id": f"acik-{n}", "title": f"Açık haber {n}", "body": f"Köprü {n} açıldı. " * 50}
        for n in range(60)
    )
    path = folder / f"kaynak-{version}.jsonl"
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    broken = json.dumps({"title": f"{SECRET[0]} davası 0", "body": ["x"], "date": "dün"})
    path.write_text("\n".join([*lines, broken]) + "\n", "utf-8")
    return path


def traces(folder: Path) -> list[str]:
    """Return where in the files below a folder any of the words still is, however spelled."""
    wanted = [*SECRET, "Gizemcan", "Saklıbulut", "gizli-haber-8461"]
    needles = {form.encode() for word in wanted for form in (word, word.lower(), fold(word))}
    needles |= {json.dumps(word)[1:-1].encode() for word in wanted}
    return [
        f"{path.name}: {needle.decode()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for needle in sorted(needles)
        if needle in path.read_bytes()
    ]


def test_nothing_of_a_forgotten_article_is_left_on_disk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "archive"
    for version in (0, 1):
        assert kupur.run(["import", "--archive", str(folder), str(source(tmp_path, version))]) == 0
    forgotten = derive_id(source_url="https://example.com/gizli-haber-8461")
    # A server is running: it holds generations and the write-ahead log open.
    client = create_app(kupur.open_service(folder, seconds=60)).test_client()
    assert client.get(f"/api/v1/search?q={SECRET[1]}").get_json()["total"]["value"] == 1
    assert client.get(f"/haber/{forgotten}").status_code == 200
    assert len(traces(folder)) > 5
    assert kupur.run(["remove", "--archive", str(folder), forgotten]) == 0
    assert kupur.run(["forget", "--archive", str(folder), forgotten]) == 0
    assert traces(folder) == []
    page, document = client.get(f"/haber/{forgotten}"), client.get(f"/api/v1/articles/{forgotten}")
    assert (page.status_code, document.status_code) == (410, 410)
    assert document.get_json()["code"] == "removed"
    assert SECRET[0] not in page.get_data(as_text=True)
    assert client.get(f"/api/v1/search?q={SECRET[1]}").get_json()["total"]["value"] == 0
    capsys.readouterr()
    again = source(tmp_path, 1)
    assert kupur.run(["import", "--archive", str(folder), "--json", str(again)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["forgotten"], report["added"]) == (1, 0)
    # The same text from another address, and the same address with another text, neither.
    assert kupur.run(
        ["import", "--archive", str(folder), "--json",
         str(source(tmp_path, 0, url="https://example.org/baska"))]
    ) == 0  # fmt: skip
    assert json.loads(capsys.readouterr().out)["forgotten"] == 1
    assert [trace for trace in traces(folder) if not trace.endswith("tsv")] == []


def test_an_interrupted_forgetting_is_finished_by_the_next_command(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    assert kupur.run(["import", "--archive", str(folder), str(source(tmp_path, 0))]) == 0
    for path in (folder / "rejects").iterdir():
        path.unlink()
    forgotten = derive_id(source_url="https://example.com/gizli-haber-8461")
    with Archive.open(folder) as archive:
        archive.forget([forgotten])  # and here the process dies: nothing is scrubbed or indexed
    assert traces(folder)
    other = tmp_path / "other.jsonl"
    other.write_text('{"id": "yeni", "title": "Yeni", "body": "Yeni haber."}\n')
    assert kupur.run(["import", "--archive", str(folder), str(other)]) == 0
    assert traces(folder) == []
    assert_whole(folder)
