"""How far a long run over queries has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO, TypeVar

from rich.console import Console
from rich.progress import track

LINE_EVERY_SECONDS = 5.0

Item = TypeVar("Item")


def watched(
    items: Sequence[Item],
    label: str,
    stream: TextIO,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Item]:
    """Yield the items, and show on `stream` how many are done. `clock` gives seconds."""
    if stream.isatty():
        yield from track(items, label, console=Console(file=stream), transient=True)
        return
    began = said = clock()
    for done, item in enumerate(items):
        now = clock()
        if done and now - said >= LINE_EVERY_SECONDS:
            said = now
            rate = done / (now - began)
            left = (len(items) - done) / rate
            stream.write(
                f"{label}: {done:,} of {len(items):,} queries, {rate:,.0f}/s, {left:,.0f} s left\n"
            )
            stream.flush()
        yield item
