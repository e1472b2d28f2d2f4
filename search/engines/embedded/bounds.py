"""Which documents can be among the best: a bound for each, summed for 64 documents at a time.

tf / (tf + norm) is less than 1, so the sum of the scales of a word's entries that a document holds,
raised to the power, is the most that the word can give it. The entries of a word are ordered by how
many documents hold them, and document d is given the word's levels: it has level k if it holds
entry k or a later one. Level k is worth what entry k adds to the sum of those before it, raised; so
what a document's levels are worth is at least what its entries are. A word's last level are
titles, all of its entries at once.

Worths are small whole numbers, and the sums of all documents are kept as bit planes: plane t has
bit t of each. What a document is given by a word is the worth of its highest level and those below;
a bit of that is the exclusive or of those levels that change it. Adding it to 64 documents is then
an adder of a few operations on words (as in bit-sliced indexes, O'Neil and Quass 1997), whatever
number of documents hold the word. The highest sums are found plane by plane, from the top; what
their documents score at least is the floor that the others are compared with, again plane by plane.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from index.codec.compiled import Int, compiled
from index.codec.inversion import Longs
from search.engines.embedded.bitmaps import (
    WORD_BITS,
    Bitmap,
    Bitmaps,
    count_of,
    lowest,
    ones,
)
from search.engines.embedded.heaps import replace_least
from search.engines.embedded.kernels import Doubles, Floats, raised

_CHUNK = 512
"""Words of a bitmap at a time: planes and what is added to them stay in the nearest caches."""

_EMPTY, _SPARE, _FIRST_LEVEL = 0, 1, 2
"""Rows of the sets of a chunk: an empty one, one to be written to, and from where on levels are."""

_FEWEST_PLANES = 9
_PLANES_MORE = 4
"""Than the number of words has bits: rounding up what each is worth adds some percent to a sum."""

_MARGIN = 1 - 1e-5
"""Shares are float32, and what is summed in another order may be off by a little."""

_NEARLY_ALL = 0.8
"""Of the documents of a level: if so many have the next one as well, the two are made one."""

_LOOKED_AT = 4
"""Times as many documents as are wanted set the floor."""


_LEAST_TOTAL = 1e-200
"""Powers and weights may be such that all worths leave what numbers can tell: then nothing is
bounded. Dividing less than this into steps would not be exact any more."""

_FEW = 200
"""Documents that are sooner scored than bounded."""


class Held(NamedTuple):
    """What the first reading found: for each entry (column) its documents and scales.

    Sets are [columns, words]. Word w has the columns [word_columns[w], word_columns[w + 1]), and
    `titled[w]` are the documents with any of its entries in their title.
    """

    text: Bitmaps
    titled: Bitmaps
    holding: Longs
    text_scales: Doubles
    title_scales: Doubles
    word_columns: Longs


@compiled
def hopefuls(
    text: Bitmaps,
    titled: Bitmaps,
    holding: Longs,
    text_scales: Doubles,
    title_scales: Doubles,
    word_columns: Longs,
    power: float,
    shares: Floats,
    selected: Bitmap,
    wanted: int,
) -> Longs:
    """Return the selected documents that may be among the `wanted` best, ascending.

    What comes first is that of `Held`, one by one, which is faster. A document's score is at most
    its bound, and at least its share of the bound of its text.
    """
    held = Held(text, titled, holding, text_scales, title_scales, word_columns)
    columns, worths, starts = _levels(held, power)
    total = worths.sum()
    is_bounded = _LEAST_TOTAL < total < np.inf
    if not is_bounded or count_of(selected) <= max(_FEW, wanted):
        return _listed(selected)
    words = len(starts) - 1
    plane_count = max(_FEWEST_PLANES, _bit_length(words) + _PLANES_MORE)
    unit = total / ((1 << plane_count) - 1 - words)
    planes = np.empty((plane_count, len(selected)), dtype=np.uint64)
    _sum_levels(held, columns, worths / unit, starts, planes)
    floor = _floor(held, power, shares, _highest(planes, selected, _LOOKED_AT * wanted), wanted)
    high = _at_least(planes, selected, np.int64(floor / unit * _MARGIN))
    return _listed(high)


@compiled
def _listed(documents: Bitmap) -> Longs:
    listed = np.empty(count_of(documents), dtype=np.int64)
    place = 0
    for word in range(len(documents)):
        left = documents[word]
        while left:
            bit = lowest(left)
            left ^= bit
            listed[place] = word * WORD_BITS + np.int64(ones(bit - np.uint64(1)))
            place += 1
    return listed


@compiled
def _levels(held: Held, power: float) -> tuple[Longs, Doubles, Longs]:
    """Return (columns, worths, starts): word w has the levels [starts[w], starts[w + 1]).

    A level is an entry, or the titles of its word (column -1). One that is worth 0 is nothing by
    itself, but its documents have the levels before it.
    """
    words = len(held.word_columns) - 1
    columns = np.empty(len(held.holding) + words, dtype=np.int64)
    worths = np.zeros(len(columns))
    starts = np.zeros(words + 1, dtype=np.int64)
    row: Int = 0
    for word in range(words):
        first, behind = held.word_columns[word], held.word_columns[word + 1]
        # The most documents come first.
        order = first + np.argsort(-held.holding[first:behind], kind="mergesort")
        whole, in_titles = 0.0, 0.0
        level: Int = -1
        for column in order:
            in_titles += held.title_scales[column]
            if held.text_scales[column] > 0.0:
                before, whole = whole, whole + held.text_scales[column]
                columns[row] = column
                if level < 0 or held.holding[column] < _NEARLY_ALL * held.holding[columns[level]]:
                    level = row
                worths[level] += raised(whole, power) - raised(before, power)
                row += 1
        if in_titles > 0.0:
            columns[row] = -1
            worths[row] = raised(whole + in_titles, power) - raised(whole, power)
            row += 1
        starts[word + 1] = row
    return columns[:row], worths[:row], starts


@compiled
def _bit_length(number: int) -> int:
    bits = 0
    while number:
        number >>= 1
        bits += 1
    return bits


@compiled
def _sum_levels(
    held: Held, columns: Longs, worths: Doubles, starts: Longs, planes: Bitmaps
) -> None:
    """Set the planes to the sums of what each document's levels are worth, rounded up by word."""
    most = np.int64(1)
    for word in range(len(starts) - 1):
        most = max(most, starts[word + 1] - starts[word])
    width = planes.shape[1]
    chunks = -(-width // _CHUNK)
    size = -(-width // chunks)
    sets = np.empty((_FIRST_LEVEL + most, size), dtype=np.uint64)
    sets[_EMPTY] = 0
    changes = np.empty(_FIRST_LEVEL + most, dtype=np.int64)
    carry = np.empty(size, dtype=np.uint64)
    for lo in range(0, width, size):
        hi = min(lo + size, width)
        for word in range(len(starts) - 1):
            behind = _levels_of_word(
                held, word, columns[starts[word] : starts[word + 1]],
                worths[starts[word] : starts[word + 1]], lo, hi, sets, changes,
            )  # fmt: skip
            carry[:] = 0
            for plane in range(len(planes)):
                first, second, third = _three(sets, changes, behind, plane)
                target = planes[plane][lo:hi]
                if word == 0:
                    _set(sets[first], sets[second], sets[third], target)
                else:
                    _add(sets[first], sets[second], sets[third], carry, target)


@compiled
def _levels_of_word(
    held: Held,
    word: int,
    columns: Longs,
    worths: Doubles,
    lo: int,
    hi: int,
    sets: Bitmaps,
    changes: Longs,
) -> int:
    """Write to `sets` who has each level of a word that is worth something, last level first.

    They begin at `_FIRST_LEVEL`; returned is the row behind them. To `changes` is written what each
    level changes, by xor, of the number that a document is given, which is the sum of its levels'
    worths rounded up. Sets have the words [lo, hi) of a bitmap.
    """
    first = 0  # level that is worth something: before it, all is exactly nothing
    while first < len(worths) and worths[first] <= 0.0:
        first += 1
    level, behind = _EMPTY, _FIRST_LEVEL
    whole = worths.sum()
    for row in range(len(columns) - 1, -1, -1):
        own = held.titled[word] if columns[row] < 0 else held.text[columns[row]]
        _unite_to(sets[behind], sets[level], own[lo:hi])
        level = behind
        if worths[row] > 0.0:
            before = whole - worths[row] if row > first else 0.0
            changes[behind] = np.int64(np.ceil(whole)) ^ np.int64(np.ceil(before))
            whole = before
            behind += 1
    return behind


@compiled
def _unite_to(target: Bitmap, left: Bitmap, right: Bitmap) -> None:
    """Set a set to the documents of two, of which the right one may be shorter."""
    for place in range(len(right)):
        target[place] = left[place] | right[place]


@compiled
def _three(sets: Bitmaps, changes: Longs, behind: int, plane: int) -> tuple[int, int, int]:
    """Return the rows of three sets whose exclusive or is one bit of what each document is given.

    That is the exclusive or of the levels that change the bit, seldom more than three; those that
    are more are combined in the spare row.
    """
    first, second, third = _EMPTY, _EMPTY, _EMPTY
    for level in range(_FIRST_LEVEL, behind):
        if changes[level] >> plane & 1:
            if first != _EMPTY:
                for place in range(sets.shape[1]):
                    sets[_SPARE, place] = sets[first, place] ^ sets[second, place]
                second = _SPARE
            first, second, third = second, third, level
    return first, second, third


@compiled
def _set(first: Bitmap, second: Bitmap, third: Bitmap, plane: Bitmap) -> None:
    """Set one bit of each document's sum to that of its first number, the exclusive or of sets."""
    for place in range(len(plane)):
        plane[place] = first[place] ^ second[place] ^ third[place]


@compiled
def _add(first: Bitmap, second: Bitmap, third: Bitmap, carry: Bitmap, plane: Bitmap) -> None:
    """Add one bit of each document's number, the exclusive or of three sets, to its sum."""
    for place in range(len(plane)):
        number = first[place] ^ second[place] ^ third[place]
        either = plane[place] ^ number
        both = plane[place] & number
        plane[place] = either ^ carry[place]
        carry[place] = both | (carry[place] & either)


@compiled
def _highest(planes: Bitmaps, selected: Bitmap, wanted: int) -> Bitmap:
    """Return the selected documents with the highest sums: so many, and all equal to the last."""
    above = np.zeros(len(selected), dtype=np.uint64)
    level = selected.copy()
    found = np.int64(0)
    for plane in range(len(planes) - 1, -1, -1):
        own = planes[plane]
        higher = np.int64(0)
        for word in range(len(level)):
            higher += np.int64(ones(level[word] & own[word]))
        if found + higher >= wanted:
            for word in range(len(level)):
                level[word] &= own[word]
        else:
            found += higher
            for word in range(len(level)):
                above[word] |= level[word] & own[word]
                level[word] &= ~own[word]
    return above | level


@compiled
def _at_least(planes: Bitmaps, selected: Bitmap, least: Int) -> Bitmap:
    """Return the selected documents whose sum is at least a number."""
    found = np.full(len(selected), ~np.uint64(0), dtype=np.uint64)
    for plane in range(len(planes)):
        own = planes[plane]
        if least >> plane & 1:
            for word in range(len(found)):
                found[word] &= own[word]
        else:
            for word in range(len(found)):
                found[word] |= own[word]
    return found & selected


@compiled
def _bound_of_text(held: Held, power: float, document: Int) -> float:
    """Return the most that a document can score by its text, titles aside."""
    word, shift = document >> 6, np.uint64(document & 63)
    bound = 0.0
    for number in range(len(held.word_columns) - 1):
        whole = 0.0
        for column in range(held.word_columns[number], held.word_columns[number + 1]):
            if (held.text[column, word] >> shift) & np.uint64(1):
                whole += held.text_scales[column]
        bound += raised(whole, power)
    return bound


@compiled
def _floor(held: Held, power: float, shares: Floats, high: Bitmap, wanted: int) -> float:
    """Return what the `wanted` best score at least, judged by documents with high sums."""
    heap = np.zeros(wanted)
    # Sums that are equal may be many.
    for document in _listed(high)[: 2 * _LOOKED_AT * wanted]:
        least = _bound_of_text(held, power, document) * shares[document]
        if least > heap[0]:
            replace_least(heap, least)
    return float(heap[0] * _MARGIN)
