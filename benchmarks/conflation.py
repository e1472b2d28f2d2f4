"""Precision, recall and F1 of a stemmer over pairs of words, against gold lemmas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

GoldWords = Mapping[str, Mapping[str, str]]
"""Part ("nominals", "verbs", "all") → word → its lemma."""

MIN_SHARE = 0.6
"""A word counts only where this share of its occurrences has the same lemma."""

_VERBAL_ENDING = re.compile(
    r".{0,2}(?:yor|m[ae]k|[dt][ıiuü]ğ|y?[ae]c[ae][kğ]|m[ae]d[ıiuü]|m[ae]m[ıiuü]ş"
    r"|y?[ae]r[ae]k|y?[ıiuü]p$|m[ıiuü]şt)"
)
"""What may follow a verb's lemma, less two letters that may have changed, and no noun's."""

_PLAIN = str.maketrans("âîû", "aiu")


class Conflation(NamedTuple):
    """Each between 0 and 1."""

    precision: float
    recall: float
    f1: float


def read_gold_words(path: Path) -> GoldWords:
    """Return the words of `gold_lemmas.tsv` (word, lemma, freq, share, others) by part."""
    best: dict[str, tuple[int, str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        spelled, lemma, times, share, *_ = line.split("\t")
        word = spelled.split("'")[0].translate(_PLAIN)
        if float(share) >= MIN_SHARE and word.isalpha() and lemma.replace("'", "").isalpha():
            known = best.get(word)
            if known is None or known[0] < int(times):
                best[word] = int(times), lemma.translate(_PLAIN)
    lemmas = {word: lemma for word, (_, lemma) in best.items()}
    verbs = {
        lemma
        for word, lemma in lemmas.items()
        if _VERBAL_ENDING.match(word[max(1, len(lemma) - 1) :])
    }
    return {
        "nominals": {word: lemma for word, lemma in lemmas.items() if lemma not in verbs},
        "verbs": {word: lemma for word, lemma in lemmas.items() if lemma in verbs},
        "all": lemmas,
    }


def conflation(lemmas: Mapping[str, str], stem: Callable[[str], str]) -> Conflation:
    """Return how well `stem` brings together the words of one lemma, and no others."""
    by_lemma: Counter[str] = Counter()
    by_stem: Counter[str] = Counter()
    by_both: Counter[tuple[str, str]] = Counter()
    for word, lemma in lemmas.items():
        found = stem(word)
        by_lemma[lemma] += 1
        by_stem[found] += 1
        by_both[lemma, found] += 1
    right = _pairs(by_both)
    precision = right / max(1, _pairs(by_stem))
    recall = right / max(1, _pairs(by_lemma))
    both = precision + recall
    return Conflation(precision, recall, 2 * precision * recall / both if both else 0.0)


def table(gold: GoldWords, stemmers: Mapping[str, Callable[[str], str]]) -> str:
    """Return a Markdown table of all stemmers over all parts."""
    lines = ["| words | stemmer | precision | recall | F1 |", "|---|---|---|---|---|"]
    for part, lemmas in gold.items():
        for name, stem in stemmers.items():
            measured = conflation(lemmas, stem)
            figures = " | ".join(f"{value:.3f}" for value in measured)
            lines.append(f"| {len(lemmas):,} {part} | {name} | {figures} |")
    return "\n".join(lines)


def _pairs(groups: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in groups.values())
