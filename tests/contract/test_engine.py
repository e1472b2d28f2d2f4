"""What every engine does, in the words of `search.engine`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from math import log

import pytest

from index.article import Article, Block, BlockKind, published_seconds
from index.layers import Layer
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    EngineRequest,
    EngineResult,
    Everything,
    Excluding,
    Filters,
    FuzzyQuery,
    Histogram,
    Nothing,
    PhraseQuery,
    PrefixQuery,
    Ranking,
    Term,
    TermQuery,
    TermScore,
    WildcardQuery,
)
from search.request import FacetField, Interval, Sort
from tests.contract.engines import EngineMaker


def article(
    article_id: str,
    body: str = "haber",
    *,
    title: str = "",
    published: date | datetime | None = None,
    section: str = "",
    source: str = "",
    authors: tuple[str, ...] = (),
) -> Article:
    blocks = (Block(BlockKind.PARAGRAPH, body),)
    return Article(article_id, title, blocks, published, section, source, authors)


def exact(text: str, weight: float = 1.0) -> TermQuery:
    term = Term(Layer.EXACT, text, weight)
    return TermQuery((term,), (term,))


def ids_of(
    make_engine: EngineMaker, articles: Sequence[Article], query: EngineQuery
) -> tuple[str, ...]:
    return make_engine(articles).searcher().search(EngineRequest(query, sort=Sort.OLDEST)).ids


YELLOW = exact("sarı")
"""One node, which may stand in several parts of a query."""

COLOURS = [
    article("a", "kırmızı yeşil mavi"),
    article("b", "kırmızı mavi yeşil yeşil"),
    article("c", "yeşil"),
    article("d", "sarı"),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (exact("yeşil"), "abc"),
        (TermQuery((Term(Layer.EXACT, "sarı"), Term(Layer.EXACT, "mavi")), ()), "abd"),
        (TermQuery((), (Term(Layer.EXACT, "yeşil"),)), ""),
        (AnyOf((exact("sarı"), exact("kırmızı"))), "abd"),
        (AnyOf(()), ""),
        (AllOf((exact("mavi"), exact("yeşil"))), "ab"),
        (AllOf((exact("mavi"), exact("sarı"))), ""),
        (Excluding(Everything(), exact("mavi")), "cd"),
        (Excluding(exact("yeşil"), Nothing()), "abc"),
        (AnyOf((AllOf((exact("mavi"), exact("kırmızı"))), exact("sarı"))), "abd"),
        (exact("mavi", 10**20), "ab"),
        (AllOf((exact("mavi"), TermQuery((), ()))), ""),
        (AnyOf((AllOf((exact("mavi"),)), TermQuery((), ()))), "ab"),
        (AllOf((AnyOf((YELLOW, exact("mavi"))), YELLOW)), "d"),
        (AllOf((YELLOW, AnyOf((YELLOW, exact("mavi"))))), "d"),
        (AnyOf((AllOf((YELLOW, exact("mavi"))), YELLOW)), "d"),
        (AnyOf((AnyOf((YELLOW, AllOf((YELLOW, exact("mavi"))))), exact("kırmızı"))), "abd"),
        (Everything(), "abcd"),
        (Nothing(), ""),
        (PrefixQuery(Layer.FOLDED, "kir"), "ab"),
        (PrefixQuery(Layer.EXACT, "kır"), "ab"),
        (PrefixQuery(Layer.EXACT, "kir"), ""),
        (PrefixQuery(Layer.FOLDED, "zzz"), ""),
        (WildcardQuery(Layer.FOLDED, "kir*zi"), "ab"),
        (WildcardQuery(Layer.FOLDED, "kir?zi"), ""),
        (WildcardQuery(Layer.FOLDED, "kir??zi"), "ab"),
        (WildcardQuery(Layer.FOLDED, "kir?i?i"), "ab"),
        (WildcardQuery(Layer.FOLDED, "yes*"), "abc"),
        (WildcardQuery(Layer.FOLDED, "yes*l?"), ""),
        (WildcardQuery(Layer.EXACT, "ye?il"), "abc"),
        (WildcardQuery(Layer.EXACT, "yesi?"), ""),
        (WildcardQuery(Layer.EXACT, "k*rm?z*"), "ab"),
        (FuzzyQuery(Layer.FOLDED, "mavi"), "ab"),
        (FuzzyQuery(Layer.FOLDED, "mav"), "ab"),
        (FuzzyQuery(Layer.FOLDED, "amvi"), "ab"),
        (FuzzyQuery(Layer.FOLDED, "tavi"), "ab"),
        (FuzzyQuery(Layer.FOLDED, "mavisi"), ""),
        (FuzzyQuery(Layer.FOLDED, "sarii"), "d"),
        (FuzzyQuery(Layer.EXACT, "yesil"), "abc"),
        (FuzzyQuery(Layer.EXACT, "yeşli"), "abc"),
        (FuzzyQuery(Layer.EXACT, "yesli"), ""),
        (exact("mor"), ""),
    ],
    ids=repr,
)
def test_a_tree_finds_what_it_says(
    make_engine: EngineMaker, query: EngineQuery, expected: str
) -> None:
    assert "".join(ids_of(make_engine, COLOURS, query)) == expected


def phrase(*words: str, slop: int = 0) -> PhraseQuery:
    return PhraseQuery(tuple((Term(Layer.EXACT, word),) for word in words), (), slop)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (phrase("yeşil", "mavi"), "a"),
        (phrase("kırmızı", "mavi"), "b"),
        (phrase("kırmızı", "mavi", slop=1), "ab"),
        (phrase("mavi", "kırmızı", slop=10), ""),
        (phrase("yeşil", "yeşil"), "b"),
        (phrase("kırmızı", "mavi", "yeşil", "yeşil"), "b"),
        (phrase("kırmızı", "yeşil", slop=0), "a"),
        (phrase("kırmızı", "mor"), ""),
    ],
    ids=repr,
)
def test_a_phrase_stands_in_order_and_within_its_slop(
    make_engine: EngineMaker, query: PhraseQuery, expected: str
) -> None:
    assert "".join(ids_of(make_engine, COLOURS, query)) == expected


def test_a_phrase_is_found_behind_thousands_of_its_words(make_engine: EngineMaker) -> None:
    articles = [
        article("a", "mavi " * 1500 + "yeşil " * 1500 + "mavi"),
        article("b", "yeşil " * 300 + "sarı mavi"),
        article("c", "yeşil mavi"),
    ]
    assert list(ids_of(make_engine, articles, phrase("yeşil", "mavi"))) == ["a", "c"]
    assert list(ids_of(make_engine, articles, phrase("yeşil", "mavi", slop=1))) == ["a", "b", "c"]


def test_a_place_of_a_phrase_takes_any_of_its_alternatives(make_engine: EngineMaker) -> None:
    places = (
        (Term(Layer.EXACT, "kırmızı"), Term(Layer.FOLDED, "yesil")),
        (Term(Layer.EXACT, "mavi"),),
    )
    assert ids_of(make_engine, COLOURS, PhraseQuery(places, ())) == ("a", "b")


LAYERS = [article("w1", "gele"), article("w2", "gelecek"), article("w3", "Gelirse geldi")]


@pytest.mark.parametrize(
    ("layer", "text", "expected"),
    [
        (Layer.FOUR, "gele", ("w1", "w2")),
        (Layer.FIVE, "gele", ("w1",)),
        (Layer.FIVE, "gelec", ("w2",)),
        (Layer.FOLDED, "gelecek", ("w2",)),
        (Layer.FOLDED, "gelec", ()),
        (Layer.STEM, "gelir", ("w3",)),
        (Layer.EXACT, "gelirse", ("w3",)),
        (Layer.EXACT, "Gelirse", ()),
    ],
)
def test_a_term_is_looked_up_in_its_own_layer(
    make_engine: EngineMaker, layer: Layer, text: str, expected: tuple[str, ...]
) -> None:
    term = Term(layer, text)
    assert ids_of(make_engine, LAYERS, TermQuery((term,), (term,))) == expected


def bm25(*, tf: int, df: int, count: int, length: int, mean: float, b: float) -> float:
    """Robertson and Zaragoza's BM25 with k1 .9, by hand and apart from any engine."""
    idf = log(1 + (count - df + 0.5) / (df + 0.5))
    return idf * tf * 1.9 / (tf + 0.9 * (1 - b + b * length / mean))


