"""When segments are merged: few of them at any time, and no document rewritten too often."""

from __future__ import annotations

from math import log

from hypothesis import given
from hypothesis import strategies as st

from index.codec.inversion import LARGEST_SEGMENT
from index.updating import MERGE_FACTOR, _tier, merge_plan

sizes = st.lists(st.integers(1, 5000), max_size=80)
any_sizes = st.lists(
    st.integers(1, LARGEST_SEGMENT) | st.sampled_from([1, 8, 4096, 32_767, 32_768, 65_535, 65_536]),
    max_size=80,
)


def merged(counts: list[int]) -> tuple[list[int], int]:
    """Do every merge that is planned; return what is left, and how many documents were moved."""
    moved = 0
    while group := merge_plan(counts):
        total = sum(counts[place] for place in group)
        counts = [count for place, count in enumerate(counts) if place not in group] + [total]
        moved += total
    return counts, moved


def most_segments(documents: int) -> float:
    """Return the bound: so many of each power of the factor, and those that are half full."""
    below = min(documents, LARGEST_SEGMENT)
    return (MERGE_FACTOR - 1) * (log(max(below, 1), MERGE_FACTOR) + 1) + (
        2 * documents // LARGEST_SEGMENT
    )


@given(sizes)
def test_a_plan_names_distinct_segments_of_similar_size(counts: list[int]) -> None:
    group = merge_plan(counts)
    if group:
        own = [counts[place] for place in group]
        assert len(set(group)) == len(group) >= MERGE_FACTOR
        assert max(own) < MERGE_FACTOR * max(min(own), 1)


@given(any_sizes)
def test_no_plan_makes_a_segment_larger_than_its_numbers(counts: list[int]) -> None:
    left = counts
    while group := merge_plan(left):
        assert len(group) >= 2
        total = sum(left[place] for place in group)
        assert total <= LARGEST_SEGMENT
        assert _tier(total) > max(_tier(left[place]) for place in group)
        left = [count for place, count in enumerate(left) if place not in group] + [total]
    assert sum(left) == sum(counts)
    assert len(left) <= most_segments(sum(counts))


@given(st.lists(st.integers(LARGEST_SEGMENT // 2, LARGEST_SEGMENT), max_size=80))
def test_full_segments_are_never_merged_again(counts: list[int]) -> None:
    assert merge_plan(counts) == []
    assert merge_plan([*counts, *[3] * MERGE_FACTOR]) == list(
        range(len(counts), len(counts) + MERGE_FACTOR)
    )


def test_segments_that_do_not_all_fit_are_merged_as_far_as_they_do() -> None:
    assert merge_plan([32_000, *[10_000] * 7]) == [1, 2, 3, 4, 5, 6]


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


def test_an_archive_of_many_full_segments_keeps_the_bound_and_the_work() -> None:
    counts: list[int] = []
    moved = 0
    for _ in range(1_000):
        counts, just_moved = merged([*counts, 1_000])
        moved += just_moved
        assert max(counts) <= LARGEST_SEGMENT
        assert len(counts) <= most_segments(sum(counts))
    assert moved / sum(counts) <= log(LARGEST_SEGMENT, MERGE_FACTOR) + 1


def test_a_large_segment_is_left_alone_by_small_ones() -> None:
    assert merge_plan([100_000, 1, 1, 1]) == []
    assert merge_plan([100_000, *[1] * MERGE_FACTOR]) == list(range(1, MERGE_FACTOR + 1))


def test_nothing_is_planned_for_few_segments() -> None:
    assert merge_plan([]) == []
    assert merge_plan([5] * (MERGE_FACTOR - 1)) == []


def test_segments_without_live_documents_can_be_merged_away() -> None:
    assert merge_plan([0] * MERGE_FACTOR) == list(range(MERGE_FACTOR))
