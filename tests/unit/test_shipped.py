"""What ships is found by name, in the checkout that these tests run in."""

from __future__ import annotations

import pytest

from index.shipped import shipped


def test_finds_the_sample_articles() -> None:
    assert any(entry.name.endswith(".jsonl") for entry in shipped("sample").iterdir())


def test_a_folder_that_does_not_ship_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="data/nothing"):
        shipped("nothing")
