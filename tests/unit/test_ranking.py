"""Weights as a file holds them: what is absent is as usual, what is wrong is told."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import InputError
from search.engine import Ranking
from search.ranking import DEFAULT_PROFILE, read_profile


def written(folder: Path, text: str) -> Path:
    path = folder / "weights.toml"
    path.write_text(text, "utf-8")
    return path


def test_what_a_file_does_not_name_is_as_usual(tmp_path: Path) -> None:
    assert read_profile(written(tmp_path, "")) == DEFAULT_PROFILE
    path = written(tmp_path, "[layers]\nstem = 2\n[bm25]\nb = 0.25")
    changed = replace(DEFAULT_PROFILE, stem=2, ranking=Ranking(b=0.25))
    assert read_profile(path) == changed


def test_the_documented_weights_are_the_usual_ones(tmp_path: Path, checkout: Path) -> None:
    docs = (checkout / "docs" / "relevance.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", docs, re.DOTALL)
    assert read_profile(written(tmp_path, example)) == DEFAULT_PROFILE
    names = re.findall(r"^(\w+) =", example, re.MULTILINE)
    layers = [name for name in DEFAULT_PROFILE.__slots__ if name != "ranking"]
    assert sorted(names) == sorted([*layers, *Ranking.__slots__])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[layers", "cannot be read as TOML"),
        ("[bm26]\nk1 = 1", r"unknown table \[bm26\]"),
        ("stem = 1", r"unknown table \[stem\]"),
        ("[layers]\nstems = 1", r"stems = 1: expected a number for one of stem, "),
        ("[bm25]\nk1 = 'viel'", "k1 = 'viel': expected a number"),
        ("[bm25]\nk1 = true", "k1 = True: expected a number"),
        ("[layers]\nstem = -1", "stem = -1: expected at least 0"),
        ("[layers]\nfive = nan", "five = nan: expected at least 0"),
        ("[bm25]\ntitle_weight = inf", "title_weight = inf: expected at least 0"),
        ("[bm25]\nb = 1.5", r"b = 1\.5: expected at least 0, at most 1"),
        ("[bm25]\nword_power = 0", r"word_power = 0: expected at least 0\.01"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"weights\.toml: .*{message}"):
        read_profile(written(tmp_path, text))
