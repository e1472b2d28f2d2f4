"""`kupur evaluate`: how good the ranking is, by queries whose articles were judged."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from index.errors import InputError
from search.evaluate import Evaluation, SearchParts, evaluate, ir_measures, run_topics
from search.ranking import DEFAULT_PROFILE, RankingProfile, read_profile
from search.trec import Qrels, Run, Topic, query_files, read_qrels, read_topics, run_lines
from web.commands.options import archive_option, json_option
from web.commands.output import print_json, print_lines
from web.commands.parts import Parts
from web.evaluation_report import (
    MeasuredVariant,
    evaluation_lines,
    evaluation_payload,
    per_query_lines,
)
from web.query_progress import watched

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "evaluate",
    epilog="""
    \b
    Examples:
      kupur evaluate queries.jsonl qrels.txt
      kupur evaluate data/judged data/judged/qrels.txt --variant ascii --compare other.toml
    """,
)
@archive_option
@json_option
@click.option(
    "--variant",
    "wanted",
    multiple=True,
    metavar="NAME",
    help="Of a folder, only queries.NAME.jsonl; repeat for several.",
)
@click.option("--config", type=_FILE, help="Weights (TOML) to measure instead of the usual ones.")
@click.option("--compare", type=_FILE, help="Weights (TOML) to measure beside them.")
@click.option("--no-repair", is_flag=True, help="Take each query by the letter.")
@click.option("--per-query", type=_FILE, help="Write the figures of each query, between tabs.")
@click.option("--run", "run_file", type=_FILE, help="Write the results in the form of TREC.")
@click.argument("queries", type=click.Path(path_type=Path))
@click.argument("qrels", type=_FILE)
@click.pass_obj
def command(
    parts: Parts,
    /,
    *,
    folder: Path,
    as_json: bool,
    wanted: tuple[str, ...],
    config: Path | None,
    compare: Path | None,
    no_repair: bool,
    per_query: Path | None,
    run_file: Path | None,
    queries: Path,
    qrels: Path,
) -> None:
    """Tell how good the ranking is, by queries whose articles were judged.

    QUERIES is a JSON Lines file (id, text), or a folder of queries.<variant>.jsonl; QRELS are
    judgements in the form of TREC (query 0 article grade).
    """
    ir_measures()  # what is missing is told before an hour of work
    for written in (per_query, run_file):
        if written and not written.parent.is_dir():
            raise InputError(f"{written}: there is no folder {written.parent} to write to")
    topics = _chosen(queries, wanted)
    judgements = read_qrels(qrels)
    profile = read_profile(config) if config else DEFAULT_PROFILE
    other = read_profile(compare) if compare else None
    with parts.measuring(folder) as usual:
        ranking = replace(usual, repair=None) if no_repair else usual
        measured = []
        for variant, own in topics.items():
            run, seconds = _run(variant, own, ranking, profile)
            if run_file:
                _write(_of_variant(run_file, variant, len(topics)), run_lines(run))
            beside = _other(variant, own, ranking, other, judgements) if other else None
            ours = evaluate(run, judgements)
            measured.append(MeasuredVariant(variant, own, ours, 1000 * seconds / len(own), beside))
    if per_query:
        _write(per_query, per_query_lines(measured))
    if as_json:
        print_json(evaluation_payload(measured))
    else:
        print_lines(evaluation_lines(measured))


def _chosen(queries: Path, wanted: tuple[str, ...]) -> dict[str, list[Topic]]:
    """Return the queries of each wanted variant. Raises `InputError`."""
    files = query_files(queries)
    for variant in wanted:
        if variant not in files:
            raise InputError(
                f"{queries}: there is no variant '{variant}'; there are {', '.join(files)}"
            )
    return {variant: read_topics(files[variant]) for variant in wanted or files}


def _run(
    label: str, topics: list[Topic], ranking: SearchParts, profile: RankingProfile
) -> tuple[Run, float]:
    """Return the run and the seconds it took."""
    began = time.perf_counter()
    run = run_topics(watched(topics, label, sys.stderr), ranking, profile)
    return run, time.perf_counter() - began


def _other(
    variant: str,
    topics: list[Topic],
    ranking: SearchParts,
    profile: RankingProfile,
    judgements: Qrels,
) -> Evaluation:
    run, _ = _run(f"{variant}, compared", topics, ranking, profile)
    return evaluate(run, judgements)


def _of_variant(path: Path, variant: str, count: int) -> Path:
    """Return where a variant's run goes: variants share query ids, so each needs a file."""
    return path if count == 1 else path.with_name(f"{path.stem}.{variant}{path.suffix}")


def _write(path: Path, lines: Iterable[str]) -> None:
    try:
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error})") from error
