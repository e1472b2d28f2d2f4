"""`make` on a machine that lacks something says so in words a person can act on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

TOO_OLD = '[ "$1" = --version ] && echo "Python 3.9.2"; exit 1'
WITHOUT_VENV = 'case "$2" in *version_info*) exit 0;; esac; exit 1'
SHIM_WITHOUT_PYTHON = 'echo "python3: no such version" >&2; exit 127'


def make_venv(checkout: Path, commands: dict[str, str], folder: Path) -> tuple[int, str]:
    """Run .ci/make-venv where only `commands` stand on the path, as shell scripts."""
    path = folder / "bin"
    path.mkdir()
    for name, script in commands.items():
        (path / name).write_text(f"#!/bin/sh\n{script}\n")
        (path / name).chmod(0o755)
    for tool in ("rm", "sh"):
        (path / tool).symlink_to(f"/bin/{tool}")
    done = subprocess.run(
        ["/bin/sh", checkout / ".ci" / "make-venv", folder / "made"],
        env={**os.environ, "PATH": str(path), "PYTHON": ""},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        pytest.param({"python3": TOO_OLD}, "here is: Python 3.9.2", id="too old"),
        pytest.param({}, "needs Python 3.11 or newer", id="no Python"),
        pytest.param({"python3": WITHOUT_VENV}, "apt install python3-venv", id="no venv module"),
    ],
)
def test_says_what_is_missing(
    checkout: Path, tmp_path: Path, commands: dict[str, str], said: str
) -> None:
    status, message = make_venv(checkout, commands, tmp_path)
    assert status == 1
    assert said in message
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("unfit", [TOO_OLD, SHIM_WITHOUT_PYTHON])
def test_takes_a_newer_python_where_the_default_is_unfit(
    checkout: Path, tmp_path: Path, unfit: str
) -> None:
    real = f'exec "{sys.executable}" "$@"'
    status, message = make_venv(checkout, {"python3": unfit, "python3.12": real}, tmp_path)
    assert (status, message) == (0, "")
    assert (tmp_path / "made" / "bin" / "python").exists()
    assert (tmp_path / "made" / "place").read_text().strip() == str(tmp_path)


def test_make_without_a_target_lists_the_commands(checkout: Path) -> None:
    done = subprocess.run(["make"], cwd=checkout, capture_output=True, text=True, check=True)
    for command in ("run", "test", "lint", "lock", "clean"):
        assert f"make {command} " in done.stdout


def test_make_run_serves_the_sample_articles(checkout: Path, tmp_path: Path) -> None:
    if Path(sys.prefix) != checkout / ".venv":
        pytest.skip("make run needs the environment that make made: run this with make test")
    command = ["make", "--no-print-directory", "run", f"VAR={tmp_path}", "PORT=0"]
    with subprocess.Popen(
        command, cwd=checkout, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as server:
        assert server.stdout
        try:
            found = map(re.compile(r"http://127\.0\.0\.1:\d+").search, server.stdout)
            address = next((match.group() for match in found if match), None)
            assert address, "make run ended without printing an address"
            with urllib.request.urlopen(f"{address}/ara?q=haber") as answer:
                page = answer.read().decode()
        finally:
            os.killpg(server.pid, signal.SIGTERM)
    assert "<mark" in page
    assert (tmp_path / "archive" / "archive.db").exists()
