"""The command line: puts archive, index, engine and service together, and runs one command.

The commands are in `web/commands`, the table `COMMANDS` names them; docs/command-line.md is their
page. What went wrong is one line on standard error and an exit status (`web.commands.output`); a
traceback is a bug of ours. Nothing is loaded that a command does not need, so that
`kupur --help` answers at once.
"""
# ruff: noqa: PLC0415 - imports inside functions, as the docstring says
# ruff: noqa: ARG002 - click gives each method of a group its context

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from index.errors import KupurError
from search.deadline import SEARCH_SECONDS
from web.commands.output import FAILED, INTERRUPTED, complain

if TYPE_CHECKING:
    from index.analysis import Analyzer
    from index.archive import Archive
    from index.build import BuildReport
    from index.findings import Finding
    from index.following import IndexFollower
    from index.indexing import Progress
    from index.sharing import Horizon
    from search.evaluate import SearchParts
    from search.service import SearchService
    from web.import_progress import ImportProgress

COMMANDS = {
    "import": ("importing", "Take articles in from files, folders or standard input (-)."),
    "search": ("searching", "Find articles; without QUERY, all that the options let through."),
    "show": ("showing", "Show one article, with the words of QUERY marked."),
    "history": ("history", "Show everything that was ever done to one article."),
    "remove": ("removing", "Take articles out of the archive, by id."),
    "forget": ("forgetting", "Delete articles for good, with every version and trace of them."),
    "stats": ("stats", "Tell what the archive holds."),
    "explain": (
        "explaining",
        "Tell why QUERY finds an article: which of its words, by which layer, for how much.",
    ),
    "analyze": (
        "analyzing",
        "Show what a text becomes: its surfaces, their words, and each word's layers.",
    ),
    "evaluate": (
        "evaluating",
        "Tell how good the ranking is, by queries whose articles were judged.",
    ),
    "verify": ("verifying", "Check everything that an archive's folder holds."),
    "rebuild": ("rebuilding", "Make the index again from the archive, while people search."),
    "repair": ("repairing", "Mend what verify finds: the index, and the archive where it can be."),
    "backup": ("backing_up", "Copy the archive to a file, also while it is written to."),
    "restore": ("restoring", "Make an archive of a backup, in a new folder."),
    "serve": ("serving", "Serve the web site and the endpoint until interrupted."),
}
"""Each command's module in `web.commands`, and its first line of help."""

INDEX_FOLDER = "index"
"""Where in an archive's folder its index lies."""


