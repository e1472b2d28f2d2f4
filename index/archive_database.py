"""The database file of an archive: its schema, how it is opened and checked, its connections.

Knows SQL and files, but not what an article is; `index.archive` is the only caller. A connection
serves one thread at a time: readers borrow one from a pool, and one writer at a time is let in.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import ArchiveError

DATABASE_NAME = "archive.db"

APPLICATION_ID = 0x6B757072
"""`kupr`: tells an archive from any other SQLite file (PRAGMA application_id)."""

SCHEMA_VERSION = 2

SCHEMA = """
CREATE TABLE archive (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    identity TEXT NOT NULL,          -- random: an index can tell whose projection it is
    sequence INTEGER NOT NULL,       -- of the newest change; never falls, whatever is deleted
    salt BLOB NOT NULL,              -- random: marks of forgotten articles say nothing elsewhere
    scrub INTEGER NOT NULL CHECK (scrub IN (0, 1))  -- forgotten text may still lie in free pages
) STRICT;

CREATE TABLE article (               -- the newest state of each article
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sequence INTEGER NOT NULL,       -- of its newest change
    version INTEGER NOT NULL,        -- sequence of the change that holds its text
    removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
    fingerprint BLOB NOT NULL,       -- SHA-256 of the version's record
    day TEXT,                        -- of publication, ISO, in Istanbul
    section TEXT NOT NULL,
    source TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX article_by_sequence ON article (sequence);

CREATE TABLE change (                -- everything that was ever acknowledged, in its order
    sequence INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article (number),
    kind TEXT NOT NULL CHECK (kind IN ('put', 'remove', 'restore')),
    recorded INTEGER NOT NULL,       -- UTC seconds
    record TEXT CHECK ((record IS NOT NULL) = (kind = 'put')),  -- JSON; the text of this version
    seal BLOB NOT NULL               -- BLAKE2b of all of the row and the article's id
) STRICT;
CREATE INDEX change_by_article ON change (article);

CREATE TABLE forgotten (             -- what must never come back
    mark BLOB PRIMARY KEY,           -- salted hash of an id, a source URL or a text
    sequence INTEGER NOT NULL,       -- of the forgetting
    dropped INTEGER NOT NULL         -- how many sequence numbers went with it
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_by_sequence ON forgotten (sequence);
"""

BUSY_MILLISECONDS = 10_000
_CACHE_KIBIBYTES = 16 * 1024
_READER_CACHE_KIBIBYTES = 2 * 1024
"""Each of a server's threads has a connection: the kernel's cache serves them all better."""

_CHECKPOINT_PAGES = 4_000
"""The write-ahead log is folded in every 16 MiB: three batches of an import, not one."""

_WAL_LIMIT_BYTES = 64 * 1024 * 1024


class Database:
    """One archive's file, with as many connections as threads use at the same time."""

    def __init__(self, path: Path, *, mode: str) -> None:
        """Prepare to open `path`; `mode` is SQLite's: `ro`, `rw`, `rwc` or `immutable`."""
        self.path = path
        query = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
        self._uri = f"{path.absolute().as_uri()}?{query}"
        self._writable = mode in ("rw", "rwc")
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees one unchanging state of the archive."""
        with self.lent() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection in a transaction: durable when this ends, undone where it raises."""
        with self.lent() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close every connection; those still lent are closed when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection outside any transaction."""
        with translated(self.path):
            connection = self._take()
            try:
                yield connection
            finally:
                self._release(connection)

    def _release(self, connection: sqlite3.Connection) -> None:
        """Take a connection back; one that cannot end its transaction is closed."""
        try:
            # Also where a KeyboardInterrupt came, or a caller dropped an unfinished iterator.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            connection.close()
            raise
        self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise ValueError(f"{self.path} was closed")
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._uri,
            uri=True,
            isolation_level=None,  # transactions begin and end where this module says
            timeout=BUSY_MILLISECONDS / 1000,
            check_same_thread=False,  # the pool sees to it that one thread has it at a time
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")  # the file is data, never code
        connection.execute("PRAGMA cell_size_check = ON")  # a damaged page is an error, not a row
        cache = _CACHE_KIBIBYTES if self._writable else _READER_CACHE_KIBIBYTES
        connection.execute(f"PRAGMA cache_size = -{cache}")
        if self._writable:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            connection.execute(f"PRAGMA journal_size_limit = {_WAL_LIMIT_BYTES}")
            # Not every SQLite is compiled so: what is deleted is overwritten.
            connection.execute("PRAGMA secure_delete = ON")


def open_database(folder: Path, *, create: bool, read_only: bool) -> Database:
    """Open the archive in `folder`, or make one. Raises `ArchiveError`."""
    path = folder / DATABASE_NAME
    if not _exists(path):
        if not create:
            raise ArchiveError(f"{folder}: there is no archive here; kupur import makes one")
        _prepare_folder(folder)
    database = Database(path, mode=_mode(path, create=create, read_only=read_only))
    try:
        _check(database, create=create)
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into `ArchiveError`s that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        hint = _HINTS.get(code & 0xFF if code is not None else -1, str(error))
        raise ArchiveError(f"{path}: {hint}") from error


_HINTS = {
    sqlite3.SQLITE_BUSY: "another import is writing; try again when it is done",
    sqlite3.SQLITE_LOCKED: "another import is writing; try again when it is done",
    sqlite3.SQLITE_FULL: "the disk is full; nothing of this batch was kept; make room, try again",
    sqlite3.SQLITE_READONLY: "the archive cannot be written to; look at the folder's permissions",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; look at its permissions",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore it from a backup",
    sqlite3.SQLITE_NOTADB: "this file is no archive of kupur",
    sqlite3.SQLITE_IOERR: "the disk failed while reading or writing; look at the system's log",
}
"""By SQLite's primary result codes (sqlite.org/rescode.html)."""


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be opened: {error.strerror}") from error
    return True


def _mode(path: Path, *, create: bool, read_only: bool) -> str:
    if not read_only:
        return "rwc" if create else "rw"
    # A WAL database is read through a shared-memory file beside it; where none can be made, and
    # no log waits to be folded in, nobody can be writing either.
    wal = path.with_name(path.name + "-wal")
    if not os.access(path.parent, os.W_OK) and not _exists(wal):
        return "immutable"
    return "ro"


def _prepare_folder(folder: Path) -> None:
    """Make the folder, but take no folder over that holds other things.

    Its name may be mistyped, or its database lost: an index beside it would become empty too.
    """
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        stranger = next((p.name for p in folder.iterdir() if not p.name.startswith(".")), None)
    except OSError as error:
        raise ArchiveError(f"{folder}: cannot be made: {error.strerror}") from error
    if stranger is not None:
        raise ArchiveError(
            f"{folder}: the folder holds {stranger!r} but no {DATABASE_NAME}; "
            "name an empty folder, or a new one"
        )


def _check(database: Database, *, create: bool) -> None:
    with database.reading() as connection:
        state = _state(connection)
    if state == (0, 0) and create and _is_blank(database):
        _create(database)
        return
    application, version = state
    if application != APPLICATION_ID:
        raise ArchiveError(f"{database.path}: this file is no archive of kupur")
    if version < SCHEMA_VERSION:
        raise ArchiveError(
            f"{database.path}: written by a trial version of kupur (format {version}, "
            f"this one knows {SCHEMA_VERSION}); import its sources into a new folder"
        )
    if version > SCHEMA_VERSION:
        raise ArchiveError(
            f"{database.path}: written by a newer kupur (format {version}, "
            f"this one knows {SCHEMA_VERSION}); upgrade kupur"
        )


def _state(connection: sqlite3.Connection) -> tuple[int, int]:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return application, version


def _is_blank(database: Database) -> bool:
    with database.reading() as connection:
        return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None


def _create(database: Database) -> None:
    with database.lent() as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # outside a transaction, or it is ignored
    with database.writing() as connection:
        if _state(connection) != (0, 0):
            return  # another process was faster
        lay_out(connection, secrets.token_hex(16), secrets.token_bytes(32))
    for folder in (database.path.parent, database.path.parent.parent):
        sync_folder(folder)


def lay_out(connection: sqlite3.Connection, identity: str, salt: bytes) -> None:
    """Write schema and marks of an archive into an empty database, inside a transaction."""
    for statement in statements():
        connection.execute(statement)
    connection.execute("INSERT INTO archive VALUES (1, ?, 0, ?, 0)", (identity, salt))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def statements() -> list[str]:
    """Return the statements that make the schema, as SQLite keeps them."""
    return [statement.strip() for statement in SCHEMA.split(";\n") if statement.strip()]


def sync_folder(folder: Path) -> None:
    """Make the folder's list of names durable: SQLite syncs its files, not what leads to them."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # a folder that we may enter but not list was there before us
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
