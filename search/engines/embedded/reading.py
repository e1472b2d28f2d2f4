"""The first reading of the entries of a query: who holds each, and where their postings lie.

One compiled call a segment, from the letters of the entries to sets of documents. Of an entry that
is dense in the segment the set is copied and its postings are left alone (`index.codec.dense`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.dense import RUN_BITS
from index.codec.inversion import Documents, Longs, Octets
from index.codec.section import element_bits, first_unchecked
from index.codec.segment import UintArray, list_terms
from index.codec.strings import Bytes, Guide, Starts, look_up
from search.deadline import NO_DEADLINE, Deadline
from search.engines.embedded.bitmaps import Bitmap, Bitmaps, copy, count_of, unite
from search.engines.embedded.entries import Entry, Wanted, unpacked
from search.engines.embedded.expansion import terms_of
from search.engines.embedded.mapped import (
    DENSE_BITMAPS,
    DENSE_FREQUENCIES,
    KEYS,
    STEM_TERM_STARTS,
    STEM_TERMS,
    STEMS,
    TEXT_STARTS,
    TITLE_STARTS,
    Arrays,
    MappedSegment,
)
from search.engines.embedded.spans import (
    Found,
    Spans,
    cut,
    renumber,
    unchecked_row,
    unchecked_start,
)

_Ints = npt.NDArray[np.integer[Any]]

_ALL_BITS = -1
_NOTHING = np.zeros(0, dtype=np.int64)


class Places(NamedTuple):
    """Where the postings of groups of entries lie in one segment.

    `dense` has for each entry (column) its number among the segment's dense entries, or -1; the
    postings in the text of those that have one are in no span.
    """

    text: Spans
    title: Spans
    dense: Longs


class Reading(NamedTuple):
    """Which live documents hold what was wanted. Sets are [columns or words, words of a bitmap].

    Word w has the columns from `word_columns[w]` on. `text` has for each entry (column) the
    documents with it in their text; `holding` and `title_holding` how many have it in text and
    title. `matched` has for each mark those with an entry that makes a match of a word so marked;
    `titled` for each word those with any entry in their title. `asked` is what `Wanted.packed` has
    of numbers, `places` has for each segment what `unpacked_places` takes apart.
    """

    asked: Longs
    word_columns: Longs
    text: Bitmaps
    holding: Longs
    title_holding: Longs
    matched: Bitmaps
    titled: Bitmaps
    places: Sequence[tuple[MappedSegment, Longs]]


def read(
    segments: Sequence[MappedSegment],
    live: Bitmap,
    wanted: Wanted,
    deadline: Deadline = NO_DEADLINE,
) -> Reading:
    """Read the postings of words for the first time; an empty `live` says that all documents are.

    Raises `EngineTimeout` where the deadline passes, and `DamageError`.
    """
    (letters, asked), word_columns = wanted.packed(), wanted.word_columns
    size = segments[-1].behind_word if segments else 0
    columns, count = int(word_columns[-1]), len(word_columns) - 1
    text = np.empty((columns, size), dtype=np.uint64)
    matched = np.empty((wanted.marks, size), dtype=np.uint64)
    titled = np.empty((count, size), dtype=np.uint64)
    holding, title_holding = np.zeros((2, columns), dtype=np.int64)
    places = []
    for segment in segments:
        deadline.check()
        listed = _open_terms(segment, wanted.open_entries)
        others: Arrays = (
            letters, asked, *listed, live, segment.first_word, segment.behind_word,
            text, holding, title_holding, matched, titled,
        )  # fmt: skip
        places.append((segment, _read_segment(segment, others)))
    return Reading(asked, word_columns, text, holding, title_holding, matched, titled, places)


def _open_terms(segment: MappedSegment, entries: Sequence[Entry]) -> tuple[Longs, Longs]:
    """Return the terms of entries that only the vocabulary knows, in a row; how many each has."""
    if not entries:
        return _NOTHING, _NOTHING
    listed = [terms_of(segment.segment, entry) for entry in entries]
    return np.concatenate(listed), np.array([len(own) for own in listed])


def _read_segment(segment: MappedSegment, others: Arrays) -> Longs:
    arguments: Arrays = segment.for_reading + others
    while True:
        places, section, block = _read(*arguments)
        if section < 0:
            return places
        segment.check(section, block)


@compiled
def _read(
    checked: Octets,
    first_blocks: Longs,
    keys: Bytes,
    key_starts: Starts,
    key_guide: Guide,
    stems: Bytes,
    stem_starts: Starts,
    stem_guide: Guide,
    stem_term_starts: UintArray,
    stem_terms: UintArray,
    text_starts: _Ints,
    text_docs: Documents,
    title_terms: _Ints,
    title_starts: _Ints,
    title_docs: Documents,
    dense_runs: Bitmap,
    dense_stems: _Ints,
    dense_stem_entries: _Ints,
    dense_bitmaps: Bitmap,
    dense_starts: Longs,
    letters: Bytes,
    numbers_asked: Longs,
    open_terms: Longs,
    open_counts: Longs,
    live: Bitmap,
    first_word: int,
    behind_word: int,
    text_sets: Bitmaps,
    holding: Longs,
    title_holding: Longs,
    matched: Bitmaps,
    titled: Bitmaps,
) -> tuple[Longs, int, int]:
    """Return the places, packed; and a section and its block that is to be checked first, or -1.

    The segment's part of all sets is written, and what it has is added to `holding`, only where
    nothing has to be checked first.
    """
    asked = unpacked(numbers_asked)
    columns = asked.columns
    runs, section, block = _look_up(
        keys, key_starts, key_guide, letters, asked.run_bounds, False,
        checked, first_blocks, KEYS,
    )  # fmt: skip
    if block >= 0:
        return runs, section, block
    numbers, section, block = _look_up(
        stems, stem_starts, stem_guide, letters, asked.stem_bounds, True,
        checked, first_blocks, STEMS,
    )  # fmt: skip
    if block >= 0:
        return runs, section, block
    of_stems, stem_counts, section, block = list_terms(
        numbers,
        stem_term_starts, checked[first_blocks[STEM_TERM_STARTS] :],
        element_bits(stem_term_starts.itemsize),
        stem_terms, checked[first_blocks[STEM_TERMS] :], element_bits(stem_terms.itemsize),
    )  # fmt: skip
    if block >= 0:
        return numbers, STEM_TERM_STARTS + section, block
    found = _found(
        runs.reshape((-1, 2)), asked.run_starts, asked.list_starts, asked.is_stem,
        of_stems, stem_counts, open_terms, open_counts,
    )  # fmt: skip
    dense = _dense_numbers(
        found,
        asked.list_starts,
        asked.is_stem,
        numbers,
        columns,
        dense_runs,
        dense_stems,
        dense_stem_entries,
    )
    words = behind_word - first_word
    section, block = _unchecked_dense(dense, words, dense_starts, checked, first_blocks)
    if block >= 0:
        return runs, section, block
    text, section, block = _spans(
        text_starts, found, _light_bits(dense, columns), checked, first_blocks, TEXT_STARTS
    )
    if block >= 0:
        return runs, section, block
    renumber(title_terms, found)
    every_bit = np.full(len(columns) - 1, _ALL_BITS, dtype=np.int64)
    title, section, block = _spans(
        title_starts, found, every_bit, checked, first_blocks, TITLE_STARTS
    )
    if block >= 0:
        return runs, section, block
    _collect(text_docs, text, columns, dense, first_word, behind_word, text_sets)
    for column in range(len(dense)):
        if dense[column] >= 0:
            first = dense[column] * words
            copy(text_sets[column][first_word:behind_word], dense_bitmaps[first : first + words])
    _unite_words(
        live, columns, asked.is_matching, asked.mark_of_group, first_word, behind_word,
        text_sets, holding, matched,
    )  # fmt: skip
    _collect_titles(
        title_docs, title, live, columns, asked.word_of_group, first_word, behind_word,
        title_holding, titled,
    )  # fmt: skip
    return _packed_places(text, title, dense), -1, -1


@compiled
def _packed_places(text: Spans, title: Spans, dense: Longs) -> Longs:
    """Put places into one array: it is handed on, and each array costs some time."""
    size = len(dense) + 2
    for spans in (text, title):
        size += spans.rows.size + len(spans.starts)
    packed = np.empty(size, dtype=np.int64)
    packed[0], packed[1] = len(text.rows), len(title.rows)
    place = 2
    for spans in (text, title):
        packed[place : place + spans.rows.size] = spans.rows.ravel()
        place += spans.rows.size
        packed[place : place + len(spans.starts)] = spans.starts
        place += len(spans.starts)
    packed[place:] = dense
    return packed


@compiled
def unpacked_places(packed: Longs, groups: int) -> Places:
    """Take apart what a segment's first reading returned about so many groups."""
    text_end = 2 + 3 * packed[0]
    text = Spans(packed[2:text_end].reshape((-1, 3)), packed[text_end : text_end + groups + 1])
    title_begin = text_end + groups + 1
    title_end = title_begin + 3 * packed[1]
    title = Spans(
        packed[title_begin:title_end].reshape((-1, 3)),
        packed[title_end : title_end + groups + 1],
    )
    return Places(text, title, packed[title_end + groups + 1 :])


