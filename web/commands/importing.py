"""`kupur import`: reads sources into the archive, indexes them, reports."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from index.archive import Archive
from index.build import BuildReport
from index.errors import SourceError
from index.importing import ImportReport, import_sources, reject_path
from index.readers import Sources, find_sources
from web.commands.options import archive_option, json_option, wait_option
from web.commands.output import INTERRUPTED, NOTHING_THERE, complain, print_json, print_lines
from web.commands.parts import Parts
from web.import_progress import ImportProgress, import_progress
from web.payload import import_payload
from web.terminal import import_lines


@click.command(
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
@click.option(
    "--format",
    "format_name",
    default="",
    metavar="NAME",
    help="What standard input (and each file named) holds: jsonl, csv, txt, html.",
)
@wait_option
@click.option("--strict", is_flag=True, help="Exit with status 1 if anything was rejected.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.pass_obj
def command(
    parts: Parts,
    /,
    *,
    folder: Path,
    as_json: bool,
    format_name: str,
    strict: bool,
    wait: float,
    paths: tuple[str, ...],
) -> int:
    """Take articles in from files, folders or standard input (-).

    What is there already stays as it is. A record that is no article is counted and written to a
    reject file. An interrupted import can be started again.
    """
    sources = find_sources(paths, format_name=format_name)
    # SIGTERM as Ctrl-C: the batch in hand is given up, everything before it is kept.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with (
            parts.writing(folder, "kupur import", wait=wait, create=True) as archive,
            import_progress(sys.stderr) as progress,
        ):
            report, built = _import(parts, sources, archive, progress)
    except KeyboardInterrupt:
        complain("interrupted; what was read is kept, start the same import again to go on")
        return INTERRUPTED
    if as_json:
        print_json(import_payload(report, built))
    else:
        print_lines(import_lines(report, built))
    nothing = report.rejected and report.rejected == report.read
    return NOTHING_THERE if nothing or (strict and report.rejected) else 0


def _import(
    parts: Parts, sources: Sources, archive: Archive, progress: ImportProgress
) -> tuple[ImportReport, BuildReport]:
    """Read sources into the archive, and index meanwhile; the report counts the seconds of both."""
    began = time.monotonic()
    rejects = reject_path(archive.folder, datetime.now(UTC))
    with parts.follow(archive, progress) as follower:
        try:
            report = import_sources(
                sources, archive, reject_file=rejects, progress=progress, on_put=follower.put
            )
        except SourceError:
            follower.finish()  # what was read before it is kept: let it be found
            raise
        built = follower.finish()
    return replace(report, seconds=time.monotonic() - began), built
