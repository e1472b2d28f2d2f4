"""kupur installs from a wheel and from the checkout; its generic names have one root and one owner.

No network: the build backend and the dependencies are those of the environment the tests run in.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGES = ("index", "search", "web")

REPORT = """
import json, importlib.metadata as metadata, index, search, web
from index.shipped import shipped
owners = metadata.packages_distributions()
print(json.dumps({
    "roots": {p.__name__: list(p.__path__) for p in (index, search, web)},
    "owners": {name: sorted(set(owners.get(name, []))) for name in ("index", "search", "web")},
    "samples": sorted(entry.name for entry in shipped("sample").iterdir()),
}))
"""


def run(*command: str | Path, folder: Path) -> str:
    """Run a command to its end and return what it printed; fail with all it said."""
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Report(NamedTuple):
    """What an installed kupur says of itself."""

    roots: dict[str, list[str]]
    owners: dict[str, list[str]]
    samples: list[str]


class Environment:
    """A virtual environment that lacks nothing but kupur."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False)
        self.folder = folder
        self.python = folder / "bin" / "python"
        packages = sysconfig.get_path("purelib", vars={"base": str(folder)})
        # Dependencies by path, not by installing: what a .pth file names is not searched for
        # further .pth files, so the editable install of the tests' own environment stays out.
        Path(packages, "dependencies.pth").write_text(sysconfig.get_path("purelib"))

    def install(self, *what: str | Path) -> None:
        pip = (sys.executable, "-m", "pip", "--python", self.python, "install", "--no-deps")
        run(*pip, "--no-index", "--no-build-isolation", *what, folder=self.folder)

    def report(self) -> Report:
        return Report(**json.loads(run(self.python, "-P", "-c", REPORT, folder=self.folder)))


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-index")
    run(*build, "--no-build-isolation", "--wheel-dir", folder, checkout, folder=folder)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def from_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("from-wheel"))
    environment.install(wheel)
    return environment


@pytest.fixture(scope="module")
def from_checkout(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("from-checkout"))
    environment.install("--editable", checkout)
    return environment


@pytest.fixture(params=["from_wheel", "from_checkout"])
def environment(request: pytest.FixtureRequest) -> Environment:
    found: Environment = request.getfixturevalue(request.param)
    return found


def test_the_wheel_carries_each_file_of_the_packages_and_the_data_and_nothing_else(
    wheel: Path, checkout: Path
) -> None:
    def shipped(folder: str, place: Callable[[Path], Path]) -> set[str]:
        return {
            place(path.relative_to(checkout)).as_posix()
            for path in (checkout / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    expected = {"kupur.py"}.union(
        *(shipped(package, lambda path: path) for package in PACKAGES),
        shipped("data", lambda path: "index" / path),
    ) - {"index/data/words/derive_roots.py"}
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == expected


@pytest.mark.parametrize("kind", [".html", ".css", ".po", ".jsonl"])
def test_the_wheel_carries_templates_styles_texts_and_samples(wheel: Path, kind: str) -> None:
    assert any(name.endswith(kind) for name in zipfile.ZipFile(wheel).namelist())


def test_the_command_line_starts(environment: Environment) -> None:
    help_text = run(environment.folder / "bin" / "kupur", "--help", folder=environment.folder)
    assert "import" in help_text
    assert "search" in help_text


def test_each_package_has_one_root(
    from_wheel: Environment, from_checkout: Environment, checkout: Path
) -> None:
    roots = from_checkout.report().roots
    assert roots == {name: [str(checkout / name)] for name in PACKAGES}
    for name, paths in from_wheel.report().roots.items():
        (root,) = paths
        assert Path(root).is_relative_to(from_wheel.folder), name


def test_no_dependency_owns_a_package_of_our_names(
    from_wheel: Environment, from_checkout: Environment
) -> None:
    assert from_wheel.report().owners == {name: ["kupur"] for name in PACKAGES}
    # An editable install lists one path and no modules, so nobody owns these names there.
    assert from_checkout.report().owners == {name: [] for name in PACKAGES}


def test_the_shipped_data_is_found(environment: Environment, checkout: Path) -> None:
    in_checkout = sorted(path.name for path in (checkout / "data" / "sample").iterdir())
    assert environment.report().samples == in_checkout


@pytest.mark.parametrize("lock", ["run.lock", "test.lock"])
def test_the_locks_satisfy_pyproject(checkout: Path, lock: str) -> None:
    """`make lock` was run after the last change to the dependencies."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    if lock == "test.lock":
        wanted += [line for line in project["dependency-groups"]["dev"] if isinstance(line, str)]
        wanted += project["project"]["optional-dependencies"]["evaluate"]
    locked = locked_versions(checkout / ".ci" / lock)
    for requirement in map(Requirement, wanted):
        version = locked.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in {lock}: run make lock"
        assert version in requirement.specifier, f"{requirement} but {version} in {lock}"


def test_what_runs_is_what_is_tested(checkout: Path) -> None:
    """The versions of run.lock stand unchanged in test.lock."""
    run_lock = locked_versions(checkout / ".ci" / "run.lock")
    test_lock = locked_versions(checkout / ".ci" / "test.lock")
    assert run_lock.items() <= test_lock.items()


def locked_versions(lock: Path) -> dict[str, str]:
    """Return the version of each package of a lock file."""
    pinned = [line.split(" ")[0] for line in lock.read_text().splitlines() if "==" in line]
    return {canonicalize_name(name): version for name, version in (p.split("==") for p in pinned)}
