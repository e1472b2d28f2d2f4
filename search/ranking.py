"""How much each layer of a word counts in the score: the formula of docs/analysis.md as terms.

score = .5 BM25(stem) + 1 BM25(five) + .5 BM25(four) + .15 BM25(folded), and a little for the
exact form, so that of two spellings the one typed ranks first. Weights measured on seven Turkish
collections; 30% either way moves nDCG@10 by less than .005. The engine does the arithmetic.
"""

from __future__ import annotations

from index.analysis import Forms
from index.schema import Layer
from search.engine import Term

LAYER_WEIGHTS: tuple[tuple[Layer, float], ...] = (
    (Layer.STEM, 0.5),
    (Layer.FIVE, 1.0),
    (Layer.FOUR, 0.5),
    (Layer.FOLDED, 0.15),
    (Layer.EXACT, 0.1),
)


def score_terms(forms: Forms) -> tuple[Term, ...]:
    """Return the terms whose weighted BM25 add up to the score of one word of a query.

    >>> [f"{term.layer}:{term.text}" for term in score_terms(Forms("şehri", "sehri", "şehri"))]
    ['stem:şehri', 'five:sehri', 'four:sehr', 'folded:sehri', 'exact:şehri']
    """
    texts = {
        Layer.STEM: forms.stem,
        Layer.FIVE: forms.five,
        Layer.FOUR: forms.four,
        Layer.FOLDED: forms.folded,
        Layer.EXACT: forms.exact,
    }
    return tuple(Term(layer, texts[layer], weight) for layer, weight in LAYER_WEIGHTS)
