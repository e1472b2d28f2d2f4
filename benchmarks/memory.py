"""How much memory a process takes, as Linux counts it in /proc/PID/smaps_rollup.

Private memory is what was written by this process alone (Private_Dirty): pages of a mapped file
that it only reads are the system's cache, which is shared and given back when it is needed.
"""

from __future__ import annotations

from pathlib import Path


def private_bytes(process: int) -> int:
    """Return the memory that ends with the process."""
    return _kilobytes(process)["Private_Dirty"] * 1024


def proportional_bytes(process: int) -> int:
    """Return all of its memory, what is shared by n processes as an n-th (PSS)."""
    return _kilobytes(process)["Pss"] * 1024


def _kilobytes(process: int) -> dict[str, int]:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    fields = (line.split() for line in lines)
    return {name.rstrip(":"): int(amount) for name, amount, _ in fields}
