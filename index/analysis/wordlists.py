"""The word lists that steer analysis: values only; `index.words` reads them from files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WordLists:
    """Words the rules get wrong, keyed by their lowered spelling.

    `protected`: words with an apostrophe inside, and what they are written as without it
    (kur'an → kuran). `stems`: words whose stem is given (`kim` → `kim`).
    """

    protected: Mapping[str, str] = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)

    def digest(self) -> str:
        """Return eight hexadecimal digits that change when any list changes."""
        text = repr((sorted(self.protected.items()), sorted(self.stems.items())))
        return hashlib.sha256(text.encode()).hexdigest()[:8]
