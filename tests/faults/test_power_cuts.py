"""The power goes at any moment: what was not synced is lost, in part and out of order."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.journey import matching_state, steps
from tests.faults.power import OPTIONS, Disk, lines
from tests.faults.test_kills import (
    assert_a_reader_sees_a_whole_state,
    assert_the_next_import_works,
    first,
)
from tests.faults.test_system_calls import copy_with_links
from tests.faults.tracing import needs_strace, run_traced
from tests.faults.whole import assert_whole

pytestmark = pytest.mark.filterwarnings("ignore:This process.*use of fork:DeprecationWarning")

_ACKNOWLEDGED = "sendto("


def test_a_power_cut_loses_nothing_that_was_acknowledged(
    tmp_path: Path,
    scale: Callable[[int, int], int],
    record: Callable[[str, dict[str, object]], None],
) -> None:
    needs_strace()
    chance = random.Random(11)  # noqa: S311  # a run that can be repeated
    pristine, folder = tmp_path / "pristine", tmp_path / "archive"
    log, after_cut = tmp_path / "strace.log", tmp_path / "after"
    state = first(pristine, chance)
    cuts, lost = 0, Counter[str]()
    for _ in range(scale(2, 10)):
        listed = steps(chance)[: scale(10, 24)]
        shutil.rmtree(folder, ignore_errors=True)
        copy_with_links(pristine, folder)
        done, _ = run_traced(folder, listed, log, OPTIONS)
        assert done == len(listed)
        traced = list(lines(log))
        for moment in sorted(chance.sample(range(len(traced)), scale(6, 20))):
            disk = Disk(copied_afresh(pristine, folder))
            for line in traced[:moment]:
                disk.replay(line)
            acknowledged = sum(_ACKNOWLEDGED in line for line in traced[:moment])
            shutil.rmtree(after_cut, ignore_errors=True)
            disk.write_survivors(after_cut, chance)
            now = matching_state(after_cut, state, listed, acknowledged)
            assert_a_reader_sees_a_whole_state(after_cut)
            assert_the_next_import_works(after_cut, now, chance)
            assert_whole(after_cut)
            cuts += 1
            lost[listed[min(acknowledged, len(listed) - 1)].kind] += 1
    record("power cuts", {"cuts": cuts, "under_way": dict(sorted(lost.items()))})


def copied_afresh(pristine: Path, folder: Path) -> Path:
    """Return the folder as it was before the traced run, at the place that the trace names."""
    shutil.rmtree(folder)
    copy_with_links(pristine, folder)
    return folder


@pytest.mark.parametrize("synced", [True, False])
def test_the_simulated_disk_loses_what_was_not_synced(tmp_path: Path, synced: bool) -> None:
    needs_strace()
    root = tmp_path / "disk"
    root.mkdir()
    disk = Disk(root)
    path = "".join(f"\\x{byte:02x}" for byte in str(root / "a").encode())
    top = "".join(f"\\x{byte:02x}" for byte in str(root).encode())
    text = "".join(f"\\x{byte:02x}" for byte in b"haber")
    script = [
        f'1 openat(AT_FDCWD, "{path}", O_WRONLY|O_CREAT, 0644) = 5',
        f'1 write(5, "{text}", 5) = 5',
        *(
            ["1 fsync(5) = 0", f'1 openat(AT_FDCWD, "{top}", O_RDONLY) = 6', "1 fsync(6) = 0"]
            if synced
            else []
        ),
    ]
    for line in script:
        disk.replay(line)
    survivors = set()
    for seed in range(40):
        target = tmp_path / f"after-{seed}"
        disk.write_survivors(target, random.Random(seed))  # noqa: S311  # no secret
        survivors.add((target / "a").read_bytes() if (target / "a").exists() else None)
    assert survivors == ({b"haber"} if synced else {b"haber", b"", None})
