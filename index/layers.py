"""The layers of a word, and where in an article each word stands.

Only surface words are stored in the index; every other layer is a view of the same postings (see
`index.codec`). Stock Whoosh reads each layer as a field (`index.schema`).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from index.analysis import Forms
from index.article import Article


class Layer(StrEnum):
    """One way to look at a word; each names a field of the index."""

    EXACT = "exact"
    FOLDED = "folded"
    STEM = "stem"
    FIVE = "five"
    FOUR = "four"

    __hash__ = str.__hash__  # an enum's own is slow, and terms are looked up by their layers


def layer_text(forms: Forms, layer: Layer) -> str:
    """Return what a token is in a layer: each is named as the attribute of its forms.

    >>> layer_text(Forms("şehri", "sehri", "şehir"), Layer.FOUR)
    'sehr'
    """
    text: str = getattr(forms, layer.value)
    return text


BLOCK_GAP = 16
"""Positions left free between title and body and between blocks, so that no phrase spans two."""


def text_blocks(article: Article) -> Iterator[str]:
    """Yield the stretches of text that are indexed, the title first."""
    yield article.title
    for block in article.blocks:
        yield block.text
