"""What an article is: one immutable value, whatever file it came from.

It refuses to know files, databases and indexes. Readers make articles, the archive keeps them,
the index is built from them, and the service hands them to pages and payloads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from index.errors import ArticleError

ISTANBUL = ZoneInfo("Europe/Istanbul")
"""Dates without a time and without a zone are Turkish dates."""

BLOCK_SEPARATOR = "\n\n"


class BlockKind(StrEnum):
    """What a block of an article's body is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or subheading; `text` holds no line break."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article.

    `id` is stable: given by the source, or derived (see `derive_id`). `published` is a date where
    no time is known, an aware datetime where it is, and None where nothing is known.
    `language` is an ISO 639-1 code.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    published: date | datetime | None = None
    section: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source_url: str = ""
    language: str = "tr"

    @property
    def body(self) -> str:
        """The text of all blocks, parted by blank lines; highlight offsets point into this."""
        return BLOCK_SEPARATOR.join(block.text for block in self.blocks)

    def fingerprint(self) -> str:
        """Return a hash of everything but the id: equal ones mean that nothing has changed."""
        record = article_to_record(self)
        del record["id"]
        canonical = json.dumps(record, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


def derive_id(*, source_url: str = "", title: str = "", body: str = "") -> str:
    """Return a stable id for a record that has none: from its URL, else from its content.

    Sixteen hexadecimal digits of SHA-256: 64 bits, so that a clash among ten million articles
    has a chance of about 1 in 370,000.
    """
    basis = f"url\n{source_url}" if source_url else f"text\n{title}\n{body}"
    return hashlib.sha256(basis.encode()).hexdigest()[:16]


def published_seconds(published: date | datetime | None) -> int | None:
    """Return `published` as UTC seconds; a bare date counts from its Turkish midnight."""
    if published is None:
        return None
    if not isinstance(published, datetime):
        published = datetime.combine(published, time(), ISTANBUL)
    return int(published.timestamp())


def article_to_record(article: Article) -> dict[str, Any]:
    """Return a JSON-ready mapping from which `article_from_record` makes the same article."""
    return {
        "id": article.id,
        "title": article.title,
        "blocks": [[block.kind.value, block.text] for block in article.blocks],
        "published": article.published.isoformat() if article.published else None,
        "section": article.section,
        "source": article.source,
        "authors": list(article.authors),
        "tags": list(article.tags),
        "source_url": article.source_url,
        "language": article.language,
    }


def article_from_record(record: Mapping[str, Any]) -> Article:
    """Return the article that `article_to_record` wrote. Raises `ArticleError` on anything else."""
    try:
        return Article(
            id=record["id"],
            title=record["title"],
            blocks=tuple(Block(BlockKind(kind), text) for kind, text in record["blocks"]),
            published=_parse_published(record["published"]),
            section=record["section"],
            source=record["source"],
            authors=tuple(record["authors"]),
            tags=tuple(record["tags"]),
            source_url=record["source_url"],
            language=record["language"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ArticleError(f"not an archived article: {error}") from error


def _parse_published(text: str | None) -> date | datetime | None:
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
