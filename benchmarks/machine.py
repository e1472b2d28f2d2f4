"""What a measurement was made on: kept beside every figure."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.documents import CHECKOUT

Measured = dict[str, dict[str, Any]]
"""Figures by engine."""


def conditions() -> dict[str, object]:
    """Return processor, load, versions and revision, as they are now."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "revision": _git("rev-parse", "--short=12", "HEAD"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _git(*arguments: str) -> str:
    finished = subprocess.run(  # noqa: S603  # our own words
        ["git", *arguments],  # noqa: S607  # git from the path
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return finished.stdout.strip()
