"""`kupur evaluate`, from files of queries and judgements to figures, over a real archive."""

from __future__ import annotations

import json
import re
from pathlib import Path

import ir_measures
import pytest

import kupur
from search.trec import read_qrels, read_run

Out = pytest.CaptureFixture[str]

QUERIES = {
    "": {"1": "konsey oylama", "2": "güvenlik konseyi", "3": "pazar yeri 7", "4": "sirke"},
    "ascii": {"1": "konsey oylama", "2": "guvenlik konseyi", "3": "pazar yeri 7"},
}
QRELS = "1 0 konsey-1 2\n2 0 konsey-1 1\n3 0 pazar-07 1\n"


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """Return a folder of queries in two variants, and their judgements in `qrels.txt`."""
    folder = tmp_path / "judged"
    folder.mkdir()
    for variant, queries in QUERIES.items():
        name = f"queries.{variant}.jsonl" if variant else "queries.jsonl"
        lines = (json.dumps({"id": id_, "text": text}) for id_, text in queries.items())
        (folder / name).write_text("\n".join(lines), "utf-8")
    (folder / "qrels.txt").write_text(QRELS, "utf-8")
    return folder


def evaluated(news: Path, judged: Path, *options: str | Path) -> int:
    paths = [judged, judged / "qrels.txt", *options]
    return kupur.run(["evaluate", "--archive", str(news), *map(str, paths)])


def test_a_table_has_each_variant_and_their_mean(news: Path, judged: Path, capsys: Out) -> None:
    assert evaluated(news, judged) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == ["variant", "queries", "nDCG@10", "MRR@10", "R@100", "ms/query"]
    rows = {row.split()[0]: row.split()[1:] for row in printed[1:4]}
    assert list(rows) == ["ascii", "plain", "mean"]
    assert rows["plain"][:4] == ["3", "1.0000", "1.0000", "1.0000"]
    assert rows["mean"] == ["1.0000", "1.0000", "1.0000"]
    assert printed[4] == "plain: 1 queries have no judgement"


def test_the_json_has_the_documented_fields(
    news: Path, judged: Path, checkout: Path, capsys: Out
) -> None:
    docs = (checkout / "docs" / "command-line.md").read_text("utf-8")
    assert evaluated(news, judged, "--json", "--variant", "plain") == 0
    (variant,) = json.loads(capsys.readouterr().out)["variants"]
    assert variant["measures"] == {"nDCG@10": 1.0, "MRR@10": 1.0, "R@100": 1.0}
    assert (variant["queries"], variant["judged"], variant["compared"]) == (4, 3, None)
    assert variant["ms_per_query"] > 0
    for name in variant:
        assert f"`{name}`" in docs


def test_weights_are_compared(news: Path, judged: Path, tmp_path: Path, capsys: Out) -> None:
    none = "\n".join(f"{layer} = 0" for layer in ("stem", "five", "four", "folded", "exact"))
    (tmp_path / "none.toml").write_text(f"[layers]\n{none}\n")
    variant = ["--variant", "plain"]
    compared = ["--compare", str(tmp_path / "none.toml")]
    assert evaluated(news, judged, "--json", *variant, *compared) == 0
    found = json.loads(capsys.readouterr().out)["variants"][0]["compared"]["MRR@10"]
    # Without any weight, articles come in the order of their ids: pazar-07 comes late.
    assert (found["better"], found["worse"], found["same"]) == (0, 1, 2)
    assert found["value"] == pytest.approx(1 + found["difference"])
    assert found["p"] == 1.0
    assert evaluated(news, judged, *variant, *compared) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^plain +MRR@10 .* 0 +1 +2$", printed, re.MULTILINE)
    assert evaluated(news, judged, "--json", *variant, "--config", tmp_path / "none.toml") == 0
    (instead,) = json.loads(capsys.readouterr().out)["variants"]
    assert instead["measures"]["MRR@10"] == found["value"]


@pytest.mark.usefixtures("capsys")
def test_a_run_of_each_variant_is_what_other_tools_read(
    news: Path, judged: Path, tmp_path: Path
) -> None:
    assert evaluated(news, judged, "--run", tmp_path / "run.txt") == 0
    assert sorted(path.name for path in tmp_path.glob("run*")) == [
        "run.ascii.txt",
        "run.plain.txt",
    ]
    run = read_run(tmp_path / "run.ascii.txt")
    assert next(iter(run["3"])) == "pazar-07"
    figures = ir_measures.calc_aggregate(
        [ir_measures.RR @ 10], read_qrels(judged / "qrels.txt"), run
    )
    assert list(figures.values()) == [1.0]


@pytest.mark.usefixtures("capsys")
def test_the_figures_of_each_query_are_written(news: Path, judged: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.tsv"
    assert evaluated(news, judged, "--per-query", path) == 0
    header, *rows = [row.split("\t") for row in path.read_text("utf-8").splitlines()]
    assert header == ["variant", "query", "nDCG@10", "MRR@10", "R@100", "text"]
    assert [row[:2] for row in rows] == [[v, q] for v in ("ascii", "plain") for q in "123"]
    assert rows[1][2:] == ["1.0000", "1.0000", "1.0000", "guvenlik konseyi"]


def test_without_repair_queries_are_taken_by_the_letter(
    news: Path, judged: Path, capsys: Out
) -> None:
    (judged / "queries.typo.jsonl").write_text('{"id": "3", "text": "pazzar"}')
    measured = []
    for options in ([], ["--no-repair"]):
        assert evaluated(news, judged, "--json", "--variant", "typo", *options) == 0
        (variant,) = json.loads(capsys.readouterr().out)["variants"]
        measured.append(variant["measures"]["R@100"])
    assert measured == [1.0, 0.0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--variant", "kw"], "there is no variant 'kw'; there are ascii, plain"),
        (["--config", "missing.toml"], "missing.toml: cannot be read"),
        (["--run", "no/such/run.txt"], "there is no folder no/such to write to"),
        (["--archive", "no-archive"], "there is no archive here"),
    ],
)
def test_what_is_wrong_is_one_line(
    news: Path, judged: Path, options: list[str], message: str, capsys: Out
) -> None:
    assert evaluated(news, judged, *options) == 2
    complaint = capsys.readouterr()
    assert complaint.out == ""
    assert re.fullmatch(rf"kupur: .*{re.escape(message)}.*\n", complaint.err)


def test_judgements_of_other_queries_are_one_line(news: Path, judged: Path, capsys: Out) -> None:
    (judged / "qrels.txt").write_text("elsewhere 0 konsey-1 1\n")
    assert evaluated(news, judged) == 2
    assert "none of these queries is judged" in capsys.readouterr().err
