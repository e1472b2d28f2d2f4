"""`kupur analyze`: what the Turkish chain makes of a text, step by step."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from index.analysis.steps import analysis_steps
from web.commands.options import archive_option, json_option, typed
from web.commands.output import print_json, print_lines
from web.commands.parts import Parts
from web.explanation_payload import analysis_payload
from web.terminal_explanation import analysis_lines


@click.command(
    "analyze",
    epilog="""
    \b
    Examples:
      kupur analyze "Ankara’nın %20'si"
      kupur analyze < haber.txt
    """,
)
@archive_option
@json_option
@click.argument("text", nargs=-1)
@click.pass_obj
def command(parts: Parts, /, *, folder: Path, as_json: bool, text: tuple[str, ...]) -> None:
    """Show what a text becomes: its surfaces, their words, and each word's layers.

    Without TEXT, or with -, standard input is read. The archive need not be there: it is asked
    only for word lists of its own.
    """
    given = " ".join(text)
    if given in {"", "-"}:
        given = sys.stdin.buffer.read().decode("utf-8", "replace")
    analyzer = parts.analyzer(folder)
    steps = analysis_steps(typed(given), analyzer)
    if as_json:
        print_json(analysis_payload(steps, analyzer.version))
    else:
        print_lines(analysis_lines(steps))
