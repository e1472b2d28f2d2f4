"""Where does what ships with kupur lie? Word lists and sample articles, by name.

In a checkout, and so in an editable install, `data/` lies beside this package; a wheel carries it
inside the package (`index/data`, see pyproject.toml). This is the one place that knows of both.
It holds no data and reads none.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def shipped(folder: str) -> Traversable:
    """Return the shipped folder `data/<folder>`. Raises `ValueError` where kupur ships no such.

    >>> shipped("sample").is_dir()
    True
    """
    beside = Path(__file__).parent.parent / "data"
    inside = files("index") / "data"
    for data in (inside, beside):
        found = data / folder
        if found.is_dir():
            return found
    raise ValueError(f"kupur ships no folder data/{folder}: the installation is incomplete")
