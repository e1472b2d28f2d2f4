"""From text and spans to what a template prints: nothing lost, nothing doubled."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Block, BlockKind
from search.results import MarkedArticle, Snippet, Span
from web.marking import Run, article_text, cut_after, cut_before, runs_of, stretches_of

TEXT = "Kuzey Kore’nin lideri, Rusya ile görüştü."


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    text = draw(st.text(min_size=1, max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, tuple(Span(start, end) for start, end in pairs)


@given(marked_texts())
def test_runs_and_stretches_lose_nothing(case: tuple[str, tuple[Span, ...]]) -> None:
    text, spans = case
    runs = runs_of(text, spans)
    assert "".join(run.text for run in runs) == text
    assert [run.text for run in runs if run.hit] == [text[s.start : s.end] for s in spans]
    stretches = stretches_of(text, spans)
    assert "".join(run.text for stretch in stretches for run in stretch.runs) == text
    places = [stretch.place for stretch in stretches if stretch.place]
    assert places == list(range(1, len(places) + 1))


def test_marked_words_side_by_side_are_one_place() -> None:
    stretches = stretches_of(TEXT, (Span(0, 5), Span(6, 14), Span(23, 28)))
    assert [(stretch.place, len(stretch.runs)) for stretch in stretches] == [
        (1, 3),
        (0, 1),
        (2, 1),
        (0, 1),
    ]
    assert stretches[0].runs == (Run("Kuzey", hit=True), Run(" "), Run("Kore’nin", hit=True))


def test_a_comma_parts_two_places() -> None:
    stretches = stretches_of("Rusya, Kore", (Span(0, 5), Span(7, 11)))
    assert [stretch.place for stretch in stretches] == [1, 0, 2]


def test_a_lone_space_at_the_end_is_no_place() -> None:
    assert [stretch.place for stretch in stretches_of("Kore ", (Span(0, 4),))] == [1, 0]


def test_places_are_counted_from_the_title_through_all_blocks() -> None:
    article = Article(
        id="a",
        title="Kore haberi",
        blocks=(
            Block(BlockKind.PARAGRAPH, "Bir Kore."),
            Block(BlockKind.HEADING, "Ara başlık"),
            Block(BlockKind.PARAGRAPH, "Kore yine."),
        ),
        published=date(2020, 1, 1),
    )
    starts = [i for i in range(len(article.body)) if article.body.startswith("Kore", i)]
    spans = tuple(Span(start, start + 4) for start in starts)
    text = article_text(MarkedArticle(article, (Span(0, 4),), spans))
    assert text.places == 3
    assert [block.is_heading for block in text.blocks] == [False, True, False]
    marked = [[run.text for run in block.runs if run.hit] for block in text.blocks]
    assert marked == [["Kore"], [], ["Kore"]]
    assert [stretch.place for stretch in text.blocks[2].stretches] == [3, 0]


def test_an_ellipsis_stands_only_where_a_sentence_is_cut() -> None:
    body = "Birinci cümle bitti. İkinci cümle uzun sürdü.\n\nYeni paragraf başladı."
    whole = Snippet("İkinci cümle uzun sürdü.", body.index("İkinci"), ())
    inside = Snippet("cümle uzun", body.index("cümle uzun"), ())
    paragraph = Snippet("Yeni paragraf başladı.", body.index("Yeni"), ())
    assert not cut_before(body, whole)
    assert not cut_after(body, whole)
    assert cut_before(body, inside)
    assert cut_after(body, inside)
    assert not cut_before(body, paragraph)
    assert not cut_after(body, paragraph)
