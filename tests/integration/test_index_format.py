"""docs/index-format.md, held to the bytes: a reader that follows it with struct alone."""

from __future__ import annotations

import json
import re
import struct
import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import write_segment
from index.codec.container import FORMAT_VERSION
from index.generations import save_deletions

_LETTERS = {"|u1": "B", "<u2": "H", "<u4": "I", "<u8": "Q", "<i8": "q"}
_MANY = 300


@dataclass(frozen=True)
class _File:
    data: bytes

    @property
    def directory(self) -> dict[str, Any]:
        offset, checksum, end = struct.unpack_from("<QI4s", self.data, len(self.data) - 16)
        directory = self.data[offset:-16]
        assert end == b"KEND"
        assert zlib.crc32(directory) == checksum
        parsed: dict[str, Any] = json.loads(directory)
        return parsed

    def numbers(self, name: str) -> tuple[int, ...]:
        section = self.directory["sections"][name]
        layout = f"<{section['count']}{_LETTERS[section['dtype']]}"
        stretch = self.data[section["offset"] : section["offset"] + struct.calcsize(layout)]
        blocks = [zlib.crc32(stretch[at : at + 65_536]) for at in range(0, len(stretch), 65_536)]
        assert list(self.checksums[section["block"] :][: len(blocks)]) == blocks
        return struct.unpack(layout, stretch)

    @property
    def checksums(self) -> tuple[int, ...]:
        listed = self.directory["checksums"]
        stretch = self.data[listed["offset"] : listed["offset"] + 4 * listed["count"]]
        assert zlib.crc32(stretch) == listed["crc32"]
        return struct.unpack(f"<{listed['count']}I", stretch)

    def strings(self, name: str) -> list[bytes]:
        packed, starts = bytes(self.numbers(f"{name}.bytes")), self.numbers(f"{name}.starts")
        return [packed[starts[i] : starts[i + 1]] for i in range(len(starts) - 1)]

    def postings(self, field: str, term: int) -> dict[int, list[int]]:
        """Return the positions of one term by document."""
        starts = self.numbers(f"{field}.starts")
        docs = self.numbers(f"{field}.docs")
        frequencies = self.numbers(f"{field}.frequencies")
        overflow = dict(
            zip(
                self.numbers(f"{field}.overflow_places"),
                self.numbers(f"{field}.overflow_values"),
                strict=True,
            )
        )
        octets = iter(self.numbers(f"{field}.positions")[self._first_byte(field, term) :])
        found = {}
        for place in range(starts[term], starts[term + 1]):
            frequency = overflow[place] if frequencies[place] == 255 else frequencies[place]
            found[docs[place]] = _added_up([_leb128(octets) for _ in range(frequency)])
        return found

    def _first_byte(self, field: str, term: int) -> int:
        return self.numbers(f"{field}.position_starts")[term]


def _leb128(octets: Any) -> int:
    number = shift = 0
    while (octet := next(octets)) >= 128:
        number |= (octet & 127) << shift
        shift += 7
    return int(number | octet << shift)


def _added_up(steps: list[int]) -> list[int]:
    return [sum(steps[: count + 1]) for count in range(len(steps))]


def _article(article_id: str, title: str, body: str, **fields: Any) -> Article:
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in body.split("\n"))
    return Article(article_id, title, blocks, **fields)


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> _File:
    builder = SegmentBuilder(Lexicon(Analyzer()))
    builder.add(
        _article("b", "Kar yağdı", "kâr ve kar\nköprü", section="Hava", authors=("Ayşe", "Can"))
    )
    builder.add(
        _article("a", "Köprüler", "kar " * _MANY, published=date(2020, 1, 1), source="Posta")
    )
    path = tmp_path_factory.mktemp("segment") / "MAIN_0.kpr"
    write_segment(path, builder.finish())
    return _File(path.read_bytes())


def test_a_file_begins_as_described(segment: _File) -> None:
    assert struct.unpack_from("<8sII", segment.data) == (b"KUPURSEG", FORMAT_VERSION, 0)


