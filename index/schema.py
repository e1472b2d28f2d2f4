"""The schema under which stock Whoosh reads the index: every layer is a field."""

from __future__ import annotations

from whoosh import fields
from whoosh.analysis import IDTokenizer

from index.layers import Layer

TITLE_PREFIX = "title_"
"""The same layers over the title alone: `title_stem` and so on."""


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