@compiled
def _look_up(
    strings: Bytes,
    starts: Starts,
    guide: Guide,
    wanted: Bytes,
    bounds: Longs,
    is_whole: bool,
    checked: Octets,
    first_blocks: Longs,
    section: int,
) -> tuple[Longs, int, int]:
    """Return the number of each key, see `look_up`; and what is to be checked first.

    The strings are of one section, their starts of the next one.
    """
    numbers = np.empty(len(bounds) - 1, dtype=np.int64)
    _, in_strings, in_starts = look_up(
        strings, checked[first_blocks[section] :], element_bits(1),
        starts, checked[first_blocks[section + 1] :], element_bits(starts.itemsize),
        guide, wanted, bounds, is_whole, numbers, 0,
    )  # fmt: skip
    if in_starts >= 0:
        return numbers, section + 1, in_starts
    return numbers, section, in_strings


@compiled
def _spans(
    starts: _Ints,
    found: Found,
    kept_bits: Longs,
    checked: Octets,
    first_blocks: Longs,
    section: int,
) -> tuple[Spans, int, int]:
    """Return the spans of a field, see `cut`; and what is to be checked first.

    The starts are of one section, documents and frequencies of the next two.
    """
    none = Spans(np.zeros((0, 3), dtype=np.int64), np.zeros(0, dtype=np.int64))
    bits = element_bits(starts.itemsize)
    block = unchecked_start(checked[first_blocks[section] :], bits, found)
    if block >= 0:
        return none, section, block
    spans = cut(starts, found, kept_bits)
    block = unchecked_row(checked[first_blocks[section + 1] :], element_bits(2), spans)
    if block >= 0:
        return none, section + 1, block
    block = unchecked_row(checked[first_blocks[section + 2] :], element_bits(1), spans)
    return spans, section + 2, block


