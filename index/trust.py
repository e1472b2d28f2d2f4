"""May what lies in this folder be believed? Ownership and permissions, asked before it is read.

An index folder is data, never code: our own reader unpickles nothing. But whoever can write there
decides what readers are shown, so a folder or file that everybody may write to is refused.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from index.errors import DamageError, EngineError


def check_folder(folder: Path) -> None:
    """Raise `EngineError` where strangers may change `folder` or exchange it for another."""
    status = _status(folder, follow=True)
    if not stat.S_ISDIR(status.st_mode):
        raise EngineError(f"{folder}: no folder; name the archive's folder")
    around = _status(folder.parent, follow=True)
    _check(folder, status, {around.st_uid})
    if around.st_mode & stat.S_IWOTH and not around.st_mode & stat.S_ISVTX:
        raise EngineError(_writable(folder.parent))


def check_file(path: Path, folder_owner: int) -> None:
    """Raise `EngineError` unless `path` is a plain file that strangers cannot change."""
    status = _status(path, follow=False)
    if not stat.S_ISREG(status.st_mode):
        raise DamageError(f"{path}: no plain file; run `kupur repair`")
    _check(path, status, {folder_owner})


def owner_of(folder: Path) -> int:
    """Return the user number that owns a folder."""
    return _status(folder, follow=True).st_uid


def _check(path: Path, status: os.stat_result, owners: set[int]) -> None:
    if status.st_mode & stat.S_IWOTH:
        raise EngineError(_writable(path))
    if status.st_uid not in owners | {0, os.geteuid()}:
        raise EngineError(
            f"{path}: belongs to user number {status.st_uid}, and not to who owns the archive;"
            " give it to its owner (chown -R) if you trust it"
        )


def _writable(path: Path) -> str:
    return f"{path}: everybody may write to it, so it is not trusted; run `chmod o-w {path}`"


def _status(path: Path, *, follow: bool) -> os.stat_result:
    try:
        return path.stat(follow_symlinks=follow)
    except FileNotFoundError as error:
        raise DamageError(f"{path}: missing; run `kupur repair`") from error
    except OSError as error:
        raise EngineError(f"{path}: cannot be read ({error.strerror})") from error
