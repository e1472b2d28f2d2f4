"""From articles to the arrays of a segment: one pass, one dictionary look-up a token.

Each distinct surface is analysed once and becomes a code; the texts are only lists of codes until
`finish` inverts them all at once with numpy. Knows nothing of files and generations.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from index.analysis import Analyzer
from index.article import Article, published_seconds
from index.codec.columns import FacetColumn, SegmentColumns, number_values
from index.codec.expansion import ComplexTable, WordsRead, expand
from index.codec.inversion import LARGEST_SEGMENT, UInts, invert, starts_of
from index.codec.scanning import SurfaceTable
from index.codec.segment import UNDATED, vocabulary_key
from index.layers import text_blocks


class Lexicon:
    """Surfaces → codes, filled on first sight; shared by all segments of one build.

    A code of 0 or more is the number of the one word that the surface stands for. A negative
    code -1 - n says that it stands for the words `complex_words[n]`: (word number, position) pairs.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.surfaces = SurfaceTable(self._code_of)
        self._word_numbers: dict[str, int] = {}
        self.words: list[str] = []
        self.stems: list[str] = []
        self.complex_words: list[tuple[tuple[int, int], ...]] = []

    def _code_of(self, surface: str) -> int:
        words = self._analyzer.expand(surface)
        numbered = tuple((self._number(word.exact), word.position) for word in words)
        if len(numbered) == 1:
            return numbered[0][0]
        self.complex_words.append(numbered)
        return -len(self.complex_words)

    def complex_table(self) -> ComplexTable:
        """Return what the negative codes stand for, as arrays."""
        counts = np.array([len(entry) for entry in self.complex_words], dtype=np.int64)
        pairs = [pair for entry in self.complex_words for pair in entry]
        flat = np.array(pairs, dtype=np.uint32).reshape(-1, 2)
        return ComplexTable(starts_of(counts), flat[:, 0].copy(), flat[:, 1].copy())

    def _number(self, exact: str) -> int:
        number = self._word_numbers.get(exact)
        if number is None:
            number = self._word_numbers[exact] = len(self.words)
            self.words.append(exact)
            self.stems.append(self._analyzer.stem(exact))
        return number


class SegmentBuilder:
    """Collects articles and turns them into the columns of one segment."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._codes = array("i")
        self._block_lengths = array("i")
        self._block_counts = array("i")
        self._articles: list[tuple[str, int, str, str, tuple[str, ...]]] = []

    @property
    def token_count(self) -> int:
        """How many tokens have been added."""
        return len(self._codes)

    @property
    def is_full(self) -> bool:
        """Whether a segment holds no more documents; `finish` would refuse another one."""
        return len(self._articles) >= LARGEST_SEGMENT

    def __len__(self) -> int:
        return len(self._articles)

    def add(self, article: Article) -> None:
        """Add one article. An article whose analysis raises leaves no trace in the segment."""
        read = self._lexicon.surfaces.read(list(text_blocks(article)))
        seconds = published_seconds(article.published)
        self._codes.frombytes(read.codes.tobytes())
        self._block_lengths.frombytes(read.counts.tobytes())
        self._block_counts.append(len(read.counts))
        self._articles.append(
            (
                article.id,
                UNDATED if seconds is None else seconds,
                article.section,
                article.source,
                tuple(dict.fromkeys(article.authors)),  # a name given twice counts once
            )
        )

    def finish(self) -> SegmentColumns:
        """Return the segment of all articles added. The builder is not to be used again."""
        words = self._expand()
        ranks, keys, stems = self._order_vocabulary(words.terms)
        terms = ranks[words.terms]
        starts, ends = words.starts[:-1], words.starts[1:]
        return SegmentColumns(
            keys=keys,
            stems=stems,
            text=invert(terms, words.positions, starts, ends, len(keys)),
            title=invert(terms, words.positions, starts, words.title_ends, len(keys)),
            ids=[article[0] for article in self._articles],
            published=np.array([article[1] for article in self._articles], dtype=np.int64),
            facets=self._facets(),
        )

    def _expand(self) -> WordsRead:
        return expand(
            np.frombuffer(self._codes, dtype=np.intc),
            np.frombuffer(self._block_lengths, dtype=np.intc),
            np.frombuffer(self._block_counts, dtype=np.intc),
            self._lexicon.complex_table(),
        )

    def _order_vocabulary(self, terms: UInts) -> tuple[UInts, list[bytes], list[str]]:
        """Return (rank of each word number, keys, stems) for the words that occur."""
        used = np.flatnonzero(np.bincount(terms, minlength=len(self._lexicon.words)))
        word_of = {vocabulary_key(self._lexicon.words[word]): word for word in used.tolist()}
        keys = sorted(word_of)  # bytes alone: pairs take three times as long
        ordered = [word_of[key] for key in keys]
        ranks = np.zeros(len(self._lexicon.words), dtype=np.uint32)
        ranks[ordered] = np.arange(len(keys), dtype=np.uint32)
        return ranks, keys, [self._lexicon.stems[word] for word in ordered]

    def _facets(self) -> dict[str, FacetColumn]:
        everyone = np.arange(len(self._articles))
        authors = [(doc, name) for doc, row in enumerate(self._articles) for name in row[4]]
        return {
            "section": _facet([row[2] for row in self._articles], everyone),
            "source": _facet([row[3] for row in self._articles], everyone),
            "author": _facet(
                [name for _, name in authors], np.array([doc for doc, _ in authors], dtype=np.int64)
            ),
        }


def _facet(values: Sequence[str], docs: npt.NDArray[Any]) -> FacetColumn:
    distinct, codes = number_values(values)
    return FacetColumn(distinct, codes, docs)
