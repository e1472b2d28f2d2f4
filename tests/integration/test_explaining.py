"""`kupur explain` and `kupur analyze`, from arguments to lines, JSON and exit status."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import kupur

Out = pytest.CaptureFixture[str]


def test_an_explanation_is_a_table_for_each_word(news: Path, capsys: Out) -> None:
    assert kupur.run(["explain", "--archive", str(news), "konsey-1", "konsey", "oylamasi"]) == 0
    printed = capsys.readouterr().out
    blocks = printed.strip().split("\n\n")
    assert blocks[0].startswith("Güvenlik Konseyi toplandı\nscore ")
    assert blocks[1].startswith("konsey ")
    assert blocks[1].splitlines()[0].endswith(": Konseyi, Konseyi’nin")
    assert blocks[1].splitlines()[1].split() == [
        "layer", "term", "field", "times", "articles", "weight", "idf", "score", "share",
    ]  # fmt: skip
    assert any(line.split()[:3] == ["five", "konse", "title"] for line in blocks[1].splitlines())


def test_the_json_is_what_the_search_scored(news: Path, capsys: Out) -> None:
    asked = ["--archive", str(news), "--json"]
    assert kupur.run(["search", *asked, "konsey toplantısı"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)["results"]
    assert kupur.run(["explain", *asked, "konsey-1", "konsey toplantısı"]) == 0
    explained = json.loads(capsys.readouterr().out)
    assert explained["score"] == pytest.approx(hit["score"], abs=1e-4)
    assert [word["typed"] for word in explained["words"]] == ["konsey", "toplantısı"]


def test_options_are_those_of_the_search(news: Path, capsys: Out) -> None:
    command = ["explain", "--archive", str(news), "konsey-1"]
    assert kupur.run([*command, "konsey", "pazar"]) == 0
    assert "pazar adds nothing" in capsys.readouterr().out
    assert kupur.run([*command, "--op", "and", "konsey", "pazar"]) == 1
    assert "is not found by konsey pazar" in capsys.readouterr().out
    assert kupur.run([*command, "--match", "exact", "konsey"]) == 1
    assert kupur.run([*command, "--match", "loose", "konsey"]) == 2


def test_an_unknown_article_is_one_line(news: Path, capsys: Out) -> None:
    assert kupur.run(["explain", "--archive", str(news), "no-such", "konsey"]) == 1
    complaint = capsys.readouterr()
    assert complaint.out == ""
    assert complaint.err.startswith("kupur: there is no article with the id 'no-such'")


def test_an_analysis_is_a_line_for_each_word(tmp_path: Path, capsys: Out) -> None:
    assert kupur.run(["analyze", "--archive", str(tmp_path), "Ankara’nın", "F.Bahçe"]) == 0
    header, ankara, joined, *parts = capsys.readouterr().out.splitlines()
    assert header.split() == [
        "surface", "at", "position", "exact", "folded", "stem", "five", "four",
    ]  # fmt: skip
    assert ankara.split()[:4] == ["Ankara’nın", "0-10", "0", "ankara"]
    assert joined.split()[:4] == ["F.Bahçe", "11-18", "1", "fbahçe"]
    assert [part.split()[:2] for part in parts] == [["1", "f"], ["2", "bahçe"]]


def test_an_analysis_reads_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    text = "Kar yağdı.\nYollar kapandı."
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert kupur.run(["analyze", "--archive", str(tmp_path), "--json"]) == 0
    surfaces = json.loads(capsys.readouterr().out)["surfaces"]
    assert [surface["text"] for surface in surfaces] == ["Kar", "yağdı", "Yollar", "kapandı"]
    assert all(text[each["start"] : each["end"]] == each["text"] for each in surfaces)


def test_an_archive_s_own_word_lists_count(tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "stems.txt").write_text("kuzyakalı kuzyaka\n", "utf-8")
    stems = []
    for folder in (tmp_path, tmp_path / "without"):
        assert kupur.run(["analyze", "--archive", str(folder), "--json", "kuzyakalı"]) == 0
        (surface,) = json.loads(capsys.readouterr().out)["surfaces"]
        stems.append(surface["words"][0]["stem"])
    assert stems[0] == "kuzyaka" != stems[1]