@compiled
def _found(
    runs: Longs,
    run_starts: Longs,
    list_starts: Longs,
    is_stem: Longs,
    of_stems: Longs,
    stem_counts: Longs,
    open_terms: Longs,
    open_counts: Longs,
) -> Found:
    """Return the terms of all entries; those of several lists of a group are put in order."""
    terms = np.empty(len(of_stems) + len(open_terms), dtype=np.int64)
    bits = np.empty(len(terms), dtype=np.int64)
    term_starts = np.zeros(len(list_starts), dtype=np.int64)
    row: Int = 0
    stem, stem_row = 0, np.int64(0)
    other, other_row = 0, np.int64(0)
    for group in range(len(list_starts) - 1):
        first: Int = row
        bit = run_starts[group + 1] - run_starts[group]
        for number in range(list_starts[group], list_starts[group + 1]):
            if is_stem[number]:
                count = stem_counts[stem]
                terms[row : row + count] = of_stems[stem_row : stem_row + count]
                stem += 1
                stem_row += count
            else:
                count = open_counts[other]
                terms[row : row + count] = open_terms[other_row : other_row + count]
                other += 1
                other_row += count
            bits[row : row + count] = np.int64(1) << bit
            bit += 1
            row += count
        if list_starts[group + 1] - list_starts[group] > 1:
            order = np.argsort(terms[first:row], kind="mergesort")
            terms[first:row], bits[first:row] = terms[first:row][order], bits[first:row][order]
        term_starts[group + 1] = row
    return Found(runs, run_starts, terms, bits, term_starts)


