"""A kill and an I/O error at every system call of one commit that changes the disk."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from tests.faults.journey import BUG, State, Step, article, index, matching_state
from tests.faults.test_kills import (
    assert_a_reader_sees_a_whole_state,
    assert_the_next_import_works,
    first,
)
from tests.faults.tracing import MUTATING, calls, needs_strace, run_traced
from tests.faults.whole import assert_whole

pytestmark = pytest.mark.filterwarnings("ignore:This process.*use of fork:DeprecationWarning")

ERRORS = ("ENOSPC", "EIO", "EMFILE")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, State, list[Step]]:
    """Return an archive, its state, and the steps of one commit that also merges and forgets."""
    needs_strace()
    chance = random.Random(7)  # noqa: S311  # a run that can be repeated
    folder = tmp_path_factory.mktemp("calls") / "archive"
    state = first(folder, chance)
    with Archive.open(folder) as archive:
        for number in range(30, 37):  # one more small segment, and eight are merged
            step = Step("put", articles=(article(number, chance),))
            step.run(archive)
            index(archive)
            state = step.after(state)
    listed = [
        Step("put", articles=tuple(article(n, chance) for n in (3, 4, 50, 51))),
        Step("index"),
        Step("forget", ids=("h-5",)),
        Step("index"),
    ]
    return folder, state, listed


def faults(log: Path) -> Iterator[tuple[str, int, str]]:
    """Yield (system call, its how-manieth, strace's words for the fault) of a traced run."""
    for name, count in sorted(calls(log).items()):
        for number in range(1, count + 1):
            yield name, number, "signal=SIGKILL"
            for error in ERRORS:
                if error != "EMFILE" or name == "openat":
                    yield name, number, f"error={error}"


def test_a_kill_or_an_error_at_any_call_loses_nothing(
    tmp_path: Path,
    before: tuple[Path, State, list[Step]],
    scale: Callable[[int, int], int],
    record: Callable[[str, dict[str, object]], None],
) -> None:
    pristine, state, listed = before
    folder, log = tmp_path / "archive", tmp_path / "strace.log"
    shutil.copytree(pristine, folder)
    trace = f"trace={','.join(MUTATING)}"
    done, _ = run_traced(folder, listed, log, ["-e", trace])
    assert done == len(listed)
    listed_faults = list(faults(log))
    chosen = listed_faults[:: scale(max(1, len(listed_faults) // 40), 1)]
    chance = random.Random(8)  # noqa: S311  # a run that can be repeated
    outcomes: Counter[str] = Counter()
    for name, number, fault in chosen:
        shutil.rmtree(folder)
        copy_with_links(pristine, folder)
        injection = f"inject={name}:{fault}:when={number}"
        done, status = run_traced(folder, listed, log, ["-e", trace, "-e", injection])
        what = f"{name} {number} {fault}"
        code = os.waitstatus_to_exitcode(status)
        outcomes["killed" if code < 0 else ("went on" if code == 0 else "stopped")] += 1
        assert code != BUG, what
        assert code != 0 or done == len(listed), what
        after = matching_state(folder, state, listed, done)
        assert_a_reader_sees_a_whole_state(folder)
        assert_the_next_import_works(folder, after, chance)
        assert_whole(folder)
    record(
        "system calls",
        {
            "calls": dict(sorted(calls_by_name(listed_faults).items())),
            "faults": len(chosen),
            "outcomes": dict(sorted(outcomes.items())),
        },
    )


def calls_by_name(listed: list[tuple[str, int, str]]) -> dict[str, int]:
    return {name: number for name, number, _ in listed}


def copy_with_links(source: Path, target: Path) -> None:
    """Copy a folder; what is one file under two names stays one."""
    copied: dict[int, Path] = {}
    for folder, _, names in os.walk(source):
        there = target / Path(folder).relative_to(source)
        there.mkdir()
        for name in names:
            path = Path(folder) / name
            inode = path.stat().st_ino
            if inode in copied:
                (there / name).hardlink_to(copied[inode])
            else:
                shutil.copy2(path, there / name)
                copied[inode] = there / name
