"""`kupur remove`: takes articles out of the archive and of the index."""

from __future__ import annotations

from pathlib import Path

import click

from web.commands.options import archive_option, json_option, typed
from web.commands.output import NOTHING_THERE, complain, print_json
from web.commands.parts import Parts


@click.command("remove", epilog="Example: kupur remove 2019-03-01-kopru")
@archive_option
@json_option
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def command(parts: Parts, /, *, folder: Path, as_json: bool, ids: tuple[str, ...]) -> int:
    """Take articles out of the archive, by id.

    Nobody finds them any more, and importing the same source again does not bring them back.
    """
    wanted = tuple(dict.fromkeys(map(typed, ids)))
    with parts.open_archive(folder) as archive:
        removed = archive.remove(wanted)
        parts.bring_index_up_to_date(archive)
    unknown = [each for each in wanted if each not in removed]
    if as_json:
        print_json({"removed": list(removed), "unknown": unknown})
    else:
        click.echo(f"removed {len(removed)}")
    for each in unknown:
        complain(f"there is no article with the id '{each}' in {folder}")
    return NOTHING_THERE if unknown else 0
