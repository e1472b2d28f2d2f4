"""How an explanation and an analysis become the JSON of docs/api.md. Pure; no web framework."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.analysis.steps import AnalyzedSurface
from index.layers import Layer, layer_text
from search.explain import ExplainedPart, Explanation, FoundWord
from web.payload import Payload, article_path


def explanation_payload(explained: Explanation) -> Payload:
    """Return the answer of `/explain/{id}`; parts add up to the score, but for rounding."""
    request, whole = explained.request, explained.score
    return {
        "query": {
            "q": request.q,
            "interpreted": explained.interpreted,
            "match": request.match.value,
            "op": request.operator.value,
            "repairs": [
                {"kind": repair.kind.value, "typed": repair.typed, "used": repair.used}
                for repair in explained.repairs
            ],
        },
        "generation": explained.generation,
        "id": explained.article.id,
        "url": article_path(explained.article.id),
        "title": explained.article.title,
        "found": explained.is_found,
        "score": round(whole, 4),
        "words": [
            {
                "typed": word.typed,
                "searched": list(word.searched),
                "found": _found(word.found),
                "score": round(word.score, 6),
                "share": _share(word.score, whole),
                "parts": [_part(part, whole) for part in word.parts],
            }
            for word in explained.words
        ],
        "together": [_part(part, whole) for part in explained.together],
    }


def analysis_payload(steps: Sequence[AnalyzedSurface], version: str) -> Payload:
    """Return the answer of `/analyze`: each surface with its words, each word with its layers."""
    return {
        "analyzer": version,
        "surfaces": [
            {
                "text": step.text,
                "start": step.start,
                "end": step.end,
                "words": [
                    {
                        "start": token.start,
                        "end": token.end,
                        "position": token.position,
                        **{layer.value: layer_text(token.forms, layer) for layer in Layer},
                    }
                    for token in step.tokens
                ],
            }
            for step in steps
        ],
    }


def _part(part: ExplainedPart, whole: float) -> Payload:
    term = part.term
    return {
        "layer": term.layer.value,
        "term": term.text,
        "prefix": term.is_prefix,
        "field": term.field.value,
        "found": _found(part.words),
        "frequency": term.frequency,
        "document_frequency": term.document_frequency,
        "weight": round(term.weight, 6),
        "idf": round(term.idf, 6),
        "score": round(part.score, 6),
        "share": _share(part.score, whole),
    }


def _found(words: Iterable[FoundWord]) -> list[Payload]:
    return [{"text": word.text, "count": word.count} for word in words]


def _share(score: float, whole: float) -> float:
    return round(score / whole, 4) if whole else 0.0
