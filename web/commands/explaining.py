"""`kupur explain`: why a search finds an article, and why there."""

from __future__ import annotations

from pathlib import Path

import click

from web.api_request import read_api_explain
from web.commands.options import archive_option, json_option, typed
from web.commands.output import NOTHING_THERE, complain, print_json, print_lines
from web.commands.parts import Parts
from web.explanation_payload import explanation_payload
from web.terminal_explanation import explanation_lines


@click.command("explain", epilog="Example: kupur explain 2019-03-01-kopru köprü onarımı")
@archive_option
@json_option
@click.option("--match", metavar="stem|exact", help="Words with their suffixes, or by the letter.")
@click.option("--op", metavar="or|and", help="Any of the words, or all of them.")
@click.option("--repair", metavar="true|false", help="Whether spellings may be mended.")
@click.argument("id")
@click.argument("query", nargs=-1, required=True)
@click.pass_obj
def command(
    parts: Parts,
    /,
    *,
    folder: Path,
    as_json: bool,
    id: str,
    query: tuple[str, ...],
    **parameters: str | None,
) -> int:
    """Tell why QUERY finds an article: which of its words, by which layer, for how much."""
    pairs = [("q", typed(" ".join(query)))]
    pairs.extend((name, typed(given)) for name, given in parameters.items() if given is not None)
    wanted = read_api_explain(pairs)
    with parts.reading(folder) as service:
        explained = service.explain(typed(id), wanted)
    if explained is None:
        complain(f"there is no article with the id '{typed(id)}' in {folder}")
        return NOTHING_THERE
    if as_json:
        print_json(explanation_payload(explained))
    else:
        print_lines(explanation_lines(explained))
    return 0 if explained.is_found else NOTHING_THERE
