"""Copies of the archive: a backup while writing goes on, and an archive made from a backup.

A backup is one file, an SQLite database of its own, made with SQLite's backup interface inside
one read transaction: a state that was acknowledged as a whole, whoever writes meanwhile. It
carries its name only when it is complete and on the disk. `index.archive` knows nothing of this.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from index.archive_checking import check_archive
from index.archive_database import APPLICATION_ID, DATABASE_NAME, sync_folder, translated
from index.errors import ArchiveError

_UNFINISHED = ".unfinished"


def backup_name(moment: datetime) -> str:
    """Return what a backup in a folder is called; names sort as moments do."""
    return f"kupur-{moment:%Y%m%dT%H%M%SZ}.db"


def back_up(archive_folder: Path, target: Path) -> None:
    """Copy the archive to the new file `target`. Raises `ArchiveError`."""
    source = archive_folder / DATABASE_NAME
    if not source.is_file():
        raise ArchiveError(f"{archive_folder}: there is no archive here")
    _refuse_existing(target)
    _copied(source, target, journal="DELETE")


def restore(backup: Path, archive_folder: Path) -> None:
    """Make an archive of a backup in a folder that is new or empty. Raises `ArchiveError`."""
    if not backup.is_file():
        raise ArchiveError(f"{backup}: there is no such backup; name the file")
    try:
        archive_folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        stranger = next((p.name for p in archive_folder.iterdir() if p.name[0] != "."), None)
    except OSError as error:
        raise ArchiveError(f"{archive_folder}: cannot be made: {error.strerror}") from error
    if stranger is not None:
        raise ArchiveError(
            f"{archive_folder}: holds {stranger!r}, and nothing is written over; restore into a "
            "new folder"
        )
    _copied(backup, archive_folder / DATABASE_NAME, journal="WAL")
    findings = check_archive(archive_folder)
    if findings:
        for name in (DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm"):
            (archive_folder / name).unlink(missing_ok=True)
        first = findings[0]
        raise ArchiveError(
            f"{backup}: this backup is damaged ({first.where}: {first.what}); use another one"
        )


def _copied(source: Path, target: Path, *, journal: str) -> None:
    unfinished = target.with_name(f".{target.name}{_UNFINISHED}")
    try:
        with translated(source):
            unfinished.unlink(missing_ok=True)
            _copy(source, unfinished, journal)
        _name(unfinished, target)
        sync_folder(target.parent)
    except FileExistsError as error:
        raise _taken(target) from error
    except OSError as error:
        raise ArchiveError(f"{target}: cannot be written: {error.strerror}") from error
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)


def _copy(source: Path, target: Path, journal: str) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        (application,) = reading.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            raise ArchiveError(f"{source}: this file is no archive of kupur, nor a backup of one")
        writing.execute("PRAGMA synchronous = FULL")
        reading.backup(writing)  # all pages in one step: one state, and no writer is kept waiting
        writing.execute(f"PRAGMA journal_mode = {journal}")
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(unfinished: Path, target: Path) -> None:
    try:
        os.link(unfinished, target)  # unlike a rename, this never replaces what came meanwhile
    except FileExistsError:
        raise
    except OSError:  # a memory stick's file system has no hard links
        _refuse_existing(target)
        unfinished.rename(target)


def _refuse_existing(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise _taken(target)
    if not target.parent.is_dir():
        raise ArchiveError(f"{target.parent}: there is no such folder; make it, or name another")


def _taken(target: Path) -> ArchiveError:
    return ArchiveError(f"{target}: exists, and nothing is written over; name another file")