class Application:
    """Puts the parts together for whoever needs them (`web.commands.parts.Parts`)."""

    def open_archive(
        self, folder: Path, *, create: bool = False, read_only: bool = False
    ) -> Archive:
        """Return the archive in `folder`. Raises `ArchiveError`."""
        from index.archive import Archive

        return Archive.open(folder, create=create, read_only=read_only)

    @contextmanager
    def reading(self, folder: Path) -> Iterator[SearchService]:
        """Give the search service over the archive in `folder`. Raises `ArchiveError`."""
        with self.open_archive(folder, read_only=True) as archive:
            yield self.service_over(archive)

    def analyzer(self, folder: Path) -> Analyzer:
        """Return the analysis of an archive: by kupur's word lists, and its own over them.

        Raises `InputError` where a list of its own is no list.
        """
        from index.analysis import Analyzer
        from index.words import read_word_lists

        return Analyzer(read_word_lists(folder))

    @contextmanager
    def measuring(self, folder: Path) -> Iterator[SearchParts]:
        """Give what ranks the articles of the archive in `folder`. Raises `ArchiveError`."""
        from search.engines.embedded import EmbeddedEngine
        from search.evaluate import SearchParts
        from search.repair import SpellingRepair

        with self.open_archive(folder, read_only=True) as archive:
            analyzer = self.analyzer(folder)
            searcher = EmbeddedEngine(archive.folder / INDEX_FOLDER).searcher()
            yield SearchParts(searcher, analyzer, SpellingRepair(analyzer))

    @contextmanager
    def writing(
        self, folder: Path, purpose: str, *, wait: float, create: bool = False, lossy: bool = False
    ) -> Iterator[Archive]:
        """Give the archive in `folder` to the one command that may write. Raises `WorldError`.

        Unless `lossy`, not where the index knows of changes that the archive has lost.
        """
        from index.build import check_not_ahead
        from index.generations import reached

        index_folder = folder / INDEX_FOLDER
        with (
            self.open_archive(folder, create=create) as archive,
            archive.writing_alone(purpose, wait),
        ):
            if not lossy:
                indexed = reached(index_folder, archive.identity)
                check_not_ahead(indexed, archive.sequence, index_folder)
            yield archive
            archive.settle()

    def verify(self, folder: Path) -> list[Finding]:
        """Return everything that is wrong in the archive's folder."""
        from index.verifying import verify

        return verify(folder, folder / INDEX_FOLDER, partial(self.open_archive, folder))

    def repair_archive(self, folder: Path, backup: Path | None) -> Path:
        """Mend a damaged archive; return where the damaged file lies now. Raises `ArchiveError`."""
        from index.generations import reached
        from index.repairing import repair_archive

        return repair_archive(folder, backup, reached(folder / INDEX_FOLDER))

    def service_over(self, archive: Archive, *, seconds: float = SEARCH_SECONDS) -> SearchService:
        """Return the search service over an open archive; it follows what imports add."""
        from search.engines.embedded import EmbeddedEngine
        from search.repair import SpellingRepair
        from search.service import SearchService

        analyzer = self.analyzer(archive.folder)
        engine = EmbeddedEngine(archive.folder / INDEX_FOLDER)
        repair = SpellingRepair(analyzer)
        return SearchService(engine, archive, analyzer, repair=repair, seconds=seconds)

    def bring_index_up_to_date(
        self,
        archive: Archive,
        progress: ImportProgress | None = None,
        *,
        rebuild: bool = False,
        wait: float = 30.0,
    ) -> BuildReport:
        """Index what the archive has and its index has not; with `rebuild`, all of it.

        Raises `EngineError`, and `BusyError` where somebody else indexes for longer than `wait`.
        """
        from index.build import no_progress
        from index.generations import reached

        indexed: Progress = no_progress
        if progress is not None:
            done = 0 if rebuild else reached(archive.folder / INDEX_FOLDER)
            progress.start_indexing(archive.sequence - done)
            indexed = progress.indexed
        return self._update_index(archive, indexed, rebuild=rebuild, wait=wait)

    def follow(self, archive: Archive, progress: ImportProgress) -> IndexFollower:
        """Return what brings the index up to date while an import goes on."""
        from index.following import IndexFollower
        from index.generations import reached

        return IndexFollower(
            archive,
            partial(self._update_index, archive, progress.indexed),
            reached(archive.folder / INDEX_FOLDER),
            on_finish=progress.start_indexing,
            ahead=_processes() > 1,
        )

    def _update_index(
        self,
        archive: Archive,
        indexed: Progress,
        horizon: Horizon | None = None,
        *,
        rebuild: bool = False,
        wait: float = 30.0,
    ) -> BuildReport:
        from index.build import update_index
        from index.sharing import Workers

        return update_index(
            archive,
            archive.folder / INDEX_FOLDER,
            self.analyzer(archive.folder),
            progress=indexed,
            workers=Workers(
                _processes(), partial(self.open_archive, archive.folder, read_only=True)
            ),
            rebuild=rebuild,
            wait=wait,
            horizon=horizon,
        )


def _processes() -> int:
    """Return how many processes may index: one a core that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def open_service(archive_folder: Path, *, seconds: float = SEARCH_SECONDS) -> SearchService:
    """Return the search service over one archive, which stays open until the process ends.

    A search may take `seconds`. Raises `ArchiveError`.
    """
    application = Application()
    archive = application.open_archive(archive_folder, read_only=True)
    return application.service_over(archive, seconds=seconds)


class _Commands(click.Group):
    """The commands of `COMMANDS`, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = import_module(f"web.commands.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""
    \b
    Example:
      kupur import data/sample
      kupur search -- köprü -spor
      kupur serve
    """,
)
@click.version_option(package_name="kupur", message="kupur %(version)s")
def commands() -> None:
    """Kupur, a search engine for Turkish news archives."""


def main() -> NoReturn:
    """Run the command that was typed, and leave with its exit status."""
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; errors become one line on standard error."""
    try:
        status = commands.main(arguments, "kupur", standalone_mode=False, obj=Application())
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return FAILED
    except click.ClickException as error:
        complain(_usage_message(error))
        return FAILED
    except KupurError as error:
        complain(str(error))
        return FAILED
    except click.Abort:  # Ctrl-C
        complain("interrupted")
        return INTERRUPTED
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        # The reader of a pipe has gone (| head): nothing more to say, and no complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0


def _usage_message(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "kupur"
    excluding = isinstance(error, click.NoSuchOption) and path == "kupur search"
    hint = "; a word to exclude stands after --" if excluding else ""
    return f"{error.format_message().rstrip('.')}{hint} (see {path} --help)"


if __name__ == "__main__":
    main()
