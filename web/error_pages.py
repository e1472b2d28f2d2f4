"""Error pages for readers: what happened and what to do, in their language, never a traceback.

What concerns the endpoint is handed on to `web.responses`. An error page asks the service
nothing: it must also work where the archive does not.
"""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from index.errors import EngineTimeout, InputError, WorldError
from web.api import concerns_api
from web.problems import RETRY_SECONDS
from web.rendering import page
from web.responses import error_response, request_id

_log = logging.getLogger(__name__)

KNOWN = (400, 404, 405, 410, 500, 503)
"""The statuses that have texts of their own; any other is told as 400 or 500."""


def register(app: Flask) -> None:
    """Let `app` answer every error with a page, below /api with a problem document."""
    app.register_error_handler(Exception, _answer)


def error_page(status: int, key: str = "") -> Response:
    """Return the page of one error; `key` names its texts where the status alone is too broad."""
    told = status if status in KNOWN else (400 if status < 500 else 500)
    return page("error.html", status, key=key or f"error.{told}", request_id=request_id())


def _answer(error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
        return Response(status=error.code, headers=list(error.get_headers()))
    if concerns_api(request):
        return error_response(error)
    if isinstance(error, HTTPException) and error.code is not None:
        response = error_page(error.code)
        if allowed := dict(error.get_headers()).get("Allow"):
            response.headers["Allow"] = allowed
        return response
    if isinstance(error, InputError):
        return error_page(400)
    if isinstance(error, WorldError):
        _log.error("%s %s: %s", request_id(), request.path, error)
        response = error_page(503, "error.timeout" if isinstance(error, EngineTimeout) else "")
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    _log.error("%s %s: a bug", request_id(), request.path, exc_info=error)
    return error_page(500)
