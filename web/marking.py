"""From text and spans to runs that a template can print: plain, marked, plain, marked.

Pure: no markup is made here. A template prints each run's text (escaped) and puts `<mark>`
around those that are hits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.article import BLOCK_SEPARATOR, BlockKind
from search.results import MarkedArticle, Snippet, Span

SENTENCE_ENDS = (".", "!", "?", "…", ":", '"', "”", "’", "»")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text. `hit` counts the article's hits from 1; 0 is plain text."""

    text: str
    hit: int = 0


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A paragraph or subheading, as runs."""

    is_heading: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article's title and blocks as runs, and how many hits there are in all of them."""

    title: tuple[Run, ...]
    blocks: tuple[MarkedBlock, ...]
    hits: int


def runs_of(text: str, spans: Iterable[Span], first_hit: int = 1) -> tuple[Run, ...]:
    """Return `text` cut at its spans (sorted, disjoint); hits are numbered from `first_hit`.

    >>> runs_of("Kim Jong-un", (Span(0, 3),))
    (Run(text='Kim', hit=1), Run(text=' Jong-un', hit=0))
    """
    runs: list[Run] = []
    done = 0
    for number, span in enumerate(spans, first_hit):
        if span.start > done:
            runs.append(Run(text[done : span.start]))
        runs.append(Run(text[span.start : span.end], number))
        done = span.end
    if done < len(text):
        runs.append(Run(text[done:]))
    return tuple(runs)


def article_text(marked: MarkedArticle) -> ArticleText:
    """Return the whole article as runs; its hits are numbered from the title on."""
    title = runs_of(marked.article.title, marked.title_spans)
    hits = len(marked.title_spans)
    blocks: list[MarkedBlock] = []
    start = 0
    for block in marked.article.blocks:
        spans = _spans_within(marked.body_spans, start, start + len(block.text))
        runs = runs_of(block.text, spans, hits + 1)
        blocks.append(MarkedBlock(block.kind is BlockKind.HEADING, runs))
        hits += len(spans)
        start += len(block.text) + len(BLOCK_SEPARATOR)
    return ArticleText(title, tuple(blocks), hits)


def cut_before(body: str, snippet: Snippet) -> bool:
    """Whether the snippet starts within a sentence, so that an ellipsis is due."""
    before = body[: snippet.start].rstrip(" ")
    return bool(before) and not before.endswith((*SENTENCE_ENDS, "\n"))


def cut_after(body: str, snippet: Snippet) -> bool:
    """Whether the snippet ends within a sentence, so that an ellipsis is due."""
    end = snippet.start + len(snippet.text)
    if not body[end:].strip(" ") or body[end:].lstrip(" ").startswith("\n"):
        return False
    return not snippet.text.rstrip().endswith(SENTENCE_ENDS)


def _spans_within(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    return tuple(
        Span(span.start - start, span.end - start)
        for span in spans
        if start <= span.start and span.end <= end
    )
