"""Forgetting articles as a whole: in the reject files, in the archive, in the archive's log.

In this order, so that an interruption leaves nothing that cannot be finished: names and addresses
are only known while the archive still has the article. The index follows when it is brought up to
date (`index.updating`), and tells forgotten articles by their marks.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from index.archive import Archive
from index.errors import ArchiveError
from index.importing import REJECT_FOLDER

_SHORTEST = 4
"""Characters: a shorter title or id says nothing about whose line it is."""


def forget_articles(archive: Archive, ids: Iterable[str]) -> tuple[str, ...]:
    """Forget articles for good, and return the ids of those there were. Raises `ArchiveError`."""
    wanted = list(dict.fromkeys(ids))
    _clean_rejects(archive.folder / REJECT_FOLDER, _traces(archive, wanted))
    forgotten = archive.forget(wanted)
    archive.scrub()
    return forgotten


def _traces(archive: Archive, ids: Iterable[str]) -> set[str]:
    """Return what a reject's line may say of these articles: ids, addresses, titles."""
    traces: set[str] = set()
    for article_id in ids:
        for version in archive.history(article_id):
            if version.article is not None:
                found = version.article
                title = " ".join(found.title.split())
                traces.update((found.id, found.source_url, title))
    return {trace for trace in traces if len(trace) >= _SHORTEST}


def _clean_rejects(folder: Path, traces: set[str]) -> None:
    if not traces or not folder.is_dir():
        return
    try:
        for path in sorted(folder.glob("*.tsv")):
            lines = path.read_text("utf-8", errors="surrogateescape").splitlines(keepends=True)
            kept = [line for line in lines if not any(trace in line for trace in traces)]
            if len(kept) < len(lines):
                _replace(path, "".join(kept))
    except OSError as error:
        raise ArchiveError(f"{folder}: cannot be cleaned: {error.strerror}") from error


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
