"""The endpoint for scripts: /api/v1, and the health checks at the root. docs/api.md is its page.

Views only: `web.parameters` reads, the service answers, `web.payload` shapes, `web.responses`
sends. Whoever builds the application registers `blueprint(service)` and lets its own error
handlers pass what concerns the endpoint on to `web.responses.error_response` (`concerns_api`):
the router's 404 and 405 belong to no blueprint.
"""

from __future__ import annotations

from flask import Blueprint, Request, Response, request

from search.request import SearchRequest
from search.results import ResultPage
from search.service import SearchService
from web.api_request import read_api_analyze, read_api_explain, read_api_search
from web.explanation_payload import analysis_payload, explanation_payload
from web.parameters import ParameterErrors, read_parameters
from web.payload import (
    API_ROOT,
    Highlight,
    article_payload,
    search_links,
    search_payload,
    stats_payload,
)
from web.problems import problem
from web.responses import (
    add_api_headers,
    add_request_id,
    error_response,
    json_response,
    problem_response,
    wanted_language,
)


def blueprint(service: SearchService) -> Blueprint:
    """Return the routes of the endpoint over one service."""
    views = _Views(service)
    routes = Blueprint("api", __name__)
    routes.add_url_rule(f"{API_ROOT}/search", "search", views.search)
    routes.add_url_rule(f"{API_ROOT}/articles/<id>", "article", views.article)
    routes.add_url_rule(f"{API_ROOT}/explain/<id>", "explain", views.explain)
    routes.add_url_rule(f"{API_ROOT}/analyze", "analyze", views.analyze)
    routes.add_url_rule(f"{API_ROOT}/stats", "stats", views.stats)
    routes.add_url_rule("/healthz", "healthz", views.healthz)
    routes.add_url_rule("/readyz", "readyz", views.readyz)
    routes.register_error_handler(Exception, error_response)
    routes.after_app_request(add_request_id)
    routes.after_app_request(_finish)
    return routes


def concerns_api(request: Request) -> bool:
    """Return whether a request is the endpoint's, known route or not."""
    return request.path.startswith("/api/")


class _Views:
    """The views, with the service they ask."""

    def __init__(self, service: SearchService) -> None:
        self._service = service

    def search(self) -> Response:
        """Answer /api/v1/search."""
        wanted, highlight = read_api_search(request.args.items(multi=True))
        page = self._service.search(wanted)
        return json_response(search_payload(page, highlight), links=_link_header(page, highlight))

    def article(self, id: str) -> Response:
        """Answer /api/v1/articles/{id}."""
        _read_nothing(request)
        found = self._service.article(id)
        if found is None:
            return self._no_article(id)
        return json_response(article_payload(found.article))

    def explain(self, id: str) -> Response:
        """Answer /api/v1/explain/{id}."""
        wanted = read_api_explain(request.args.items(multi=True))
        explained = self._service.explain(id, wanted)
        if explained is None:
            return self._no_article(id)
        return json_response(explanation_payload(explained))

    def analyze(self) -> Response:
        """Answer /api/v1/analyze."""
        text = read_api_analyze(request.args.items(multi=True))
        steps = self._service.analyze(text)
        return json_response(analysis_payload(steps, self._service.analyzer_version))

    def _no_article(self, id: str) -> Response:
        code = "removed" if self._service.is_gone(id) else "unknown_article"
        return problem_response(problem(code, wanted_language(), id=id))

    def stats(self) -> Response:
        """Answer /api/v1/stats."""
        _read_nothing(request)
        return json_response(stats_payload(self._service.stats()))

    def healthz(self) -> Response:
        """Answer that the process runs, whatever the state of the archive."""
        return _unkept(json_response({"status": "ok"}))

    def readyz(self) -> Response:
        """Answer that searches can be answered; `EngineError` and `ArchiveError` become 503."""
        page = self._service.search(SearchRequest(per_page=1))
        return _unkept(json_response({"status": "ok", "generation": page.generation}))


def _read_nothing(request: Request) -> None:
    """Refuse every parameter. Raises `ParameterErrors`."""
    _, errors = read_parameters(request.args.items(multi=True), ())
    if errors:
        raise ParameterErrors(errors, SearchRequest())


def _link_header(page: ResultPage, highlight: Highlight) -> str:
    """Return the neighbours of a page and its form for readers, as RFC 8288 writes them."""
    links = search_links(page, highlight)
    parts = [f'<{links[name]}>; rel="{name}"' for name in ("next", "prev") if links[name]]
    parts.append(f'<{links["html"]}>; rel="alternate"; type="text/html"')
    return ", ".join(parts)


def _unkept(response: Response) -> Response:
    """Return a health check's response so that no cache keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _finish(response: Response) -> Response:
    return add_api_headers(response) if concerns_api(request) else response
