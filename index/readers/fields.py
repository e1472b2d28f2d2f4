"""Makes an article from named fields: a JSON object, or a row under a header.

Keys may be English or Turkish, in any case, with or without Turkish letters. Fields that kupur
does not know are left out. Anything known but unusable raises `ArticleError`, never less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from index.article import BLOCK_SEPARATOR, Article, Block, BlockKind
from index.errors import ArticleError
from index.readers.cleaning import clean_line, clean_lines
from index.readers.dates import parse_published
from index.readers.ids import id_for, is_safe_address
from index.readers.titles import title_from_lead

_ALIASES = {
    alias: (field, rank)
    for field, aliases in {
        "id": "id no kimlik haber_id haber_no",
        "title": "title headline baslik haber_basligi",
        "body": "body text content metin icerik govde haber_metni",
        "blocks": "blocks",
        "published": "published date published_at publish_date pub_date datetime tarih "
        "yayin_tarihi yayim_tarihi haber_tarihi",
        "section": "section category bolum kategori",
        "source": "source publisher newspaper kaynak gazete",
        "authors": "authors author byline yazarlar yazar muhabir",
        "tags": "tags keywords etiketler etiket anahtar_kelimeler",
        "source_url": "source_url url link adres baglanti",
        "language": "language lang dil",
    }.items()
    for rank, alias in enumerate(aliases.split())
}
_TO_ASCII = str.maketrans("çğıöşüÇĞİIÖŞÜ", "cgiosucgiiosu")
_HEADING = re.compile(r"#{2,6}\s+(?=\S)")
_LIST_SEPARATOR = re.compile(r"\s*[,;|]\s*")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9_-]+)?")
_TURKISH_NAMES = frozenset({"turkce", "turkish"})


@lru_cache(maxsize=1024)  # a file has a dozen keys, a hostile one may have any number
def known_field(key: str) -> tuple[str, int] | None:
    """Return the field that `key` names, with its rank among that field's names.

    >>> known_field("Yayın Tarihi")
    ('published', 7)
    """
    plain = re.sub(r"[\s-]+", "_", key.strip().translate(_TO_ASCII).lower())
    return _ALIASES.get(plain)


def article_from_fields(record: Mapping[str, object]) -> Article:
    """Return the article that `record` describes. Raises `ArticleError` with the reason."""
    fields = _known_fields(record)
    blocks = _blocks(fields)
    title = clean_line(_text(fields, "title"))
    if not title and not blocks:
        raise ArticleError("the record has neither a title nor a body")
    body = BLOCK_SEPARATOR.join(block.text for block in blocks)
    source_url = _source_url(fields)
    return Article(
        id=id_for(
            given=clean_line(_text(fields, "id")), source_url=source_url, title=title, body=body
        ),
        title=title or title_from_lead(_lead(blocks)),
        blocks=blocks,
        published=_published(fields),
        section=clean_line(_text(fields, "section")),
        source=clean_line(_text(fields, "source")),
        authors=_names(fields, "authors"),
        tags=_names(fields, "tags"),
        source_url=source_url,
        language=_language(fields),
    )


def block_from_line(line: str) -> Block:
    """Return the block of one clean line: `## ` makes a subheading."""
    if line.startswith("##") and (match := _HEADING.match(line)):
        return Block(BlockKind.HEADING, line[match.end() :])
    return Block(BlockKind.PARAGRAPH, line)


def _known_fields(record: Mapping[str, object]) -> dict[str, object]:
    """Return the filled-in fields under our names; of two names for one, the first listed wins."""
    found: dict[str, object] = {}
    ranks: dict[str, int] = {}
    for key, value in record.items():
        known = known_field(key)
        if known is None or value in (None, "", []):
            continue
        field, rank = known
        if rank < ranks.get(field, len(_ALIASES)):
            found[field], ranks[field] = value, rank
    return found


def _text(fields: Mapping[str, object], field: str) -> str:
    value = fields.get(field, "")
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and field in ("id", "published"):
        return str(value)
    raise ArticleError(f"{field} is {_type_name(value)}, but must be text")


def _blocks(fields: Mapping[str, object]) -> tuple[Block, ...]:
    body = fields.get("body")
    if body is None:
        return _ready_blocks(fields.get("blocks", []))
    paragraphs = body if isinstance(body, list) else [body]
    blocks = []
    for paragraph in paragraphs:
        if not isinstance(paragraph, str):
            raise ArticleError(
                f"body holds {_type_name(paragraph)}, but must be text or a list of texts"
            )
        blocks += [block_from_line(line) for line in clean_lines(paragraph) if line]
    return tuple(blocks)


def _ready_blocks(value: object) -> tuple[Block, ...]:
    """Return blocks as kupur writes them itself: `[["paragraph", "…"], ["heading", "…"]]`."""
    blocks = []
    for pair in value if isinstance(value, list) else [value]:
        match pair:
            case [str(kind), str(text)] if kind in list(BlockKind):
                if line := clean_line(text):
                    blocks.append(Block(BlockKind(kind), line))
            case _:
                raise ArticleError('blocks must be a list of ["paragraph" or "heading", text]')
    return tuple(blocks)


def _lead(blocks: tuple[Block, ...]) -> str:
    paragraphs = (block.text for block in blocks if block.kind is BlockKind.PARAGRAPH)
    return next(paragraphs, blocks[0].text)


def _published(fields: Mapping[str, object]) -> date | datetime | None:
    text = _text(fields, "published").strip()
    return parse_published(text) if text else None


def _names(fields: Mapping[str, object], field: str) -> tuple[str, ...]:
    value = fields.get(field, [])
    names = _LIST_SEPARATOR.split(value) if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ArticleError(f"{field} must be text, or a list of texts")
    return tuple(dict.fromkeys(clean for name in names if (clean := clean_line(name))))


def _source_url(fields: Mapping[str, object]) -> str:
    address = clean_line(_text(fields, "source_url"))
    if address and not is_safe_address(address):
        shown = address if len(address) <= 60 else address[:59] + "…"
        raise ArticleError(f"{shown!r} is no web address; it must begin with http:// or https://")
    return address


def _language(fields: Mapping[str, object]) -> str:
    name = _text(fields, "language").strip().translate(_TO_ASCII).lower()
    if not name or name in _TURKISH_NAMES:
        return "tr"
    if match := _LANGUAGE.fullmatch(name):
        return match[1]
    raise ArticleError(f"language {name[:20]!r} is no ISO 639 code such as tr or en")


def _type_name(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")
