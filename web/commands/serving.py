"""`kupur serve`: the web site and the endpoint."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from index.errors import BusyError, EngineError
from search.request import SearchRequest
from search.service import SearchService
from web.app import create_app
from web.commands.options import archive_option
from web.commands.output import complain
from web.commands.parts import Parts
from web.server import serve_until_ended
from web.settings import Settings


@click.command("serve", epilog="Example: kupur serve --port 8080")
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    default=8,
    show_default=True,
    help="How many requests are answered at once.",
)
@click.pass_obj
def command(parts: Parts, /, *, folder: Path, host: str, port: int, threads: int) -> None:
    """Serve the web site and the endpoint until interrupted."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    _catch_up(parts, folder)

    def announce(url: str) -> None:
        click.echo(f"kupur serves {folder} at {url} (Ctrl-C ends it)")

    with parts.reading(folder) as service:
        _warm_up(service)
        app = create_app(service, Settings(archive_folder=str(folder)))
        serve_until_ended(app, host, port, threads, announce)


def _warm_up(service: SearchService) -> None:
    """Open the index before anybody waits for it: a first start compiles the engine's loops."""
    try:
        service.search(SearchRequest(per_page=1))
    except EngineError as error:
        complain(f"serving without an index: {error}")


def _catch_up(parts: Parts, folder: Path) -> None:
    """Index what an interrupted import left, if that is possible; serving goes on without it."""
    try:
        with parts.open_archive(folder, read_only=True) as archive:
            parts.bring_index_up_to_date(archive, wait=0)
    except (EngineError, BusyError) as error:
        complain(f"serving the index as it is: {error}")
