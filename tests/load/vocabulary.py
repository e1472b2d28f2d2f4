"""The words of the load test's articles, far enough apart that no layer takes one for another."""

from __future__ import annotations

from index.article import Article, Block, BlockKind

WORDS = ("köprü", "deniz", "kitap", "tarla", "orman", "yayla", "liman")
"""Each article holds one of them for as long as it lives, in every version."""

FILLER = ["bugün", "gelen", "haberlere", "göre", "belediye", "meclisi", "önceki", "gün", "toplandı"]


def article(number: int, version: int) -> Article:
    """Return one version of an article; only what is no asked-for word differs."""
    word = WORDS[number % len(WORDS)]
    start = (number * 7 + version) % len(FILLER)
    text = " ".join([*FILLER[start:], word, "haberi", *FILLER[:start], f"{number}.{version}"])
    return Article(str(number), f"Haber {number}", (Block(BlockKind.PARAGRAPH, text),))


def word_of(article_id: str) -> str:
    """Return the word that an article holds."""
    return WORDS[int(article_id) % len(WORDS)]
