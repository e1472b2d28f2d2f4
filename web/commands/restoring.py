"""`kupur restore`: an archive from a backup."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from index.archive_copying import restore
from web.commands.options import archive_option, json_option, wait_option
from web.commands.output import print_json
from web.commands.parts import Parts
from web.import_progress import import_progress


@click.command("restore", epilog="Example: kupur restore yedek.db --archive var/yeni")
@archive_option
@json_option
@wait_option
@click.argument("backup", type=click.Path(path_type=Path))
@click.pass_obj
def command(parts: Parts, /, *, folder: Path, as_json: bool, wait: float, backup: Path) -> int:
    """Make an archive of a backup, in a new folder.

    Nothing is ever written over. To bring back an article that was removed, use kupur remove
    --undo.
    """
    restore(backup, folder)
    with (
        parts.writing(folder, "kupur restore", wait=wait) as archive,
        import_progress(sys.stderr) as progress,
    ):
        built = parts.bring_index_up_to_date(archive, progress, wait=wait)
    if as_json:
        print_json({"articles": built.documents, "generation": built.generation})
    else:
        click.echo(f"restored {built.documents} articles into {folder}")
    return 0
