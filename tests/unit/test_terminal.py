"""How results, imports and their progress look as lines."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text

from index.article import Article, Block, BlockKind
from index.build import BuildReport
from index.importing import ImportReport
from search.request import SearchRequest
from search.results import Hit, Repair, RepairKind, ResultPage, Snippet, Span
from web.import_progress import LineProgress
from web.terminal import HIT_STYLE, import_lines, results_lines, size

BODY = "İlk cümle. Kar dün yağdı, yollar kapandı."

ARTICLE = Article(
    id="a-1",
    title="Kar yağdı",
    blocks=(
        Block(BlockKind.PARAGRAPH, BODY),
        Block(BlockKind.PARAGRAPH, "Sonra güneş açtı."),
    ),
)

PAGE = ResultPage(
    request=SearchRequest(q="kar"),
    interpreted="kar",
    total=1,
    took_ms=2.04,
    generation=1,
    hits=(Hit(ARTICLE, 1.0, (Span(0, 3),), (Snippet(BODY[11:24], 11, (Span(0, 3),)),)),),
)

REPORT = ImportReport(
    read=1200,
    added=1000,
    changed=100,
    unchanged=98,
    removed=0,
    rejected=2,
    skipped=0,
    seconds=4.0,
    reject_file=Path("rejects.tsv"),
)

BUILT = BuildReport(generation=3, documents=1500, indexed=1100, removed=0, rebuilt=False)


def plain(page: ResultPage) -> list[str]:
    return [line.plain for line in results_lines(page)]


def marked(line: Text) -> list[str]:
    return [line.plain[span.start : span.end] for span in line.spans if span.style == HIT_STYLE]


def test_a_hit_is_title_origin_and_snippet() -> None:
    assert plain(PAGE) == [
        " 1. Kar yağdı",
        "    undated · a-1",
        "    Kar dün yağdı …",
        "",
        "1 article in 2.0 ms; shown: 1-1, page 1 of 1.",
    ]


def test_hits_are_marked_in_title_and_snippet() -> None:
    lines = list(results_lines(PAGE))
    assert (marked(lines[0]), marked(lines[1]), marked(lines[2])) == (["Kar"], [], ["Kar"])


def test_a_snippet_over_two_paragraphs_is_one_line() -> None:
    body = ARTICLE.body
    hit = replace(PAGE.hits[0], snippets=(Snippet(body[24:], 24, (Span(19, 24),)),))
    lines = list(results_lines(replace(PAGE, hits=(hit,))))
    assert lines[2].plain == "    … , yollar kapandı. Sonra güneş açtı."
    assert marked(lines[2]) == [body[43:48]]


def test_later_pages_go_on_counting() -> None:
    page = replace(PAGE, request=SearchRequest(q="kar", page=3), total=1021)
    lines = plain(page)
    assert lines[0].startswith("21. ")
    assert lines[-1] == "1,021 articles in 2.0 ms; shown: 21-21, page 3 of 103."


def test_what_was_mended_is_told() -> None:
    page = replace(
        PAGE,
        repairs=(Repair(RepairKind.DIACRITICS, "isik", "ışık"),),
        did_you_mean="ışık",
        warnings=("unbalanced_quote",),
    )
    assert plain(page)[-4:-1] == [
        "Searched ışık for isik.",
        "Did you mean: ışık",
        "Note: unbalanced quote.",
    ]


def test_an_import_is_told_in_figures() -> None:
    assert [line.plain for line in import_lines(REPORT, BUILT)] == [
        "read        1,200",
        "added       1,000",
        "changed     100",
        "unchanged   98",
        "rejected    2 (path, line and reason: rejects.tsv)",
        "seconds     4.0",
        "articles/s  300",
        "searchable  1,500",
    ]


def test_an_import_tells_of_what_it_left_out() -> None:
    report = replace(REPORT, removed=3, skipped=4, rejected=0, reject_file=None)
    lines = [line.plain for line in import_lines(report, BUILT)]
    assert "removed     3 (taken out before, and stay out)" in lines
    assert "skipped     4 files that hold no articles" in lines
    assert "rejected    0" in lines


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (2_500_000, "2.5 MB"), (7 * 10**12, "7.0 TB")],
)
def test_bytes_are_shown_in_their_largest_unit(count: int, shown: str) -> None:
    assert size(count) == shown


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_line_comes_every_five_seconds_with_rate_and_time_left() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = LineProgress(stream, clock)
    progress.start(4000)
    for _ in range(10):
        clock.now += 1
        progress.advance(100, 20)
    progress.start_indexing(200)
    clock.now += 5
    progress.indexed(50)
    assert stream.getvalue().splitlines() == [
        "reading: 100 articles, 20/s, 12%, 35 s left",
        "reading: 200 articles, 20/s, 25%, 30 s left",
        "indexing: 50 articles, 10/s, 25%, 15 s left",
    ]


def test_what_is_indexed_meanwhile_is_told_and_does_not_count_as_speed_later() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = LineProgress(stream, clock)
    progress.start(4000)
    progress.indexed(60)
    clock.now += 5
    progress.advance(1000, 200)
    progress.start_indexing(200)
    clock.now += 5
    progress.indexed(40)
    assert stream.getvalue().splitlines() == [
        "reading: 200 articles, 40/s, 25%, 15 s left; 60 indexed",
        "indexing: 100 articles, 8/s, 50%, 12 s left",
    ]


def test_where_more_comes_than_was_expected_no_end_is_told() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = LineProgress(stream, clock)
    progress.start(None)
    progress.start_indexing(1)
    clock.now += 5
    progress.indexed(500)
    assert stream.getvalue() == "indexing: 500 articles, 100/s\n"


def test_where_the_end_is_unknown_only_the_rate_is_told() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = LineProgress(stream, clock)
    progress.start(None)
    clock.now += 5
    progress.advance(100, 20)
    assert stream.getvalue() == "reading: 20 articles, 4/s\n"


def test_a_short_import_says_nothing_on_its_way() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = LineProgress(stream, clock)
    progress.start(10)
    clock.now += 4.9
    progress.advance(10, 1)
    assert stream.getvalue() == ""
