"""Bytes that change on the disk and leave no trace: an error or nothing, and never a wrong answer.

Over the shipped sample, whose larger sections have several blocks; whatever a search does not need
is not read, so it may well answer from a file that is damaged elsewhere.
"""

from __future__ import annotations

import json
import logging
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import Article
from index.build import update_index
from index.errors import DamageError, EngineError
from index.generations import Generation, current_generation
from index.layers import Layer
from index.readers.reading import read_source
from index.readers.sources import find_sources
from search.engine import (
    AnyOf,
    EngineRequest,
    EngineResult,
    Everything,
    FuzzyQuery,
    PhraseQuery,
    PrefixQuery,
    Term,
    TermQuery,
    WildcardQuery,
)
from search.engines.embedded import EmbeddedEngine
from search.request import FacetField, Sort
from tests.memory_archive import MemoryArchive, news

ANALYZER = Analyzer()


@dataclass(frozen=True, slots=True)
class Sample:
    """An index of the sample in two generations, and what each of them answers."""

    folder: Path
    files: tuple[Path, ...]
    answers: dict[int, tuple[EngineResult, ...]]


def words(*texts: str) -> tuple[TermQuery, ...]:
    """Return a query of several layers a word, as planning makes them."""
    found = []
    for text in texts:
        (token,) = ANALYZER.tokens(text)
        layers = (Layer.EXACT, Layer.FOLDED, Layer.STEM, Layer.FIVE, Layer.FOUR)
        terms = tuple(Term(each, getattr(token.forms, each.value)) for each in layers)
        found.append(TermQuery(terms[:3], terms))
    return tuple(found)


def exact(text: str) -> tuple[Term, ...]:
    return (Term(Layer.EXACT, text),)


REQUESTS = (
    EngineRequest(Everything(), facets=tuple(FacetField), sort=Sort.NEWEST),
    EngineRequest(AnyOf(words("belediye", "şehirlerimizin", "yeni")), facets=tuple(FacetField)),
    EngineRequest(AnyOf(words("olmayankelime", "bir"))),
    EngineRequest(PhraseQuery((exact("yeni"), exact("yıl")), exact("yıl"), 10)),
    EngineRequest(PrefixQuery(Layer.FOLDED, "kar")),
    EngineRequest(AnyOf((WildcardQuery(Layer.FOLDED, "be*ye"), FuzzyQuery(Layer.EXACT, "yemi")))),
)


def ask(engine: EmbeddedEngine) -> tuple[EngineResult, ...]:
    searcher = engine.searcher()
    for prefix in ("ka", "is"):
        assert list(searcher.vocabulary.beginning_with(prefix))
    assert searcher.explain(REQUESTS[1], "2017-02-09-iki-yaka-tek-belediye")
    return tuple(searcher.search(request) for request in REQUESTS)


def current(folder: Path) -> Generation:
    generation = current_generation(folder)
    assert generation is not None
    return generation


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Sample:
    folder = tmp_path_factory.mktemp("rot") / "index"
    found = [
        record
        for source in find_sources([checkout / "data" / "sample"]).files
        for record in read_source(source)
    ]
    articles = [record for record in found if isinstance(record, Article)]
    archive = MemoryArchive(articles)
    update_index(archive, folder, ANALYZER)
    earlier = ask(EmbeddedEngine(folder))
    archive.put(news("late", "Belediye yeni bir gün", "Karlı bir gün daha."))
    archive.remove(articles[0].id, articles[5].id)
    update_index(archive, folder, ANALYZER)
    generation = current(folder)
    files = tuple(generation.folder / name for name in generation.manifest.data_files)
    assert max(path.stat().st_size for path in files) > 4 * 65_536
    answers = {1: earlier, 2: ask(EmbeddedEngine(folder))}
    assert answers[1] != answers[2]
    return Sample(folder, files, answers)


