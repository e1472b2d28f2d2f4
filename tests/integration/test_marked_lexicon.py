"""Marks against a lexicon: whatever shares a stem with a query's word is marked."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from index.analysis import Analyzer
from index.layers import Layer
from search.engine import Term, TermQuery
from search.marking import Marker


def test_every_word_of_a_stem_is_marked(shared: Path) -> None:
    # The marker tells most words by their first letters; a stemmer may change even those.
    analyzer = Analyzer()
    by_stem: defaultdict[str, list[str]] = defaultdict(list)
    with (shared / "lexicon" / "gold_lemmas.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for token in analyzer.tokens(row["word"])[:1]:
                by_stem[token.forms.stem].append(token.forms.exact)
    missed = {
        stem: words
        for stem, words in by_stem.items()
        if len(
            Marker([TermQuery((Term(Layer.STEM, stem),), ())], analyzer).marks([" ".join(words)])[0]
        )
        < len(words)
    }
    assert missed == {}
    assert len(by_stem) > 5000
