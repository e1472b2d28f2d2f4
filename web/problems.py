"""Errors as RFC 9457 problem documents: what the endpoint answers when it cannot answer.

Pure: errors in, a `Problem` out; `web.api` sends it and logs what has to be logged. `code` is
stable English for programs, title and detail are in the reader's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from search.errors import QueryError
from web.problem_texts import problem_detail, problem_status, problem_title

CONTENT_TYPE = "application/problem+json"

RETRY_SECONDS = 5
"""After how many seconds a client may try again what failed with 503."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong with one parameter."""

    parameter: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem document; `language` is what title and detail are written in."""

    status: int
    code: str
    title: str
    detail: str
    language: str
    reasons: tuple[Reason, ...] = ()

    def payload(self) -> dict[str, Any]:
        """Return the document as JSON can hold it."""
        return {
            "type": f"/problems/{self.code.replace('_', '-')}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": [
                {"param": each.parameter, "code": each.code, "reason": each.reason}
                for each in self.reasons
            ],
        }


def problem(code: str, language: str, **values: object) -> Problem:
    """Return the problem of a code in `web.problem_texts`, with `values` in its detail."""
    return Problem(
        status=problem_status(code),
        code=code,
        title=problem_title(code, language),
        detail=problem_detail(code, language, code, values),
        language=language,
    )


def query_problem(errors: Sequence[QueryError], language: str) -> Problem:
    """Return the one problem that reports every wrong parameter.

    Errors of one kind keep their code; different ones are `invalid_parameters` together.
    """
    reasons = tuple(
        Reason(error.parameter, error.code, error_detail(error, language)) for error in errors
    )
    codes = {error.code for error in errors}
    code = codes.pop() if len(codes) == 1 else "invalid_parameters"
    detail = (
        reasons[0].reason
        if len(reasons) == 1
        else problem_detail("invalid_parameters", language, "", {"count": len(reasons)})
    )
    return Problem(
        problem_status(code), code, problem_title(code, language), detail, language, reasons
    )


def error_detail(error: QueryError, language: str) -> str:
    """Return the sentence of one error, for a page or a problem document."""
    values = {**error.values, "parameter": error.parameter}
    return problem_detail(error.code, language, error.detail, values)
