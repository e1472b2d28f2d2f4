"""`kupur rebuild`: the whole index from the archive."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from web.commands.options import archive_option, json_option, wait_option
from web.commands.output import print_json
from web.commands.parts import Parts
from web.import_progress import import_progress


@click.command("rebuild", epilog="Example: kupur rebuild --archive var/archive")
@archive_option
@json_option
@wait_option
@click.pass_obj
def command(parts: Parts, /, *, folder: Path, as_json: bool, wait: float) -> int:
    """Make the index again from the archive, while people search.

    They go on with the index there is until the new one is whole.
    """
    with (
        parts.writing(folder, "kupur rebuild", wait=wait, lossy=True) as archive,
        import_progress(sys.stderr) as progress,
    ):
        built = parts.bring_index_up_to_date(archive, progress, rebuild=True, wait=wait)
    if as_json:
        print_json({"articles": built.documents, "generation": built.generation})
    else:
        click.echo(f"indexed {built.documents} articles; generation {built.generation}")
    return 0
