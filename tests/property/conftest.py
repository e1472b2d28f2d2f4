"""How many examples a property is tried on: a few while one works, more where CI is set.

There are no deadlines, for machines are shared and slow on some days. CI tries the same examples
each time, so that a change is judged by what it changes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from index.codec import dense

settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    # A first run compiles; a busy machine makes the first examples slow.
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("quick"), max_examples=100, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")


@pytest.fixture(scope="module", autouse=True)
def _small_segments_have_dense_entries() -> Iterator[None]:
    """Have entries of both kinds in the small archives of properties."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dense, "FEWEST_DOCUMENTS", 3)
        yield
