"""Brings the index up to date while an import goes on: who reads and who indexes work at once.

Nothing changes for who is watching: what is put is acknowledged by the archive, and the index is
published when the import is done, or not at all. An import of a few articles starts no thread and
no process. The command line calls this.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from index.archive import Archive
from index.build import WORTH_SHARING, BuildReport
from index.sharing import Horizon


class IndexFollower:
    """Indexes what an archive acknowledges, as it comes.

    `update` is `index.build.update_index` but for its horizon; `reached` is the change that the
    index has reached; `on_finish` hears how many there are behind that when the import is done.
    With `ahead` false, indexing only begins then. Leaving the context before `finish` was called
    gives up what is not published.
    """

    def __init__(
        self,
        archive: Archive,
        update: Callable[[Horizon | None], BuildReport],
        reached: int,
        *,
        on_finish: Callable[[int], None],
        ahead: bool = True,
    ) -> None:
        self._archive = archive
        self._update = update
        self._reached = reached
        self._on_finish = on_finish
        self._ahead = ahead
        self._horizon = Horizon(archive.changed_again_since)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="indexing")
        self._updating: Future[BuildReport] | None = None

    def put(self) -> None:
        """Hear that the archive has acknowledged something."""
        if not self._ahead:
            return
        sequence = self._archive.sequence
        self._horizon.move(sequence)
        if self._updating is None and sequence - self._reached >= WORTH_SHARING:
            self._updating = self._thread.submit(self._update, self._horizon)

    def finish(self) -> BuildReport:
        """Index what is left, publish, and return what was done. Raises as `update_index` does."""
        sequence = self._archive.sequence
        self._on_finish(sequence - self._reached)
        if self._updating is None:
            return self._update(None)
        self._horizon.close(sequence)
        return self._updating.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._updating is not None and not self._updating.done():
            self._horizon.abandon()
        self._thread.shutdown()
