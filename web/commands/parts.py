"""What a command needs of the application, and may not build for itself."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from search.service import SearchService

if TYPE_CHECKING:  # the indexer takes a while to load, and most commands do not need it
    from index.analysis import Analyzer
    from index.archive import Archive
    from index.build import BuildReport
    from index.findings import Finding
    from index.following import IndexFollower
    from search.evaluate import SearchParts
    from web.import_progress import ImportProgress


class Parts(Protocol):
    """Opens archives and puts the parts over them together. All raise `WorldError`."""

    def open_archive(
        self, folder: Path, *, create: bool = False, read_only: bool = False
    ) -> Archive:
        """Return the archive in `folder`; it closes itself as a context manager."""

    def reading(self, folder: Path) -> AbstractContextManager[SearchService]:
        """Give the search service over the archive in `folder`, which is only read."""

    def writing(
        self, folder: Path, purpose: str, *, wait: float, create: bool = False, lossy: bool = False
    ) -> AbstractContextManager[Archive]:
        """Give the archive in `folder` to the one command that may write now.

        Waits `wait` seconds for another one; then its name is told. With `lossy`, also where the
        archive has lost changes that its index knows of.
        """

    def bring_index_up_to_date(
        self,
        archive: Archive,
        progress: ImportProgress | None = None,
        *,
        rebuild: bool = False,
        wait: float = 30.0,
    ) -> BuildReport:
        """Index what the archive has and its index has not; with `rebuild`, all of it."""

    def follow(self, archive: Archive, progress: ImportProgress) -> IndexFollower:
        """Return what brings the index up to date while an import goes on."""

    def verify(self, folder: Path) -> list[Finding]:
        """Return everything that is wrong in the archive's folder."""

    def repair_archive(self, folder: Path, backup: Path | None) -> Path:
        """Mend a damaged archive; return where the damaged file lies now."""

    def measuring(self, folder: Path) -> AbstractContextManager[SearchParts]:
        """Give what ranks the articles of the archive in `folder`, without its pages."""

    def analyzer(self, folder: Path) -> Analyzer:
        """Return the analysis of the archive in `folder`, which need not be there."""
