"""A process for one engine: nothing of another engine is in its memory, and its clock is its own.

The benchmark asks it to build, open and search; every answer is plain numbers. `EngineProcess` is
the caller's side.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Any, Self

from benchmarks import engines
from benchmarks.documents import RecordFile
from benchmarks.engines.adapter import Adapter, Lookup, Unavailable, Unsupported
from benchmarks.memory import private_bytes, proportional_bytes


class EngineFailed(Exception):
    """An engine raised; the message says what."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening cost, in milliseconds: the first time, up to a first answer, and again.

    The first time loads the engine's own code as well; a process that serves follows an archive's
    changes by opening again.
    """

    first_open_ms: float
    first_answer_ms: float
    open_ms: float


@dataclass(frozen=True, slots=True)
class Timed:
    """One search: how long it took, by the wall and in this process's time, and what was found.

    The latter is what a crowded machine leaves unchanged; of PostgreSQL, whose server does the
    work, it says nothing.
    """

    milliseconds: float
    processor_milliseconds: float
    ids: tuple[str, ...]
    total: int | None
    years: int


class EngineProcess:
    """One engine in a process of its own; use it as a context."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        context = get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(engine, there), daemon=False)

    def __enter__(self) -> Self:
        self._process.start()
        facts = self._receive()
        self.version, self.layers = facts
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.is_alive():
            self._here.send(("end", ()))
            self._process.join()

    def build(self, records: RecordFile, folder: Path) -> float:
        """Return the seconds of indexing."""
        return float(self._ask("build", records.path, records.count, folder))

    def open(self, folder: Path, first: Lookup) -> Opened:
        """Open an index and answer a first search."""
        opened: Opened = self._ask("open", folder, first)
        return opened

    def search(self, lookups: Sequence[Lookup]) -> list[Timed] | None:
        """Time searches one after the other; None where the engine has no such search."""
        timed: list[Timed] | None = self._ask("search", list(lookups))
        return timed

    def memory(self) -> tuple[int, int]:
        """Return (private, proportional) bytes of the engine's processes."""
        private, proportional = self._ask("memory")
        return private, proportional

    def _ask(self, request: str, *arguments: object) -> Any:
        self._here.send((request, arguments))
        return self._receive()

    def _receive(self) -> Any:
        try:
            answer = self._here.recv()
        except EOFError:
            raise EngineFailed(f"{self.engine}: its process ended") from None
        if isinstance(answer, BaseException):
            raise EngineFailed(f"{self.engine}: {answer}") from answer
        return answer


def _serve(engine: str, caller: Connection) -> None:
    try:
        adapter = engines.load(engine)
    except ImportError as error:
        caller.send(Unavailable(f"package {error.name} is missing (pip install kupur[bench])"))
        return
    except Unavailable as error:
        caller.send(error)
        return
    caller.send((adapter.version, adapter.layers))
    side = _Side(adapter)
    while True:
        try:
            request, arguments = caller.recv()
        except EOFError:  # the caller was killed: what was started must end all the same
            request, arguments = "end", ()
        if request == "end":
            adapter.close()
            return
        try:
            caller.send(getattr(side, request)(*arguments))
        except Exception as error:  # noqa: BLE001  # it is raised on the caller's side
            traceback.print_exc()
            caller.send(Unavailable(f"{type(error).__name__}: {error}"))


class _Side:
    """What the process does for its caller."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    def build(self, path: Path, count: int, folder: Path) -> float:
        return self._adapter.build(RecordFile(path, count), folder)

    def open(self, folder: Path, first: Lookup) -> Opened:
        began = time.perf_counter()
        self._adapter.open(folder)
        opened = time.perf_counter()
        self._adapter.search(first)
        answered = time.perf_counter()
        again = median(self._opening(folder) for _ in range(5))
        return Opened((opened - began) * 1000, (answered - began) * 1000, again)

    def _opening(self, folder: Path) -> float:
        self._adapter.close()
        began = time.perf_counter()
        self._adapter.open(folder)
        return (time.perf_counter() - began) * 1000

    def search(self, lookups: Sequence[Lookup]) -> list[Timed] | None:
        timed = []
        for lookup in lookups:
            began, worked = time.perf_counter_ns(), time.process_time_ns()
            try:
                answer = self._adapter.search(lookup)
            except Unsupported:
                return None
            taken = (time.perf_counter_ns() - began) / 1e6
            used = (time.process_time_ns() - worked) / 1e6
            timed.append(Timed(taken, used, tuple(answer.ids), answer.total, answer.years))
        return timed

    def memory(self) -> tuple[int, int]:
        processes = self._adapter.processes()
        return sum(map(private_bytes, processes)), sum(map(proportional_bytes, processes))
