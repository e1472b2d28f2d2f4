"""What the documentation says is so: links lead somewhere, commands run, each room is named."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
PAGES = sorted(
    page
    for page in CHECKOUT.rglob("*.md")
    if not {".venv", "var", "node_modules"} & set(page.relative_to(CHECKOUT).parts)
    and not page.relative_to(CHECKOUT).parts[0].startswith(".")
)
KUPUR = Path(sys.executable).with_name("kupur")

LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(
    r"(?:`(?P<file>[\w.-]+)`:\n\n)?^(?P<indent> *)```(?P<kind>\w+)\n(?P<text>.*?)^ *```$",
    re.DOTALL | re.MULTILINE,
)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ROOM = re.compile(r"`((?:index|search|web|data|tests|docs|benchmarks|kupur)[\w/.-]*)`")


def without_code(text: str) -> str:
    return FENCE.sub("", text)


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    headings = HEADING.findall(without_code(page.read_text()))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def fences(page: Path, kind: str) -> list[str]:
    found = (match for match in FENCE.finditer(page.read_text()) if match["kind"] == kind)
    return [re.sub(f"(?m)^{match['indent']}", "", match["text"]) for match in found]


def commands(page: Path) -> list[str]:
    return [line for fence in fences(page, "sh") for line in fence.splitlines() if line]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(without_code(page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in anchors(target), f"{page}: {link}"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of the sample articles."""
    folder = tmp_path_factory.mktemp("docs") / "archive"
    kupur(folder, ["import", str(CHECKOUT / "data" / "sample")], folder=folder.parent)
    return folder


def kupur(archive: Path, arguments: list[str], *, folder: Path) -> str:
    """Run kupur over an archive; fail with what it said where it fails."""
    done = subprocess.run(
        [KUPUR, *arguments],
        cwd=folder,
        env={**os.environ, "KUPUR_ARCHIVE": str(archive)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"kupur {shlex.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def address(archive: Path) -> Iterator[str]:
    """Serve the sample articles and return the address."""
    command = [str(KUPUR), "serve", "--archive", str(archive), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            found = map(re.compile(r"http://[\w.]+:\d+").search, server.stdout)
            printed = next((match.group() for match in found if match), None)
            assert printed, "kupur serve ended without printing an address"
            yield printed
        finally:
            server.terminate()


def test_the_make_commands_of_the_readme_exist() -> None:
    wanted = [line for line in commands(CHECKOUT / "README.md") if line.startswith("make ")]
    assert {"make run", "make test"} <= set(wanted)
    for line in wanted:
        done = subprocess.run(
            ["make", "--dry-run", *shlex.split(line)[1:]],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"


def test_the_kupur_commands_of_the_readme_run(archive: Path, tmp_path: Path) -> None:
    wanted = [
        line.removeprefix(".venv/bin/kupur ")
        for line in commands(CHECKOUT / "README.md")
        if line.startswith(".venv/bin/kupur ")
    ]
    assert wanted
    for line in wanted:
        assert kupur(archive, shlex.split(line), folder=tmp_path)


def test_the_answer_in_the_readme_is_what_the_endpoint_answers(address: str) -> None:
    page = CHECKOUT / "README.md"
    (line,) = [line for line in commands(page) if line.startswith("curl ")]
    (shown,) = map(json.loads, fences(page, "json"))
    asked = shlex.split(line)[-1].replace("http://127.0.0.1:8080", address)
    with urllib.request.urlopen(asked) as answer:
        real = json.load(answer)
    assert is_part_of(shown, real), json.dumps(real, ensure_ascii=False, indent=2)


def is_part_of(shown: object, real: object) -> bool:
    """Whether everything shown is so; keys and further items may have been left out."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return all(key in real and is_part_of(value, real[key]) for key, value in shown.items())
    if isinstance(shown, list) and isinstance(real, list):
        return len(shown) <= len(real) and all(map(is_part_of, shown, real))
    return shown == real


def test_the_examples_for_editors_run_in_their_order(tmp_path: Path) -> None:
    page = CHECKOUT / "docs" / "editors.md"
    for match in FENCE.finditer(page.read_text()):
        if match["file"]:
            content = re.sub(f"(?m)^{match['indent']}", "", match["text"])
            (tmp_path / match["file"]).write_text(content)
    archive = tmp_path / "archive"
    lines = commands(page)
    printed = {
        line: kupur(archive, shlex.split(line)[1:], folder=tmp_path)
        for line in lines
        if line.startswith("kupur ")
    }
    assert list(printed) == list(dict.fromkeys(lines)), "only kupur is run in docs/editors.md"
    assert "Köprü yeniden açıldı" in printed["kupur search köprü"]
    assert "Onarım iki yıl sürdü." in printed["kupur show 2019-03-01-kopru"]


def test_each_room_that_the_architecture_names_exists() -> None:
    rooms = ROOM.findall((CHECKOUT / "ARCHITECTURE.md").read_text())
    assert rooms
    missing = [room for room in rooms if not (CHECKOUT / room).exists()]
    assert missing == []


def test_the_architecture_names_each_room() -> None:
    named = {Path(room) for room in ROOM.findall((CHECKOUT / "ARCHITECTURE.md").read_text())}
    rooms = {
        path.relative_to(CHECKOUT)
        for package in ("index", "search", "web")
        for path in (CHECKOUT / package).iterdir()
        if (path.suffix == ".py" or path.is_dir()) and not path.name.startswith("__")
    }
    assert sorted(rooms - named) == []
