"""`kupur show`: one article, to read or as JSON."""

from __future__ import annotations

from pathlib import Path

import click

from web.commands.options import archive_option, json_option, typed
from web.commands.output import NOTHING_THERE, complain, print_json, print_lines
from web.commands.parts import Parts
from web.payload import article_payload
from web.terminal import article_lines


@click.command("show", epilog="Example: kupur show 2019-03-01-kopru köprü")
@archive_option
@json_option
@click.argument("id")
@click.argument("query", nargs=-1)
@click.pass_obj
def command(
    parts: Parts, /, *, folder: Path, as_json: bool, id: str, query: tuple[str, ...]
) -> int:
    """Show one article, with the words of QUERY marked."""
    with parts.reading(folder) as service:
        found = service.article(typed(id), typed(" ".join(query)))
    if found is None:
        complain(f"there is no article with the id '{typed(id)}' in {folder}")
        return NOTHING_THERE
    if as_json:
        print_json(article_payload(found.article))
    else:
        print_lines(article_lines(found))
    return 0
