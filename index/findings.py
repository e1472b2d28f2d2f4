"""What a check found wrong: one value, shared by the checks of archive and index."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Which half of an archive's folder a finding concerns: they are mended differently."""

    ARCHIVE = "archive"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written: where it is, and what is wrong."""

    part: Part
    where: str
    what: str