@compiled
def _dense_numbers(
    found: Found,
    list_starts: Longs,
    is_stem: Longs,
    stems: Longs,
    columns: Longs,
    dense_runs: Bitmap,
    dense_stems: _Ints,
    dense_stem_entries: _Ints,
) -> Longs:
    """Return the number of each entry among the dense ones, or -1."""
    dense = np.full(columns[-1], -1, dtype=np.int64)
    runs, run_starts = found.runs, found.run_starts
    stem = 0
    for group in range(len(columns) - 1):
        column = columns[group]
        for number in range(run_starts[group], run_starts[group + 1]):
            lo, hi = np.uint64(runs[number, 0]), np.uint64(runs[number, 1])
            run = lo << np.uint64(RUN_BITS) | hi
            place = np.searchsorted(dense_runs, run)
            if place < len(dense_runs) and dense_runs[place] == run:
                dense[column] = place
            column += 1
        for number in range(list_starts[group], list_starts[group + 1]):
            if is_stem[number]:
                if stems[stem] >= 0:
                    place = np.searchsorted(dense_stems, stems[stem])
                    if place < len(dense_stems) and dense_stems[place] == stems[stem]:
                        dense[column] = dense_stem_entries[place]
                stem += 1
            column += 1
    return dense


@compiled
def _light_bits(dense: Longs, columns: Longs) -> Longs:
    """Return for each group the bits of the entries that are not dense."""
    light = np.zeros(len(columns) - 1, dtype=np.int64)
    for group in range(len(light)):
        for column in range(columns[group], columns[group + 1]):
            light[group] |= np.int64(dense[column] < 0) << (column - columns[group])
    return light


@compiled
def _unchecked_dense(
    dense: Longs, words: int, starts: Longs, checked: Octets, first_blocks: Longs
) -> tuple[int, int]:
    """Return the first (section, block) that is not checked of some dense entries, or -1."""
    for entry in dense:
        if entry >= 0:
            for section, first, behind, bits in (
                (DENSE_BITMAPS, entry * words, (entry + 1) * words, element_bits(8)),
                (DENSE_FREQUENCIES, starts[entry], starts[entry + 1], element_bits(1)),
            ):
                block = first_unchecked(checked[first_blocks[section] :], bits, first, behind)
                if block >= 0:
                    return section, block
    return -1, -1


# Parts of sets are taken in two steps, `sets[number][first_word:behind_word]`: only of what is
# known to have no gaps the compiler makes vectors.


