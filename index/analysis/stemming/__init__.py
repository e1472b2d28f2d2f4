"""From an inflected word to its stem: a grammar of endings, a list of roots, costs to choose by.

`Stemmer(roots).stem(word)` is all that is called from outside; docs/analysis.md has the figures.
"""

from index.analysis.stemming.lexicon import Root
from index.analysis.stemming.stemmer import Stemmer

__all__ = ["Root", "Stemmer"]
