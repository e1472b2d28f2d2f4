"""Rows of cells as aligned lines for a terminal: values in, rich text out. Pure.

Wide enough for each column's widest cell and no wider; a terminal that is narrower wraps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

from web.terminal import FAINT_STYLE

_GAP = "  "


def aligned(header: Sequence[str], rows: Iterable[Sequence[str]], *, left: int) -> Iterable[Text]:
    """Yield a faint header and the rows; the first `left` columns left-aligned, the others right.

    >>> [str(line) for line in aligned(["word", "n"], [["kar", "12"]], left=1)]
    ['word   n', 'kar   12']
    """
    listed = [header, *rows]
    widths = [max(map(cell_len, column)) for column in zip(*listed, strict=True)]
    for number, row in enumerate(listed):
        cells = [
            _padded(cell, width, before=place >= left)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield Text(_GAP.join(cells).rstrip(), FAINT_STYLE if number == 0 else "")


def _padded(cell: str, width: int, *, before: bool) -> str:
    room = " " * (width - cell_len(cell))
    return room + cell if before else cell + room