SUM = Ranking(word_power=1.0)
"""What the terms of a word add up to is its score."""

SCORED = [
    article("a", "deprem deprem oldu", title="deprem haberi"),  # 5 tokens, 2 in the title
    article("b", "deprem yok", title="sakin"),  # 3 tokens, 1 in the title
    article("c", "bugün hiçbir şey olmadı burada"),  # 5 tokens, none in the title
]


def test_scores_are_the_formula(make_engine: EngineMaker) -> None:
    request = EngineRequest(exact("deprem"), Ranking(0.9, 0.7, 0.2, 0.3, word_power=1.0))
    result = make_engine(SCORED).searcher().search(request)
    text_a = bm25(tf=3, df=2, count=3, length=5, mean=13 / 3, b=0.7)
    text_b = bm25(tf=1, df=2, count=3, length=3, mean=13 / 3, b=0.7)
    title_a = bm25(tf=1, df=1, count=3, length=2, mean=3 / 3, b=0.3)
    assert result.ids == ("a", "b")
    assert result.scores == pytest.approx((text_a + 0.2 * title_a, text_b))


@pytest.mark.parametrize(
    ("word_power", "expected"),
    [(1.0, (0.842029, 0.523404)), (0.75, (0.879013, 0.615357)), (0.5, (0.917621, 0.723466))],
)
def test_scores_are_what_the_formula_gives_by_hand(
    make_engine: EngineMaker, word_power: float, expected: tuple[float, float]
) -> None:
    """For a: idf ln 1.6 = .470004 · 5.7 / 3.996923, and .2 · ln(8/3) · 1.9 / 2.17 of the title."""
    request = EngineRequest(exact("deprem"), Ranking(0.9, 0.7, 0.2, 0.3, word_power))
    found = make_engine(SCORED).searcher().search(request)
    assert found.scores == pytest.approx(expected, abs=1e-6)


