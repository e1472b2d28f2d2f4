"""Short by default, as part of every test run; `make faults` asks for the long form."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
LONG = os.environ.get("KUPUR_FAULTS") == "long"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def scale() -> Callable[[int, int], int]:
    """Return a choice of two counts: (in every test run, with `make faults`)."""
    return lambda short, long: long if LONG else short


@pytest.fixture(scope="session")
def record() -> Callable[[str, dict[str, object]], None]:
    """Return what keeps a long run's figures in benchmarks/results/faults.json."""

    def keep(name: str, figures: dict[str, object]) -> None:
        if not LONG:
            return
        path = CHECKOUT / "benchmarks" / "results" / "faults.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        known = json.loads(path.read_text()) if path.exists() else {}
        known[name] = figures
        path.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n")

    return keep
