"""Blocks of a section: each is compared with its checksum before it is read, and no other."""

from __future__ import annotations

import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.codec.container import Container, ContainerWriter
from index.codec.section import BLOCK_BYTES, Section
from index.codec.strings import NO_GUIDE, Guide, StringTable, guide_to, pack_strings
from index.errors import DamageError

COUNT = 150_000
KINDS = (np.uint8, np.uint16, np.uint32, np.int64)

numbers = st.integers(0, COUNT - 1)
spans = st.lists(st.tuples(numbers, st.integers(0, COUNT)), max_size=5).map(
    lambda pairs: [(lo, max(lo, hi)) for lo, hi in pairs]
)


@contextmanager
def container_of(**arrays: npt.NDArray[Any]) -> Iterator[tuple[Path, Callable[[], Container]]]:
    """Write a container; give its path, and a way to open it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.kpr"
        with ContainerWriter(path) as writer:
            for name, array in arrays.items():
                writer.add(name, array)
            writer.finish({})
        yield path, lambda: Container(path)


def flip(path: Path, data: bytes, place: int) -> None:
    """Flip all bits of one byte of some data that the file holds once."""
    whole = bytearray(path.read_bytes())
    whole[whole.index(data) + place] ^= 0xFF
    path.write_bytes(whole)


def read_spans(section: Section, wanted: list[tuple[int, int]]) -> None:
    section.ensure_spans(np.array(wanted, dtype=np.int64).reshape(-1))


def read_one_by_one(section: Section, wanted: list[tuple[int, int]]) -> None:
    for first, behind in wanted:
        section.ensure(first, behind)


def read_each(section: Section, wanted: list[tuple[int, int]]) -> None:
    elements = [np.arange(first, behind, dtype=np.int64) for first, behind in wanted]
    section.ensure_each(np.concatenate([np.zeros(0, np.int64), *elements]))


WAYS = (read_spans, read_one_by_one, read_each)


@settings(max_examples=60)
@given(spans, st.sampled_from(KINDS), st.sampled_from(WAYS), numbers)
def test_damage_is_raised_exactly_where_its_block_is_read(
    wanted: list[tuple[int, int]], kind: Any, read: Callable[..., None], at: int
) -> None:
    array = np.arange(COUNT).astype(kind)
    per_block = BLOCK_BYTES // array.itemsize
    touched = {
        block
        for first, behind in wanted
        if first < behind
        for block in range(first // per_block, (behind - 1) // per_block + 1)
    }
    with container_of(a=array) as (path, opened):
        sound = opened().section("a")
        read(sound, wanted)
        assert set(np.flatnonzero(sound.checked).tolist()) == touched
        flip(path, array.tobytes(), at * array.itemsize)
        container = opened()
        if at // per_block in touched:
            for _ in range(2):  # once found, it is found again
                with pytest.raises(DamageError, match=r"x\.kpr: damaged in a \(block \d+\)"):
                    read(container.section("a"), wanted)
            assert str(container.damage).startswith(f"{path}: damaged in a")
        else:
            read(container.section("a"), wanted)
            assert container.damage is None


STRINGS = sorted(
    {f"{number * 7919 % 65_521:05}{'x' * (number % 9)}".encode() for number in range(30_000)}
    | {f"all begin alike {number}".encode() for number in range(300)}
    | {b"all", b"all\0", b"all\0\0", b"all begi"}
)
PACKED, STARTS = pack_strings(STRINGS)

keys = st.lists(
    st.sampled_from(STRINGS) | st.binary(max_size=6) | st.sampled_from([b"", b"\xff"]), max_size=6
)


def table_of(container: Container, guide: Guide) -> StringTable:
    return StringTable(container.section("bytes"), container.section("starts"), guide)


@settings(max_examples=60)
@given(keys, st.sampled_from([NO_GUIDE, guide_to(STRINGS)]), st.integers(0, 1), st.data())
def test_strings_are_found_as_bisection_finds_them_or_their_damage_is(
    wanted: list[bytes], guide: Guide, which: int, data: st.DataObject
) -> None:
    assert PACKED.nbytes > 2 * BLOCK_BYTES
    truth = [bisect_left(STRINGS, key) for key in wanted]
    flipped = (PACKED, STARTS)[which].tobytes()
    place = data.draw(st.integers(0, len(flipped) - 1), "place")
    with container_of(bytes=PACKED, starts=STARTS) as (path, opened):
        assert table_of(opened(), guide).lower_bounds(wanted).tolist() == truth
        assert table_of(opened(), guide).numbers_of(wanted).tolist() == [
            number if key in STRINGS[number : number + 1] else -1
            for key, number in zip(wanted, truth, strict=True)
        ]
        flip(path, flipped, place)
        container = opened()
        table = table_of(container, guide)
        try:
            assert table.lower_bounds(wanted).tolist() == truth
            assert [table[number] for number in truth if number < len(STRINGS)] == [
                STRINGS[number] for number in truth if number < len(STRINGS)
            ]
        except DamageError as error:
            assert container.damage is error  # noqa: PT017  # either outcome is right
        with pytest.raises(DamageError):
            table.all()


def test_a_damaged_list_of_checksums_does_not_open() -> None:
    with container_of(a=np.arange(50, dtype=np.uint32)) as (path, opened):
        checksum = opened().section("a")._checksums.tobytes()
        flip(path, checksum, 0)
        with pytest.raises(DamageError, match="damaged or cut short"):
            opened()
