"""The word lists that steer analysis, read from files: what ships, and what an archive adds.

A list is a text file with one entry a line; `#` begins a comment. The person who runs an archive
may put files of the same names into its folder `words/`: their entries are added to those that
ship, and replace an entry for the same word; `-word` takes that word away. The rules
for each file stand at its head in `data/words/`. Whatever is no entry is refused with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from index.analysis.fold import turkish_lower
from index.analysis.stemming.lexicon import KINDS, TRAITS, Root, Roots
from index.analysis.wordlists import WordLists
from index.errors import InputError
from index.shipped import shipped

WORDS_FOLDER = "words"
"""Where an archive has word lists of its own, inside its folder."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def read_word_lists(archive: Path | None = None) -> WordLists:
    """Return the lists that ship, with those of the archive in the folder `archive` over them.

    Raises `InputError` with path and line where a line is no entry.

    >>> read_word_lists().stems["bana"]
    'ben'
    """
    folders = [shipped(WORDS_FOLDER)]
    if archive is not None:
        folders.append(archive / WORDS_FOLDER)
    return WordLists(
        protected=_merged(folders, "protected.txt", _protected),
        stems=_merged(folders, "stems.txt", _stem),
        roots=Roots.of(_merged(folders, "roots.txt", _root).values()),
        compounds=_merged(folders, "compounds.txt", _compound),
    )


def _merged(
    folders: list[Traversable], name: str, entry_of: Callable[[str], tuple[_Key, _Value]]
) -> dict[_Key, _Value]:
    entries: dict[_Key, _Value] = {}
    for folder in folders:
        path = folder / name
        for number, line in _lines(path):
            if line.startswith("-"):
                gone = turkish_lower(line[1:].strip())
                entries = {key: entries[key] for key in entries if _word_of(key) != gone}
                continue
            try:
                key, value = entry_of(line)
            except ValueError as error:
                raise InputError(f"{path}:{number}: {error}: {line!r}") from error
            entries[key] = value
    return entries


def _word_of(key: object) -> object:
    """Return the word that an entry is for: a root's key has its kind and traits, too."""
    return key[0] if isinstance(key, tuple) else key


def _lines(path: Traversable) -> Iterator[tuple[int, str]]:
    """Yield (line number, entry) of a list; nothing, where there is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    for number, line in enumerate(text.splitlines(), start=1):
        entry = line.partition("#")[0].strip()
        if entry:
            yield number, entry


def _protected(line: str) -> tuple[str, str]:
    word = turkish_lower(line.replace("’", "'"))
    without = word.replace("'", "")
    if without == word or not without.isalpha():
        raise ValueError("expected one word with an apostrophe inside, as kur'an")
    return word, without


def _stem(line: str) -> tuple[str, str]:
    words = turkish_lower(line).split()
    if len(words) != 2 or not all(map(str.isalnum, words)):
        raise ValueError("expected a word and its stem, as `bana ben`")
    return words[0], words[1]


def _compound(line: str) -> tuple[str, str]:
    joined, equals, split = (part.strip() for part in turkish_lower(line).partition("="))
    if not equals or not joined.isalpha() or len(split.split()) < 2:
        raise ValueError("expected a joined word and its parts, as `herşey = her şey`")
    return joined, " ".join(split.split())


def _root(line: str) -> tuple[tuple[str, str, str], Root]:
    fields = line.split()
    if len(fields) not in {3, 4} or fields[1] not in KINDS or not fields[2].isdigit():
        raise ValueError("expected a root, n or v, its cost and its traits, as `kitap n 11 s`")
    word, kind, cost, traits = fields[0], fields[1], int(fields[2]), "".join(fields[3:])
    if not word.isalpha() or word != turkish_lower(word) or not set(traits) <= set(TRAITS):
        raise ValueError(f"expected a lowered word, and traits among {TRAITS}")
    return (word, kind, traits), Root(word, kind, cost, traits)
