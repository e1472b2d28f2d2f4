"""How a command speaks: results on standard output, one line of trouble on standard error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from web.payload import Payload, to_json

if TYPE_CHECKING:
    from rich.text import Text

NOTHING_THERE = 1
"""Exit status: an unknown id, an import that took in nothing."""

FAILED = 2
"""Exit status: an error."""

INTERRUPTED = 130
"""Exit status: Ctrl-C or SIGTERM, as shells have it (128 + SIGINT)."""


def print_json(payload: Payload) -> None:
    """Print a payload as the endpoint would send it."""
    click.echo(to_json(payload), nl=False)


def print_lines(lines: Iterable[Text]) -> None:
    """Print lines: wrapped under their indent and coloured on a terminal, whole and plain else."""
    # Here, since rich takes longer to load than `kupur search --json` to search.
    from rich.console import Console  # noqa: PLC0415
    from rich.padding import Padding  # noqa: PLC0415

    console = Console(highlight=False)
    for line in lines:
        if console.is_terminal:
            indent = len(line.plain) - len(line.plain.lstrip())
            console.print(Padding(line[indent:], (0, 0, 0, indent), expand=False))
        else:
            console.print(line, soft_wrap=True)


def complain(message: str) -> None:
    """Print what went wrong, as one line."""
    click.echo(f"kupur: {' '.join(message.split())}", err=True)
