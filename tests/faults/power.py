"""A disk that loses power: what a traced run did to files is replayed up to some moment.

Of everything that was not synced by then, an arbitrary part is lost: of each file any of its
unsynced writes, whole or torn in the middle; of each folder the newest changes to its names, from
any one on. That is harsher than a journaling file system, which keeps the order between folders.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat", "close", "lseek", "write", "pwrite64", "ftruncate", "fsync", "fdatasync", "rename",
    "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
)  # fmt: skip
"""What is replayed. SQLite's shared memory is mapped and not written: it is made anew."""

OPTIONS = ("-xx", "-s", "99999999", "-e", f"trace={','.join(CALLS)},sendto")

_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class _File:
    """One file: what is on the disk for sure, and what was written since."""

    synced: bytes = b""
    pending: list[tuple[str, int, bytes]] = field(default_factory=list)  # (kind, offset, data)

    def now(self) -> bytes:
        return _applied(self.synced, self.pending)


@dataclass
class _Folder:
    """One folder: its names for sure, and the changes to them since; None takes a name away."""

    synced: dict[str, int] = field(default_factory=dict)
    pending: list[list[tuple[str, int | None]]] = field(default_factory=list)

    def now(self) -> dict[str, int]:
        return _named(self.synced, self.pending)


def _applied(data: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    content = bytearray(data)
    for kind, offset, written in changes:
        if kind == "cut":
            del content[offset:]
            content.extend(b"\0" * (offset - len(content)))
        else:
            content.extend(b"\0" * (offset - len(content)))
            content[offset : offset + len(written)] = written
    return bytes(content)


def _named(names: dict[str, int], changes: list[list[tuple[str, int | None]]]) -> dict[str, int]:
    held = dict(names)
    for change in changes:
        for name, node in change:
            if node is None:
                held.pop(name, None)
            else:
                held[name] = node
    return held


class Disk:
    """The part of a file system below `root`, replayed from a trace."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[int, _File] = {}
        self._folders: dict[int, _Folder] = {}
        self._next = 0
        self._open: dict[int, list[object]] = {}  # descriptor → [node, offset, appends]
        self._top = self._load(root, {})

    def _load(self, path: Path, inodes: dict[int, int]) -> int:
        inode = path.stat().st_ino
        if inode in inodes:
            return inodes[inode]
        self._next += 1
        node = inodes[inode] = self._next
        if path.is_dir():
            folder = self._folders[node] = _Folder()
            for each in sorted(path.iterdir()):
                folder.synced[each.name] = self._load(each, inodes)
        else:
            self._files[node] = _File(path.read_bytes())
        return node

    # Replaying

    def replay(self, line: str) -> None:
        """Do what one line of the trace says."""
        match = _LINE.match(line)
        if match is None or int(match[3]) < 0:
            return
        name, arguments, result = match[1], match[2], int(match[3])
        handler = getattr(self, f"_do_{name.removesuffix('64')}", None)
        if handler is not None:
            handler(arguments, result)

    def _paths(self, arguments: str) -> list[Path]:
        found = [bytes.fromhex(text.replace("\\x", "")) for text in _HEX.findall(arguments)]
        return [Path(os.fsdecode(each)) for each in found]

    def _place(self, path: Path) -> tuple[_Folder, str] | None:
        try:
            parts = path.relative_to(self._root).parts
        except ValueError:
            return None
        node = self._top
        for part in parts[:-1]:
            node = self._folders[node].now()[part]
        return (self._folders[node], parts[-1]) if parts else None

    def _node(self, path: Path) -> int | None:
        if path == self._root:
            return self._top
        place = self._place(path)
        return place[0].now().get(place[1]) if place else None

    def _do_openat(self, arguments: str, result: int) -> None:
        (path,) = self._paths(arguments)
        place = self._place(path)
        node = self._node(path)
        if place is None and node is None:
            self._open.pop(result, None)
            return
        if node is None:
            assert place is not None
            self._next += 1
            node = self._next
            self._files[node] = _File()
            place[0].pending.append([(place[1], node)])
        if "O_TRUNC" in arguments and node in self._files:
            self._files[node].pending.append(("cut", 0, b""))
        self._open[result] = [node, 0, "O_APPEND" in arguments]

    def _do_close(self, arguments: str, _result: int) -> None:
        self._open.pop(int(arguments), None)

    def _do_lseek(self, arguments: str, result: int) -> None:
        known = self._open.get(int(arguments.partition(",")[0]))
        if known is not None:
            known[1] = result

    def _do_write(self, arguments: str, result: int) -> None:
        known = self._open.get(int(arguments.partition(",")[0]))
        if known is None:
            return
        file = self._files[int(str(known[0]))]
        offset = len(file.now()) if known[2] else int(str(known[1]))
        file.pending.append(("put", offset, self._data(arguments)[:result]))
        known[1] = offset + result

    def _do_pwrite(self, arguments: str, result: int) -> None:
        known = self._open.get(int(arguments.partition(",")[0]))
        if known is not None:
            offset = int(arguments.rpartition(",")[2])
            file = self._files[int(str(known[0]))]
            file.pending.append(("put", offset, self._data(arguments)[:result]))

    def _data(self, arguments: str) -> bytes:
        match = _HEX.search(arguments)
        assert match is not None
        return bytes.fromhex(match[1].replace("\\x", ""))

    def _do_ftruncate(self, arguments: str, _result: int) -> None:
        descriptor, length = map(int, arguments.split(","))
        known = self._open.get(descriptor)
        if known is not None:
            self._files[int(str(known[0]))].pending.append(("cut", length, b""))

    def _do_fsync(self, arguments: str, _result: int) -> None:
        known = self._open.get(int(arguments))
        if known is None:
            return
        node = int(str(known[0]))
        if node in self._folders:
            folder = self._folders[node]
            folder.synced, folder.pending = folder.now(), []
        else:
            file = self._files[node]
            file.synced, file.pending = file.now(), []

    _do_fdatasync = _do_fsync

    def _do_rename(self, arguments: str, _result: int) -> None:
        source, target = self._paths(arguments)
        here, there = self._place(source), self._place(target)
        if here is None or there is None:
            return
        node = here[0].now()[here[1]]
        if here[0] is there[0]:  # one change: a folder never shows half of it
            here[0].pending.append([(here[1], None), (there[1], node)])
        else:
            there[0].pending.append([(there[1], node)])
            here[0].pending.append([(here[1], None)])

    _do_renameat = _do_renameat2 = _do_rename

    def _do_link(self, arguments: str, _result: int) -> None:
        source, target = self._paths(arguments)
        node, there = self._node(source), self._place(target)
        if node is not None and there is not None:
            there[0].pending.append([(there[1], node)])

    _do_linkat = _do_link

    def _do_unlink(self, arguments: str, _result: int) -> None:
        path = self._paths(arguments)[0]
        if not path.is_absolute():  # rmtree names entries of a folder that it holds open
            known = self._open.get(int(arguments.partition(",")[0]))
            if known is not None:
                self._folders[int(str(known[0]))].pending.append([(str(path), None)])
            return
        place = self._place(path)
        if place is not None:
            place[0].pending.append([(place[1], None)])

    _do_unlinkat = _do_rmdir = _do_unlink

    def _do_mkdir(self, arguments: str, _result: int) -> None:
        place = self._place(self._paths(arguments)[0])
        if place is not None:
            self._next += 1
            self._folders[self._next] = _Folder()
            place[0].pending.append([(place[1], self._next)])

    _do_mkdirat = _do_mkdir

    # Losing power

    def write_survivors(self, target: Path, chance: random.Random) -> None:
        """Write what a power cut at this moment may leave to the new folder `target`."""
        self._survivor(self._top, target, chance, {})

    def _survivor(
        self, node: int, target: Path, chance: random.Random, made: dict[int, Path]
    ) -> None:
        if node in made:
            target.hardlink_to(made[node])
            return
        if node in self._files:
            made[node] = target
            target.write_bytes(_survived(self._files[node], chance))
            return
        target.mkdir()
        folder = self._folders[node]
        kept = chance.randint(0, len(folder.pending))
        for name, each in sorted(_named(folder.synced, folder.pending[:kept]).items()):
            self._survivor(each, target / name, chance, made)


def _survived(file: _File, chance: random.Random) -> bytes:
    mode = chance.random()
    if mode < 0.3:
        return file.synced
    if mode < 0.5:
        return file.now()
    kept = []
    for kind, offset, data in file.pending:
        if chance.random() < 0.5:
            torn = chance.random() < 0.3 and len(data) > 512
            kept.append(
                (kind, offset, data[: chance.randrange(0, len(data), 512)] if torn else data)
            )
    return _applied(file.synced, kept)


def lines(log: Path) -> Iterator[str]:
    """Yield the lines of a trace."""
    with log.open(encoding="ascii", errors="replace") as file:
        yield from file
