"""Reads a .txt file: one scraped or hand-made story, without any markup to rely on.

What the lines are is told from their looks, in `index.readers.story`.
"""

from __future__ import annotations

from index.article import BLOCK_SEPARATOR, Article, Block, BlockKind, derive_id
from index.errors import ArticleError
from index.readers.cleaning import clean_lines
from index.readers.encoding import decode
from index.readers.story import story_from_lines
from index.readers.titles import title_from_lead


def read(data: bytes) -> Article:
    """Return the article of a whole file. Raises `SourceError` or `ArticleError`, without a path.

    The id comes from all the text, not from what is made of it, so that a better reader will not
    import the file a second time.
    """
    lines = clean_lines(decode(data))
    text = "\n".join(line for line in lines if line)
    if not any(character.isalnum() for character in text):
        raise ArticleError("the file holds no words")
    title, blocks = story_from_lines(lines)
    return Article(
        id=derive_id(body=text),
        title=title or title_from_lead(_lead(blocks)),
        blocks=blocks,
    )


def _lead(blocks: tuple[Block, ...]) -> str:
    paragraphs = (block.text for block in blocks if block.kind is BlockKind.PARAGRAPH)
    return next(paragraphs, BLOCK_SEPARATOR.join(block.text for block in blocks))
