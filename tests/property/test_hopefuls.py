"""No document that can be among the best is left out, whatever its score within its bounds is."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.engines.embedded.heaps import contenders, hopefuls

MARGIN = 1 - 1e-5
fractions = st.floats(0, 1, width=32)


@st.composite
def bounded_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw documents with bounds, shares and a score that lies within them."""
    rows = draw(
        st.lists(
            st.tuples(st.booleans(), st.floats(0, 100, width=32), fractions, fractions),
            max_size=120,
        )
    )
    selected, bounds, shares, places = (
        (np.array(column) for column in zip(*rows, strict=True)) if (rows) else (np.zeros(0),) * 4
    )
    slack = draw(st.sampled_from([0.0, 0.5, 7.0]))
    bounds, shares = bounds.astype(np.float32), shares.astype(np.float32)
    least = bounds.astype(np.float64) * shares
    return {
        "selected": selected.astype(bool),
        "bounds": bounds,
        "shares": shares,
        "slack": slack,
        "scores": least + places * (bounds + slack - least),
    }


@given(bounded_documents(), st.integers(1, 20))
def test_the_best_are_among_the_hopefuls(documents: dict[str, Any], wanted: int) -> None:
    found = hopefuls(
        documents["selected"],
        documents["bounds"],
        documents["shares"],
        documents["slack"],
        MARGIN,
        wanted,
    )
    scores = documents["scores"]
    selected = np.flatnonzero(documents["selected"])
    best = np.sort(scores[selected])[::-1][:wanted]
    assert np.sort(scores[found])[::-1][:wanted].tolist() == best.tolist()
    assert set(found.tolist()) <= set(selected.tolist())
    assert found.tolist() == sorted(found.tolist())


def test_what_cannot_win_is_left_out() -> None:
    bounds = np.array([9.0, 1.0, 8.0, 3.0], dtype=np.float32)
    shares = np.full(4, 0.5, dtype=np.float32)
    everything = np.ones(4, dtype=bool)
    # The second best is worth at least 4, which 1 and 3 cannot reach ...
    assert hopefuls(everything, bounds, shares, 0.0, MARGIN, 2).tolist() == [0, 2]
    # ... unless there is something that the bounds do not tell.
    assert hopefuls(everything, bounds, shares, 1.5, MARGIN, 2).tolist() == [0, 2, 3]


@given(st.lists(st.integers(0, 9)), st.integers(1, 20))
def test_contenders_have_every_key_that_may_be_among_the_largest(
    keys: list[int], wanted: int
) -> None:
    numbers, least = contenders(np.array(keys, dtype=np.float64), wanted)
    expected = sorted(keys, reverse=True)[wanted - 1] if len(keys) >= wanted else -np.inf
    assert least == expected
    assert {n for n, key in enumerate(keys) if key >= expected} <= set(numbers.tolist())