@contextmanager
def rot(path: Path, place: int, bit: int) -> Iterator[None]:
    """Flip one bit in place, its time as it was, for the length of a block."""
    status = path.stat()

    def turn() -> None:
        with path.open("r+b") as file:
            file.seek(place)
            (byte,) = file.read(1)
            file.seek(place)
            file.write(bytes([byte ^ 1 << bit]))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    turn()
    try:
        yield
    finally:
        turn()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_flipped_bit_is_an_error_or_the_answer_is_right(
    sample: Sample, data: st.DataObject, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    path = data.draw(st.sampled_from(sample.files), "file")
    place = data.draw(st.integers(0, path.stat().st_size - 1), "byte")
    bit = data.draw(st.integers(0, 7), "bit")
    with rot(path, place, bit):
        engine = EmbeddedEngine(sample.folder)
        try:
            answers = ask(engine)
        except DamageError as error:
            assert path.name in str(error)  # noqa: PT017  # either outcome is right
            assert "run `kupur re" in str(error)  # noqa: PT017  # the same
        else:
            assert answers == sample.answers[engine.searcher().generation]
    assert ask(EmbeddedEngine(sample.folder)) == sample.answers[2]


def test_what_searches_need_is_found_damaged_wherever_it_lies(
    sample: Sample, caplog: pytest.LogCaptureFixture
) -> None:
    """Else the test above could be content with answers that never read a damaged byte."""
    caplog.set_level(logging.ERROR)
    path = max(sample.files, key=lambda each: each.stat().st_size)
    refused = 0
    size = path.stat().st_size
    for place in range(100, size, size // 40):
        with rot(path, place, 3):
            try:
                ask(EmbeddedEngine(sample.folder))
            except DamageError:
                refused += 1
    assert refused > 20


@pytest.fixture
def apart(sample: Sample) -> Iterator[Path]:
    """Give a file of the newer generation that the one before does not share, for a while."""
    path = max(sample.files, key=lambda each: each.stat().st_size)
    shared, data = path.with_suffix(".shared"), path.read_bytes()
    path.rename(shared)
    path.write_bytes(data)
    yield path
    shared.replace(path)


def test_after_damage_in_a_search_the_generation_before_is_served(
    sample: Sample, apart: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    engine = EmbeddedEngine(sample.folder, clock=lambda: now[0])
    assert engine.searcher().generation == 2
    with rot(apart, place_of_facets(apart), 0):
        searcher = engine.searcher()
        with pytest.raises(DamageError, match=r"section\.codes"):
            searcher.search(REQUESTS[0])
        for _ in range(3):
            assert engine.searcher().generation == 1
            assert ask(engine) == sample.answers[1]
            now[0] += 100.0
        assert engine.searcher().generation == 1
    assert "damaged in section.codes" in caplog.text
    assert "generation 1 is served meanwhile" in caplog.text


def place_of_facets(path: Path) -> int:
    """Return a place that nothing reads at opening, but `REQUESTS[0]` does."""
    data = path.read_bytes()
    (directory,) = struct.unpack_from("<Q", data, len(data) - 16)
    sections = json.loads(data[directory:-16])["sections"]
    return int(sections["section.codes"]["offset"])


def test_where_no_generation_is_whole_every_search_is_refused(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = max(sample.files, key=lambda each: each.stat().st_size)  # shared with the one before
    read: list[str] = []
    check = Generation.check_files

    def counted(generation: Generation, names: list[str]) -> None:
        read.append(generation.folder.name)
        check(generation, names)

    monkeypatch.setattr(Generation, "check_files", counted)
    now = [0.0]
    engine = EmbeddedEngine(sample.folder, clock=lambda: now[0])
    engine.searcher()
    with rot(path, place_of_facets(path), 0):
        for _ in range(5):
            with pytest.raises(EngineError, match=r"run `kupur repair`"):
                ask(engine)
    assert read == ["generation-00000001"]  # and not again for every request
    now[0] += 61.0
    assert engine.searcher().generation == 1  # mended meanwhile
    assert ask(engine)
