"""When a search must have an answer: a moment, and the check that stands between its steps.

A search cannot be stopped from outside (threads share the process), so each step that can take
long asks before it begins. Steps are short: one term's postings, one word of a phrase, one hit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import EngineTimeout

SEARCH_SECONDS = 0.8
"""How long one search may take (issue 5)."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of `clock` (seconds from any start)."""

    moment: float = math.inf
    clock: Callable[[], float] = time.monotonic

    def check(self) -> None:
        """Raise `EngineTimeout` where the moment has passed."""
        if self.moment != math.inf and self.clock() > self.moment:
            raise EngineTimeout("the search took too long; ask with fewer or longer words")


NO_DEADLINE = Deadline()
"""Never passes."""
