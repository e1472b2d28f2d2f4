"""How much each layer of a word counts in the score: the formula of docs/analysis.md as terms.

A word's score = (1 BM25(stem) + 1 BM25(five) + .5 BM25(four) + .4 BM25(folded) + .1 BM25(exact))
to the power of .75 (`Ranking.word_power`), and a query's is the sum over its words. The exact form
counts so that of two spellings the one typed ranks first. Weights measured on six Turkish
collections (docs/relevance.md). The engine does the arithmetic.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from index.analysis import Forms
from index.errors import InputError
from index.layers import Layer
from search.engine import Ranking, Term


@dataclass(frozen=True, slots=True)
class RankingProfile:
    """The numbers of the formula: how much each layer counts, BM25's constants, the title."""

    stem: float = 1.0
    five: float = 1.0
    four: float = 0.5
    folded: float = 0.4
    exact: float = 0.1
    ranking: Ranking = field(default_factory=Ranking)


DEFAULT_PROFILE = RankingProfile()


def score_terms(forms: Forms, profile: RankingProfile = DEFAULT_PROFILE) -> tuple[Term, ...]:
    """Return the terms whose weighted BM25 add up to the score of one word of a query.

    Always five, in this order, also where one weighs nothing.

    >>> [f"{term.layer}:{term.text}" for term in score_terms(Forms("şehri", "sehri", "şehri"))]
    ['stem:şehri', 'five:sehri', 'four:sehr', 'folded:sehri', 'exact:şehri']
    """
    return (
        Term(Layer.STEM, forms.stem, profile.stem),
        Term(Layer.FIVE, forms.five, profile.five),
        Term(Layer.FOUR, forms.four, profile.four),
        Term(Layer.FOLDED, forms.folded, profile.folded),
        Term(Layer.EXACT, forms.exact, profile.exact),
    )


_RANGES = {"b": (0.0, 1.0), "title_b": (0.0, 1.0), "word_power": (0.01, math.inf)}
"""Least and most of what is not simply 0 or more."""


def read_profile(path: Path) -> RankingProfile:
    """Return the profile of a TOML file: `[layers]` and `[bm25]`, what is absent as usual.

    Raises `InputError` for a file that cannot be read, an unknown name, or a number that makes no
    ranking: an engine relies on scores that more of a word never lowers.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as TOML ({error})") from error
    layers = [each.name for each in fields(RankingProfile) if each.name != "ranking"]
    constants = [each.name for each in fields(Ranking)]
    known = {"layers": layers, "bm25": constants}
    for table, values in tables.items():
        if table not in known or not isinstance(values, dict):
            raise InputError(f"{path}: unknown table [{table}]; known are [layers] and [bm25]")
        for name, value in values.items():
            if name not in known[table] or type(value) not in {int, float}:
                raise InputError(
                    f"{path}: [{table}] {name} = {value!r}: expected a number for one of"
                    f" {', '.join(known[table])}"
                )
            least, most = _RANGES.get(name, (0.0, math.inf))
            if not least <= value <= most or math.isinf(value):
                expected = f"at least {least:g}" + (
                    "" if math.isinf(most) else f", at most {most:g}"
                )
                raise InputError(f"{path}: [{table}] {name} = {value!r}: expected {expected}")
    return RankingProfile(**tables.get("layers", {}), ranking=Ranking(**tables.get("bm25", {})))
