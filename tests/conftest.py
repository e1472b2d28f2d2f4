"""Fixtures for every test: where the checkout is, and the folder of texts beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says something about the machine, not about kupur.
settings.register_profile("kupur", deadline=None)
settings.load_profile("kupur")


CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the folder that pyproject.toml lies in."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return `../shared`, the corpora and judgements beside the checkout; skip where it is absent.

    It holds other people's texts, so it is no part of the project.
    """
    folder = CHECKOUT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("there is no ../shared folder beside this checkout")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that asks for `shared`, so that `-m "not shared"` leaves them out."""
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
