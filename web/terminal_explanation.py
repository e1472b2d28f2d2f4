"""How an explanation and an analysis look on a terminal. Pure: values in, rich text out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from index.analysis.steps import AnalyzedSurface
from index.layers import Layer, layer_text
from search.explain import ExplainedPart, ExplainedWord, Explanation, FoundWord
from web.terminal import FAINT_STYLE, HIT_STYLE, TITLE_STYLE
from web.terminal_tables import aligned

_INDENT = "  "
_HEADER = ("layer", "term", "field", "times", "articles", "weight", "idf", "score", "share")


def explanation_lines(explained: Explanation) -> Iterable[Text]:
    """Yield what an article was found by: each word of the query, and its parts as a table."""
    yield Text(explained.article.title or explained.article.id, TITLE_STYLE)
    if not explained.is_found:
        yield Text(f"is not found by {explained.interpreted or 'this search'}")
        return
    yield Text(f"score {explained.score:.4f}")
    for repair in explained.repairs:
        yield Text(f"Searched {repair.used} for {repair.typed}.", FAINT_STYLE)
    for word in explained.words:
        yield Text()
        yield _word_line(word, explained.score)
        yield from _table(word.parts, explained.score)
    if explained.together:
        yield Text()
        yield Text("words together", TITLE_STYLE)
        yield from _table(explained.together, explained.score)


def analysis_lines(steps: Sequence[AnalyzedSurface]) -> Iterable[Text]:
    """Yield one line for each word: its surface with offsets, its position, its layers."""
    rows = []
    for step in steps:
        for number, token in enumerate(step.tokens):
            surface = ("", "") if number else (step.text, f"{step.start}-{step.end}")
            forms = (layer_text(token.forms, layer) for layer in Layer)
            rows.append([*surface, str(token.position), *forms])
    yield from aligned(["surface", "at", "position", *Layer], rows, left=3 + len(Layer))


def _word_line(word: ExplainedWord, whole: float) -> Text:
    if not word.parts:
        return Text.assemble((word.typed, TITLE_STYLE), (" adds nothing", FAINT_STYLE))
    return Text.assemble(
        (word.typed, TITLE_STYLE),
        (f" {word.score:.4f}, {_share(word.score, whole)}", FAINT_STYLE),
        ": " if word.found else "",
        (_listed(word.found), HIT_STYLE),
    )


def _table(parts: Sequence[ExplainedPart], whole: float) -> Iterable[Text]:
    if not parts:
        return
    rows = [
        [
            part.term.layer.value,
            f"{part.term.text}*" if part.term.is_prefix else part.term.text,
            part.term.field.value,
            f"{part.term.frequency:,}",
            f"{part.term.document_frequency:,}",
            f"{part.term.weight:.2f}",
            f"{part.term.idf:.2f}",
            f"{part.score:.4f}",
            _share(part.score, whole),
        ]
        for part in parts
    ]
    for line in aligned(_HEADER, rows, left=3):
        yield Text.assemble(_INDENT, line)


def _listed(words: Iterable[FoundWord]) -> str:
    return ", ".join(
        f"{word.text} ×{word.count}" if word.count > 1 else word.text for word in words
    )


def _share(score: float, whole: float) -> str:
    return f"{score / whole:.0%}" if whole else "-"
