"""A segment as compiled loops take it: its arrays one by one, in the order of their parameters.

Numba takes some tens of nanoseconds for an array and microseconds for a tuple within a tuple, so
nothing is bundled. Arrays that are read in parts are checked by the loops: they look up in
`checked` whether the block of an element was held against its checksum, and tell what to `check`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from index.codec.segment import Segment

SECTIONS = (
    "vocabulary.bytes", "vocabulary.starts", "stems.bytes", "stems.starts",
    "stems.term_starts", "stems.terms", "text.starts", "text.docs", "text.frequencies",
    "title.starts", "title.docs", "title.frequencies",
    "dense.bitmaps", "dense.frequencies",
)  # fmt: skip
"""What is read in parts."""

(
    KEYS, KEY_STARTS, STEMS, STEM_STARTS,
    STEM_TERM_STARTS, STEM_TERMS, TEXT_STARTS, TEXT_DOCS, TEXT_FREQUENCIES,
    TITLE_STARTS, TITLE_DOCS, TITLE_FREQUENCIES,
    DENSE_BITMAPS, DENSE_FREQUENCIES,
) = range(len(SECTIONS))  # fmt: skip
"""The numbers of these sections."""

Arrays = tuple[Any, ...]


class MappedSegment:
    """A segment in its place: it has the words [first_word, behind_word) of every bitmap."""

    def __init__(self, segment: Segment, first_word: int, behind_word: int) -> None:
        self.segment = segment
        self.first_word = first_word
        self.behind_word = behind_word

    def check(self, section: int, block: int) -> None:
        """Check a block of a section. Raises `DamageError`."""
        self.segment.container.section(SECTIONS[section]).check(block)

    @cached_property
    def for_reading(self) -> Arrays:
        """What `reading` takes of a segment."""
        container = self.segment.container
        sections = [container.section(name) for name in SECTIONS]
        return (
            container.checked,
            np.array([section.first_block for section in sections]),
            sections[KEYS].array,
            sections[KEY_STARTS].array,
            container.array("vocabulary.guide"),
            sections[STEMS].array,
            sections[STEM_STARTS].array,
            container.array("stems.guide"),
            sections[STEM_TERM_STARTS].array,
            sections[STEM_TERMS].array,
            sections[TEXT_STARTS].array,
            sections[TEXT_DOCS].array,
            container.array("title.terms"),
            sections[TITLE_STARTS].array,
            sections[TITLE_DOCS].array,
            container.array("dense.runs"),
            container.array("dense.stems"),
            container.array("dense.stem_entries"),
            sections[DENSE_BITMAPS].array,
            container.array("dense.starts"),
        )

    @cached_property
    def for_counting(self) -> Arrays:
        """What `counting` takes of a segment."""
        text, title = self.segment.text.arrays, self.segment.title.arrays
        array, section = self.segment.container.array, self.segment.container.section
        return (
            text.docs,
            text.frequencies,
            text.overflow_places,
            text.overflow_values,
            title.docs,
            title.frequencies,
            title.overflow_places,
            title.overflow_values,
            section("dense.bitmaps").array,
            array("dense.starts"),
            section("dense.frequencies").array,
            array("dense.overflow_places"),
            array("dense.overflow_values"),
        )
