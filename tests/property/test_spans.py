"""Spans hold each posting of a group's entries once, with the bits of all that it belongs to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import Article, Block, BlockKind
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import write_segment
from index.codec.postings import TermRange
from index.codec.segment import Segment
from index.layers import Layer
from search.engines.embedded.entries import MOST_ENTRIES, Entry, Wanted
from search.engines.embedded.mapped import MappedSegment
from search.engines.embedded.reading import read, unpacked_places
from search.engines.embedded.spans import Spans

TEXTS = [
    ("Kedinin sütü", "kedi kediler kedinin köpek"),
    ("Köpekler", "köpek kopek köpekten kedi"),
    ("", "kitap kitabı kitapta Kıta kıtalar"),
    ("Kıtalar ve kitaplar", "kita kitap"),
]
WORDS = sorted({word.lower() for title, body in TEXTS for word in f"{title} {body}".split()})


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(scope="module")
def segment(analyzer: Analyzer, tmp_path_factory: pytest.TempPathFactory) -> Segment:
    builder = SegmentBuilder(Lexicon(analyzer))
    for number, (title, body) in enumerate(TEXTS):
        builder.add(Article(f"a{number}", title, (Block(BlockKind.PARAGRAPH, body),)))
    path: Path = tmp_path_factory.mktemp("segment") / "one.kpr"
    write_segment(path, builder.finish())
    return Segment(path)


def entries_of(analyzer: Analyzer, word: str) -> list[Entry]:
    forms = analyzer.forms(word)
    return [
        Entry(Layer.STEM, forms.stem),
        Entry(Layer.FIVE, forms.five),
        Entry(Layer.FOUR, forms.four),
        Entry(Layer.FOLDED, forms.folded),
        Entry(Layer.EXACT, forms.exact),
        Entry(Layer.EXACT, word[:3], is_prefix=True),
    ]


def bits_by_posting(spans: Spans, group: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for lo, hi, bits in spans.rows[spans.starts[group] : spans.starts[group + 1]].tolist():
        for posting in range(lo, hi):
            assert posting not in found, "no posting is read twice"
            found[posting] = bits
    return found


def expected_bits(segment: Segment, group: list[Entry], *, title: bool) -> dict[int, int]:
    field = segment.title if title else segment.text
    expected: dict[int, int] = {}
    for number, entry in enumerate(group):
        for term in terms_of_entry(segment, entry):
            own = np.array([term])
            runs = field.runs(own)
            for lo, hi in zip(runs.lo.tolist(), runs.hi.tolist(), strict=True):
                for posting in range(lo, hi):
                    expected[posting] = expected.get(posting, 0) | 1 << number
    return expected


def terms_of_entry(segment: Segment, entry: Entry) -> list[int]:
    if entry.is_prefix:
        words = [key.partition(b"\0") for key in segment.keys.all()]
        exact = [(spelled or folded).decode() for folded, _, spelled in words]
        return [number for number, word in enumerate(exact) if word.startswith(entry.text)]
    terms = segment.terms_of(entry.layer, entry.text)
    return list(range(terms.lo, terms.hi)) if isinstance(terms, TermRange) else terms.tolist()


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), max_size=4))
def test_spans_are_what_each_entry_has(
    analyzer: Analyzer, segment: Segment, words: list[list[str]]
) -> None:
    wanted = Wanted()
    groups: list[list[Entry]] = []
    for several in words:
        entries = dict.fromkeys(entry for word in several for entry in entries_of(analyzer, word))
        for is_prefix in (False, True):  # a prefix is a group by itself
            ordered = sorted(
                (entry for entry in entries if entry.is_prefix == is_prefix),
                key=lambda entry: not entry.is_run,
            )
            size = 1 if is_prefix else MOST_ENTRIES
            groups += [ordered[at : at + size] for at in range(0, len(ordered), size)]
            for entry in ordered:
                wanted.add(entry)
            wanted.end_word()
    nothing = np.zeros(0, dtype=np.uint64)
    ((_, packed),) = read([MappedSegment(segment, 0, 1)], nothing, wanted).places
    text, title, _ = unpacked_places(packed, len(groups))
    for number, group in enumerate(groups):
        assert bits_by_posting(text, number) == expected_bits(segment, group, title=False)
        assert bits_by_posting(title, number) == expected_bits(segment, group, title=True)
