"""How a payload or a problem leaves as an HTTP response: validators, caching, CORS, request id.

The headers of the endpoint are decided here and nowhere else; `web.api` says what is answered.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets

from flask import Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from index.errors import EngineTimeout, WorldError
from search.errors import QueryError
from web.language import DEFAULT_LANGUAGE, LANGUAGES
from web.parameters import API_PARAMETERS, ParameterErrors, parameter_name
from web.payload import Payload, to_json
from web.problems import CONTENT_TYPE, RETRY_SECONDS, Problem, problem, query_problem

_log = logging.getLogger(__name__)

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept-Language, If-None-Match, X-Request-Id",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, X-Request-Id",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Reading needs no key and no cookie, so a script of any origin may read."""


def json_response(payload: Payload, *, links: str = "") -> Response:
    """Return a payload as JSON that may be cached but is checked each time (304 if unchanged).

    The validator is weak and leaves `took_ms` out: the same answer in another time is the same.
    It covers generation and normalised query, which are part of the payload.
    """
    lasting = {name: value for name, value in payload.items() if name != "took_ms"}
    response = Response(to_json(payload), content_type="application/json; charset=utf-8")
    response.set_etag(hashlib.sha256(to_json(lasting).encode()).hexdigest()[:24], weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    if links:
        response.headers["Link"] = links
    response.make_conditional(request)
    return response


def problem_response(document: Problem) -> Response:
    """Return a problem document; no cache keeps it."""
    response = Response(to_json(document.payload()), document.status, content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = document.language
    if document.status in {429, 503}:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def error_response(error: Exception) -> Response:
    """Return the problem document of whatever was raised below /api, and log what is our concern.

    What the person gave → 400; what the router raised keeps its status; the world → 503; a bug →
    500 without a word about its inside.
    """
    language = wanted_language()
    if isinstance(error, ParameterErrors):
        return problem_response(query_problem(error.errors, language))
    if isinstance(error, QueryError):
        return problem_response(query_problem([_named(error)], language))
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return _http_error_response(error, language)
    if isinstance(error, EngineTimeout):
        _log.warning("%s %s: %s", request_id(), request.path, error)
        return problem_response(problem("timeout", language))
    if isinstance(error, WorldError):
        _log.error("%s %s: %s", request_id(), request.path, error)
        return problem_response(problem("unavailable", language))
    _log.error("%s %s: a bug", request_id(), request.path, exc_info=error)
    return problem_response(problem("internal_error", language, request_id=request_id()))


def add_api_headers(response: Response) -> Response:
    """Add what every response below /api carries: CORS, and Vary, since errors are translated."""
    response.headers.update(_CORS)
    response.vary.add("Accept-Language")
    return response


def add_request_id(response: Response) -> Response:
    """Add the request's id, under which the log has what went wrong."""
    response.headers["X-Request-Id"] = request_id()
    return response


def request_id() -> str:
    """Return the id of this request: the caller's where it is harmless in a log, else a new one."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _SANE_REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    return str(g.request_id)


def wanted_language() -> str:
    """Return which of our languages the Accept-Language header prefers."""
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE


def _named(error: QueryError) -> QueryError:
    """Return a service's error with the endpoint's name for the field that is wrong."""
    name = parameter_name(error.parameter, API_PARAMETERS)
    return QueryError(error.code, name, error.detail, **error.values)


def _http_error_response(error: HTTPException, language: str) -> Response:
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        answer = problem_response(
            problem("method_not_allowed", language, method=request.method, allowed=allowed)
        )
        answer.headers["Allow"] = allowed
        return answer
    code = {404: "not_found"}.get(error.code or 400, "bad_request")
    return problem_response(problem(code, language))