def test_sections_are_aligned_and_gaps_are_zero(segment: _File) -> None:
    end = 16
    for section in segment.directory["sections"].values():
        assert section["offset"] == -(-end // 64) * 64
        assert not any(segment.data[end : section["offset"]])
        end = section["offset"] + section["count"] * struct.calcsize(_LETTERS[section["dtype"]])
    checksums = segment.directory["checksums"]
    assert checksums["offset"] == -(-end // 64) * 64
    assert not any(segment.data[end : checksums["offset"]])
    (offset,) = struct.unpack_from("<Q", segment.data, len(segment.data) - 16)
    assert offset == checksums["offset"] + 4 * checksums["count"]


def test_each_section_has_its_checksums_behind_those_before(segment: _File) -> None:
    block = 0
    for section in segment.directory["sections"].values():
        assert section["block"] == block
        size = section["count"] * struct.calcsize(_LETTERS[section["dtype"]])
        block += -(-size // 65_536)
    assert segment.directory["checksums"]["count"] == block


def test_a_section_of_several_blocks_has_a_checksum_for_each(tmp_path: Path) -> None:
    numbers = np.arange(40_000, dtype=np.int64)  # 320,000 bytes: four whole blocks, one shorter
    save_deletions(tmp_path / "MAIN_0.del", numbers)
    deletions = _File((tmp_path / "MAIN_0.del").read_bytes())
    assert len(deletions.checksums) == 5
    assert deletions.numbers("docs") == tuple(numbers.tolist())


def test_sections_are_those_of_the_page_in_its_order(segment: _File, checkout: Path) -> None:
    page = (checkout / "docs" / "index-format.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z_.`, ]+`) \| (\S+) \| [^|]+ \|", page, re.MULTILINE)
    described = [(name, kind) for names, kind in rows for name in re.findall("`([^`]+)`", names)]
    sections = segment.directory["sections"]
    assert [name for name, _ in described] == list(sections)
    for name, kind in described:
        found = sections[name]["dtype"]
        if kind.startswith("`"):
            assert found == kind.strip("`").replace("\\", ""), name
        else:
            assert found in _LETTERS, name


def test_the_page_names_the_version_that_is_written(checkout: Path) -> None:
    page = (checkout / "docs" / "index-format.md").read_text(encoding="utf-8")
    assert f"format version {FORMAT_VERSION} " in page
    assert f"uint32: {FORMAT_VERSION} " in page


def test_keys_are_folded_and_exact_spelling_in_order(segment: _File) -> None:
    keys = segment.strings("vocabulary")
    assert keys == sorted(keys)
    assert b"kar\0" in keys
    assert "kar\0kâr".encode() in keys
    assert "kopruler\0köprüler".encode() in keys
    assert len(keys) == segment.directory["meta"]["terms"]


def test_postings_and_positions_can_be_followed(segment: _File) -> None:
    keys = segment.strings("vocabulary")
    # b: "Kar yağdı" at 0 and 1, 16 free, "kâr ve kar" from 18, 16 free, "köprü" at 37.
    # a: "Köprüler" at 0, 16 free, 300 times "kar" from 17.
    assert segment.postings("text", keys.index(b"kar\0")) == {
        0: [0, 20],
        1: list(range(17, 17 + _MANY)),
    }
    assert segment.postings("text", keys.index("kopru\0köprü".encode())) == {0: [37]}
    assert segment.numbers("text.lengths") == (6, 1 + _MANY)


def test_titles_have_a_numbering_of_their_own(segment: _File) -> None:
    keys = segment.strings("vocabulary")
    terms = segment.numbers("title.terms")
    assert [keys[term].partition(b"\0")[0] for term in terms] == [b"kar", b"kopruler", b"yagdi"]
    assert segment.postings("title", 0) == {0: [0]}
    assert segment.numbers("title.lengths") == (2, 1)


def test_guides_have_the_beginning_of_every_64th_string(segment: _File) -> None:
    for name in ("vocabulary", "stems"):
        strings = segment.strings(name)
        guide = [int.from_bytes(string[:8].ljust(8, b"\0"), "big") for string in strings[::64]]
        assert segment.numbers(f"{name}.guide") == tuple(guide)


def test_stems_group_the_vocabulary(segment: _File) -> None:
    stems, terms = segment.strings("stems"), segment.numbers("stems.terms")
    starts, of_term = segment.numbers("stems.term_starts"), segment.numbers("stems.of_term")
    assert sorted(terms) == list(range(len(of_term)))
    for number in range(len(stems)):
        group = terms[starts[number] : starts[number + 1]]
        assert list(group) == [term for term, stem in enumerate(of_term) if stem == number]


def test_documents_have_ids_dates_and_values(segment: _File) -> None:
    assert segment.strings("ids") == [b"b", b"a"]
    assert segment.numbers("ids.order") == (1, 0)
    assert segment.numbers("ids.ranks") == (1, 0)
    midnight_in_istanbul = 1577826000
    assert segment.numbers("published") == (-(2**63), midnight_in_istanbul)
    assert segment.strings("section.values") == [b"", b"Hava"]
    assert segment.numbers("section.codes") == (1, 0)
    assert segment.strings("author.values") == ["Ayşe".encode(), b"Can"]
    assert segment.numbers("author.docs") == (0, 0)


def test_deletions_are_a_container_of_one_section(tmp_path: Path) -> None:
    save_deletions(tmp_path / "MAIN_0.del", np.array([3, 7], dtype=np.int64))
    deletions = _File((tmp_path / "MAIN_0.del").read_bytes())
    assert deletions.directory["meta"] == {}
    assert list(deletions.directory["sections"]) == ["docs"]
    assert deletions.numbers("docs") == (3, 7)
