"""The word lists that steer analysis: values only; `index.words` reads them from files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.analysis.stemming.lexicon import Root, Roots


@dataclass(frozen=True, slots=True)
class WordLists:
    """Words the rules get wrong, keyed by their lowered spelling, and the roots they work with.

    `protected`: words with an apostrophe inside, and what they are written as without it
    (kur'an → kuran). `stems`: words whose stem is given (`bana` → `ben`). `roots`: what the
    stemmer takes for a stem. `compounds`: words that are also written apart (`herşey` → `her şey`).
    """

    protected: Mapping[str, str] = field(default_factory=dict)
    stems: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[Root, ...] | Roots = ()
    compounds: Mapping[str, str] = field(default_factory=dict)

    def digest(self) -> str:
        """Return eight hexadecimal digits that change when a list changes that changes a term.

        `compounds` are for queries only, so an index outlives a change of them.
        """
        text = repr((sorted(self.protected.items()), sorted(self.stems.items())))
        digest = hashlib.sha256(text.encode())
        if self.roots:
            roots = sorted(self.roots)
            digest.update(b"(")
            for number, root in enumerate(roots):
                digest.update(f"{', ' if number else ''}{tuple(root)!r}".encode())
            digest.update(b")" if len(roots) > 1 else b",)")
        return digest.hexdigest()[:8]