def test_an_article_with_both_words_comes_before_one_with_one_of_them_often(
    make_engine: EngineMaker,
) -> None:
    articles = [
        article("both", "belediye otobüs bugün yarın"),
        article("often", "belediye belediye belediye belediye"),
        *(article(f"other-{number}", "otobüs durağı") for number in range(2)),
    ]
    searcher = make_engine(articles).searcher()
    query = AnyOf((exact("belediye"), exact("otobüs")))
    assert searcher.search(EngineRequest(query, SUM)).ids[0] == "often"
    assert searcher.search(EngineRequest(query, Ranking())).ids[0] == "both"


def test_a_term_counts_by_its_weight_and_without_one_not_at_all(make_engine: EngineMaker) -> None:
    searcher = make_engine(SCORED).searcher()

    def score(weight: float) -> float:
        return searcher.search(EngineRequest(exact("deprem", weight), SUM)).scores[0]

    assert score(2.0) == pytest.approx(2 * score(1.0))
    assert score(0.0) == 0


def test_children_add_up_and_what_is_unwanted_adds_nothing(make_engine: EngineMaker) -> None:
    searcher = make_engine(SCORED).searcher()

    def score(query: EngineQuery) -> float:
        return searcher.search(EngineRequest(query)).scores[0]

    both = score(exact("deprem")) + score(exact("oldu"))
    assert score(AnyOf((exact("deprem"), exact("oldu")))) == pytest.approx(both)
    assert score(AllOf((exact("deprem"), exact("oldu")))) == pytest.approx(both)
    without = Excluding(exact("deprem"), exact("yok"))
    assert score(without) == pytest.approx(score(exact("deprem")))


