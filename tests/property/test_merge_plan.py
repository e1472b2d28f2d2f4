"""When segments are merged: few of them at any time, and no document rewritten too often."""

from __future__ import annotations

from math import log

from hypothesis import given
from hypothesis import strategies as st

from index.updating import MERGE_FACTOR, merge_plan

sizes = st.lists(st.integers(1, 5000), max_size=80)


def merged(counts: list[int]) -> tuple[list[int], int]:
    """Do every merge that is planned; return what is left, and how many documents were moved."""
    moved = 0
    while group := merge_plan(counts):
        total = sum(counts[place] for place in group)
        counts = [count for place, count in enumerate(counts) if place not in group] + [total]
        moved += total
    return counts, moved


def most_segments(documents: int) -> float:
    """Return the bound of Lucene's logarithmic policy: so many of each power of the factor."""
    return (MERGE_FACTOR - 1) * (log(max(documents, 1), MERGE_FACTOR) + 1)


@given(sizes)
def test_a_plan_names_distinct_segments_of_similar_size(counts: list[int]) -> None:
    group = merge_plan(counts)
    if group:
        own = [counts[place] for place in group]
        assert len(set(group)) == len(group) >= MERGE_FACTOR
        assert max(own) < MERGE_FACTOR * max(min(own), 1)


@given(sizes)
def test_merging_ends_with_few_segments_and_every_document(counts: list[int]) -> None:
    left, _ = merged(counts)
    assert sum(left) == sum(counts)
    assert len(left) <= most_segments(sum(counts))


@given(st.lists(st.integers(1, 300), min_size=1, max_size=60))
def test_segments_stay_few_however_the_updates_come(updates: list[int]) -> None:
    counts: list[int] = []
    for size in updates:
        counts, _ = merged([*counts, size])
        assert len(counts) <= most_segments(sum(counts))


def test_ten_thousand_small_updates_move_each_document_a_few_times() -> None:
    counts: list[int] = []
    moved = 0
    for _ in range(10_000):
        counts, just_moved = merged([*counts, 1])
        moved += just_moved
        assert len(counts) <= most_segments(sum(counts))
    assert moved / 10_000 <= log(10_000, MERGE_FACTOR) + 1


def test_a_large_segment_is_left_alone_by_small_ones() -> None:
    assert merge_plan([100_000, 1, 1, 1]) == []
    assert merge_plan([100_000, *[1] * MERGE_FACTOR]) == list(range(1, MERGE_FACTOR + 1))


def test_nothing_is_planned_for_few_segments() -> None:
    assert merge_plan([]) == []
    assert merge_plan([5] * (MERGE_FACTOR - 1)) == []


def test_segments_without_live_documents_can_be_merged_away() -> None:
    assert merge_plan([0] * MERGE_FACTOR) == list(range(MERGE_FACTOR))
