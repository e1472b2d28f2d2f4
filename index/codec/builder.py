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
from index.codec.columns import (
    FacetColumn,
    PostingsColumns,
    SegmentColumns,
    number_values,
    starts_of,
)
from index.codec.segment import UNDATED, vocabulary_key
from index.schema import BLOCK_GAP, text_blocks

Longs = npt.NDArray[np.int64]


class Lexicon(dict[str, int]):
    """Surface → code, filled on first sight; shared by all segments of one build.

    A code of 0 or more is the number of the one word that the surface stands for. A negative
    code -1 - n says that it stands for the words `complex_words[n]`: (word number, position) pairs.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self._analyzer = analyzer
        self.surfaces = analyzer.surfaces
        self._word_numbers: dict[str, int] = {}
        self.words: list[str] = []
        self.stems: list[str] = []
        self.complex_words: list[tuple[tuple[int, int], ...]] = []

    def __missing__(self, surface: str) -> int:
        words = self._analyzer.expand(surface)
        numbered = tuple((self._number(word.exact), word.position) for word in words)
        if len(numbered) == 1:
            code = numbered[0][0]
        else:
            self.complex_words.append(numbered)
            code = -len(self.complex_words)
        self[surface] = code
        return code

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

    def __len__(self) -> int:
        return len(self._articles)

    def add(self, article: Article) -> None:
        """Add one article. An article whose analysis raises leaves no trace in the segment."""
        code_of = self._lexicon.__getitem__
        blocks = [list(map(code_of, self._lexicon.surfaces(text))) for text in text_blocks(article)]
        seconds = published_seconds(article.published)
        for codes in blocks:
            self._codes.extend(codes)
            self._block_lengths.append(len(codes))
        self._block_counts.append(len(blocks))
        self._articles.append(
            (
                article.id,
                UNDATED if seconds is None else seconds,
                article.section,
                article.source,
                article.authors,
            )
        )

    def finish(self) -> SegmentColumns:
        """Return the segment of all articles added. The builder is not to be used again."""
        terms, docs, positions, in_title = self._expand()
        ranks, keys, stems = self._order_vocabulary(terms)
        ranked = ranks[terms]
        count = len(self._articles)
        return SegmentColumns(
            keys=keys,
            stems=stems,
            text=invert(ranked, docs, positions, len(keys), count),
            title=invert(ranked[in_title], docs[in_title], positions[in_title], len(keys), count),
            ids=[article[0] for article in self._articles],
            published=np.array([article[1] for article in self._articles], dtype=np.int64),
            facets=self._facets(),
        )

    def _expand(self) -> tuple[Longs, Longs, Longs, npt.NDArray[np.bool_]]:
        """Return (word number, document, position, in title) of each word, in reading order."""
        codes = np.frombuffer(self._codes, dtype=np.intc).astype(np.int64)
        block_lengths = np.frombuffer(self._block_lengths, dtype=np.intc).astype(np.int64)
        block_counts = np.frombuffer(self._block_counts, dtype=np.intc).astype(np.int64)
        block_docs = np.repeat(np.arange(len(block_counts)), block_counts)
        first_blocks = starts_of(block_counts)[:-1]
        block_ordinals = np.arange(len(block_lengths)) - first_blocks[block_docs]
        blocks = np.repeat(np.arange(len(block_lengths)), block_lengths)

        counts, widths, words, offsets = self._complex_tables(codes)
        reading_positions = starts_of(widths)
        first_tokens = starts_of(block_lengths)[first_blocks]
        token_positions = (
            reading_positions[:-1]
            - reading_positions[first_tokens][block_docs[blocks]]
            + BLOCK_GAP * block_ordinals[blocks]
        )
        token = np.repeat(np.arange(len(codes)), counts)
        doc = block_docs[blocks[token]]
        return words, doc, token_positions[token] + offsets, block_ordinals[blocks[token]] == 0

    def _complex_tables(self, codes: Longs) -> tuple[Longs, Longs, Longs, Longs]:
        """Return (words per token, positions per token, word numbers, position offsets)."""
        entries = self._lexicon.complex_words
        entry_counts = np.array([0, *(len(entry) for entry in entries)], dtype=np.int64)
        entry_widths = np.array([0, *(entry[-1][1] + 1 for entry in entries)], dtype=np.int64)
        flat = np.array([pair for entry in entries for pair in entry], dtype=np.int64).reshape(
            -1, 2
        )
        is_complex = codes < 0
        entry_of = np.where(is_complex, -codes, 0)
        counts = np.where(is_complex, entry_counts[entry_of], 1)
        widths = np.where(is_complex, entry_widths[entry_of], 1)
        within = np.arange(int(counts.sum())) - np.repeat(starts_of(counts)[:-1], counts)
        words = np.repeat(codes, counts)
        offsets = np.zeros_like(words)
        hard = np.flatnonzero(words < 0)
        if len(hard):
            # Entry n is numbered from 1, so its pairs start where those of entry n - 1 end.
            pairs = starts_of(entry_counts)[-words[hard]] + within[hard]
            words[hard], offsets[hard] = flat[pairs, 0], flat[pairs, 1]
        return counts, widths, words, offsets

    def _order_vocabulary(self, terms: Longs) -> tuple[Longs, list[bytes], list[str]]:
        """Return (rank of each word number, keys, stems) for the words that occur."""
        used = np.flatnonzero(np.bincount(terms, minlength=len(self._lexicon.words)))
        keyed = sorted((vocabulary_key(self._lexicon.words[word]), int(word)) for word in used)
        ranks = np.zeros(len(self._lexicon.words), dtype=np.int64)
        ranks[[word for _, word in keyed]] = np.arange(len(keyed))
        stems = [self._lexicon.stems[word] for _, word in keyed]
        return ranks, [key for key, _ in keyed], stems

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


def invert(
    terms: Longs, docs: Longs, positions: Longs, term_count: int, document_count: int
) -> PostingsColumns:
    """Return the postings of words given in reading order (document, then position)."""
    # A sort of (term, reading order) pairs packed in one number is several times faster than a
    # stable argsort of the terms.
    packed = (terms.astype(np.uint64) << np.uint64(32)) | np.arange(len(terms), dtype=np.uint64)
    packed.sort()
    order = (packed & np.uint64(0xFFFFFFFF)).astype(np.int64)
    terms, docs, sorted_positions = terms[order], docs[order], positions[order]
    is_first = np.ones(len(terms), dtype=bool)
    is_first[1:] = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
    firsts = np.flatnonzero(is_first)
    return PostingsColumns(
        starts=starts_of(np.bincount(terms[firsts], minlength=term_count)),
        docs=docs[firsts],
        frequencies=np.diff(np.append(firsts, len(terms))),
        position_starts=starts_of(np.bincount(terms, minlength=term_count)),
        positions=sorted_positions,
        lengths=np.bincount(docs, minlength=document_count),
    )