def test_a_prefix_is_scored_as_one_term(make_engine: EngineMaker) -> None:
    articles = [article("a", "güven güvenlik başka"), article("b", "başka bir şey")]
    result = (
        make_engine(articles)
        .searcher()
        .search(EngineRequest(PrefixQuery(Layer.FOLDED, "guven", 0.5), SUM))
    )
    assert result.scores == pytest.approx(
        (0.5 * bm25(tf=2, df=1, count=2, length=3, mean=3, b=0.7),)
    )


@pytest.mark.parametrize(
    "query",
    [WildcardQuery(Layer.FOLDED, "guven*ik*", 0.5), FuzzyQuery(Layer.EXACT, "güvelik", 0.5)],
    ids=repr,
)
def test_the_words_of_a_wildcard_or_fuzzy_word_count_as_one(
    make_engine: EngineMaker, query: EngineQuery
) -> None:
    articles = [article("a", "güvelik güvenlik başka"), article("b", "başka bir şey")]
    if isinstance(query, WildcardQuery):
        articles[0] = article("a", "güvenlik güvenlikçi başka")
    result = make_engine(articles).searcher().search(EngineRequest(query, SUM))
    assert result.scores == pytest.approx(
        (0.5 * bm25(tf=2, df=1, count=2, length=3, mean=3, b=0.7),)
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (FuzzyQuery(Layer.EXACT, "şeş"), ["şe", "şeş", "şeşş", "şek", "eşş"]),
        (FuzzyQuery(Layer.EXACT, "жел"), ["жел", "жеш", "ежл", "жл"]),
        (FuzzyQuery(Layer.FOLDED, "жел"), ["жел", "жеш", "ежл", "жл"]),
        (WildcardQuery(Layer.EXACT, "ş?"), ["şe"]),
        (WildcardQuery(Layer.EXACT, "ş*?"), ["şe", "şeş", "şeşş", "şek"]),
        (WildcardQuery(Layer.EXACT, "ж?л"), ["жел"]),
        (WildcardQuery(Layer.FOLDED, "*?л"), ["жел", "ежл", "жл"]),
        (WildcardQuery(Layer.FOLDED, "?"), []),
    ],
    ids=repr,
)
def test_a_letter_is_one_however_many_bytes_it_has(
    make_engine: EngineMaker, query: EngineQuery, expected: list[str]
) -> None:
    words = ["şe", "şeş", "şeşş", "şek", "eşş", "kış", "жел", "жеш", "ежл", "жл", "лже"]
    articles = [article(word, word) for word in words]
    assert sorted(ids_of(make_engine, articles, query)) == sorted(expected)


def test_a_wide_layer_lifts_but_makes_no_match(make_engine: EngineMaker) -> None:
    four = Term(Layer.FOUR, "gele")
    query = TermQuery((Term(Layer.EXACT, "gelecek"),), (four,))
    result = make_engine(LAYERS).searcher().search(EngineRequest(query))
    assert result.ids == ("w2",)
    assert result.scores[0] > 0


def test_everything_has_no_score_and_comes_in_the_order_of_ids(make_engine: EngineMaker) -> None:
    articles = [article(name) for name in ("ç", "b", "a10", "a2", "Z")]
    result = make_engine(articles).searcher().search(EngineRequest(Everything()))
    assert result.ids == ("Z", "a10", "a2", "b", "ç")
    assert set(result.scores) == {0.0}


