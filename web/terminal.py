"""How results, an article and figures become lines on a terminal. Pure: values in, rich text out.

The command line prints what these return: with colours on a terminal, as plain text into a pipe.
Texts come from articles, so nothing here is read as rich's own markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from rich.text import Text

from index.article import ISTANBUL, Article
from search.results import ArchiveStats, Hit, MarkedArticle, ResultPage, Snippet
from web.marking import Run, article_text, cut_after, cut_before, runs_of

if TYPE_CHECKING:  # their modules load the whole indexer, which a search does not need
    from index.build import BuildReport
    from index.importing import ImportReport

HIT_STYLE = "bold yellow"
TITLE_STYLE = "bold"
FAINT_STYLE = "dim"

_INDENT = "    "


def results_lines(page: ResultPage) -> Iterable[Text]:
    """Yield a readable list of one page of results, and the line that counts them."""
    first = (page.request.page - 1) * page.request.per_page + 1
    for number, hit in enumerate(page.hits, first):
        yield from _hit_lines(number, hit)
        yield Text()
    for repair in page.repairs:
        yield Text(f"Searched {repair.used} for {repair.typed}.", FAINT_STYLE)
    if page.did_you_mean:
        yield Text(f"Did you mean: {page.did_you_mean}", FAINT_STYLE)
    for warning in page.warnings:
        yield Text(f"Note: {warning.replace('_', ' ')}.", FAINT_STYLE)
    yield _count_line(page, first)


def article_lines(marked: MarkedArticle) -> Iterable[Text]:
    """Yield an article to read: title, where and when, blocks, its words marked."""
    article = marked.article
    text = article_text(marked)
    yield _runs(text.title, TITLE_STYLE)
    yield Text(" · ".join(_origin(article)), FAINT_STYLE)
    if article.source_url:
        yield Text(article.source_url, FAINT_STYLE)
    for block in text.blocks:
        yield Text()
        yield _runs(block.runs, TITLE_STYLE if block.is_heading else "")


def stats_lines(stats: ArchiveStats) -> Iterable[Text]:
    """Yield what an archive holds, one figure a line."""
    span = f"{stats.first_day} to {stats.last_day}" if stats.first_day else "no dated article"
    rows = (
        ("articles", f"{stats.articles:,}"),
        ("words", f"{stats.words:,}"),
        ("dates", span),
        ("sections", f"{stats.sections:,}"),
        ("sources", f"{stats.sources:,}"),
        ("archive", size(stats.archive_bytes)),
        ("index", size(stats.index_bytes)),
        ("generation", f"{stats.generation} (change {stats.sequence:,})"),
    )
    yield from _table(rows)


def import_lines(report: ImportReport, built: BuildReport) -> Iterable[Text]:
    """Yield what an import did, one figure a line."""
    rejected = f"{report.rejected:,}"
    if report.reject_file:
        rejected += f" (path, line and reason: {report.reject_file})"
    rows = [
        ("read", f"{report.read:,}"),
        ("added", f"{report.added:,}"),
        ("changed", f"{report.changed:,}"),
        ("unchanged", f"{report.unchanged:,}"),
        ("rejected", rejected),
        ("seconds", f"{report.seconds:,.1f}"),
        ("articles/s", f"{report.articles_per_second:,.0f}"),
        ("searchable", f"{built.documents:,}"),
    ]
    if report.removed:
        rows.insert(4, ("removed", f"{report.removed:,} (taken out before, and stay out)"))
    if report.forgotten:
        rows.insert(4, ("forgotten", f"{report.forgotten:,} (nothing of them is kept)"))
    if report.skipped:
        rows.insert(-3, ("skipped", f"{report.skipped:,} files that hold no articles"))
    yield from _table(rows)


def size(count: int) -> str:
    """Return a number of bytes in the largest unit that keeps it above one.

    >>> size(1_234_567)
    '1.2 MB'
    """
    value = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def _table(rows: Iterable[tuple[str, str]]) -> Iterable[Text]:
    for name, value in rows:
        yield Text.assemble((f"{name:<12}", FAINT_STYLE), value)


def _hit_lines(number: int, hit: Hit) -> Iterable[Text]:
    title = _runs(runs_of(hit.article.title, hit.title_spans), TITLE_STYLE)
    yield Text.assemble((f"{number:>2}. ", FAINT_STYLE), title)
    yield Text(_INDENT + " · ".join((*_origin(hit.article), hit.article.id)), FAINT_STYLE)
    for snippet in hit.snippets:
        yield _snippet_line(hit.article, snippet)


def _snippet_line(article: Article, snippet: Snippet) -> Text:
    body = article.body
    # A snippet may run over the end of a paragraph; on a terminal it is one line.
    passage = _runs(runs_of(snippet.text, snippet.spans))
    passage = Text(" ").join(passage.split("\n\n"))
    before = "… " if cut_before(body, snippet) else ""
    after = " …" if cut_after(body, snippet) else ""
    return Text.assemble(_INDENT, before, passage, after)


def _count_line(page: ResultPage, first: int) -> Text:
    took = f"{page.took_ms:.1f} ms"
    if not page.total:
        return Text(f"Nothing found for {page.interpreted or 'this search'} ({took}).")
    noun = "article" if page.total == 1 else "articles"
    shown = f"{first}-{first + len(page.hits) - 1}" if page.hits else "none on this page"
    line = f"{page.total:,} {noun} in {took}; shown: {shown}, page {page.request.page}"
    return Text(f"{line} of {page.pages}.")


def _origin(article: Article) -> list[str]:
    parts = (
        _when(article.published),
        article.source,
        article.section,
        ", ".join(article.authors),
    )
    return [part for part in parts if part]


def _when(published: date | datetime | None) -> str:
    if isinstance(published, datetime):
        return published.astimezone(ISTANBUL).strftime("%Y-%m-%d %H:%M")
    return published.isoformat() if published else "undated"


def _runs(runs: Iterable[Run], style: str = "") -> Text:
    text = Text(style=style)
    for run in runs:
        text.append(run.text, HIT_STYLE if run.hit else "")
    return text
