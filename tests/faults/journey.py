"""A life of an archive, made of steps, and a model that knows what each of them must leave behind.

The steps run in a child process that is killed, or whose system calls fail; it acknowledges each
step through a pipe. Whatever happened, the archive must then be as the model is after the last
acknowledged step, or after the one that was under way, and as nothing else.
"""

from __future__ import annotations

import os
import random
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.archive import Archive
from index.article import Article, Block, BlockKind
from index.build import update_index
from index.errors import KupurError
from index.forgetting import forget_articles
from tests.faults.whole import ANALYZER, INDEX

WORDS = ("köprü şehir kar ışık İzmir gün çay Iğdır dağ yol göl ağaç söz ekmek deniz rüzgâr").split()  # noqa: SIM905  # as a list it is a screen long
IDS = 60
FAILED = 2
BUG = 99

State = dict[str, tuple[Article, bool] | None]
"""Article and whether it is removed; None: forgotten."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a command does: put, remove, restore, forget, index, rebuild."""

    kind: str
    articles: tuple[Article, ...] = ()
    ids: tuple[str, ...] = ()

    def after(self, state: State) -> State:
        """Return the archive's state after this step."""
        new = dict(state)
        for article in self.articles:
            known = new.get(article.id, (article, False))
            new[article.id] = None if known is None else (article, known[1])
        for each in self.ids:
            known = new.get(each)
            if self.kind == "forget" and each in new:
                new[each] = None
            elif known is not None:
                new[each] = (known[0], self.kind == "remove")
        return new

    def run(self, archive: Archive) -> None:
        """Do it."""
        match self.kind:
            case "put":
                archive.put(self.articles)
            case "remove":
                archive.remove(self.ids)
            case "restore":
                archive.restore(self.ids)
            case "forget":
                forget_articles(archive, self.ids)
            case _:
                index(archive, rebuild=self.kind == "rebuild")


def index(archive: Archive, *, rebuild: bool = False) -> None:
    """Bring the index up to date."""
    update_index(archive, archive.folder / INDEX, ANALYZER, rebuild=rebuild)


def article(number: int, chance: random.Random) -> Article:
    """Return some version of article `number`; its text says which one, and no other has it."""
    body = " ".join(chance.choices(WORDS, k=chance.randint(5, 40)))
    stamp = f"sürüm{chance.getrandbits(48):012x}"
    return Article(
        f"h-{number}",
        f"Haber {number} {chance.choice(WORDS)}",
        (Block(BlockKind.PARAGRAPH, f"{body} {stamp}."), Block(BlockKind.HEADING, "Ara başlık")),
        section=chance.choice(("Yerel", "Spor", "")),
        source="Kuzyaka Postası",
        authors=("Ece Öz",) if chance.random() < 0.5 else (),
    )


def steps(chance: random.Random) -> list[Step]:
    """Return what one run does: mostly small imports, now and then everything else."""
    listed = []
    for _ in range(12):
        kind = chance.choices(
            ("put", "remove", "restore", "forget", "rebuild"), (60, 10, 8, 6, 16)
        )[0]
        numbers = chance.sample(range(IDS), chance.randint(1, 12))
        if kind == "put":
            listed.append(Step(kind, articles=tuple(article(n, chance) for n in numbers)))
        elif kind == "rebuild":
            listed.append(Step(kind))
        else:
            few = numbers[: 1 if kind == "forget" else 3]
            listed.append(Step(kind, ids=tuple(f"h-{n}" for n in few)))
        listed.append(Step("index"))
    return listed


class Child:
    """A forked process that runs steps; `acknowledged` after it has ended."""

    def __init__(
        self, folder: Path, listed: Sequence[Step], prepare: Callable[[], None] | None = None
    ) -> None:
        # Not a pipe: a system call that is made to fail must be the archive's, not the test's.
        self._hearing, telling = socket.socketpair()
        go, self._go = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._go)
            self._hearing.close()
            os._exit(_run(folder, listed, go, telling, prepare))
        telling.close()
        os.close(go)

    def start(self) -> None:
        """Let it go."""
        os.write(self._go, b"!")
        os.close(self._go)

    def ended(self) -> tuple[int, int]:
        """Wait for its end; return (how many steps it acknowledged, its wait status)."""
        _, status = os.waitpid(self.pid, 0)
        acknowledged = 0
        with self._hearing:
            while data := self._hearing.recv(4096):
                acknowledged += len(data)
        return acknowledged, status


def _run(
    folder: Path,
    listed: Sequence[Step],
    go: int,
    telling: socket.socket,
    prepare: Callable[[], None] | None,
) -> int:
    if prepare is not None:
        prepare()
    if not os.read(go, 1):
        return BUG
    try:
        with Archive.open(folder, create=True) as archive, archive.writing_alone("test", 5):
            for step in listed:
                step.run(archive)
                telling.send(b".")
            archive.settle()
    except KupurError as error:
        print(error, file=sys.stderr)  # noqa: T201  # pytest shows it where the test fails
        return FAILED
    except BaseException:  # noqa: BLE001  # the parent is told, and the test fails there
        traceback.print_exc()
        return BUG
    return 0


def state_of(folder: Path, expected: State) -> State:
    """Return the archive's real state, of the articles that `expected` speaks of and any others."""
    found: State = {}
    with Archive.open(folder, read_only=True) as archive:
        _, settled, moved = archive.ids_upto(0)
        for each in settled | moved:
            versions = [v.article for v in archive.history(each) if v.article is not None]
            found[each] = (versions[-1], archive.get(each) is None)
        for each, known in expected.items():
            if known is None and each not in found and archive.is_gone(each):
                found[each] = None
    return found


def matching_state(folder: Path, before: State, listed: Sequence[Step], acknowledged: int) -> State:
    """Return the state that the archive is in; fail where no run of the steps explains it."""
    after = before
    for step in listed[:acknowledged]:
        after = step.after(after)
    allowed = [after]
    if acknowledged < len(listed):
        allowed.append(listed[acknowledged].after(after))
    for state in allowed:
        if state_of(folder, state) == state:
            return state
    raise AssertionError(f"after {acknowledged} steps: {listed[: acknowledged + 1]}")


def with_source(each: Article, url: str) -> Article:
    """Return the same article from an address."""
    return replace(each, source_url=url)
