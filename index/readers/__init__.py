"""How a file becomes articles: JSON Lines, CSV, plain text and HTML, plain or compressed.

`find_sources` turns what a person named into a list of files; `read_source` streams what one file
holds, each record either an `Article` or a `Reject` that says where and why. These modules know
no archive and no index; `index.importing` calls them.
"""

from __future__ import annotations

from index.readers.outcome import Reject
from index.readers.reading import read_source
from index.readers.sources import STANDARD_INPUT, SourceFile, Sources, find_sources

__all__ = [
    "STANDARD_INPUT",
    "Reject",
    "SourceFile",
    "Sources",
    "find_sources",
    "read_source",
]
