"""`kupur verify`: checks an archive and its index, and names what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from index.findings import Finding
from web.commands.options import archive_option, json_option
from web.commands.output import FAILED, complain, print_json
from web.commands.parts import Parts


@click.command("verify", epilog="Example: kupur verify --archive var/archive")
@archive_option
@json_option
@click.pass_obj
def command(parts: Parts, /, *, folder: Path, as_json: bool) -> int:
    """Check everything that an archive's folder holds.

    Every row of the archive, every file of the index, and the two against each other. Reads all of
    it and changes nothing. Exit status 2 where something is wrong.
    """
    findings = parts.verify(folder)
    if as_json:
        print_json({"sound": not findings, "findings": findings_payload(findings)})
    elif not findings:
        click.echo(f"{folder}: archive and index are whole, and fit each other")
    if not as_json:
        for each in findings:
            complain(f"{each.where}: {each.what}")
    return FAILED if findings else 0


def findings_payload(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Return findings as JSON can hold them."""
    return [{"part": each.part.value, "where": each.where, "what": each.what} for each in findings]
