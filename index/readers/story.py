"""Tells the parts of an unmarked story apart: headline, paragraphs, subheadings, other stories.

Pure. Where the looks leave a doubt a line stays what harms least: a paragraph of the story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.article import Block, BlockKind
from index.readers.fields import block_from_line

_LONGEST_HEADLINE = 160  # characters; the longest of news-37k that are no sentences have 150
_LONGEST_SUBHEADING = 90
_LONG_LINE = 120  # a line of this length is a paragraph, whatever it ends with
_ENDS_SENTENCE = re.compile(r"""[.!?…:;,]["'”’»)\]]*$""")
_ENDS_STATEMENT = re.compile(r"""(?<!\.)\.["'”’»)\]]*$|[:;,]$""")

_NUMBER_LINE = re.compile(r"(\d{1,3})[.)]?")
_LONGEST_CAPTION = 40
_WORDS_OF_A_HEADLINE = 3

_WRAP_COLUMNS = range(50, 101)
"""Widths at which mail and typewriters broke their lines."""


def story_from_lines(lines: Sequence[str]) -> tuple[str, tuple[Block, ...]]:
    """Return the headline ('' where there is none) and the blocks of clean, maybe blank lines."""
    paragraphs = _joined(lines)
    title, paragraphs = _headline(paragraphs)
    paragraphs = _without_other_stories(paragraphs)
    return title, tuple(
        Block(BlockKind.HEADING, text)
        if _is_subheading(paragraphs, number)
        else block_from_line(text)
        for number, (text, _) in enumerate(paragraphs)
    )


Paragraph = tuple[str, bool]
"""Its text, and whether a blank line comes before it."""


def _joined(lines: Sequence[str]) -> list[Paragraph]:
    """Return the paragraphs: one a line, or one a group where lines were broken at a column."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    groups = [group for group in groups if group]
    if _is_wrapped(groups):
        return [(" ".join(group), number > 0) for number, group in enumerate(groups)]
    return [
        (line, number > 0 and place == 0)
        for number, group in enumerate(groups)
        for place, line in enumerate(group)
    ]


def _is_wrapped(groups: Sequence[Sequence[str]]) -> bool:
    """Tell whether blank lines part the paragraphs and all their lines but the last are full.

    The lines of a poem are as uneven as its words, so that its stanzas are never joined.
    """
    inner = [len(line) for group in groups for line in group[:-1]]
    if len(groups) < 2 or len(inner) < 3:
        return False
    widest = max(len(line) for group in groups for line in group)
    longest_word = 20
    return widest in _WRAP_COLUMNS and min(inner) >= widest - longest_word


def _headline(paragraphs: list[Paragraph]) -> tuple[str, list[Paragraph]]:
    """Return the headline and what is below it; ('', everything) where the story has none."""
    first, rest = paragraphs[0][0], paragraphs[1:]
    if first.startswith("# ") and rest:
        return first[2:], rest
    if not rest or len(first) > _LONGEST_HEADLINE or _ENDS_STATEMENT.search(first):
        return "", paragraphs
    if _NUMBER_LINE.fullmatch(first):
        return "", paragraphs
    text, stands_apart = rest[0]
    if stands_apart or _is_running_text(text):
        return first, rest
    # Below a headline there may be a dateline, a byline or a spot of a line each.
    if any(_is_running_text(below) for below, _ in rest[1:3]):
        return first, rest
    return "", paragraphs


def _is_running_text(text: str) -> bool:
    return len(text) >= _LONG_LINE or (len(text.split()) > 5 and bool(_ENDS_SENTENCE.search(text)))


def _without_other_stories(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Cut the list of other stories (1, headline, 2, headline and so on) off the end.

    A list that the story itself announces ("… şunlar:") stays, and so does one of single words or
    of sentences.
    """
    texts = [text for text, _ in paragraphs]
    start = _list_start(texts)
    if start is None or start == 0 or texts[start - 1].endswith(":"):
        return paragraphs
    headlines = texts[start + 1 :: 2]
    long_enough = sum(len(text.split()) >= _WORDS_OF_A_HEADLINE for text in headlines)
    if long_enough * 2 <= len(headlines) or any(map(_ENDS_STATEMENT.search, headlines)):
        return paragraphs
    caption = texts[start - 1]
    if start > 1 and len(caption) <= _LONGEST_CAPTION and not _ENDS_SENTENCE.search(caption):
        start -= 1  # "Diğer Haberler"
    return paragraphs[:start]


def _list_start(texts: Sequence[str]) -> int | None:
    """Return where the numbers 1, 2, … that alternate with lines up to the end begin."""
    for start in range(len(texts) - 4, -1, -2):
        numbers = [_NUMBER_LINE.fullmatch(text) for text in texts[start::2]]
        values = [int(match[1]) if match else 0 for match in numbers]
        if values == list(range(1, len(values) + 1)):
            return start
        if 0 in values:
            return None
    return None


def _is_subheading(paragraphs: Sequence[Paragraph], number: int) -> bool:
    """Tell whether a short line without a full stop stands between running text.

    A question or exclamation counts where every longer word is capitalised ("Neler Oldu?").
    """
    text = paragraphs[number][0]
    if len(text) > _LONGEST_SUBHEADING or number + 1 == len(paragraphs):
        return False
    if not text[0].isupper() and not text[0].isdigit() and text[0] not in "\"'“‘«":
        return False
    if _ENDS_SENTENCE.search(text) and not (text[-1] in "?!" and _is_capitalised(text)):
        return False
    if _NUMBER_LINE.fullmatch(text) or not any(map(str.isalpha, text)):
        return False
    above = number == 0 or _is_running_text(paragraphs[number - 1][0])
    return above and _is_running_text(paragraphs[number + 1][0])


def _is_capitalised(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return bool(words) and all(word[0].isupper() for word in words)
