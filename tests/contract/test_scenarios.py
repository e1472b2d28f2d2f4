"""Search scenarios as data (scenarios.json): what is typed, and which articles it must find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from search.engine import EngineRequest
from search.parser import parse
from search.planning import plan
from search.request import Match, Operator
from tests.contract.engines import EngineMaker

SCENARIOS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "scenarios.json").read_text(encoding="utf-8")
)


def article_of(article_id: str, text: str | dict[str, str]) -> Article:
    parts = {"title": "Başlıksız", "body": text} if isinstance(text, str) else text
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, paragraph) for paragraph in parts["body"].split("\n\n")
    )
    return Article(article_id, parts["title"], blocks)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_scenario(scenario: dict[str, Any], make_engine: EngineMaker) -> None:
    articles = [article_of(*each) for each in scenario["articles"].items()]
    planned = plan(
        parse(scenario["query"]).query,
        Analyzer(),
        match=Match(scenario.get("match", "stem")),
        operator=Operator(scenario.get("operator", "or")),
    )
    result = make_engine(articles).searcher().search(EngineRequest(planned.query))
    if "expected" in scenario:
        assert sorted(result.ids) == sorted(scenario["expected"])
        assert result.total == len(scenario["expected"])
    if "first" in scenario:
        assert result.ids[0] == scenario["first"]


def test_scenarios_have_distinct_names_and_expect_something() -> None:
    names = [scenario["name"] for scenario in SCENARIOS]
    assert len(set(names)) == len(names)
    assert all("expected" in scenario or "first" in scenario for scenario in SCENARIOS)
