"""`kupur repair`: mends what `kupur verify` finds."""

from __future__ import annotations

from pathlib import Path

import click

from index.findings import Part
from web.commands.options import archive_option, json_option, wait_option
from web.commands.output import complain, print_json
from web.commands.parts import Parts


@click.command(
    "repair",
    epilog="""
    \b
    Examples:
      kupur repair
      kupur repair --from kupur-20260301T020000Z.db
    """,
)
@archive_option
@json_option
@wait_option
@click.option(
    "--from",
    "backup",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="BACKUP",
    help="Where changes come from that the archive has lost.",
)
@click.pass_obj
def command(
    parts: Parts, /, *, folder: Path, as_json: bool, wait: float, backup: Path | None
) -> int:
    """Mend what verify finds: the index, and the archive where it can be.

    The index is made again from the archive. A damaged archive is put together from what is whole
    of it and a backup; where a change would be lost, nothing is replaced and the loss is named.
    """
    findings = parts.verify(folder)
    aside = None
    if any(each.part is Part.ARCHIVE for each in findings):
        aside = parts.repair_archive(folder, backup)
        complain(f"the damaged archive is kept as {aside}; delete it when all is well")
    if findings:
        with parts.writing(folder, "kupur repair", wait=wait) as archive:
            parts.bring_index_up_to_date(archive, rebuild=True, wait=wait)
    left = parts.verify(folder) if findings else []
    if as_json:
        kept = str(aside) if aside else None
        print_json({"mended": len(findings), "left": len(left), "damaged_file": kept})
    elif findings:
        click.echo(f"mended {len(findings)} findings")
    else:
        click.echo(f"{folder}: nothing to mend")
    for each in left:
        complain(f"{each.where}: {each.what}")
    return 2 if left else 0
