"""What an operator may choose about the web site; values only, made by the command line."""

from __future__ import annotations

from dataclasses import dataclass

from web.language import DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True)
class Settings:
    """How the site presents itself.

    `archive_name` is shown beside the wordmark; `archive_folder` only in the instructions on the
    page of an empty archive. `recent` is how many of the newest articles the home page lists.
    """

    archive_name: str = ""
    archive_folder: str = "var/archive"
    language: str = DEFAULT_LANGUAGE
    per_page: int = 10
    recent: int = 6
