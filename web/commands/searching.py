"""`kupur search`: the endpoint's search, with its parameters as options."""

from __future__ import annotations

from pathlib import Path

import click

from web.api_request import read_api_search
from web.commands.options import archive_option, json_option, typed
from web.commands.output import print_json, print_lines
from web.commands.parts import Parts
from web.payload import search_payload
from web.terminal import results_lines


@click.command(
    "search",
    epilog="""
    \b
    Examples:
      kupur search 'savunma bakanı'
      kupur search --from 2019 --section Dünya --sort newest -- '"meşru müdafaa"' -spor
    """,
)
@archive_option
@json_option
@click.option("--from", "from", metavar="DATE", help="First day: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--to", metavar="DATE", help="Last day, inclusive, written alike.")
@click.option("--source", multiple=True, help="Only this source; repeat for several.")
@click.option("--section", multiple=True, help="Only this section; repeat for several.")
@click.option("--author", multiple=True, help="Only this author; repeat for several.")
@click.option("--match", metavar="stem|exact", help="Words with their suffixes, or by the letter.")
@click.option("--op", metavar="or|and", help="Any of the words, or all of them.")
@click.option("--sort", metavar="relevance|newest|oldest", help="The order of results.")
@click.option("--page", metavar="N", help="Which page, from 1.")
@click.option("--per-page", metavar="N", help="Results on a page, up to 50 (10).")
@click.option("--facets", metavar="LIST", help="Counts by source,section,author,year (--json).")
@click.option("--histogram", metavar="auto|year|month|day", help="Counts by date (--json).")
@click.option("--repair", metavar="true|false", help="Whether spellings may be mended.")
@click.option("--highlight", metavar="mark|offsets|none", help="How words are marked (--json).")
@click.argument("query", nargs=-1)
@click.pass_obj
def command(
    parts: Parts,
    /,
    *,
    folder: Path,
    as_json: bool,
    query: tuple[str, ...],
    **parameters: str | tuple[str, ...] | None,
) -> None:
    """Find articles; without QUERY, all that the options let through.

    A word that begins with a hyphen excludes; such a query stands after "--".
    """
    # The options are the endpoint's parameters by name, and read by the same table.
    pairs = [("q", typed(" ".join(query)))]
    for name, given in parameters.items():
        values = given if isinstance(given, tuple) else (given,)
        pairs.extend((name, typed(value)) for value in values if value is not None)
    wanted, highlight = read_api_search(pairs)
    with parts.reading(folder) as service:
        page = service.search(wanted)
    if as_json:
        print_json(search_payload(page, highlight))
    else:
        print_lines(results_lines(page))
