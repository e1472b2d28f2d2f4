"""How much each layer of a word counts in the score: the formula of docs/analysis.md as terms.

A word's score = (1 BM25(stem) + 1 BM25(five) + .5 BM25(four) + .4 BM25(folded) + .1 BM25(exact))
to the power of .75 (`Ranking.word_power`), and a query's is the sum over its words. The exact form
counts so that of two spellings the one typed ranks first. Weights measured on six Turkish
collections (docs/relevance.md). The engine does the arithmetic.
"""

from __future__ import annotations

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


def read_profile(path: Path) -> RankingProfile:
    """Return the profile of a TOML file: `[layers]` and `[bm25]`, what is absent as usual.

    Raises `InputError` for a file that cannot be read, an unknown name, or no number.
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
            if name not in known[table] or not isinstance(value, (int, float)):
                raise InputError(
                    f"{path}: [{table}] {name} = {value!r}: expected a number for one of"
                    f" {', '.join(known[table])}"
                )
    return RankingProfile(**tables.get("layers", {}), ranking=Ranking(**tables.get("bm25", {})))
