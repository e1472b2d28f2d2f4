"""Segments give back what went in: against postings that are counted out token by token."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Forms
from index.article import Article, published_seconds
from index.codec.builder import Lexicon, SegmentBuilder
from index.codec.columns import SegmentColumns, write_segment
from index.codec.container import Container, ContainerWriter
from index.codec.merger import merge_segments
from index.codec.postings import hits_of
from index.codec.segment import UNDATED, Segment
from index.errors import DamageError, EngineError
from index.layers import BLOCK_GAP, Layer, text_blocks
from tests.memory_archive import news
from tests.property.strategies import ANALYZER, PREFIXES, TERMS, article_sets

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(slots=True)
class Counted:
    """One field of some articles, counted out: the words of each document with their places."""

    words: list[list[tuple[int, Forms]]] = field(default_factory=list)

    def frequencies(self, layer: Layer, text: str) -> dict[int, int]:
        counts = Counter(
            document
            for document, words in enumerate(self.words)
            for _, forms in words
            if getattr(forms, layer.value) == text
        )
        return dict(counts)

    def places(self, layer: Layer, text: str) -> list[tuple[int, int]]:
        return sorted(
            {
                (document, position)
                for document, words in enumerate(self.words)
                for position, forms in words
                if getattr(forms, layer.value) == text
            }
        )


def counted(articles: Sequence[Article]) -> tuple[Counted, Counted]:
    """Return what title and body together hold, and the title alone."""
    text, title = Counted(), Counted()
    for article in articles:
        blocks = []
        base = 0
        for block in text_blocks(article):
            tokens = ANALYZER.tokens(block)
            blocks.append([(base + token.position, token.forms) for token in tokens])
            base += BLOCK_GAP + (tokens[-1].position + 1 if tokens else 0)
        text.words.append([word for words in blocks for word in words])
        title.words.append(blocks[0])
    return text, title


def columns_of(articles: Sequence[Article]) -> SegmentColumns:
    builder = SegmentBuilder(Lexicon(ANALYZER))
    for article in articles:
        builder.add(article)
    return builder.finish()


@contextmanager
def segments_of(*groups: Sequence[Article]) -> Iterator[list[Segment]]:
    """Write one segment a group, and open it."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.kpr" for number in range(len(groups))]
        for path, group in zip(paths, groups, strict=True):
            write_segment(path, columns_of(group))
        yield [Segment(path) for path in paths]


@given(article_sets)
def test_postings_and_places_are_those_of_the_tokens(articles: list[Article]) -> None:
    text, title = counted(articles)
    with segments_of(articles) as (segment,):
        for layer, term in TERMS:
            numbers = segment.terms_of(layer, term)
            for postings, truth in ((segment.text, text), (segment.title, title)):
                hits = hits_of(postings, numbers)
                found = dict(zip(hits.docs.tolist(), hits.frequencies.tolist(), strict=True))
                assert found == truth.frequencies(layer, term)
                assert hits.docs.tolist() == sorted(found)
            places = [divmod(place, 1 << 32) for place in segment.text.places(numbers).tolist()]
            assert places == text.places(layer, term)


@given(article_sets)
def test_lengths_and_the_vocabulary_are_those_of_the_tokens(articles: list[Article]) -> None:
    text, title = counted(articles)
    with segments_of(articles) as (segment,):
        assert segment.text.arrays.lengths.tolist() == [len(words) for words in text.words]
        assert segment.title.arrays.lengths.tolist() == [len(words) for words in title.words]
        for prefix in ("", *PREFIXES):
            holding = Counter(
                forms
                for words in text.words
                for forms in {forms for _, forms in words}
                if forms.folded.startswith(prefix)
            )
            expected = sorted(
                ((forms.folded, forms.exact, count) for forms, count in holding.items()),
            )
            assert list(vocabulary(segment, prefix)) == expected


def vocabulary(segment: Segment, prefix: str) -> Iterator[tuple[str, str, int]]:
    for key, count in segment.words(segment.beginning_with(prefix)):
        folded, _, exact = key.decode().partition("\0")
        yield folded, exact or folded, count


@given(article_sets)
def test_ids_dates_and_facets_are_those_of_the_articles(articles: list[Article]) -> None:
    with segments_of(articles) as (segment,):
        ids = [article.id for article in articles]
        assert [each.decode() for each in segment.ids.all()] == ids
        assert [segment.document_of(each) for each in ids] == list(range(len(ids)))
        assert segment.document_of("there is no such id") is None
        assert [ids[number] for number in segment.id_order.tolist()] == sorted(ids)
        assert [sorted(ids)[rank] for rank in segment.id_ranks.tolist()] == ids
        seconds = [published_seconds(article.published) for article in articles]
        assert segment.published.tolist() == [UNDATED if each is None else each for each in seconds]
        for column, values in (
            ("section", [{article.section} for article in articles]),
            ("source", [{article.source} for article in articles]),
            ("author", [set(article.authors) for article in articles]),
        ):
            assert facet_entries(segment, column) == [
                (document, value)
                for document, own in enumerate(values)
                for value in sorted(own, key=str.encode)
            ]