DATED = [
    article("undated-1"),
    article("new", published=datetime(2024, 5, 1, 12, tzinfo=UTC)),
    article("day", published=date(2024, 5, 1)),  # its Istanbul midnight: 21:00 UTC the day before
    article("old", published=date(1999, 12, 31)),
    article("before the epoch", published=date(1950, 5, 14)),
    article("undated-0"),
    article("same day", published=date(2024, 5, 1)),
]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (
            Sort.NEWEST,
            ("new", "day", "same day", "old", "before the epoch", "undated-0", "undated-1"),
        ),
        (
            Sort.OLDEST,
            ("before the epoch", "old", "day", "same day", "new", "undated-0", "undated-1"),
        ),
    ],
)
def test_dates_sort_with_ties_by_id_and_the_undated_last(
    make_engine: EngineMaker, sort: Sort, expected: tuple[str, ...]
) -> None:
    searcher = make_engine(DATED).searcher()
    assert searcher.search(EngineRequest(Everything(), sort=sort)).ids == expected
    pages = [
        searcher.search(EngineRequest(Everything(), sort=sort, offset=offset, limit=2)).ids
        for offset in range(0, len(DATED), 2)
    ]
    assert tuple(name for page in pages for name in page) == expected


def test_pages_neither_lose_nor_double_an_article_among_equal_scores(
    make_engine: EngineMaker,
) -> None:
    articles = [article(f"{number:02}", "aynı metin") for number in range(23)]
    searcher = make_engine(articles).searcher()
    pages = [
        searcher.search(EngineRequest(exact("aynı"), offset=offset, limit=5))
        for offset in range(0, 30, 5)
    ]
    assert [name for page in pages for name in page.ids] == [f"{n:02}" for n in range(23)]
    assert {page.total for page in pages} == {23}
    assert pages[-1].ids == ()
    assert pages[-1].scores == ()


@pytest.mark.parametrize(("offset", "limit"), [(0, 0), (4, 10), (1000, 10)])
def test_past_the_end_the_page_is_empty_and_the_total_right(
    make_engine: EngineMaker, offset: int, limit: int
) -> None:
    request = EngineRequest(Everything(), offset=offset, limit=limit)
    result = make_engine(COLOURS).searcher().search(request)
    assert (result.ids, result.total) == ((), 4)


NEWS = [
    article("1", published=date(2019, 1, 1), section="Spor", source="AA", authors=("Ece", "Ali")),
    article("2", published=date(2019, 12, 31), section="Spor", source="DHA", authors=("Ali",)),
    article("3", published=date(2020, 1, 1), section="Ekonomi", source="AA"),
    article("4", section="Ekonomi", source="DHA", authors=("Can",)),
    article("5", published=datetime(2019, 12, 31, 21, 30, tzinfo=UTC)),  # 2020 in Istanbul
]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), "12345"),
        (Filters(sections=("Spor",)), "12"),
        (Filters(sections=("Spor", "Ekonomi")), "1234"),
        (Filters(sections=("spor",)), ""),
        (Filters(sources=("AA",)), "13"),
        (Filters(sections=("Spor",), sources=("AA",)), "1"),
        (Filters(authors=("Ali",)), "12"),
        (Filters(authors=("Ece", "Can")), "14"),
        (Filters(published_from=published_seconds(date(2020, 1, 1))), "35"),
        (Filters(published_to=published_seconds(date(2020, 1, 1))), "12"),
        (
            Filters(
                published_from=published_seconds(date(2019, 12, 31)),
                published_to=published_seconds(date(2020, 1, 1)),
            ),
            "2",
        ),
        (Filters(published_from=10, published_to=5), ""),
        (Filters(sections=("Yok",)), ""),
    ],
    ids=repr,
)
def test_filters_narrow(make_engine: EngineMaker, filters: Filters, expected: str) -> None:
    searcher = make_engine(NEWS).searcher()
    result = searcher.search(EngineRequest(Everything(), filters=filters))
    assert "".join(result.ids) == expected
    assert result.total == len(expected)


NO_FILTERS = Filters()


def facets(make_engine: EngineMaker, filters: Filters = NO_FILTERS) -> EngineResult:
    request = EngineRequest(Everything(), filters=filters, limit=1, facets=tuple(FacetField))
    return make_engine(NEWS).searcher().search(request)


def test_facets_count_all_matches_and_leave_out_empty_values(make_engine: EngineMaker) -> None:
    counts = facets(make_engine).facets
    assert counts[FacetField.SECTION] == (("Ekonomi", 2), ("Spor", 2))
    assert counts[FacetField.SOURCE] == (("AA", 2), ("DHA", 2))
    assert counts[FacetField.AUTHOR] == (("Ali", 2), ("Can", 1), ("Ece", 1))
    assert counts[FacetField.YEAR] == (("2019", 2), ("2020", 2))


