"""Which fields are indexed, and where in a document each word stands.

The layers of TURKISH.md are fields of a Whoosh schema. Only surface words are stored; every other
layer is a view of the same postings (see `index.codec`).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from whoosh import fields
from whoosh.analysis import IDTokenizer

from index.analysis import Forms
from index.article import Article


class Layer(StrEnum):
    """One way to look at a word; each names a field of the index."""

    EXACT = "exact"
    FOLDED = "folded"
    STEM = "stem"
    FIVE = "five"
    FOUR = "four"


def layer_text(forms: Forms, layer: Layer) -> str:
    """Return what a token is in a layer: each is named as the attribute of its forms.

    >>> layer_text(Forms("şehri", "sehri", "şehir"), Layer.FOUR)
    'sehr'
    """
    text: str = getattr(forms, layer.value)
    return text


TITLE_PREFIX = "title_"
"""The same layers over the title alone: `title_stem` and so on."""

BLOCK_GAP = 16
"""Positions left free between title and body and between blocks, so that no phrase spans two."""


def text_blocks(article: Article) -> Iterator[str]:
    """Yield the stretches of text that are indexed, the title first."""
    yield article.title
    for block in article.blocks:
        yield block.text


def whoosh_schema() -> fields.Schema:
    """Return the schema under which stock Whoosh reads the index."""
    layer_fields = {
        f"{prefix}{layer.value}": fields.TEXT(analyzer=IDTokenizer(), phrase=True, stored=False)
        for prefix in ("", TITLE_PREFIX)
        for layer in Layer
    }
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        **layer_fields,
    )
