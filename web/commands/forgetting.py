"""`kupur forget`: deletes articles for good."""

from __future__ import annotations

from pathlib import Path

import click

from index.forgetting import forget_articles
from web.commands.options import archive_option, json_option, typed, wait_option
from web.commands.output import NOTHING_THERE, complain, print_json
from web.commands.parts import Parts


@click.command("forget", epilog="Example: kupur forget 2019-03-01-kopru")
@archive_option
@json_option
@wait_option
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def command(
    parts: Parts, /, *, folder: Path, as_json: bool, wait: float, ids: tuple[str, ...]
) -> int:
    """Delete articles for good, with every version and trace of them.

    There is no undoing it. Importing the same source again leaves them out. Backups that were made
    before still hold them.
    """
    wanted = tuple(dict.fromkeys(map(typed, ids)))
    with parts.writing(folder, "kupur forget", wait=wait) as archive:
        forgotten = forget_articles(archive, wanted)
        # Also where it was forgotten before: an interrupted forgetting is finished so.
        parts.bring_index_up_to_date(archive, wait=wait)
        unknown = [each for each in wanted if each not in forgotten and not archive.is_gone(each)]
    if as_json:
        print_json({"forgotten": list(forgotten), "unknown": unknown})
    else:
        click.echo(f"forgotten {len(forgotten)}")
    for each in unknown:
        complain(f"there is no article with the id '{each}' in {folder}")
    return NOTHING_THERE if unknown else 0
