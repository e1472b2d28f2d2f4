"""The whole journey of the first article: from the scraped file to marked results."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis import Analyzer
from index.archive import Archive
from index.build import update_index
from index.importing import import_sources
from index.readers import find_sources
from search.engines.embedded import EmbeddedEngine
from search.repair import SpellingRepair
from search.request import SearchRequest
from search.results import ResultPage, Snippet
from search.service import SearchService

FOUND = [
    "belousov görüşme",
    "kuzey kore rusya anlaşma",
    "KİM JONG-UN",
    "kim jong un",
    "guvenilir dostlar",
    "savunma bakanı",
    '"meşru müdafaa"',
    "11 bin asker",
    "stratejik ortaklik",
    "‘Güvenilir’ Dostlar",
]
NOT_FOUND = ["gizemli dronlar", "roma dönemine ait hazine"]


@pytest.fixture(scope="module", params=["alone", "among others"])
def service(
    request: pytest.FixtureRequest,
    shared: Path,
    checkout: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> SearchService:
    """Return a service over the seed article, alone and among the sample articles."""
    others = [checkout / "data" / "sample"] if request.param == "among others" else []
    folder = tmp_path_factory.mktemp("archive")
    analyzer = Analyzer()
    archive = Archive.open(folder, create=True)
    sources = find_sources([shared / "seed", *others])
    import_sources(sources, archive, reject_file=folder / "rejects.tsv")
    update_index(archive, folder / "index", analyzer)
    return SearchService(
        EmbeddedEngine(folder / "index"), archive, analyzer, repair=SpellingRepair(analyzer)
    )


def is_seed(page: ResultPage) -> list[bool]:
    return ["Belousov" in hit.article.body for hit in page.hits]


def marked(snippet: Snippet) -> set[str]:
    return {snippet.text[span.start : span.end] for span in snippet.spans}


@pytest.mark.parametrize("q", FOUND)
def test_the_article_is_found_first(service: SearchService, q: str) -> None:
    page = service.search(SearchRequest(q=q))
    assert is_seed(page)[0]
    (snippet,) = page.hits[0].snippets
    assert snippet.spans


@pytest.mark.parametrize("q", NOT_FOUND)
def test_the_list_of_other_stories_is_not_part_of_it(service: SearchService, q: str) -> None:
    assert not any(is_seed(service.search(SearchRequest(q=q))))


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("belousov ziyaret", {"Belousov’un", "ziyareti"}),
        ("kuzey kore", {"Kuzey", "Kore’nin"}),
        ('"kuzey kore"', {"Kuzey", "Kore’nin"}),
        ("KİM JONG-UN", {"Kim", "Jong", "un"}),
        ("11 bin asker", {"11", "bin", "askerini"}),
        ("stratejik ortaklik", {"stratejik", "ortaklığın", "ortaklıklarını"}),
    ],
)
def test_the_right_words_are_marked(service: SearchService, q: str, words: set[str]) -> None:
    hit = service.search(SearchRequest(q=q)).hits[0]
    marked_article = service.article(hit.article.id, q)
    assert marked_article is not None
    body = marked_article.article.body
    assert words <= {body[span.start : span.end] for span in marked_article.body_spans}
