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

JOINTS = frozenset({" ", "\u00a0", "-", "–"})
"""What may stand between two marked words of one place: Kuzey Kore’nin, Jong-un."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; a hit is marked."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs that belong together: plain text, or one place where the query's words occur.

    A reader goes from place to place, so marked words side by side are one. `place` counts them
    from 1 through the whole article; 0 is plain text.
    """

    runs: tuple[Run, ...]
    place: int = 0


@dataclass(frozen=True, slots=True)
class MarkedBlock:
    """A paragraph or subheading, as stretches."""

    is_heading: bool
    stretches: tuple[Stretch, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The same without regard to places."""
        return _runs_in(self.stretches)


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article's title and blocks as stretches, and how many places there are in all."""

    headline: tuple[Stretch, ...]
    blocks: tuple[MarkedBlock, ...]
    places: int

    @property
    def title(self) -> tuple[Run, ...]:
        """The headline without regard to places."""
        return _runs_in(self.headline)


def runs_of(text: str, spans: Iterable[Span]) -> tuple[Run, ...]:
    """Return `text` cut at its spans, which are sorted and disjoint.

    >>> runs_of("Kim Jong-un", (Span(0, 3),))
    (Run(text='Kim', hit=True), Run(text=' Jong-un', hit=False))
    """
    runs: list[Run] = []
    done = 0
    for span in spans:
        if span.start > done:
            runs.append(Run(text[done : span.start]))
        runs.append(Run(text[span.start : span.end], hit=True))
        done = span.end
    if done < len(text):
        runs.append(Run(text[done:]))
    return tuple(runs)


def stretches_of(text: str, spans: Iterable[Span], first_place: int = 1) -> tuple[Stretch, ...]:
    """Return `text` as plain stretches and places, the places numbered from `first_place`."""
    stretches: list[Stretch] = []
    place = first_place
    runs = runs_of(text, spans)
    pending: list[Run] = []
    for i, run in enumerate(runs):
        joins = run.text in JOINTS and bool(pending) and i + 1 < len(runs)
        if run.hit or joins:
            pending.append(run)
            continue
        if pending:
            stretches.append(Stretch(tuple(pending), place))
            place += 1
            pending = []
        stretches.append(Stretch((run,)))
    if pending:
        stretches.append(Stretch(tuple(pending), place))
    return tuple(stretches)


def article_text(marked: MarkedArticle) -> ArticleText:
    """Return the whole article as stretches; its places are numbered from the title on."""
    headline = stretches_of(marked.article.title, marked.title_spans)
    places = _last_place(headline, 0)
    blocks: list[MarkedBlock] = []
    start = 0
    for block in marked.article.blocks:
        spans = _spans_within(marked.body_spans, start, start + len(block.text))
        stretches = stretches_of(block.text, spans, places + 1)
        blocks.append(MarkedBlock(block.kind is BlockKind.HEADING, stretches))
        places = _last_place(stretches, places)
        start += len(block.text) + len(BLOCK_SEPARATOR)
    return ArticleText(headline, tuple(blocks), places)


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


def _runs_in(stretches: Iterable[Stretch]) -> tuple[Run, ...]:
    return tuple(run for stretch in stretches for run in stretch.runs)


def _last_place(stretches: Iterable[Stretch], before: int) -> int:
    return max((stretch.place for stretch in stretches), default=0) or before


def _spans_within(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    return tuple(
        Span(span.start - start, span.end - start)
        for span in spans
        if start <= span.start and span.end <= end
    )
