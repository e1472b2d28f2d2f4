"""One writer at a time: a lock that the kernel lets go of, with the name of who holds it.

`flock` on a small file. It belongs to the open file, so a process that ends, however it ends,
leaves no lock behind; what the file says is only for the message that a second writer gets.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from index.errors import BusyError, WorldError

WAIT_SECONDS = 30.0
"""How long a second writer waits before it gives up, unless told otherwise."""

_POLL_SECONDS = 0.05
_MODE = 0o644


@contextmanager
def held(
    path: Path,
    purpose: str,
    *,
    wait: float = WAIT_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[None]:
    """Hold the lock `path` while the block runs; `purpose` is what others are told.

    Waits at most `wait` seconds. Raises `BusyError` that names the holder, and `WorldError` where
    the file cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    except OSError as error:
        raise WorldError(
            f"{path}: cannot be locked ({error.strerror}); look at the folder and its permissions"
        ) from error
    try:
        _acquire(descriptor, path, wait, clock)
        _sign(descriptor, purpose)
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> str:
    """Return who holds the lock now, in words; empty where nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _signature(descriptor)
    finally:
        os.close(descriptor)
    return ""


def _acquire(descriptor: int, path: Path, wait: float, clock: Callable[[], float]) -> None:
    patience = clock() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if clock() >= patience:
                raise BusyError(
                    f"{path.parent}: {_signature(descriptor)} is writing; waited {wait:g} seconds;"
                    " try again when it is done"
                ) from error
            time.sleep(_POLL_SECONDS)
        else:
            return


def _sign(descriptor: int, purpose: str) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    text = json.dumps({"process": os.getpid(), "since": since, "purpose": purpose})
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    except OSError:
        return  # a full disk: the lock is held all the same, it only has no name


def _signature(descriptor: int) -> str:
    try:
        signed = json.loads(os.pread(descriptor, 4096, 0))
        return f"{signed['purpose']} (process {signed['process']}, since {signed['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
