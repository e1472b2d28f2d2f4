"""`kupur remove`: takes articles out of the archive and of the index, or puts them back."""

from __future__ import annotations

from pathlib import Path

import click

from web.commands.options import archive_option, json_option, typed, wait_option
from web.commands.output import NOTHING_THERE, complain, print_json
from web.commands.parts import Parts


@click.command(
    "remove",
    epilog="""
    \b
    Examples:
      kupur remove 2019-03-01-kopru
      kupur remove --undo 2019-03-01-kopru
    """,
)
@archive_option
@json_option
@wait_option
@click.option("--undo", is_flag=True, help="Put removed articles back.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def command(
    parts: Parts, /, *, folder: Path, as_json: bool, wait: float, undo: bool, ids: tuple[str, ...]
) -> int:
    """Take articles out of the archive, by id.

    Nobody finds them any more, and importing the same source again does not bring them back. Their
    text stays in the archive, so that it can be undone; `kupur forget` deletes it.
    """
    wanted = tuple(dict.fromkeys(map(typed, ids)))
    with parts.writing(folder, "kupur remove", wait=wait) as archive:
        done = archive.restore(wanted) if undo else archive.remove(wanted)
        parts.bring_index_up_to_date(archive, wait=wait)
    unknown = [each for each in wanted if each not in done]
    word = "restored" if undo else "removed"
    if as_json:
        print_json({word: list(done), "unknown": unknown})
    else:
        click.echo(f"{word} {len(done)}")
    what = "no removed article" if undo else "no article"
    for each in unknown:
        complain(f"there is {what} with the id '{each}' in {folder}")
    return NOTHING_THERE if unknown else 0
