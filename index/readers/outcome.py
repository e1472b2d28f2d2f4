"""What reading one record comes to, where it does not come to an article."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reject:
    """One record, or one file of a folder, that is no article.

    `line` is where the record starts in the uncompressed file, from 1; None where the file as a
    whole is meant.
    """

    path: str
    line: int | None
    reason: str
