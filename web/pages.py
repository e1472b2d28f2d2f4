"""The pages: home, results, article, help, about. Each view asks the service and fills a template.

Addresses are Turkish and belong to the reader: they can be shared, kept and edited by hand.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request

from search.errors import QueryError
from search.limits import MAX_REACH
from search.request import FacetField, SearchRequest, Sort
from search.results import ResultPage
from search.service import SearchService
from web.error_pages import error_page
from web.marking import article_text
from web.narrowing import chips, groups, manners, orders, year_choices
from web.paging import paging
from web.problems import error_detail
from web.rendering import current_language, page
from web.search_address import (
    NAMES,
    page_parameters,
    parameter_of,
    read_page_search,
    without_filters,
)
from web.settings import Settings


def blueprint(service: SearchService, settings: Settings) -> Blueprint:
    """Return the routes of the pages over one service."""
    views = _Views(service, settings)
    routes = Blueprint("pages", __name__)
    routes.add_url_rule("/", "home", views.home)
    routes.add_url_rule("/ara", "search", views.search)
    routes.add_url_rule("/haber/<path:id>", "article", views.article)
    routes.add_url_rule("/haber/<path:id>/aciklama", "explanation", views.explanation)
    routes.add_url_rule("/yardim", "help", views.help)
    routes.add_url_rule("/hakkinda", "about", views.about)
    return routes


class _Views:
    """The views, with the service they ask."""

    def __init__(self, service: SearchService, settings: Settings) -> None:
        self._service = service
        self._settings = settings

    def home(self) -> Response:
        """Answer /: the search box, what the archive holds, and ways into it."""
        stats = self._service.stats()
        if not stats.articles:
            return page("empty.html")
        newest = self._service.search(
            SearchRequest(
                sort=Sort.NEWEST,
                per_page=self._settings.recent,
                facets=(FacetField.SECTION, FacetField.YEAR),
            )
        )
        return page("home.html", stats=stats, newest=newest, **_entrances(newest))

    def search(self) -> Response:
        """Answer /ara: one page of results, or what is wrong with the question."""
        wanted, errors = read_page_search(request.args.items(multi=True), self._settings.per_page)
        if errors:
            return _refusal(wanted, errors)
        try:
            found = self._service.search(wanted)
        except QueryError as error:
            return _refusal(wanted, (error,))
        reachable = MAX_REACH // wanted.per_page
        links = paging(wanted.page, found.pages, reachable)
        return page("results.html", page=found, paging=links, groups=groups(found), **_form(wanted))

    def article(self, id: str) -> Response:
        """Answer /haber/<id>: one article, with the words of the search it was opened from."""
        wanted, _ = read_page_search(request.args.items(multi=True), self._settings.per_page)
        marked = self._service.article(id, wanted.q)
        if marked is None:
            return self._no_article(id)
        back = page_parameters(wanted) if NAMES.intersection(request.args) else None
        text = article_text(marked)
        return page("article.html", article=marked.article, text=text, back=back, q=wanted.q)

    def explanation(self, id: str) -> Response:
        """Answer /haber/<id>/aciklama: why the search that is in the address found an article."""
        wanted, errors = read_page_search(request.args.items(multi=True), self._settings.per_page)
        if errors:
            return _refusal(wanted, errors)
        try:
            explained = self._service.explain(id, wanted)
        except QueryError as error:
            return _refusal(wanted, (error,))
        if explained is None:
            return self._no_article(id)
        back = page_parameters(wanted)
        return page("explanation.html", explained=explained, q=wanted.q, back=back)

    def _no_article(self, id: str) -> Response:
        gone = self._service.is_gone(id)
        return error_page(410, "error.410") if gone else error_page(404, "error.article")

    def help(self) -> Response:
        """Answer /yardim: how to search."""
        return page("help.html")

    def about(self) -> Response:
        """Answer /hakkinda: what this archive holds, in figures."""
        return page("about.html", stats=self._service.stats())


def _form(wanted: SearchRequest) -> dict[str, object]:
    """Return what the search form and the ways to narrow need, with results and without."""
    return {
        "wanted": wanted,
        "q": wanted.q,
        "kept": page_parameters(wanted, page=1),
        "chips": chips(wanted, current_language()),
        "orders": orders(wanted),
        "manners": manners(wanted),
        "unfiltered": page_parameters(without_filters(wanted)),
        "errors": {},
    }


def _refusal(wanted: SearchRequest, errors: tuple[QueryError, ...]) -> Response:
    """Return the search page with its form as it was and a word on each thing that is wrong."""
    language = current_language().code
    messages = {parameter_of(error): error_detail(error, language) for error in errors}
    return page(
        "results.html", 400, page=None, **{**_form(replace(wanted, page=1)), "errors": messages}
    )


def _entrances(newest: ResultPage) -> dict[str, object]:
    facets = newest.facets or {}
    plain = SearchRequest()
    sections = [
        (each, page_parameters(plain, sections=(each.value,)))
        for each in facets.get(FacetField.SECTION, ())
        if each.value
    ]
    return {"sections": sections, "years": year_choices(plain, facets.get(FacetField.YEAR, ()))}
