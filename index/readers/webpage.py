"""Reads an .html file: the main story of a saved web page, found by trafilatura.

trafilatura tells the story from menus, adverts and comments, and reads what the page says of
itself. Here its tree becomes blocks, and dates get the hour that trafilatura drops.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import date, datetime

import trafilatura
from lxml import etree, html

from index.article import BLOCK_SEPARATOR, Article, Block, BlockKind
from index.errors import ArticleError
from index.readers.cleaning import clean_line, clean_lines
from index.readers.dates import parse_published
from index.readers.encoding import decode
from index.readers.ids import id_for, is_safe_address
from index.readers.titles import title_from_lead

# What trafilatura would warn of on standard error ("discarding data") is a reject with a reason.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())
logging.getLogger("htmldate").addHandler(logging.NullHandler())

_DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARED_WITHIN = 4096  # bytes; the HTML standard looks at 1024, old Turkish pages declare late
_HEAD_TAGS = frozenset({"base", "link", "meta", "noscript", "script", "style", "title"})
_LANGUAGE = re.compile(r"[a-z]{2,3}")

_DATES = (
    '//meta[@property="article:published_time" or @itemprop="datePublished"]/@content',
    '//*[@itemprop="datePublished"]/@datetime',
    '//meta[@name="pubdate" or @name="publish-date" or @name="datePublished"]/@content',
    '//meta[@name="date" or @name="dc.date" or @name="DC.date.issued"]/@content',
    "//article//time/@datetime",
)
"""Where pages say when they were published, the surest first (schema.org, Open Graph, DC)."""


def read(data: bytes) -> Article:
    """Return the article of a whole page. Raises `SourceError`, `ArticleError`; without a path."""
    match = _DECLARED.search(data[:_DECLARED_WITHIN])
    text = decode(data, declared=match[1].decode("ascii", "ignore") if match else "")
    tree = _parsed(text)
    story = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        # htmldate's extensive search takes any number of the text, a footer's year too, for a date
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(story, trafilatura.settings.Document) or story.body is None:
        raise ArticleError("no story was found in the page")
    title = clean_line(story.title or "")
    blocks = tuple(_without_title(title, _blocks(story.body)))
    if not any(block.kind is BlockKind.PARAGRAPH for block in blocks):
        raise ArticleError("no story was found in the page")
    address = clean_line(story.url or "")
    source_url = address if is_safe_address(address) else ""
    body = BLOCK_SEPARATOR.join(block.text for block in blocks)
    return Article(
        id=id_for(source_url=source_url, title=title, body=body),
        title=title or title_from_lead(blocks[0].text),
        blocks=blocks,
        published=_published(tree, story.date),
        section=next(iter(_several(story.categories)), ""),
        source=clean_line(story.sitename or story.hostname or ""),
        authors=_several(story.author),
        tags=_several(story.tags),
        source_url=source_url,
        language=_language(tree),
    )


def _parsed(text: str) -> html.HtmlElement:
    # As UTF-8 bytes: lxml refuses text that declares an encoding (<?xml encoding=…?>).
    parser = html.HTMLParser(encoding="utf-8")
    try:
        tree = html.document_fromstring(text.replace("\0", "").encode(), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise ArticleError("the file holds no HTML") from error
    if tree.find("body") is None:
        _give_body(tree)
    return tree


def _give_body(tree: html.HtmlElement) -> None:
    """Move the story out of the head, where libxml2 puts it if a page leaves its <body> tag out."""
    body = etree.SubElement(tree, "body")
    for element in list(tree.iterfind("head/*")):
        if element.tag not in _HEAD_TAGS:
            body.append(element)


def _blocks(body: etree._Element) -> Iterator[Block]:
    """Give the blocks of trafilatura's tree (a small TEI: head, p, list, quote, table)."""
    for element in body:
        kind = BlockKind.HEADING if element.tag == "head" else BlockKind.PARAGRAPH
        if element.tag in ("list", "table"):
            parts = [_row(part) for part in element.iter("item", "row")]
        elif element.tag == "quote" and len(element):
            parts = [_text(part) for part in element] if not element.text else [_text(element)]
        else:
            parts = [_text(element)]
        for part in parts:
            yield from (Block(kind, line) for line in clean_lines(part) if line)


def _row(element: etree._Element) -> str:
    cells = [clean_line(_text(cell)) for cell in element.iter("cell")]
    return " | ".join(cell for cell in cells if cell) if cells else _text(element)


def _text(element: etree._Element) -> str:
    """Return the text of an element; where a line was broken on purpose, a line break."""
    pieces = [(element.text or "").replace("\n", " ")]
    for child in element:
        pieces.append("\n" if child.tag == "lb" else _text(child))
        pieces.append((child.tail or "").replace("\n", " "))
    return "".join(pieces)


def _without_title(title: str, blocks: Iterator[Block]) -> Iterator[Block]:
    """Drop the headline that the page repeats above its story."""
    for number, block in enumerate(blocks):
        if number == 0 and block.kind is BlockKind.HEADING and block.text == title:
            continue
        yield block


def _published(tree: html.HtmlElement, guessed: str | None) -> date | datetime | None:
    """Return what the page says of its date. Raises `ArticleError` where that is unreadable."""
    unreadable: ArticleError | None = None
    for text in (*_stated_dates(tree), *([guessed] if guessed else [])):
        try:
            return parse_published(text)
        except ArticleError as error:
            unreadable = unreadable or error
    if unreadable:
        raise unreadable
    return None


def _stated_dates(tree: html.HtmlElement) -> Iterator[str]:
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        yield from _linked_data_dates(str(script))
    for path in _DATES:
        yield from (text for found in tree.xpath(path) if (text := str(found).strip()))


def _linked_data_dates(script: str) -> Iterator[str]:
    try:
        pending = [json.loads(script, strict=False)]
    except (ValueError, RecursionError):
        return  # pages are full of broken scripts; their other metadata still counts
    while pending:
        match pending.pop():
            case {"datePublished": str(text), **_others} if text.strip():
                yield text.strip()
            case {"@graph": list(nodes)}:
                pending += reversed(nodes)
            case list(nodes):
                pending += reversed(nodes)


def _several(value: str | list[str] | None) -> tuple[str, ...]:
    """Return the names in what trafilatura joined with semicolons, or left joined with commas."""
    texts = [value] if isinstance(value, str) else value or []
    names = (clean_line(name) for text in texts for name in re.split(r"[;,]", text))
    return tuple(dict.fromkeys(name for name in names if name))


def _language(tree: html.HtmlElement) -> str:
    declared = str(tree.get("lang") or "").lower()
    match = _LANGUAGE.match(declared)
    return match[0] if match else "tr"
