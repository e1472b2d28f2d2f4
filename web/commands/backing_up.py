"""`kupur backup`: a copy of the archive in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from index.archive_copying import back_up, backup_name
from web.commands.options import archive_option, json_option
from web.commands.output import print_json


@click.command("backup", epilog="Example: kupur backup yedek.db")
@archive_option
@json_option
@click.argument("target", type=click.Path(path_type=Path), metavar="FILE|DIR")
def command(*, folder: Path, as_json: bool, target: Path) -> int:
    """Copy the archive to a file, also while it is written to.

    In a folder, the file gets a name with today's date and time (UTC). The index is left out: it
    is made again from the archive.
    """
    if target.is_dir():
        target /= backup_name(datetime.now(UTC))
    back_up(folder, target)
    if as_json:
        print_json({"backup": str(target), "bytes": target.stat().st_size})
    else:
        click.echo(f"backed up to {target}")
    return 0
