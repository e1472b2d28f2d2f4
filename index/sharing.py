"""Processes that share the indexing, also of changes that an import is still putting.

Each process takes the next few changes whenever it has done its last ones, so all end together. In
memory they share four numbers, and this process waits for no lock of theirs: whichever of them
dies, and whenever, the others are told to stop. Only `index.build` calls this.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from enum import IntEnum
from multiprocessing import get_context, parent_process
from multiprocessing.sharedctypes import Synchronized
from threading import Thread
from typing import Protocol

from index.analysis import Analyzer
from index.indexing import (
    ArchivedChange,
    ChangeIndexer,
    ChangeSource,
    IndexedRange,
    IndexingTask,
    Progress,
    SequenceRange,
    pages,
)

_STEP = 500
"""How many changes a process takes at a time, some .2 seconds of work."""

_POLL_SECONDS = 0.05


class Abandoned(Exception):
    """Whoever put the changes gave up; nothing of them is to be published."""


class _State(IntEnum):
    OPEN = 0
    CLOSED = 1
    ABANDONED = 2


class Horizon:
    """How far the changes reach that are to be indexed; it moves on while an import puts more.

    `changed_again_since` gives the newest states of articles that changed more than once after a
    number: an older state of them may have been indexed before the import came to the newer one.
    One thread moves the horizon, another one may look at it.
    """

    def __init__(
        self, changed_again_since: Callable[[int], Iterable[ArchivedChange]] | None = None
    ) -> None:
        self.upto = 0
        self.changed_again_since = changed_again_since
        self._state = _State.OPEN

    @classmethod
    def at(cls, sequence: int) -> Horizon:
        """Return a horizon that does not move."""
        horizon = cls()
        horizon.close(sequence)
        return horizon

    @property
    def state(self) -> int:
        """Return whether more may come. Ask before `upto`, not after."""
        return self._state

    @property
    def is_closed(self) -> bool:
        """Whether nothing more comes."""
        return self._state is not _State.OPEN

    def move(self, sequence: int) -> None:
        """Let changes up to `sequence` be indexed."""
        self.upto = sequence

    def close(self, sequence: int) -> None:
        """Let changes up to `sequence` be indexed, and no more."""
        self.upto = sequence
        self._state = _State.CLOSED

    def abandon(self) -> None:
        """Let whoever indexes stop soon, and publish nothing."""
        self._state = _State.ABANDONED


@dataclass(frozen=True, slots=True)
class Workers:
    """Processes that share the indexing; each opens the archive by itself."""

    count: int
    open_source: Callable[[], ChangeSource]


def index_shared(  # noqa: PLR0917  # what `index.build` has, handed to the processes
    workers: Workers,
    after: int,
    horizon: Horizon,
    task: IndexingTask,
    analyzer: Analyzer,
    progress: Progress,
) -> list[IndexedRange]:
    """Index all changes behind `after` up to the horizon, and wait until that is closed.

    `workers.open_source` and `analyzer` are sent to the processes. Raises what a process raises,
    `BrokenExecutor` where one dies, and `Abandoned`.
    """
    # Spawned, not forked: a fork would copy locks that other threads of ours may hold.
    context = get_context("spawn")
    board = _Board(
        context.Value("q", after, lock=False),
        context.Value("b", _State.OPEN, lock=False),
        context.Value("q", after),
        context.Value("q", 0),
        workers.count,
    )
    with ProcessPoolExecutor(
        workers.count, mp_context=context, initializer=_share, initargs=(board,)
    ) as pool:
        try:
            futures = [
                pool.submit(_work, workers.open_source, task, analyzer)
                for _ in range(workers.count)
            ]
            return _watched(futures, board, horizon, progress)
        finally:
            board.state.value = _State.ABANDONED  # where all is done, nobody looks any more


def _watched(
    futures: list[Future[IndexedRange]], board: _Board, horizon: Horizon, progress: Progress
) -> list[IndexedRange]:
    """Pass on how far the horizon is and how far the processes are, until they are done."""
    shown = 0
    while True:
        state = horizon.state  # first: what is put before it is closed is counted in
        board.upto.value = horizon.upto
        board.state.value = state
        _, waiting = wait(futures, timeout=_POLL_SECONDS)
        if (count := board.taken.get_obj().value) > shown:
            progress(count - shown)
            shown = count
        if state == _State.ABANDONED:
            raise Abandoned
        failed = [each for each in futures if each.done() and each.exception()]
        if failed or not waiting:
            return [each.result() for each in failed or futures]


class _Number(Protocol):
    """A number in memory that processes share, written by one of them at a time."""

    value: int


@dataclass(frozen=True, slots=True)
class _Board:
    """What the processes share.

    This process writes the horizon and its state, the others the newest change that one of them
    has claimed, and how many changes they have taken in.
    """

    upto: _Number
    state: _Number
    claimed: Synchronized[int]
    taken: Synchronized[int]
    processes: int

    def claim(self) -> SequenceRange | None:
        """Return the changes that this process is to index next; None where there are no more.

        Waits where more may come. Raises `Abandoned`.
        """
        while True:
            state = self.state.value  # before `upto`: a horizon closes where it stands
            if state == _State.ABANDONED:
                raise Abandoned
            with self.claimed.get_lock():
                after = self.claimed.value
                left = self.upto.value - after
                # The last ones are shared out more finely, so that nobody waits long for another.
                step = min(_STEP, -(-left // self.processes)) if state == _State.CLOSED else _STEP
                if 0 < step <= left:
                    self.claimed.value = after + step
                    return SequenceRange(after, after + step)
            if state == _State.CLOSED:
                return None
            time.sleep(_POLL_SECONDS)

    def count(self, changes: int) -> None:
        """Count changes that this process has taken in."""
        with self.taken.get_lock():
            self.taken.value += changes


_board: _Board


def _share(board: _Board) -> None:
    global _board  # noqa: PLW0603  # how a pool's initializer hands something to its tasks
    _board = board
    gc.disable()  # indexing makes no circles; looking for some takes a tenth of its time
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # it was killed: a pool's process would wait for its next task for ever


def _work(
    open_source: Callable[[], ChangeSource], task: IndexingTask, analyzer: Analyzer
) -> IndexedRange:
    source = open_source()
    indexer = ChangeIndexer(task, analyzer)
    while wanted := _board.claim():
        for changes in pages(source, wanted):
            indexer.take(changes)
            _board.count(len(changes))
    return indexer.finish()