@compiled
def _collect(
    docs: Documents,
    spans: Spans,
    columns: Longs,
    dense: Longs,
    first_word: int,
    behind_word: int,
    sets: Bitmaps,
) -> None:
    """Set for each entry that is not dense who holds it: `sets[column]`.

    A posting of several entries is read once: what they share is collected by itself.
    """
    is_begun = dense >= 0
    spare = np.empty(behind_word - first_word, dtype=np.uint64)
    for group in range(len(spans.starts) - 1):
        last_row = spans.starts[group + 1]
        done = np.zeros(1 << (columns[group + 1] - columns[group]), dtype=np.bool_)
        for row in range(spans.starts[group], last_row):
            bits, column = spans.rows[row, 2], columns[group]
            if done[bits]:
                continue
            done[bits] = True
            while not bits & 1:
                bits >>= 1
                column += 1
            found = spare if is_begun[column] else sets[column][first_word:behind_word]
            found[:] = 0
            for other in range(row, last_row):
                if spans.rows[other, 2] == spans.rows[row, 2]:
                    _put(docs, spans.rows[other], found)
            if not is_begun[column]:  # it has them already
                is_begun[column] = True
                bits ^= 1
            _hand_out(found, bits, column, first_word, behind_word, is_begun, sets)
    for column in range(len(is_begun)):
        if not is_begun[column]:
            sets[column][first_word:behind_word] = 0


@compiled
def _hand_out(
    found: Bitmap,
    bits: int,
    column: int,
    first_word: int,
    behind_word: int,
    is_begun: npt.NDArray[np.bool_],
    sets: Bitmaps,
) -> None:
    """Add documents to the sets from a column on whose bits are set; begin those that are not."""
    while bits:
        if bits & 1:
            own = sets[column][first_word:behind_word]
            if is_begun[column]:
                unite(own, found)
            else:
                copy(own, found)
                is_begun[column] = True
        bits >>= 1
        column += 1


@compiled
def _unite_words(
    live: Bitmap,
    columns: Longs,
    is_matching: Longs,
    mark_of_group: Longs,
    first_word: int,
    behind_word: int,
    sets: Bitmaps,
    holding: Longs,
    matched: Bitmaps,
) -> None:
    """Leave only live documents, count them, and unite for each mark what makes a match."""
    for mark in range(len(matched)):
        matched[mark][first_word:behind_word] = 0
    for group in range(len(mark_of_group)):
        of_mark = matched[mark_of_group[group]][first_word:behind_word]
        for column in range(columns[group], columns[group + 1]):
            own = sets[column][first_word:behind_word]
            holding[column] += _only(live[first_word:behind_word], own)
            if is_matching[column]:
                unite(of_mark, own)


@compiled
def _collect_titles(
    docs: Documents,
    spans: Spans,
    live: Bitmap,
    columns: Longs,
    word_of_group: Longs,
    first_word: int,
    behind_word: int,
    holding: Longs,
    titled: Bitmaps,
) -> None:
    """Count the live documents of each entry, and unite those of each word."""
    for word in range(len(titled)):
        titled[word][first_word:behind_word] = 0
    spare = np.empty(behind_word - first_word, dtype=np.uint64)
    for group in range(len(word_of_group)):
        of_word = titled[word_of_group[group]][first_word:behind_word]
        for column in range(columns[group], columns[group + 1]):
            found = False
            for row in range(spans.starts[group], spans.starts[group + 1]):
                if spans.rows[row, 2] >> (column - columns[group]) & 1:
                    if not found:
                        spare[:] = 0
                        found = True
                    _put(docs, spans.rows[row], spare)
            if found:
                holding[column] += _only(live[first_word:behind_word], spare)
                unite(of_word, spare)


@compiled
def _put(docs: Documents, row: Longs, found: Bitmap) -> None:
    for posting in range(row[0], row[1]):
        document = np.uint64(docs[posting])
        found[np.int64(document >> np.uint64(6))] |= np.uint64(1) << (document & np.uint64(63))


@compiled
def _only(live: Bitmap, documents: Bitmap) -> int:
    """Take deleted documents out of a set, where there are any; return how many are left."""
    for place in range(len(live)):
        documents[place] &= live[place]
    return count_of(documents)