def test_an_author_named_twice_is_counted_once(make_engine: EngineMaker) -> None:
    searcher = make_engine([article("a", authors=("Ece", "Ali", "Ece"))]).searcher()
    request = EngineRequest(Everything(), facets=(FacetField.AUTHOR,))
    assert searcher.search(request).facets[FacetField.AUTHOR] == (("Ali", 1), ("Ece", 1))


def test_a_facet_shows_the_alternatives_to_its_own_filter(make_engine: EngineMaker) -> None:
    counts = facets(make_engine, Filters(sections=("Spor",))).facets
    assert dict(counts[FacetField.SECTION]) == {"Spor": 2, "Ekonomi": 2}
    assert dict(counts[FacetField.SOURCE]) == {"AA": 1, "DHA": 1}
    year = Filters(published_from=published_seconds(date(2020, 1, 1)))
    counts = facets(make_engine, year).facets
    assert dict(counts[FacetField.YEAR]) == {"2019": 2, "2020": 2}
    assert dict(counts[FacetField.SECTION]) == {"Ekonomi": 1}


def counted(
    make_engine: EngineMaker, articles: list[Article], interval: Interval, filters: Filters
) -> Histogram:
    request = EngineRequest(Everything(), filters=filters, limit=1, histogram=interval)
    result = make_engine(articles).searcher().search(request)
    assert result.histogram is not None
    return result.histogram


@pytest.mark.parametrize(
    ("interval", "buckets"),
    [
        (Interval.YEAR, (("2015", 1), ("2016", 2), ("2019", 1))),
        (Interval.MONTH, (("2015-12", 1), ("2016-01", 1), ("2016-07", 1), ("2019-03", 1))),
        (
            Interval.DAY,
            (("2015-12-31", 1), ("2016-01-01", 1), ("2016-07-02", 1), ("2019-03-01", 1)),
        ),
        (Interval.AUTO, (("2015-12", 1), ("2016-01", 1), ("2016-07", 1), ("2019-03", 1))),
    ],
    ids=str,
)
def test_a_histogram_counts_all_matches_by_turkish_time(
    make_engine: EngineMaker, interval: Interval, buckets: tuple[tuple[str, int], ...]
) -> None:
    articles = [
        article("undated"),
        article("winter", published=datetime(2015, 12, 31, 21, 59, tzinfo=UTC)),  # two hours ahead
        article("new year", published=datetime(2015, 12, 31, 22, 0, tzinfo=UTC)),
        article("summer", published=datetime(2016, 7, 1, 21, 0, tzinfo=UTC)),  # three hours
        article("day", published=date(2019, 3, 1)),
    ]
    histogram = counted(make_engine, articles, interval, Filters())
    assert histogram.buckets == buckets
    assert histogram.undated == 1
    assert histogram.interval is (Interval.MONTH if interval is Interval.AUTO else interval)


def test_the_day_on_which_the_clocks_change_has_both_times(make_engine: EngineMaker) -> None:
    hours = [datetime(2015, 3, 29, hour, 30, tzinfo=UTC) for hour in (0, 1, 20, 21)]
    hours.append(datetime(2015, 3, 28, 21, 59, tzinfo=UTC))
    articles = [article(str(number), published=hour) for number, hour in enumerate(hours)]
    histogram = counted(make_engine, articles, Interval.DAY, Filters())
    assert histogram.buckets == (("2015-03-28", 1), ("2015-03-29", 3), ("2015-03-30", 1))


