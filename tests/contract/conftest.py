"""Every test of the contract runs once for each engine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest

from index.article import Article
from search.engine import Engine
from tests.contract.engines import ENGINES, EngineMaker


@pytest.fixture(params=list(ENGINES))
def make_engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> EngineMaker:
    """Return the function that makes one of the engines from articles."""
    # What is on disk after a power cut is the business of tests/faults; here it only costs time.
    monkeypatch.setattr("os.fsync", lambda _file: None)

    numbers = count()

    def make(articles: Sequence[Article]) -> Engine:
        # A folder for each: an index refuses to follow an archive that knows less than it.
        return ENGINES[request.param](articles, tmp_path / f"index-{next(numbers)}")

    return make
