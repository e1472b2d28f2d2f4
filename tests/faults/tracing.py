"""strace as a tool of tests: which system calls change the disk, and what happens when one fails.

strace stops the traced process at each call and can make it fail or kill it there, so the code
under test is the real one, SQLite and the C library included. Needs Debian's strace and the right
to trace a child.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.journey import Child, Step

MUTATING = (
    "openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "renameat",
    "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "chmod", "fchmod",
)  # fmt: skip
"""All that create or change something on disk here; openat also to be refused a descriptor."""

_CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\(", re.MULTILINE)


def needs_strace() -> None:
    """Skip where no child can be traced."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("this machine lets nobody trace a process")


def run_traced(
    folder: Path, listed: Sequence[Step], log: Path, options: Sequence[str]
) -> tuple[int, int]:
    """Run steps in a child under strace; return (steps acknowledged, wait status)."""
    child = Child(folder, listed)
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(child.pid), "-o", str(log), *options],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert tracer.stderr is not None
    line = tracer.stderr.readline()
    assert "attached" in line, line
    child.start()
    ended = child.ended()
    tracer.wait()
    tracer.stderr.close()
    return ended


def calls(log: Path) -> Counter[str]:
    """Return how often each system call is in a log."""
    return Counter(_CALL.findall(log.read_text(errors="replace")))
