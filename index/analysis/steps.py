"""The chain step by step, for whoever wants to see it: surfaces, and the tokens each stands for."""

from __future__ import annotations

from dataclasses import dataclass

from index.analysis.analyzer import Analyzer
from index.analysis.token import Token
from index.analysis.tokenizer import surface_spans


@dataclass(frozen=True, slots=True)
class AnalyzedSurface:
    """A surface of a text, `text[start:end]`, and its tokens; their offsets are the text's, too."""

    text: str
    start: int
    end: int
    tokens: tuple[Token, ...]


def analysis_steps(text: str, analyzer: Analyzer) -> tuple[AnalyzedSurface, ...]:
    """Return the surfaces of a text in order, each with what it becomes.

    >>> [step.text for step in analysis_steps("%20’si F.Bahçe'nin", Analyzer())]
    ['%20’si', "F.Bahçe'nin"]
    """
    tokens = analyzer.tokens(text)
    steps = []
    place = 0
    for surface, start, end in surface_spans(text):
        own = []
        while place < len(tokens) and tokens[place].start < end:
            own.append(tokens[place])
            place += 1
        steps.append(AnalyzedSurface(surface, start, end, tuple(own)))
    return tuple(steps)