@pytest.mark.parametrize(
    ("last", "interval"),
    [
        (date(2019, 4, 10), Interval.DAY),
        (date(2019, 4, 11), Interval.MONTH),
        (date(2027, 4, 30), Interval.MONTH),
        (date(2027, 5, 1), Interval.YEAR),
        (date(9999, 12, 31), Interval.YEAR),
    ],
    ids=str,
)
def test_an_automatic_histogram_has_a_hundred_buckets_at_most(
    make_engine: EngineMaker, last: date, interval: Interval
) -> None:
    articles = [article("a", published=date(2019, 1, 1)), article("b", published=last)]
    assert counted(make_engine, articles, Interval.AUTO, Filters()).interval is interval


def test_a_histogram_counts_what_the_filters_let_through(make_engine: EngineMaker) -> None:
    spring = Filters(sections=("Spor",))
    histogram = counted(make_engine, NEWS, Interval.YEAR, spring)
    assert histogram == Histogram(Interval.YEAR, (("2019", 2),), 0)
    nothing = counted(make_engine, NEWS, Interval.AUTO, Filters(sections=("Yok",)))
    assert nothing == Histogram(Interval.DAY, (), 0)


def test_only_the_facets_asked_for_are_counted(make_engine: EngineMaker) -> None:
    request = EngineRequest(Everything(), facets=(FacetField.SOURCE,))
    assert set(make_engine(NEWS).searcher().search(request).facets) == {FacetField.SOURCE}


def test_a_facet_without_values_is_empty(make_engine: EngineMaker) -> None:
    request = EngineRequest(Nothing(), facets=tuple(FacetField))
    counts = make_engine(NEWS).searcher().search(request).facets
    assert {facet: tuple(values) for facet, values in counts.items()} == dict.fromkeys(
        FacetField, ()
    )


def test_the_vocabulary_counts_articles(make_engine: EngineMaker) -> None:
    articles = [
        article("a", "kar kar kâr", title="Kar"),
        article("b", "kar karı"),
        article("c", "karın kara"),
    ]
    vocabulary = make_engine(articles).searcher().vocabulary
    assert vocabulary.count(Layer.EXACT, "kar") == 2
    assert vocabulary.count(Layer.EXACT, "yok") == 0
    assert vocabulary.count(Layer.FOLDED, "kar") == 2
    assert vocabulary.count(Layer.FOUR, "kari") == 2
    assert dict(vocabulary.spellings("kar")) == {"kar": 2, "kâr": 1}
    assert list(vocabulary.spellings("yok")) == []
    assert [dict(each) for each in vocabulary.spellings_of(["kar", "yok", "kara"])] == [
        {"kar": 2, "kâr": 1},
        {},
        {"kara": 1},
    ]
    assert list(vocabulary.beginning_with("kari")) == [("kari", "karı", 1), ("karin", "karın", 1)]


def test_a_count_at_most_is_at_least_the_count(make_engine: EngineMaker) -> None:
    articles = [article("a", "kar kar kâr"), article("b", "kar karı"), article("c", "kara")]
    vocabulary = make_engine(articles).searcher().vocabulary
    terms = [
        Term(layer, text)
        for text in ("kar", "kara", "yok")
        for layer in (Layer.STEM, Layer.FOLDED, Layer.EXACT, Layer.FOUR)
    ]
    counts = [vocabulary.count(term.layer, term.text) for term in terms]
    at_most = vocabulary.counts_at_most(terms)
    assert all(least <= most for least, most in zip(counts, at_most, strict=True))
    assert at_most[-4:] == [0, 0, 0, 0]
    assert vocabulary.counts_at_most([]) == []


def test_a_searcher_tells_its_words(make_engine: EngineMaker) -> None:
    assert make_engine(COLOURS).searcher().words == 9


def test_an_index_without_articles_finds_nothing(make_engine: EngineMaker) -> None:
    searcher = make_engine([]).searcher()
    request = EngineRequest(AnyOf((exact("kar"), Everything())), facets=tuple(FacetField))
    assert searcher.search(request).total == 0
    assert searcher.search(EngineRequest(phrase("kar", "topu"))).ids == ()
    assert searcher.vocabulary.count(Layer.EXACT, "kar") == 0
    assert searcher.words == 0


