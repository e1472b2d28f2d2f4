"""What many documents hold, once more: a bit for each document, and all frequencies.

A query reads all postings of its entries to learn who holds them, and half of a query's postings
belong to a few frequent entries. For each entry that an eighth of a segment's documents hold, the
segment keeps a bitmap, and the frequencies in order of documents. Who holds it is then a copy of
some kilobytes, and the frequency in one document is found by counting bits, without reading the
others (as in the dense blocks of Lucene's IndexedDISI, without their ranks: whoever looks up many
documents counts on from one to the next).

An entry is a set of terms: a run of the vocabulary (an exact or folded word, first letters), or
the terms of a stem. Two with the same terms are one. The writer is here, and what the reader's
loops take; docs/index-format.md has every array.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.codec.compiled import Int, compiled
from index.codec.inversion import ESCAPE as BYTE_ESCAPE
from index.codec.inversion import Longs, Octets, Postings, UInts, starts_of
from index.codec.strings import Bytes, Starts

Bitmap = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint64]

SHARE = 8
"""An entry is dense that one of so many documents holds: half the size of one of 16, and with a
fifth of the postings left to read for three words instead of a tenth."""

FEWEST_DOCUMENTS = 1024
"""Fewer are read sooner than bitmaps pay."""

RUN_BITS = 32
"""A run of terms as one number: first term << 32 | term behind the last."""

ESCAPE = 15
"""A frequency of four bits that says: see the overflow."""

_WIDTHS = (4, 5)
_SEPARATOR = 0


class DenseEntries(NamedTuple):
    """The dense entries of one field, with B = ⌈documents / 64⌉ words each.

    Entry e has the bitmap `bitmaps[e * B:(e + 1) * B]`, and the frequencies of its documents in
    order, four bits each, from `frequencies[starts[e]]` on, the lower half of a byte first. A
    frequency of 15 is the overflow's: `overflow_places` are numbers of halves, ascending. Run
    `runs[e]` is entry e; stem `stems[i]` is entry `stem_entries[i]`.
    """

    runs: Codes
    stems: UInts
    stem_entries: UInts
    bitmaps: Bitmap
    starts: Longs
    frequencies: Octets
    overflow_places: Longs
    overflow_values: UInts


class _Tabulated(NamedTuple):
    """Some entries; frequencies are as wide as they need be, each entry's of an even number."""

    is_dense: npt.NDArray[np.bool_]
    bitmaps: Bitmap
    starts: Longs
    frequencies: UInts


