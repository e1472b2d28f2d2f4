"""SIGKILL at any moment of import, commit, merge, rebuild and forgetting."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from index.archive import Archive
from search.engines.embedded import EmbeddedEngine
from tests.faults.journey import (
    BUG,
    FAILED,
    Child,
    State,
    Step,
    article,
    index,
    matching_state,
    steps,
)
from tests.faults.whole import INDEX, assert_whole, current, index_contents

pytestmark = pytest.mark.filterwarnings("ignore:This process.*use of fork:DeprecationWarning")


def test_killed_at_any_moment_nothing_is_lost_and_nothing_is_half_done(
    tmp_path: Path,
    scale: Callable[[int, int], int],
    record: Callable[[str, dict[str, object]], None],
) -> None:
    folder = tmp_path / "archive"
    chance = random.Random(2026)  # noqa: S311  # a run that can be repeated
    state = first(folder, chance)
    wanted, runs, killed, under_way = scale(25, 1000), 0, 0, Counter[str]()
    acknowledged_in_all = 0
    while killed < wanted:
        runs += 1
        listed = steps(chance)
        child = Child(folder, listed)
        child.start()
        time.sleep(chance.uniform(0, 0.5))
        os.kill(child.pid, signal.SIGKILL)
        acknowledged, status = child.ended()
        assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) not in (BUG, FAILED), status
        killed += os.WIFSIGNALED(status)
        acknowledged_in_all += acknowledged
        under_way[listed[min(acknowledged, len(listed) - 1)].kind] += 1
        state = matching_state(folder, state, listed, acknowledged)
        assert_a_reader_sees_a_whole_state(folder)
        state = assert_the_next_import_works(folder, state, chance)
        if runs % 10 == 0 or killed > wanted - 5:
            assert_whole(folder)
    record(
        "kills",
        {
            "kills": killed,
            "runs": runs,
            "steps_acknowledged": acknowledged_in_all,
            "under_way": dict(sorted(under_way.items())),
        },
    )


def first(folder: Path, chance: random.Random) -> State:
    """Make an archive of a few articles and return its state."""
    step = Step("put", articles=tuple(article(n, chance) for n in range(20)))
    with Archive.open(folder, create=True) as archive:
        step.run(archive)
        index(archive)
    assert_whole(folder)
    return step.after({})


def assert_a_reader_sees_a_whole_state(folder: Path) -> None:
    searcher = EmbeddedEngine(folder / INDEX).searcher()
    generation = current(folder)
    assert searcher.generation == generation.manifest.generation
    with Archive.open(folder, read_only=True) as archive:
        assert generation.manifest.sequence <= archive.sequence
        _, settled, moved = archive.ids_upto(generation.manifest.sequence)
    found = set(index_contents(generation))
    assert settled <= found
    # What changed later may be there in an earlier state; a forgotten one until it is indexed.
    assert all(each in settled or each in moved or is_forgotten(folder, each) for each in found)


def is_forgotten(folder: Path, article_id: str) -> bool:
    with Archive.open(folder, read_only=True) as archive:
        return archive.get(article_id) is None and archive.is_gone(article_id)


def assert_the_next_import_works(folder: Path, state: State, chance: random.Random) -> State:
    step = Step("put", articles=(article(chance.randrange(60), chance),))
    with Archive.open(folder) as archive, archive.writing_alone("test", 0):
        step.run(archive)
        index(archive)
        assert current(folder).manifest.sequence == archive.sequence
    return step.after(state)
