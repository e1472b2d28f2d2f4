"""The import: reads sources, puts their articles into the archive batch by batch, keeps count.

Records that are no articles go to a reject file and are counted. An interrupt loses at most the
batch that is being read; a second run finds the rest unchanged. How progress looks is the
caller's, and so is bringing the index up to date. The command line calls this.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self, TextIO

from index.archive import Archive, PutReport
from index.article import Article
from index.errors import ArchiveError, SourceError
from index.readers import Reject, Sources, read_source

BATCH = 1_000
"""Articles in one transaction: one wait for the disk, and what an interrupt may lose."""

REJECT_FOLDER = "rejects"
"""Where in an archive's folder its reject files lie."""

_PULSE = 100  # records between two reports of progress


class Progress(Protocol):
    """Hears how far an import has come."""

    def start(self, total_bytes: int | None) -> None:
        """Begin; `total_bytes` as the files lie on disk, None where standard input is read."""

    def advance(self, byte_count: int, record_count: int) -> None:
        """So many more bytes and records were read since the last call."""


class Silent:
    """A `Progress` for whoever does not watch."""

    def start(self, total_bytes: int | None) -> None:
        """Hear nothing."""

    def advance(self, byte_count: int, record_count: int) -> None:
        """Hear nothing."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `read` counts records: it is the sum of the next five and `forgotten`.

    `removed`: read again, but a person took them out, and they stay out (see `Archive.put`);
    `forgotten`: read again, but nothing of them may be kept.
    `skipped`: files of a folder that were left out, hidden or of unknown kind. `reject_file` is
    None where nothing was rejected.
    """

    read: int
    added: int
    changed: int
    unchanged: int
    removed: int
    rejected: int
    skipped: int
    seconds: float
    reject_file: Path | None
    forgotten: int = 0

    @property
    def articles_per_second(self) -> float:
        """Records read a second; 0 where the clock saw no time pass."""
        return self.read / self.seconds if self.seconds > 0 else 0.0


def reject_path(archive_folder: Path, moment: datetime) -> Path:
    """Return where the rejects of an import that begins at `moment` (aware) belong.

    >>> reject_path(Path("var"), datetime(2026, 3, 1, 9, 5, tzinfo=UTC)).as_posix()
    'var/rejects/20260301T090500.000000Z.tsv'
    """
    return archive_folder / REJECT_FOLDER / f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%f}Z.tsv"


def _nothing() -> None:
    """Do nothing."""


def import_sources(
    sources: Sources,
    archive: Archive,
    *,
    reject_file: Path,
    progress: Progress | None = None,
    on_put: Callable[[], None] = _nothing,
    batch: int = BATCH,
    stdin: BinaryIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ImportReport:
    """Put every article of `sources` into the archive and return what was done.

    `on_put` is called whenever a batch is acknowledged.

    Raises `SourceError` on a named file that cannot be read, after keeping what was read before
    it; `ArchiveError` where the disk fails. `clock` gives seconds.
    """
    with _RejectFile(reject_file) as rejects:
        run = _Run(archive, rejects, progress or Silent(), on_put, batch)
        began = clock()
        run.progress.start(sources.total_bytes)
        try:
            for source in sources.files:
                for record in read_source(source, on_bytes=run.take_bytes, stdin=stdin):
                    run.take(record)
        except SourceError:
            run.commit()
            raise
        run.commit()
        done = run.done
        return ImportReport(
            read=run.read,
            added=done.added,
            changed=done.changed,
            unchanged=done.unchanged,
            removed=done.removed,
            rejected=rejects.count,
            skipped=sources.skipped,
            seconds=clock() - began,
            reject_file=reject_file if rejects.count else None,
            forgotten=done.forgotten,
        )


class _Run:
    """The state of one import: what is read but not yet committed, and the counts."""

    def __init__(
        self,
        archive: Archive,
        rejects: _RejectFile,
        progress: Progress,
        on_put: Callable[[], None],
        batch: int,
    ) -> None:
        self.progress = progress
        self.read = 0
        self.done = PutReport()
        self._archive = archive
        self._rejects = rejects
        self._on_put = on_put
        self._batch = batch
        self._pending: list[Article] = []
        self._unreported_bytes = 0
        self._unreported_records = 0

    def take_bytes(self, count: int) -> None:
        """Hear that `count` more bytes came from disk."""
        self._unreported_bytes += count

    def take(self, record: Article | Reject) -> None:
        """Take one record in; commit where a batch is full."""
        self.read += 1
        if isinstance(record, Reject):
            self._rejects.write(record)
        else:
            self._pending.append(record)
        self._unreported_records += 1
        if len(self._pending) >= self._batch:
            self.commit()
        elif self._unreported_records >= _PULSE:
            self._report()

    def commit(self) -> None:
        """Put what is pending, and make the rejects so far durable with it."""
        if self._pending:
            put = self._archive.put(self._pending)
            self._pending = []
            self.done = PutReport(
                self.done.added + put.added,
                self.done.changed + put.changed,
                self.done.unchanged + put.unchanged,
                self.done.removed + put.removed,
                self.done.forgotten + put.forgotten,
            )
            self._on_put()
        self._rejects.flush()
        self._report()

    def _report(self) -> None:
        self.progress.advance(self._unreported_bytes, self._unreported_records)
        self._unreported_bytes = self._unreported_records = 0


class _RejectFile:
    """A tab-separated file of rejects (path, line, reason), made when the first one comes."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._path = path
        self._file: TextIO | None = None

    def write(self, reject: Reject) -> None:
        cells = (reject.path, "" if reject.line is None else str(reject.line), reject.reason)
        line = "\t".join(" ".join(cell.split()) for cell in cells)
        self.count += 1
        try:
            if self._file is None:
                self._file = self._made()
            self._file.write(line + "\n")
        except OSError as error:
            raise self._failed(error) from error

    def flush(self) -> None:
        if self._file is None:
            return
        try:
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from error

    def _made(self) -> TextIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # "x": a second import of the same microsecond must not write over the first one's rejects.
        file = self._path.open("x", encoding="utf-8", errors="backslashreplace")
        file.write("path\tline\treason\n")
        return file

    def _failed(self, error: OSError) -> ArchiveError:
        return ArchiveError(f"{self._path}: rejects cannot be written: {error.strerror}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError as failure:
                raise self._failed(failure) from failure