def dense_entries(
    packed_keys: tuple[Bytes, Starts], terms_of_stems: tuple[UInts, Longs], postings: Postings
) -> DenseEntries:
    """Return the dense entries of a field that has every term.

    Keys are packed as by `pack_strings`; the terms of stem s are `terms[starts[s]:starts[s + 1]]`.
    """
    least = max(FEWEST_DOCUMENTS, -(-len(postings.lengths) // SHARE))
    runs, run_spans = _candidate_runs(*packed_keys, postings.starts, least)
    stems, codes, stem_spans, span_starts = _candidate_stems(
        *terms_of_stems, postings.starts, least
    )
    is_run = np.isin(codes, runs)
    counts = np.diff(span_starts)
    found = _tabulate(
        postings,
        np.concatenate((run_spans, stem_spans[np.repeat(~is_run, counts)])),
        np.concatenate((np.arange(len(runs)), starts_of(counts[~is_run]) + len(runs))),
        least,
    )
    numbers = np.cumsum(found.is_dense) - 1  # of each candidate, runs first
    candidates = np.where(is_run, np.searchsorted(runs, codes), len(runs) + np.cumsum(~is_run) - 1)
    is_dense = found.is_dense[candidates]
    places = np.flatnonzero(found.frequencies >= ESCAPE)
    narrow = np.minimum(found.frequencies, ESCAPE).astype(np.uint8)
    return DenseEntries(
        runs=runs[found.is_dense[: len(runs)]],
        stems=stems[is_dense].astype(np.uint32),
        stem_entries=numbers[candidates[is_dense]].astype(np.uint32),
        bitmaps=found.bitmaps,
        starts=found.starts // 2,
        frequencies=(narrow[::2] | narrow[1::2] << 4).astype(np.uint8),
        overflow_places=places,
        overflow_values=found.frequencies[places],
    )


def _candidate_runs(
    packed: Bytes, key_starts: Starts, starts: Longs, least: int
) -> tuple[Codes, Longs]:
    """Return the runs with enough postings, ascending, and the spans of their postings."""
    codes = np.unique(_wide_runs(packed, key_starts, starts, least))
    lo, hi = codes >> np.uint64(RUN_BITS), codes & np.uint64((1 << RUN_BITS) - 1)
    return codes, np.column_stack((starts[lo], starts[hi]))


def _candidate_stems(
    terms: UInts, term_starts: Longs, starts: Longs, least: int
) -> tuple[Longs, Codes, Longs, Longs]:
    """Return (stems, the run that each one is, spans of postings, where each one's begin).

    The run of a stem whose terms are none is 0.
    """
    sums = starts_of(np.diff(starts)[terms])
    sizes = sums[term_starts[1:]] - sums[term_starts[:-1]]
    stems = np.flatnonzero(sizes >= least)
    begin, end = term_starts[stems].astype(np.int64), term_starts[stems + 1].astype(np.int64)
    lo, hi = terms[begin].astype(np.uint64), terms[end - 1].astype(np.uint64) + np.uint64(1)
    is_run = hi - lo == (end - begin).astype(np.uint64)
    codes = np.where(is_run, lo << np.uint64(RUN_BITS) | hi, np.uint64(0))
    span_starts = starts_of(end - begin)
    places = np.arange(span_starts[-1]) + np.repeat(begin - span_starts[:-1], end - begin)
    own = terms[places].astype(np.int64)
    return stems, codes, np.column_stack((starts[own], starts[own + 1])), span_starts


@compiled
def _wide_runs(packed: Bytes, key_starts: Starts, starts: Longs, least: int) -> Codes:
    """Return the runs of at least so many postings: first letters, folded and exact words.

    Those that are several of these come several times.
    """
    terms = len(starts) - 1
    found = np.empty((len(_WIDTHS) + 2) * terms, dtype=np.uint64)
    row = 0
    firsts = np.zeros(len(_WIDTHS) + 2, dtype=np.int64)
    for term in range(1, terms + 1):
        letters: Int = np.int64(0)
        is_same_fold = False
        if term < terms:
            letters, is_same_fold = _shared(packed, key_starts, term)
        for kind in range(len(firsts)):
            is_shared = bool(is_same_fold and kind == len(_WIDTHS))
            if kind < len(_WIDTHS):
                is_shared = bool(letters >= _WIDTHS[kind])
            if not is_shared:
                first = firsts[kind]
                if starts[term] - starts[first] >= least:
                    found[row] = np.uint64(first) << np.uint64(RUN_BITS) | np.uint64(term)
                    row += 1
                firsts[kind] = term
    return found[:row]


@compiled
def _shared(packed: Bytes, key_starts: Starts, term: Int) -> tuple[Int, bool]:
    """Return how many first letters a term's fold shares with the one before, and if all."""
    place, before = np.int64(key_starts[term]), np.int64(key_starts[term - 1])
    letters: Int = np.int64(0)
    while packed[place] == packed[before] and packed[place] != _SEPARATOR:
        letters += not _is_continued(packed[place])
        place += 1
        before += 1
    if packed[place] == packed[before]:
        return letters, True
    # Cut within a letter of several bytes, it is not shared.
    is_cut = _is_continued(packed[place]) or _is_continued(packed[before])
    return letters - is_cut, False


@compiled
def _is_continued(octet: int) -> bool:
    """Whether a byte of UTF-8 goes on with the letter before."""
    return octet & 0xC0 == 0x80


@compiled
def _tabulate(postings: Postings, spans: Longs, span_starts: Longs, least: int) -> _Tabulated:
    """Return those entries that at least so many documents hold.

    Entry e has the postings of the spans (first, behind) [span_starts[e], span_starts[e + 1]).
    """
    documents = len(postings.lengths)
    words = -(-documents // 64)
    entries = len(span_starts) - 1
    is_dense = np.zeros(entries, dtype=np.bool_)
    bitmaps = np.zeros((entries, words), dtype=np.uint64)
    starts = np.zeros(entries + 1, dtype=np.int64)
    size = np.int64(0)
    for span in range(len(spans)):
        size += spans[span, 1] - spans[span, 0]
    frequencies = np.zeros(size + entries + 1, dtype=np.uint32)
    counts = np.zeros(documents, dtype=np.uint32)
    kept, row = 0, np.int64(0)
    for entry in range(entries):
        counts[:] = 0
        for span in range(span_starts[entry], span_starts[entry + 1]):
            _add_frequencies(postings, spans[span, 0], spans[span, 1], counts)
        held = np.int64(0)
        for document in range(documents):
            held += counts[document] > 0
        if held < least:
            continue
        is_dense[entry] = True
        before = np.int64(0)
        for word in range(words):
            bits = np.uint64(0)
            for document in range(64 * word, min(64 * word + 64, documents)):
                # Without a branch, which would often be guessed wrongly.
                is_held = counts[document] > 0
                bits |= np.uint64(is_held) << np.uint64(document & 63)
                frequencies[row + before] = counts[document]
                before += is_held
            bitmaps[kept, word] = bits
        row += before + (before & 1)
        kept += 1
        starts[kept] = row
    return _Tabulated(
        is_dense,
        bitmaps[:kept].copy().ravel(),
        starts[: kept + 1],
        frequencies[:row],
    )


@compiled
def _add_frequencies(postings: Postings, first: Int, behind: Int, counts: UInts) -> None:
    """Add the frequency of each of some postings to the count of its document."""
    docs, octets = postings.docs, postings.frequencies
    for place in range(first, behind):
        counts[docs[place]] += octets[place]
    # Looking at each whether it is an escape takes five times as long.
    row = np.searchsorted(postings.overflow_places, first)
    while row < len(postings.overflow_places) and postings.overflow_places[row] < behind:
        place = postings.overflow_places[row]
        counts[docs[place]] += postings.overflow_values[row] - BYTE_ESCAPE
        row += 1
