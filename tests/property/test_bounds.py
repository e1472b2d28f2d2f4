"""No document that can be among the best is left out, whatever it scores within its bounds."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.embedded.bitmaps import (
    WORD_BITS,
    Bitmap,
    bitmap_of,
    bitmap_with,
    documents_of,
    words_for,
)
from search.engines.embedded.bounds import Held, hopefuls
from search.engines.embedded.heaps import contenders
from search.engines.embedded.kernels import Doubles, Floats

Mask = npt.NDArray[np.bool_]


class Drawn(NamedTuple):
    """What a first reading may have found, and a score of each document within its bounds."""

    held: Held
    power: float
    shares: Floats
    selected: Bitmap
    scores: Doubles


def bounds_of(held: Held, text: Mask, title: Mask, power: float) -> Doubles:
    """Add up what the entries of each document are worth, document by document."""
    worths = text * held.text_scales[:, None] + title * held.title_scales[:, None]
    bounds = np.zeros(text.shape[1])
    for lo, hi in pairwise(held.word_columns):
        bounds += worths[lo:hi].sum(axis=0) ** power
    return bounds


@st.composite
def first_readings(draw: st.DrawFn) -> Drawn:
    """Draw sets and scales of a few words, with titles among the texts, and scores."""
    count = draw(st.sampled_from([1, 63, 64, 65, 300, 20_000, 140_000]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    of_words = draw(st.lists(st.integers(1, 6), max_size=5))
    columns = sum(of_words)
    shape = (columns, count)
    text = random.random(shape) < random.choice([0.0, 0.01, 0.3, 0.9, 1.0], (columns, 1))
    title = text & (random.random(shape) < random.choice([0.0, 0.05, 1.0], (columns, 1)))
    # Entries that only match have no scale.
    text_scales, title_scales = (
        random.choice([0.0, 0.01, 1.0, 7.0], columns) * random.random(columns) * own.any(axis=1)
        for own in (text, title)
    )
    words = words_for(count)
    starts = np.cumsum([0, *of_words])
    titled = [bitmap_of(np.any(title[lo:hi], axis=0)) for lo, hi in pairwise(starts)]
    held = Held(
        _sets(text, words),
        np.array(titled, dtype=np.uint64).reshape(len(of_words), words),
        text.sum(axis=1),
        text_scales,
        np.where(text_scales > 0, title_scales, 0.0),
        starts,
    )
    power = draw(st.sampled_from([0.75, 1.0, 0.3, 2.0]))
    bounds = bounds_of(held, text, title, power)
    shares = np.zeros(words * WORD_BITS, dtype=np.float32)
    shares[:count] = random.random(count)
    scores = bounds * (shares[:count] + (1 - shares[:count]) * random.random(count))
    selected = bitmap_of(random.random(count) < draw(st.sampled_from([0.05, 0.5, 1.0])))
    return Drawn(held, power, shares, selected, scores)


def _sets(masks: Mask, words: int) -> Bitmap:
    return np.array([bitmap_of(mask) for mask in masks], dtype=np.uint64).reshape(-1, words)


@given(first_readings(), st.integers(1, 40))
def test_the_best_are_among_the_hopefuls(drawn: Drawn, wanted: int) -> None:
    found = hopefuls(*drawn.held, drawn.power, drawn.shares, drawn.selected, wanted)
    selected = documents_of(drawn.selected)
    best = np.sort(drawn.scores[selected])[::-1][:wanted]
    assert np.sort(drawn.scores[found])[::-1][:wanted].tolist() == best.tolist()
    assert set(found.tolist()) <= set(selected.tolist())
    assert found.tolist() == sorted(found.tolist())


def test_what_cannot_win_is_left_out() -> None:
    words = words_for(20_000)
    common, rare = range(20_000), range(0, 20_000, 100)
    sets = np.array([bitmap_with(np.array(documents), words) for documents in (common, rare)])
    nothing = np.zeros_like(sets)
    held = Held(
        sets,
        nothing,
        np.array([20_000, 200]),
        np.array([1.0, 5.0]),
        np.zeros(2),
        np.array([0, 1, 2]),
    )
    shares = np.full(words * WORD_BITS, 0.5, dtype=np.float32)
    # Documents with the rare word score at least 3, all others at most 1.
    found = hopefuls(*held, 1.0, shares, bitmap_with(np.arange(20_000), words), 10)
    assert found.tolist() == list(rare)


def test_what_is_worth_nothing_at_all_shifts_no_bound() -> None:
    scales = np.array([1e-20, 1.0429732072401632, 1.744743461714922])
    scales = np.append(scales, [1e-20, 2.4393693553219573, 0.41653752454341264])
    masks = [np.arange(256) < count for count in (256, 120, 60)] * 2
    text = np.array([bitmap_of(mask) for mask in masks])
    counts = np.array([int(mask.sum()) for mask in masks])
    nobody = np.zeros((2, text.shape[1]), dtype=np.uint64)
    held = Held(text, nobody, counts, scales, np.zeros(6), np.array([0, 3, 6]))
    # Raised to 16, 1e-20 is nothing, so 120 documents have two words' worth and 136 none.
    found = hopefuls(*held, 16.0, np.ones(256, dtype=np.float32), text[0].copy(), 100)
    assert set(range(100)) <= set(found.tolist())


@pytest.mark.parametrize(
    ("scale", "power"), [(7.0, 500.0), (0.48, 1000.0), (0.47, 985.0), (1e-323, 1.0)]
)
def test_what_numbers_cannot_tell_leaves_nothing_out(scale: float, power: float) -> None:
    words = words_for(1000)
    everything = bitmap_with(np.arange(1000), words)
    one = np.array([everything])
    scales = np.array([scale])
    held = Held(one, one, np.array([1000]), scales, np.zeros(1), np.array([0, 1]))
    shares = np.ones(words * WORD_BITS, dtype=np.float32)
    assert hopefuls(*held, power, shares, everything, 10).tolist() == list(range(1000))


@given(st.lists(st.integers(0, 9)), st.integers(1, 20))
def test_contenders_have_every_key_that_may_be_among_the_largest(
    keys: list[int], wanted: int
) -> None:
    numbers, least = contenders(np.array(keys, dtype=np.float64), wanted)
    expected = sorted(keys, reverse=True)[wanted - 1] if len(keys) >= wanted else -np.inf
    assert least == expected
    assert {n for n, key in enumerate(keys) if key >= expected} <= set(numbers.tolist())
