"""How results, articles and figures become the JSON of docs/api.md. Pure; no web framework.

The endpoint and `kupur search --json` send what `to_json` makes of these, so both answer alike.
Everything is a plain dict in the order of the documentation; links are paths, since only a
proxy knows the host. Highlights are the one place outside templates that makes markup: the
article's text, escaped, with nothing but `<mark>` around the words found.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from index.article import BLOCK_SEPARATOR, Article
from search.engine import Histogram
from search.limits import MAX_REACH
from search.request import FacetField, SearchRequest
from search.results import ArchiveStats, FacetValue, Hit, ResultPage, Span
from web.parameters import API_PARAMETERS, PAGE_PARAMETERS, write_search

if TYPE_CHECKING:  # their modules load the whole indexer, which a search does not need
    from index.build import BuildReport
    from index.importing import ImportReport

API_ROOT = "/api/v1"

Payload = dict[str, Any]  # Any: what JSON can hold


class Highlight(StrEnum):
    """How the words found are shown: as HTML with `<mark>`, as text with offsets, or not at all."""

    MARK = "mark"
    OFFSETS = "offsets"
    NONE = "none"


def to_json(payload: Payload) -> str:
    """Return the one spelling of a payload: a line of JSON, Turkish letters as they are."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")) + "\n"


def search_payload(page: ResultPage, highlight: Highlight = Highlight.MARK) -> Payload:
    """Return the answer of `/search`."""
    request = page.request
    return {
        "query": {
            "q": request.q,
            "interpreted": page.interpreted,
            "match": request.match.value,
            "op": request.operator.value,
            "sort": request.sort.value,
            "repairs": [
                {"kind": repair.kind.value, "typed": repair.typed, "used": repair.used}
                for repair in page.repairs
            ],
            "warnings": list(page.warnings),
        },
        "total": {"value": page.total, "relation": "eq"},
        "took_ms": round(page.took_ms, 1),
        "generation": page.generation,
        "page": request.page,
        "per_page": request.per_page,
        "links": search_links(page, highlight),
        "did_you_mean": page.did_you_mean,
        "results": [_hit(hit, highlight) for hit in page.hits],
        "facets": _facets(page.facets or {}),
        "histogram": _histogram(page.histogram) if page.histogram else None,
    }


def search_links(page: ResultPage, highlight: Highlight = Highlight.MARK) -> dict[str, str | None]:
    """Return the paths of this page, the next, the previous, and the same search for readers."""
    here = page.request.page
    reachable = min(page.pages, MAX_REACH // page.request.per_page)
    return {
        "self": search_path(page.request, highlight),
        "next": search_path(page.request, highlight, here + 1) if here < reachable else None,
        # From beyond the end, back leads to the last page that has results.
        "prev": search_path(page.request, highlight, min(here - 1, page.pages))
        if here > 1
        else None,
        "html": _path("/ara", write_search(page.request, PAGE_PARAMETERS)),
    }


def search_path(
    request: SearchRequest, highlight: Highlight = Highlight.MARK, page: int | None = None
) -> str:
    """Return the one spelling of a search as a path of the endpoint, for another page if given."""
    if page is not None:
        request = replace(request, page=page)
    pairs = [*write_search(request, API_PARAMETERS)]
    if highlight is not Highlight.MARK:
        pairs.append(("highlight", highlight.value))
    return _path(f"{API_ROOT}/search", pairs)


def article_payload(article: Article) -> Payload:
    """Return the answer of `/articles/{id}`; `body[start:end]` is the text of a block."""
    return {
        "id": article.id,
        "url": article_path(article.id),
        "source_url": article.source_url,
        "title": article.title,
        "body": article.body,
        "blocks": _blocks(article),
        "published": _iso(article.published),
        "section": article.section,
        "source": article.source,
        "authors": list(article.authors),
        "tags": list(article.tags),
        "language": article.language,
    }


def stats_payload(stats: ArchiveStats) -> Payload:
    """Return the answer of `/stats`."""
    return {
        "articles": stats.articles,
        "sections": stats.sections,
        "sources": stats.sources,
        "words": stats.words,
        "first_day": stats.first_day or None,
        "last_day": stats.last_day or None,
        "generation": stats.generation,
        "sequence": stats.sequence,
        "archive_bytes": stats.archive_bytes,
        "index_bytes": stats.index_bytes,
    }


def import_payload(report: ImportReport, built: BuildReport) -> Payload:
    """Return the report of `kupur import`."""
    return {
        "read": report.read,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "forgotten": report.forgotten,
        "rejected": report.rejected,
        "skipped": report.skipped,
        "seconds": round(report.seconds, 2),
        "articles_per_second": round(report.articles_per_second, 1),
        "reject_file": str(report.reject_file) if report.reject_file else None,
        "articles": built.documents,
        "generation": built.generation,
    }


def article_path(article_id: str) -> str:
    """Return the path of the page on which a reader opens an article."""
    return f"/haber/{quote(article_id, safe='')}"


def marked_html(text: str, spans: Sequence[Span]) -> str:
    """Return `text` as HTML with the spans (sorted, disjoint) in `<mark>`.

    >>> marked_html("Kar & kış", [Span(0, 3)])
    '<mark>Kar</mark> &amp; kış'
    """
    parts: list[str] = []
    end = 0
    for span in spans:
        parts.append(escape(text[end : span.start], quote=False))
        parts.append(f"<mark>{escape(text[span.start : span.end], quote=False)}</mark>")
        end = span.end
    parts.append(escape(text[end:], quote=False))
    return "".join(parts)


def _hit(hit: Hit, highlight: Highlight) -> Payload:
    article = hit.article
    return {
        "id": article.id,
        "url": article_path(article.id),
        "source_url": article.source_url,
        "title": article.title,
        "source": article.source,
        "section": article.section,
        "authors": list(article.authors),
        "published": _iso(article.published),
        "score": round(hit.score, 4),
        "highlights": [] if highlight is Highlight.NONE else _highlights(hit, highlight),
    }


def _highlights(hit: Hit, highlight: Highlight) -> list[Payload]:
    found: list[Payload] = []
    if hit.title_spans:
        found.append(_passage("title", hit.article.title, 0, hit.title_spans, highlight))
    found.extend(
        _passage("body", snippet.text, snippet.start, snippet.spans, highlight)
        for snippet in hit.snippets
    )
    return found


def _passage(
    field: str, text: str, start: int, spans: Sequence[Span], highlight: Highlight
) -> Payload:
    shown = {"html": marked_html(text, spans)} if highlight is Highlight.MARK else {"text": text}
    marks = [{"start": start + span.start, "end": start + span.end} for span in spans]
    return {"field": field, **shown, "start": start, "end": start + len(text), "marks": marks}


def _facets(facets: Mapping[FacetField, Sequence[FacetValue]]) -> Payload:
    return {
        field.value: [
            {"value": each.value, "count": each.count, "selected": each.selected} for each in values
        ]
        for field, values in facets.items()
    }


def _histogram(counted: Histogram) -> Payload:
    return {
        "interval": counted.interval.value,
        "buckets": [{"key": key, "count": count} for key, count in counted.buckets],
        "undated": counted.undated,
    }


def _blocks(article: Article) -> list[Payload]:
    blocks: list[Payload] = []
    start = 0
    for block in article.blocks:
        end = start + len(block.text)
        blocks.append({"kind": block.kind.value, "start": start, "end": end})
        start = end + len(BLOCK_SEPARATOR)
    return blocks


def _iso(published: date | datetime | None) -> str | None:
    return None if published is None else published.isoformat()


def _path(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path
