"""`kupur history`: every version of an article, and its removals."""

from __future__ import annotations

from pathlib import Path

import click

from index.archive_values import Version
from web.commands.options import archive_option, json_option, typed
from web.commands.output import NOTHING_THERE, complain, print_json
from web.commands.parts import Parts
from web.payload import Payload, article_payload

_WORDS = {"put": "written", "remove": "removed", "restore": "restored"}


@click.command("history", epilog="Example: kupur history 2019-03-01-kopru")
@archive_option
@json_option
@click.argument("id")
@click.pass_obj
def command(parts: Parts, /, *, folder: Path, as_json: bool, id: str) -> int:
    """Show everything that was ever done to one article."""
    with parts.open_archive(folder, read_only=True) as archive:
        versions = archive.history(typed(id))
    if not versions:
        complain(f"there is no article with the id '{typed(id)}' in {folder}")
        return NOTHING_THERE
    if as_json:
        print_json({"id": typed(id), "changes": [_payload(each) for each in versions]})
    else:
        for each in versions:
            click.echo(_line(each))
    return 0


def _line(version: Version) -> str:
    title = version.article.title if version.article else ""
    moment = f"{version.recorded:%Y-%m-%d %H:%M:%S}Z"
    return f"{version.sequence:>8}  {moment}  {_WORDS[version.kind]:<8}  {title}".rstrip()


def _payload(version: Version) -> Payload:
    return {
        "sequence": version.sequence,
        "kind": version.kind.value,
        "recorded": version.recorded.isoformat(),
        "article": article_payload(version.article) if version.article else None,
    }
