"""From an archive to a generation: increments, rebuilds, failures, and what is kept of the past."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from index.analysis import Analyzer
from index.analysis.surface import Word
from index.analysis.wordlists import WordLists
from index.archive import Archive
from index.article import Article
from index.build import update_index
from index.errors import ArchiveError, EngineError
from index.generations import Generation, current_generation
from index.layers import Layer
from index.readers.reading import read_source
from index.readers.sources import find_sources
from index.sharing import Workers
from search.engine import EngineRequest, EngineResult, Everything, Term, TermQuery
from search.engines.embedded import EmbeddedEngine
from search.request import FacetField
from tests.memory_archive import Change, MemoryArchive, news

ARTICLES = [
    news("dergi", "Şehir dergisi", "Dergi şehirlerimizi anlatıyor.", section="Kültür"),
    news("kar", "Kar yağdı", "Ankara'da kar var.", "Yollar kapandı.", section="Yaşam"),
    news("maç", "F.Bahçe kazandı", "Maç 3-1 bitti.", section="Spor"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def current(folder: Path) -> Generation:
    generation = current_generation(folder)
    assert generation is not None
    return generation


def generations_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def ask(folder: Path, folded: str = "") -> EngineResult:
    """Ask for one word, or for everything."""
    term = Term(Layer.FOLDED, folded)
    query = TermQuery((term,), (term,)) if folded else Everything()
    request = EngineRequest(query, limit=1000, facets=tuple(FacetField))
    return EmbeddedEngine(folder).searcher().search(request)


# Increments


def test_an_archive_becomes_a_generation(folder: Path) -> None:
    report = update_index(MemoryArchive(ARTICLES), folder, Analyzer())
    assert (report.generation, report.documents, report.indexed) == (1, 3, 3)
    assert ask(folder, "sehir").ids == ("dergi",)
    assert ask(folder).total == 3


def test_an_empty_archive_becomes_an_index_that_finds_nothing(folder: Path) -> None:
    report = update_index(MemoryArchive(), folder, Analyzer())
    assert report.documents == 0
    assert ask(folder, "sehir") == ask(folder)
    assert ask(folder).total == 0


def test_articles_without_a_word_are_found_by_their_dates_alone(folder: Path) -> None:
    update_index(MemoryArchive([news("boş", ""), news("nokta", "...", "—")]), folder, Analyzer())
    assert ask(folder).ids == ("boş", "nokta")
    assert ask(folder, "").scores == (0.0, 0.0)


def test_what_is_new_is_added_what_changed_replaced_what_went_removed(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    archive.put(news("kar", "Yağmur yağdı"), news("yeni", "Şehir hatları"))
    archive.remove("maç")
    report = update_index(archive, folder, Analyzer())
    assert (report.indexed, report.removed, report.documents) == (2, 1, 3)
    assert not report.rebuilt
    assert ask(folder, "kar").ids == ()
    assert ask(folder, "yagmur").ids == ("kar",)
    assert ask(folder, "kazandi").ids == ()
    assert sorted(ask(folder, "sehir").ids) == ["dergi", "yeni"]


def test_an_article_that_was_removed_and_comes_back_is_there_once(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    archive.remove("kar")
    update_index(archive, folder, Analyzer())
    assert ask(folder).total == 2
    archive.put(ARTICLES[1])
    update_index(archive, folder, Analyzer())
    assert ask(folder).ids == ("dergi", "kar", "maç")
    assert ask(folder, "kar").ids == ("kar",)


def test_removing_what_was_never_indexed_counts_as_nothing(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    archive.remove("kar")
    report = update_index(archive, folder, Analyzer())
    assert (report.indexed, report.removed) == (2, 0)


def test_removing_everything_leaves_no_segment(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    archive.remove(*(article.id for article in ARTICLES))
    report = update_index(archive, folder, Analyzer())
    assert (report.documents, report.removed) == (0, 3)
    assert current(folder).manifest.segments == ()
    assert list(current(folder).folder.glob("*.kpr")) == []
    assert ask(folder).total == 0


def test_nothing_new_makes_no_new_generation(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    report = update_index(archive, folder, Analyzer())
    assert (report.generation, report.indexed, report.documents) == (1, 0, 3)
    lock = folder / "lock"
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert {path: after[path] for path in after if path != lock} == {
        path: before[path] for path in before if path != lock
    }


def test_progress_counts_each_change_once(folder: Path) -> None:
    archive = MemoryArchive(news(str(number), "kar") for number in range(2345))
    steps: list[int] = []
    update_index(archive, folder, Analyzer(), progress=steps.append)
    assert sum(steps) == 2345
    assert len(steps) > 1


def test_increments_answer_as_an_index_made_at_once(tmp_path: Path, checkout: Path) -> None:
    """The shipped sample through a real archive, in five steps with changes and removals."""
    found = [
        record
        for source in find_sources([checkout / "data" / "sample"]).files
        for record in read_source(source)
    ]
    articles = [record for record in found if isinstance(record, Article)]
    assert len(articles) > 80
    with Archive.open(tmp_path / "archive", create=True) as archive:
        for step in range(5):
            archive.put(articles[step::5])
            if step:
                archive.put([swapped(article) for article in articles[step - 1 : 80 : 5]])
                archive.remove([article.id for article in articles[step - 1 : 20 : 5]])
            update_index(archive, tmp_path / "grown", Analyzer(), tokens_per_segment=1500)
        update_index(archive, tmp_path / "made", Analyzer())
    grown, made = tmp_path / "grown", tmp_path / "made"
    assert len(current(grown).manifest.segments) > 1
    assert len(current(made).manifest.segments) == 1
    for word in ("", "bir", "turkiye", "istanbul", "yuzde", "ve", "olmayan"):
        left, right = ask(grown, word), ask(made, word)
        assert left.total == right.total
        assert left.scores == pytest.approx(right.scores)
        assert sorted(left.ids) == sorted(right.ids)
        assert dict(left.facets) == dict(right.facets)


def swapped(article: Article) -> Article:
    return news(article.id, article.body[:200], article.title, section=article.section)


def test_processes_that_share_the_work_make_the_same_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.WORTH_SHARING", 4)
    folder = tmp_path / "archive"
    with Archive.open(folder, create=True) as archive:
        archive.put([*ARTICLES, *(news(f"n{number}", f"kar {number}") for number in range(40))])
        archive.remove(["n3", "maç"])
        workers = Workers(2, partial(Archive.open, folder, read_only=True))
        steps: list[int] = []
        shared = update_index(
            archive, tmp_path / "shared", Analyzer(), workers=workers, progress=steps.append
        )
        alone = update_index(archive, tmp_path / "alone", Analyzer())
    assert shared == alone
    assert sum(steps) == 43
    assert len(current(tmp_path / "shared").manifest.segments) <= 2
    assert ask(tmp_path / "shared", "kar") == ask(tmp_path / "alone", "kar")
    assert ask(tmp_path / "shared") == ask(tmp_path / "alone")


# Rebuilds


def test_another_analyzer_makes_the_index_again(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    other = Analyzer(WordLists(stems={"şehir": "kent"}))
    report = update_index(archive, folder, other)
    assert report.rebuilt
    assert (report.generation, report.indexed, report.documents) == (2, 3, 3)
    stem = TermQuery((Term(Layer.STEM, "kent"),), ())
    assert EmbeddedEngine(folder).searcher().search(EngineRequest(stem)).ids == ("dergi",)
    assert not update_index(archive, folder, other).rebuilt


def test_another_format_makes_the_index_again(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    with patch("index.build.FORMAT_VERSION", 999):
        assert update_index(archive, folder, Analyzer()).rebuilt


# Failures


class PoisonedAnalyzer(Analyzer):
    """Raises at one word."""

    def expand(self, surface: str) -> tuple[Word, ...]:
        if surface == "zehir":
            raise RuntimeError("poison")
        return super().expand(surface)


def fail(_count: int) -> None:
    raise ZeroDivisionError


class BrokenArchive(MemoryArchive):
    """Fails after the first page of changes."""

    def changes_since(self, sequence: int, limit: int) -> Sequence[Change]:
        if sequence > 3:
            raise ArchiveError("the disk went away")
        return super().changes_since(sequence, min(limit, 1))


@pytest.mark.parametrize(
    ("failing", "error"),
    [
        (partial(update_index, analyzer=PoisonedAnalyzer()), RuntimeError),
        (partial(update_index, analyzer=Analyzer(), progress=fail), ZeroDivisionError),
    ],
    ids=["analysis", "progress"],
)
def test_a_build_that_fails_leaves_the_index_as_it_was(
    folder: Path, failing: Callable[..., object], error: type[Exception]
) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, PoisonedAnalyzer())
    before = current(folder)
    archive.put(news("ok", "kar"), news("kötü", "zehir"))
    with pytest.raises(error):
        failing(archive, folder)
    assert current(folder) == before
    assert generations_in(folder) == [before.folder.name]
    assert ask(folder, "kar").ids == ("kar",)
    archive.put(news("kötü", "panzehir"))
    report = update_index(archive, folder, Analyzer())
    assert report.documents == 5
    assert ask(folder, "panzehir").ids == ("kötü",)


def test_an_archive_that_fails_half_way_leaves_the_index_as_it_was(folder: Path) -> None:
    archive = BrokenArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    archive.put(*(news(str(number), "kar") for number in range(5)))
    with pytest.raises(ArchiveError, match="the disk went away"):
        update_index(archive, folder, Analyzer())
    assert len(generations_in(folder)) == 1
    assert ask(folder).total == 3


@pytest.mark.parametrize("function", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.mkdir"])
def test_a_disk_that_fails_is_an_engine_error_and_leaves_the_index_as_it_was(
    folder: Path, function: str
) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    before = current(folder)
    archive.put(news("yeni", "kar"))
    with (
        patch(function, side_effect=OSError(28, "No space left on device")),
        pytest.raises(EngineError, match="No space left on device"),
    ):
        update_index(archive, folder, Analyzer())
    assert current(folder) == before
    assert generations_in(folder) == [before.folder.name]
    assert update_index(archive, folder, Analyzer()).documents == 4


def test_what_a_killed_writer_left_is_swept(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    for name in ("generation-00000002", "generation-00000007"):
        (folder / name).mkdir()
        (folder / name / "MAIN_0123456789abcdef.kpr").write_bytes(b"half a segment")
    (folder / "CURRENT.new").write_text("generation-000")
    assert ask(folder).total == 3
    archive.put(news("yeni", "kar"))
    update_index(archive, folder, Analyzer())
    assert ask(folder).total == 4
    assert not (folder / "CURRENT.new").exists()
    kept = generations_in(folder)
    assert kept == ["generation-00000001", current(folder).folder.name]
    assert not list(folder.rglob("MAIN_0123456789abcdef.kpr"))


def test_a_file_system_without_hard_links_takes_copies(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    archive.put(news("yeni", "kar"))
    with patch("os.link", side_effect=OSError(1, "Operation not permitted")):
        assert update_index(archive, folder, Analyzer()).documents == 4
    assert sorted(ask(folder, "kar").ids) == ["kar", "yeni"]


def test_an_index_of_another_archive_is_made_again(folder: Path) -> None:
    update_index(MemoryArchive(ARTICLES), folder, Analyzer())
    other = MemoryArchive([news("başka", "Bambaşka"), *ARTICLES[:2]])
    other.identity = "another"
    report = update_index(other, folder, Analyzer())
    assert report.rebuilt
    assert ask(folder).ids == ("başka", "dergi", "kar")


def test_an_index_ahead_of_its_archive_is_built_over_only_when_asked(folder: Path) -> None:
    """It is the one witness of what the archive has lost; `kupur rebuild` goes on without that."""
    archive = MemoryArchive(ARTICLES)
    archive.remove("kar")
    update_index(archive, folder, Analyzer())
    with pytest.raises(EngineError, match="has reached change 4, but the archive ends at 3"):
        update_index(MemoryArchive(ARTICLES), folder, Analyzer())
    assert ask(folder).ids == ("dergi", "maç")
    assert update_index(MemoryArchive(ARTICLES), folder, Analyzer(), rebuild=True).rebuilt
    assert ask(folder).ids == ("dergi", "kar", "maç")


def test_a_forgotten_article_leaves_no_trace_on_disk(folder: Path) -> None:
    archive = MemoryArchive([*ARTICLES, news("gizli", "unutulacaksözcük")])
    update_index(archive, folder, Analyzer())
    assert traces_of(b"unutulacaks", folder)
    archive.forget("gizli")
    report = update_index(archive, folder, Analyzer())
    assert report.documents == 3
    assert ask(folder, "unutulacaksozcuk").ids == ()
    assert traces_of(b"unutulacaks", folder) == []
    assert traces_of(b"gizli", folder) == []


def traces_of(text: bytes, folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and text in p.read_bytes()]


# Readers beside writers


def test_the_generation_before_is_kept_and_older_ones_go(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    for number in range(4):
        archive.put(news("yeni", f"kar {number}"))
        update_index(archive, folder, Analyzer())
    assert generations_in(folder) == ["generation-00000003", "generation-00000004"]


def test_an_unchanged_segment_is_shared_by_both_generations(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    (entry,) = current(folder).manifest.segments
    archive.put(news("yeni", "kar"))
    update_index(archive, folder, Analyzer())
    first, second = (folder / name / entry.file for name in generations_in(folder))
    assert first.samefile(second)


def test_a_reader_of_an_old_generation_goes_on_when_its_files_are_gone(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    old = EmbeddedEngine(folder).searcher()
    archive.remove("dergi")
    for number in range(3):
        archive.put(news("kar", f"dolu {number}"))
        update_index(archive, folder, Analyzer())
    assert "generation-00000001" not in generations_in(folder)
    term = Term(Layer.FOLDED, "sehir")
    result = old.search(EngineRequest(TermQuery((term,), (term,)), facets=tuple(FacetField)))
    assert result.ids == ("dergi",)
    assert old.generation == 1
    assert old.vocabulary.spellings("sehir") == [("şehir", 1)]


def test_an_engine_follows_the_pointer(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    update_index(archive, folder, Analyzer())
    engine = EmbeddedEngine(folder)
    first = engine.searcher()
    assert engine.searcher() is first
    archive.put(news("yeni", "kar"))
    update_index(archive, folder, Analyzer())
    assert engine.searcher().generation == 2
    assert engine.searcher().search(EngineRequest(Everything())).total == 4
    assert first.search(EngineRequest(Everything())).total == 3


def test_searches_beside_a_writer_see_whole_states(folder: Path) -> None:
    """Each state holds as many articles of "kar" as its number says, never something between."""
    archive = MemoryArchive([news("0", "kar")])
    update_index(archive, folder, Analyzer())
    engine = EmbeddedEngine(folder)
    done = threading.Event()
    seen: list[tuple[int, int]] = []
    errors: list[Exception] = []

    def read() -> None:
        term = Term(Layer.FOLDED, "kar")
        while not done.is_set():
            try:
                searcher = engine.searcher()
                total = searcher.search(EngineRequest(TermQuery((term,), (term,)))).total
            except Exception as error:  # noqa: BLE001  # whatever it is, the test must show it
                errors.append(error)
                return
            seen.append((searcher.generation, total))
            done.wait(0.002)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 12):
        archive.put(news(str(number), "kar"))
        update_index(archive, folder, Analyzer())
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert all(generation == total for generation, total in seen)
    assert len(set(seen)) > 1


def test_two_writers_take_turns(folder: Path) -> None:
    archive = MemoryArchive(ARTICLES)
    reports = []
    writers = [
        threading.Thread(target=lambda: reports.append(update_index(archive, folder, Analyzer())))
        for _ in range(2)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(report.indexed for report in reports) == [0, 3]
    assert {report.generation for report in reports} == {1}