def facet_entries(segment: Segment, column: str) -> list[tuple[int, str]]:
    names = segment.facet_values(column)
    return sorted(
        (
            (document, names[code])
            for document, code in zip(
                segment.facet_docs(column).tolist(),
                segment.facet_codes(column).tolist(),
                strict=True,
            )
        ),
        key=lambda entry: (entry[0], entry[1].encode()),
    )


@given(article_sets, st.data())
def test_merging_equals_building_what_is_left_at_once(
    articles: list[Article], data: st.DataObject
) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(articles)), max_size=3).map(sorted), "cuts")
    bounds = [0, *cuts, len(articles)]
    groups = [articles[lo:hi] for lo, hi in pairwise(bounds) if lo < hi]
    if not groups:
        return
    keep = data.draw(st.tuples(*(st.booleans() for _ in articles)), "kept")
    left = [article for article, kept in zip(articles, keep, strict=True) if kept]
    with segments_of(*groups) as segments:
        kept = iter(keep)
        live = [np.array([next(kept) for _ in group], dtype=bool) for group in groups]
        merged = merge_segments(segments, live)
    assert_same_columns(merged, columns_of(left))


def assert_same_columns(left: SegmentColumns, right: SegmentColumns) -> None:
    assert list(left.keys) == list(right.keys)
    assert list(left.stems) == list(right.stems)
    assert list(left.ids) == list(right.ids)
    assert left.published.tolist() == right.published.tolist()
    for mine, other in ((left.text, right.text), (left.title, right.title)):
        for name in mine._fields:
            assert getattr(mine, name).tolist() == getattr(other, name).tolist(), name
    for column, own in left.facets.items():
        assert list(own.values) == list(right.facets[column].values)
        assert own.codes.tolist() == right.facets[column].codes.tolist()
        assert own.docs.tolist() == right.facets[column].docs.tolist()


def test_a_word_that_stands_thousands_of_times_keeps_its_count_and_places(tmp_path: Path) -> None:
    """Frequencies of 255 and more, and positions of several bytes, are written another way."""
    articles = [
        news("few", "kar", "kar " * 254 + "buz"),
        news("many", "", "buz " * 300 + "kar " * 20_000),
        news("more", "kar " * 255, "kar"),
    ]
    text, title = counted(articles)
    write_segment(tmp_path / "one.kpr", columns_of(articles))
    segment = Segment(tmp_path / "one.kpr")
    for word in ("kar", "buz"):
        term = segment.terms_of(Layer.EXACT, word)
        for postings, truth in ((segment.text, text), (segment.title, title)):
            hits = hits_of(postings, term)
            found = dict(zip(hits.docs.tolist(), hits.frequencies.tolist(), strict=True))
            assert found == truth.frequencies(Layer.EXACT, word)
        places = [divmod(place, 1 << 32) for place in segment.text.places(term).tolist()]
        assert places == text.places(Layer.EXACT, word)
    live = [np.array([True, False, True])]
    assert_same_columns(merge_segments([segment], live), columns_of([articles[0], articles[2]]))


arrays = st.dictionaries(
    st.text("abc.", min_size=1, max_size=6),
    st.sampled_from([np.uint8, np.uint32, np.int64, np.float64]).flatmap(
        lambda kind: st.lists(st.integers(0, 200), max_size=9).map(
            lambda values: np.array(values, dtype=kind)
        )
    ),
    min_size=1,
    max_size=4,
)


def write_container(path: Path, sections: Arrays) -> None:
    with ContainerWriter(path) as writer:
        for name, array in sections.items():
            writer.add(name, array)
        writer.finish({"documents": 3})


def holds(container: Container, sections: Arrays) -> bool:
    return container.meta == {"documents": 3} and all(
        container.array(name).dtype == array.dtype
        and container.array(name).tolist() == array.tolist()
        for name, array in sections.items()
    )


@settings(max_examples=20)
@given(arrays)
def test_a_container_gives_back_what_went_in(sections: Arrays) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.kpr"
        write_container(path, sections)
        assert holds(Container(path), sections)
        Container(path).check()


@given(arrays, st.data())
def test_a_flipped_bit_is_noticed_or_lies_in_padding(sections: Arrays, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.kpr"
        write_container(path, sections)
        damaged = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(damaged) - 1), "byte")
        damaged[place] ^= 1 << data.draw(st.integers(0, 7), "bit")
        path.write_bytes(damaged)
        try:
            container = Container(path)
            container.check()
        except EngineError:
            return
        assert holds(container, sections)


@settings(max_examples=30)
@given(arrays, st.data())
def test_a_container_cut_short_does_not_open(sections: Arrays, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.kpr"
        write_container(path, sections)
        whole = path.read_bytes()
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1), "length")])
        with pytest.raises(EngineError, match=r"x\.kpr"):
            Container(path)


def test_every_flipped_byte_of_a_sections_data_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x.kpr"
    # Numbers that do not stand in the header as well.
    sections: Arrays = {
        "a": np.arange(50, dtype=np.uint32),
        "b": np.array([123_456_789], dtype=np.int64),
    }
    write_container(path, sections)
    whole = path.read_bytes()
    for array in sections.values():
        data = array.tobytes()
        for place in range(whole.index(data), whole.index(data) + len(data)):
            damaged = bytearray(whole)
            damaged[place] ^= 0xFF
            path.write_bytes(damaged)
            with pytest.raises(DamageError, match=r"x\.kpr: damaged in [ab] \(block 0\)"):
                Container(path).check()
