"""Working memory that a search leaves unclean is never used by the next one."""

from __future__ import annotations

import threading

import pytest

from search.engines.embedded.scratch import Memory, Scratch


def test_memory_is_used_again() -> None:
    scratch = Scratch(3)
    with scratch.borrowed() as first:
        pass
    with scratch.borrowed() as second:
        assert second.slots is first.slots


def test_what_an_exception_leaves_is_thrown_away() -> None:
    scratch = Scratch(3)

    def interrupted() -> None:
        with scratch.borrowed() as memory:
            memory.chosen[1] = 7
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with scratch.borrowed() as memory:
        assert memory.chosen.tolist() == [0, 0, 0]


def test_a_search_within_a_search_has_its_own() -> None:
    scratch = Scratch(3)
    with scratch.borrowed() as outer, scratch.borrowed() as inner:
        assert inner.slots is not outer.slots


def test_each_thread_has_its_own() -> None:
    scratch = Scratch(3)
    lent: list[Memory] = []

    def borrow() -> None:
        with scratch.borrowed() as memory:
            lent.append(memory)

    borrow()
    thread = threading.Thread(target=borrow)
    thread.start()
    thread.join()
    assert lent[0].slots is not lent[1].slots
