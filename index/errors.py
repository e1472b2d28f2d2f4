"""The errors that kupur raises on purpose. Everything else that escapes is a bug of ours.

KupurError
├── WorldError            the world failed: disk, files, engine   → HTTP 503, exit status 2
│   ├── ArchiveError      the archive cannot be opened, read or written
│   ├── BusyError         somebody else is writing
│   └── EngineError       the index, or the engine behind the port, failed
│       ├── DamageError   bytes on disk are not the ones that were written
│       └── EngineTimeout the search took longer than it may
└── InputError            what the person gave is wrong           → HTTP 400, exit status 2
    ├── ArticleError      one record of a source is no article    → skipped, counted, rejected
    ├── SourceError       a file or folder cannot be imported at all
    └── QueryError        a query, or one of its parameters       (in `search.errors`)

A message says what is wrong, where (path:line, or the parameter and character position),
and what to do about it. Bugs raise `ValueError` or `TypeError` and are never caught.
"""

from __future__ import annotations


class KupurError(Exception):
    """Root of all errors that are raised on purpose; `str(error)` is fit for a person."""


class WorldError(KupurError):
    """The world failed: a disk, a file, a lock, an engine. Trying again later may help."""


class ArchiveError(WorldError):
    """The archive folder or its database cannot be opened, read or written."""


class BusyError(WorldError):
    """Somebody else holds the right to write; the message says who, and since when."""


class EngineError(WorldError):
    """The index cannot be opened, or the engine behind the port failed or ran out of time."""


class DamageError(EngineError):
    """Bytes of the index are missing or not the ones that were written; a rebuild mends it."""


class EngineTimeout(EngineError):
    """A search took longer than it may."""


class InputError(KupurError):
    """What the person gave is wrong; trying again unchanged will not help."""


class ArticleError(InputError):
    """One record of a source is not an article. The import goes on without it."""


class SourceError(InputError):
    """A file, folder or stream cannot be imported: missing, empty, binary, wrong encoding."""
