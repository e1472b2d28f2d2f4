"""`kupur stats`: what an archive holds."""

from __future__ import annotations

from pathlib import Path

import click

from web.commands.options import archive_option, json_option
from web.commands.output import print_json, print_lines
from web.commands.parts import Parts
from web.payload import stats_payload
from web.terminal import stats_lines


@click.command("stats", epilog="Example: kupur stats --archive var/archive")
@archive_option
@json_option
@click.pass_obj
def command(parts: Parts, /, *, folder: Path, as_json: bool) -> None:
    """Tell what the archive holds."""
    with parts.reading(folder) as service:
        stats = service.stats()
    if as_json:
        print_json(stats_payload(stats))
    else:
        print_lines(stats_lines(stats))