def parts_of(
    make_engine: EngineMaker, request: EngineRequest, article_id: str
) -> dict[tuple[str, str], TermScore]:
    parts = make_engine(SCORED).searcher().explain(request, article_id)
    assert parts is not None
    return {(part.field.value, part.text): part for part in parts}


def test_an_explanation_takes_the_formula_apart(make_engine: EngineMaker) -> None:
    request = EngineRequest(exact("deprem", 3.0), Ranking(0.9, 0.7, 0.2, 0.3, word_power=1.0))
    parts = parts_of(make_engine, request, "a")
    text, title = parts["text", "deprem"], parts["title", "deprem"]
    assert (text.layer, text.is_prefix) == (Layer.EXACT, False)
    assert (text.frequency, text.document_frequency, text.weight) == (3, 2, 3.0)
    assert text.idf == pytest.approx(log(1 + 1.5 / 2.5))
    assert text.score == pytest.approx(3 * bm25(tf=3, df=2, count=3, length=5, mean=13 / 3, b=0.7))
    assert (title.frequency, title.document_frequency) == (1, 1)
    assert title.weight == pytest.approx(0.6)
    assert title.score == pytest.approx(0.6 * bm25(tf=1, df=1, count=3, length=2, mean=1, b=0.3))
    assert set(parts_of(make_engine, request, "b")) == {("text", "deprem")}


def test_what_a_word_adds_up_to_is_raised_to_a_power(make_engine: EngineMaker) -> None:
    plain, raised = (Ranking(0.9, 0.7, 0.2, 0.3, word_power=power) for power in (1.0, 0.75))
    words = (exact("deprem", 3.0), exact("oldu"))
    searcher = make_engine(SCORED).searcher()

    def score(query: EngineQuery, ranking: Ranking) -> float:
        result = searcher.search(EngineRequest(query, ranking))
        return dict(zip(result.ids, result.scores, strict=True))["a"]

    expected = sum(score(word, plain) ** 0.75 for word in words)
    assert score(AnyOf(words), raised) == pytest.approx(expected)


def test_an_explanation_adds_up_to_the_score(make_engine: EngineMaker) -> None:
    query = AnyOf(
        (
            exact("deprem"),
            AllOf((exact("deprem", 0.5), PrefixQuery(Layer.FOLDED, "ol", 0.7))),
            PhraseQuery(
                ((Term(Layer.EXACT, "deprem"),), (Term(Layer.EXACT, "oldu"),)),
                (
                    Term(Layer.STEM, "oldu"),
                    Term(Layer.EXACT, "yok"),
                    Term(Layer.EXACT, "haberi", 0),
                ),
            ),
        )
    )
    request = EngineRequest(Excluding(query, exact("burada")))
    searcher = make_engine(SCORED).searcher()
    found = searcher.search(request)
    assert sorted(found.ids) == ["a", "b"]
    for article_id, score in zip(found.ids, found.scores, strict=True):
        parts = searcher.explain(request, article_id)
        assert parts
        assert sum(part.score for part in parts) == pytest.approx(score)
        # Equal terms are one part, with the sum of their weights; what weighs nothing is none.
        assert len({(part.layer, part.text, part.field) for part in parts}) == len(parts)
        assert "haberi" not in {part.text for part in parts}
        deprem = next(part for part in parts if part.text == "deprem" and part.field == "text")
        assert deprem.weight == pytest.approx(1.5)


def test_what_a_search_does_not_find_has_no_explanation(make_engine: EngineMaker) -> None:
    searcher = make_engine(NEWS).searcher()
    spor = Filters(sections=("Spor",))
    assert searcher.explain(EngineRequest(exact("haber"), filters=spor), "1")
    assert searcher.explain(EngineRequest(exact("haber"), filters=spor), "3") is None
    assert searcher.explain(EngineRequest(exact("yok")), "1") is None
    assert searcher.explain(EngineRequest(exact("haber")), "no such article") is None
    assert searcher.explain(EngineRequest(Excluding(Everything(), exact("haber"))), "1") is None
    assert searcher.explain(EngineRequest(Everything()), "1") == ()
