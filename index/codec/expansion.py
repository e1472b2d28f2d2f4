"""From the codes of surfaces to words with positions: the loop between analysis and inversion."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import compiled
from index.codec.inversion import Longs, UInts
from index.layers import BLOCK_GAP

Codes = npt.NDArray[np.intc]


class ComplexTable(NamedTuple):
    """What the surfaces of several words stand for.

    Entry n has the words `words[starts[n]:starts[n + 1]]`, `offsets` positions after its first.
    """

    starts: Longs
    words: UInts
    offsets: UInts


class WordsRead(NamedTuple):
    """The words of all documents in reading order.

    Document d has the words [starts[d], starts[d + 1]); those of its title end at `title_ends[d]`.
    """

    terms: UInts
    positions: UInts
    starts: Longs
    title_ends: Longs


def expand(
    codes: Codes, block_lengths: Codes, block_counts: Codes, complex_table: ComplexTable
) -> WordsRead:
    """Return the words of documents whose blocks hold these surface codes (see `Lexicon`)."""
    count = _count_words(codes, complex_table)
    words = WordsRead(
        np.zeros(count, dtype=np.uint32),
        np.zeros(count, dtype=np.uint32),
        np.zeros(len(block_counts) + 1, dtype=np.int64),
        np.zeros(len(block_counts), dtype=np.int64),
    )
    _fill(codes, block_lengths, block_counts, complex_table, BLOCK_GAP, words)
    return words


@compiled
def _count_words(codes: Codes, table: ComplexTable) -> int:
    count = 0
    for code in codes:
        count += 1 if code >= 0 else table.starts[-code] - table.starts[-code - 1]
    return count


@compiled
def _fill(
    codes: Codes,
    block_lengths: Codes,
    block_counts: Codes,
    table: ComplexTable,
    gap: int,
    words: WordsRead,
) -> None:
    word, token, block = 0, 0, 0
    for doc in range(len(block_counts)):
        position = 0
        for ordinal in range(block_counts[doc]):
            for _ in range(block_lengths[block]):
                code = codes[token]
                token += 1
                if code >= 0:
                    words.terms[word] = code
                    words.positions[word] = position
                    word += 1
                else:
                    for entry in range(table.starts[-code - 1], table.starts[-code]):
                        words.terms[word] = table.words[entry]
                        words.positions[word] = position + table.offsets[entry]
                        word += 1
                    position += table.offsets[table.starts[-code] - 1]
                position += 1
            position += gap
            block += 1
            if ordinal == 0:
                words.title_ends[doc] = word
        words.starts[doc + 1] = word
