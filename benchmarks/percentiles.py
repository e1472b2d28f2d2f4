"""Latencies in a few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of many searches."""

    p50: float
    p95: float
    p99: float
    mean: float
    count: int

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Self:
        """Return the percentiles of one measurement a search."""
        p50, p95, p99 = np.percentile(milliseconds, (50, 95, 99)).tolist()
        return cls(p50, p95, p99, float(np.mean(milliseconds)), len(milliseconds))


def median_of_rounds(rounds: Sequence[Sequence[float]]) -> list[float]:
    """Return each search's median over rounds, which hold the same searches in the same order.

    A search that the machine interrupted once is not a slow search; one that is slow in most
    rounds is.
    """
    medians: list[float] = np.median(np.array(rounds), axis=0).tolist()
    return medians


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return the exponent e of cost ~ size**e that fits best (least squares of logarithms).

    >>> round(slope([10, 100, 1000], [1, 10, 100]), 3)
    1.0
    """
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])
