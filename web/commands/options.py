"""What several commands take: the archive, JSON instead of text, words typed in a shell."""

from __future__ import annotations

from pathlib import Path

import click

archive_option = click.option(
    "--archive",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/archive"),
    envvar="KUPUR_ARCHIVE",
    show_default=True,
    show_envvar=True,
    metavar="DIR",
    help="The folder that holds everything of one archive.",
)

wait_option = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for another command that is writing.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


def typed(text: str) -> str:
    """Return an argument as text; bytes that are no UTF-8 become U+FFFD, as in an address."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
