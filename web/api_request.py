"""What one call of /search asks: the search itself, and how its answer is shown.

The endpoint and `kupur search` read their parameters here, so that both take the same and refuse
the same. Pure; no web framework.
"""

from __future__ import annotations

from search.errors import QueryError
from search.limits import check_request
from search.request import SearchRequest
from web.parameter_values import choice, chosen, plain
from web.parameters import (
    API_PARAMETERS,
    Pairs,
    Parameter,
    ParameterErrors,
    read_parameters,
    read_search_with,
)
from web.payload import Highlight

_HIGHLIGHTS = {each.value: each for each in Highlight}

HIGHLIGHT = Parameter("highlight", "highlight", choice(_HIGHLIGHTS), chosen(_HIGHLIGHTS))
"""How the answer is shown; no part of the search itself."""


def read_api_search(pairs: Pairs) -> tuple[SearchRequest, Highlight]:
    """Return what is searched and how it is shown. Raises `ParameterErrors`.

    Where something is unreadable, what goes beyond the service's limits is reported with it.
    """
    try:
        wanted, shown = read_search_with(pairs, API_PARAMETERS, (HIGHLIGHT,))
    except ParameterErrors as wrong:
        try:
            check_request(wrong.request)
        except QueryError as error:
            raise ParameterErrors([*wrong.errors, error], wrong.request) from wrong
        raise
    return wanted, shown.get(HIGHLIGHT.field, Highlight.MARK)


_NOT_EXPLAINED = {"sort", "page", "per_page", "facets", "histogram"}

EXPLAIN_PARAMETERS = tuple(each for each in API_PARAMETERS if each.field not in _NOT_EXPLAINED)
"""What decides whether an article is found, and its score; the order of pages does not."""

ANALYZE_PARAMETERS = (Parameter("text", "text", plain),)

MAX_ANALYZED_CHARACTERS = 10_000


def read_api_explain(pairs: Pairs) -> SearchRequest:
    """Return the search that is explained. Raises `ParameterErrors`."""
    return read_search_with(pairs, EXPLAIN_PARAMETERS, ())[0]


def read_api_analyze(pairs: Pairs) -> str:
    """Return the text that is analysed. Raises `ParameterErrors`."""
    values, errors = read_parameters(pairs, ANALYZE_PARAMETERS)
    text: str = values.get("text", "")
    if len(text) > MAX_ANALYZED_CHARACTERS:
        detail = f"The text has {len(text)} characters; {MAX_ANALYZED_CHARACTERS} are allowed"
        errors.append(
            QueryError(
                "text_too_long", "text", detail, actual=len(text), limit=MAX_ANALYZED_CHARACTERS
            )
        )
    if errors:
        raise ParameterErrors(errors, SearchRequest())
    return text
