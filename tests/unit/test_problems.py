"""Errors become problem documents in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import search
from search.errors import QueryError
from web.language import LANGUAGES
from web.problem_texts import PROBLEMS
from web.problems import error_detail, problem, query_problem

ROOT = Path(search.__file__).parent.parent


def raised_query_errors() -> Iterator[tuple[str, set[str]]]:
    """Yield (code, names of values) of every `QueryError(...)` in our code."""
    for folder in ("search", "web"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                if node.func.id == "QueryError" and isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value), {word.arg or "" for word in node.keywords}


def test_one_error_is_its_own_problem() -> None:
    error = QueryError("invalid_date", "from", "'dün' is no date", value="dün")
    assert query_problem([error], "tr").payload() == {
        "type": "/problems/invalid-date",
        "title": "Geçersiz tarih",
        "status": 400,
        "detail": "“dün” bir tarih değil. YYYY, YYYY-AA veya YYYY-AA-GG biçiminde yazın.",
        "code": "invalid_date",
        "errors": [
            {
                "param": "from",
                "code": "invalid_date",
                "reason": "“dün” bir tarih değil. YYYY, YYYY-AA veya YYYY-AA-GG biçiminde yazın.",
            }
        ],
    }


def test_english_is_a_switch() -> None:
    error = QueryError("invalid_date", "from", "'dün' is no date", value="dün")
    document = query_problem([error], "en")
    assert document.title == "Invalid date"
    assert document.detail == "“dün” is no date. Write YYYY, YYYY-MM or YYYY-MM-DD."


def test_errors_of_one_kind_keep_their_code() -> None:
    errors = [QueryError("invalid_date", name, "", value="x") for name in ("from", "to")]
    document = query_problem(errors, "en")
    assert document.code == "invalid_date"
    assert [reason.parameter for reason in document.reasons] == ["from", "to"]


def test_errors_of_several_kinds_are_reported_together() -> None:
    errors = [
        QueryError("invalid_date", "from", "", value="x"),
        QueryError("invalid_number", "page", "", value="0"),
    ]
    document = query_problem(errors, "en")
    assert (document.status, document.code) == (400, "invalid_parameters")
    assert document.detail.startswith("2 parameters are wrong")
    assert [reason.code for reason in document.reasons] == ["invalid_date", "invalid_number"]


def test_an_error_without_a_text_keeps_its_english_detail() -> None:
    error = QueryError("never_heard_of", "q", "The moon is full")
    assert error_detail(error, "tr") == "The moon is full"
    assert query_problem([error], "tr").status == 400


def test_braces_in_what_was_typed_stay_text() -> None:
    error = QueryError("invalid_date", "from", "", value="{value.__class__}")
    assert "“{value.__class__}”" in error_detail(error, "tr")


def test_a_problem_of_the_world_has_no_list_of_errors() -> None:
    document = problem("unavailable", "tr")
    assert (document.status, document.payload()["errors"]) == (503, [])


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_text_is_there_in_every_language(code: str) -> None:
    text = PROBLEMS[code]
    assert set(text.titles) == set(text.details) == set(LANGUAGES)
    names = [{name for _, name, _, _ in Formatter().parse(text.details[each]) if name}
             for each in LANGUAGES]  # fmt: skip
    assert names[0] == names[1]


def test_every_error_of_ours_has_a_text_that_its_values_fill() -> None:
    raised = list(raised_query_errors())
    assert len(raised) >= 6
    for code, values in raised:
        assert code in PROBLEMS, f"{code}: add it to web/problem_texts.py"
        for detail in PROBLEMS[code].details.values():
            needed = {name for _, name, _, _ in Formatter().parse(detail) if name}
            assert needed <= values | {"parameter"}, code
