"""The command line: puts archive, index, engine, service and web site together, and runs them.

    kupur import PATH...   kupur search QUERY...   kupur show ID     kupur remove ID...
    kupur stats            kupur serve             (docs/command-line.md)

Exit status: 0 done, 1 nothing there (an unknown id, an import that took in nothing), 2 an error,
130 interrupted. What went wrong is one line on standard error; a traceback is a bug of ours.
Commands import what they need when they run, so that `kupur --help` answers at once.
"""
# ruff: noqa: PLC0415 - imports inside commands, as the docstring says

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from index.errors import EngineError, KupurError, SourceError

if TYPE_CHECKING:
    from rich.text import Text

    from index.archive import Archive
    from index.build import BuildReport
    from index.importing import ImportReport
    from index.readers import Sources
    from search.service import SearchService
    from web.import_progress import ImportProgress

NOTHING_THERE = 1
FAILED = 2
INTERRUPTED = 130

_FORMAT_HELP = "What standard input (and each file named) holds: jsonl, csv, txt, html."

INDEX_FOLDER = "index"
"""Where in an archive's folder its index lies."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit status."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; errors become one line on standard error."""
    try:
        status = commands.main(args=arguments, prog_name="kupur", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return FAILED
    except click.ClickException as error:
        return _complain(_usage_message(error))
    except KupurError as error:
        return _complain(str(error))
    except click.Abort:  # Ctrl-C
        _say("interrupted")
        return INTERRUPTED
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise
        # The reader of a pipe has gone (| head): nothing more to say, and no complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0


def open_service(archive_folder: Path) -> SearchService:
    """Return the search service over one archive's folder. Raises `ArchiveError`.

    It follows what imports add. The archive stays open until the process ends.
    """
    from index.archive import Archive

    return service_over(Archive.open(archive_folder, read_only=True))


def service_over(archive: Archive) -> SearchService:
    """Return the search service over an open archive."""
    from index.analysis import Analyzer
    from search.engines.embedded import EmbeddedEngine
    from search.repair import SpellingRepair
    from search.service import SearchService

    analyzer = Analyzer()
    engine = EmbeddedEngine(archive.folder / INDEX_FOLDER)
    return SearchService(engine, archive, analyzer, repair=SpellingRepair(analyzer))


def bring_index_up_to_date(archive: Archive, progress: ImportProgress | None = None) -> BuildReport:
    """Index what the archive has and its index has not. Raises `EngineError`."""
    from index.analysis import Analyzer
    from index.build import update_index
    from index.generations import current_generation

    folder = archive.folder / INDEX_FOLDER
    if progress is None:
        return update_index(archive, folder, Analyzer())
    current = current_generation(folder)
    progress.start_indexing(archive.sequence - (current.manifest.sequence if current else 0))
    return update_index(archive, folder, Analyzer(), progress=progress.indexed)


archive_option = click.option(
    "--archive",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/archive"),
    envvar="KUPUR_ARCHIVE",
    show_default=True,
    show_envvar=True,
    metavar="DIR",
    help="The folder that holds everything of one archive.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def _installed_version() -> str:
    try:
        return version("kupur")
    except PackageNotFoundError:  # run from a checkout that nobody installed
        return "(not installed)"


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""
    \b
    Example:
      kupur import data/sample
      kupur search -- deprem -spor
      kupur serve
    """,
)
@click.version_option(_installed_version(), message="kupur %(version)s")
def commands() -> None:
    """Kupur, a search engine for Turkish news archives."""


@commands.command(
    "import",
    epilog="""
    \b
    Examples:
      kupur import haberler.jsonl arsiv/
      xzcat haberler.jsonl.xz | kupur import -
    """,
)
@archive_option
@json_option
@click.option("--format", "form", default="", metavar="NAME", help=_FORMAT_HELP)
@click.option("--strict", is_flag=True, help="Exit with status 1 if anything was rejected.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def import_command(
    folder: Path, as_json: bool, form: str, strict: bool, paths: tuple[str, ...]
) -> int:
    """Take articles in from files and folders, or from standard input (-).

    What is there already stays as it is; a record that is no article is counted and written to a
    reject file. An interrupted import can be started again.
    """
    from index.archive import Archive
    from index.readers import find_sources
    from web.import_progress import import_progress

    sources = find_sources(paths, format_name=form)
    # SIGTERM as Ctrl-C: the batch in hand is given up, everything before it is kept.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Archive.open(folder, create=True) as archive, import_progress(sys.stderr) as progress:
            report, built = _import(sources, archive, progress)
    except KeyboardInterrupt:
        _say("interrupted; what was read is kept, start the same import again to go on")
        return INTERRUPTED
    _print_import(report, built, as_json)
    useless = report.rejected and report.rejected == report.read
    return NOTHING_THERE if useless or (strict and report.rejected) else 0


@commands.command(
    "search",
    epilog="""
    \b
    Examples:
      kupur search 'savunma bakanı'
      kupur search --from 2019 --section dünya --sort newest -- '"meşru müdafaa"' -spor
    """,
)
@archive_option
@json_option
@click.option("--from", "from", metavar="DATE", help="First day: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--to", "to", metavar="DATE", help="Last day, inclusive, written alike.")
@click.option("--source", multiple=True, help="Only this source; repeat for several.")
@click.option("--section", multiple=True, help="Only this section; repeat for several.")
@click.option("--author", multiple=True, help="Only this author; repeat for several.")
@click.option("--match", metavar="stem|exact", help="Words with their suffixes, or by the letter.")
@click.option("--op", metavar="or|and", help="Any of the words, or all of them.")
@click.option("--sort", metavar="relevance|newest|oldest", help="The order of results.")
@click.option("--page", metavar="N", help="Which page, from 1.")
@click.option("--per-page", metavar="N", help="Results on a page, up to 50 (10).")
@click.option("--facets", metavar="LIST", help="Counts by source,section,author,year (--json).")
@click.option("--repair", metavar="true|false", help="Whether spellings may be mended.")
@click.option("--highlight", metavar="mark|offsets|none", help="How words are marked (--json).")
@click.argument("query", nargs=-1)
def search_command(folder: Path, as_json: bool, query: tuple[str, ...], **options: Any) -> None:
    """Find articles. Without QUERY: all that the options let through.

    Words that begin with a hyphen exclude; they stand after "--".
    """
    from index.archive import Archive
    from web.api_request import read_api_search
    from web.payload import search_payload, to_json

    # The options are the endpoint's parameters by name, and read by the same table.
    pairs = [("q", _typed(" ".join(query)))]
    for name, given in options.items():
        values = given if isinstance(given, tuple) else (given,)
        pairs.extend((name, _typed(value)) for value in values if value is not None)
    wanted, highlight = read_api_search(pairs)
    with Archive.open(folder, read_only=True) as archive:
        page = service_over(archive).search(wanted)
    if as_json:
        click.echo(to_json(search_payload(page, highlight)), nl=False)
    else:
        from web.terminal import results_lines

        _print(results_lines(page))


@commands.command(epilog="Example: kupur show 3f2a9c0d4e5b6a71")
@archive_option
@json_option
@click.argument("id")
@click.argument("query", nargs=-1)
def show(folder: Path, as_json: bool, id: str, query: tuple[str, ...]) -> int:
    """Show one article; the words of QUERY are marked in it."""
    from index.archive import Archive

    with Archive.open(folder, read_only=True) as archive:
        found = service_over(archive).article(id, _typed(" ".join(query)))
    if found is None:
        _say(f"there is no article with the id '{id}' in {folder}")
        return NOTHING_THERE
    if as_json:
        from web.payload import article_payload, to_json

        click.echo(to_json(article_payload(found.article)), nl=False)
    else:
        from web.terminal import article_lines

        _print(article_lines(found))
    return 0


@commands.command(epilog="Example: kupur remove 3f2a9c0d4e5b6a71")
@archive_option
@json_option
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def remove(folder: Path, as_json: bool, ids: tuple[str, ...]) -> int:
    """Take articles out of the archive, so that nobody finds them any more."""
    from index.archive import Archive

    with Archive.open(folder) as archive:
        removed = archive.remove(ids)
        bring_index_up_to_date(archive)
    unknown = [each for each in dict.fromkeys(ids) if each not in removed]
    if as_json:
        from web.payload import to_json

        click.echo(to_json({"removed": list(removed), "unknown": unknown}), nl=False)
    else:
        click.echo(f"removed {len(removed)}")
    for each in unknown:
        _say(f"there is no article with the id '{each}' in {folder}")
    return NOTHING_THERE if unknown else 0


@commands.command(epilog="Example: kupur stats --archive var/archive")
@archive_option
@json_option
def stats(folder: Path, as_json: bool) -> None:
    """Tell what the archive holds."""
    from index.archive import Archive

    with Archive.open(folder, read_only=True) as archive:
        figures = service_over(archive).stats()
    if as_json:
        from web.payload import stats_payload, to_json

        click.echo(to_json(stats_payload(figures)), nl=False)
    else:
        from web.terminal import stats_lines

        _print(stats_lines(figures))


@commands.command(epilog="Example: kupur serve --port 8080")
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=8,
    show_default=True,
    help="How many requests are answered at once.",
)
def serve(folder: Path, host: str, port: int, threads: int) -> None:
    """Serve the web site and the endpoint until interrupted."""
    import logging

    from web.app import create_app
    from web.server import serve_until_ended
    from web.settings import Settings

    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    _catch_up(folder)
    app = create_app(open_service(folder), Settings(archive_folder=str(folder)))
    serve_until_ended(
        app, host, port, threads, lambda url: click.echo(f"kupur serves {folder} at {url}")
    )


def _import(
    sources: Sources, archive: Archive, progress: ImportProgress
) -> tuple[ImportReport, BuildReport]:
    """Read sources into the archive, then index; the report counts the seconds of both."""
    from index.importing import import_sources, reject_path

    began = time.monotonic()
    rejects = reject_path(archive.folder, datetime.now(UTC))
    try:
        report = import_sources(sources, archive, reject_file=rejects, progress=progress)
    except SourceError:
        bring_index_up_to_date(archive)  # what was read before it is kept, so it is found as well
        raise
    built = bring_index_up_to_date(archive, progress)
    return replace(report, seconds=time.monotonic() - began), built


def _print_import(report: ImportReport, built: BuildReport, as_json: bool) -> None:
    if as_json:
        from web.payload import import_payload, to_json

        click.echo(to_json(import_payload(report, built)), nl=False)
    else:
        from web.terminal import import_lines

        _print(import_lines(report, built))


def _catch_up(folder: Path) -> None:
    """Index what an interrupted import left, if that is possible; serving goes on without it."""
    from index.archive import Archive

    try:
        with Archive.open(folder, read_only=True) as archive:
            bring_index_up_to_date(archive)
    except EngineError as error:
        _say(f"serving the index as it is: {error}")


def _print(lines: Iterable[Text]) -> None:
    """Print lines, wrapped and coloured on a terminal, whole and plain elsewhere."""
    from rich.console import Console
    from rich.padding import Padding

    console = Console(highlight=False)
    for line in lines:
        if not console.is_terminal:
            console.print(line, soft_wrap=True)
            continue
        indent = len(line.plain) - len(line.plain.lstrip())
        console.print(Padding(line[indent:], (0, 0, 0, indent), expand=False))


def _typed(text: str) -> str:
    """Return an argument as text; bytes that are no UTF-8 become U+FFFD, as in an address."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _complain(message: str) -> int:
    _say(message)
    return FAILED


def _say(message: str) -> None:
    click.echo(f"kupur: {' '.join(message.split())}", err=True)


def _usage_message(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    help_command = f"{context.command_path} --help" if context else "kupur --help"
    hint = ""
    if isinstance(error, click.NoSuchOption) and context and context.command.name == "search":
        hint = "; a word to exclude stands after --"
    return f"{error.format_message().rstrip('.')}{hint} (see {help_command})"


if __name__ == "__main__":
    main()
