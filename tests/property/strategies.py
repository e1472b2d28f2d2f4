"""Small articles, histories and queries over few words, so that everything collides."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import strategies as st

from index.analysis import Analyzer
from index.article import ISTANBUL, Article
from index.layers import Layer
from search.engine import (
    AllOf,
    AnyOf,
    EngineQuery,
    EngineRequest,
    Everything,
    Excluding,
    Filters,
    FuzzyQuery,
    Nothing,
    PhraseQuery,
    PrefixQuery,
    Ranking,
    Term,
    TermQuery,
    WildcardQuery,
)
from search.request import FacetField, Interval, Sort
from tests.memory_archive import news

ANALYZER = Analyzer()

SURFACES = (
    *("kar", "kâr", "karı", "kari", "karın", "KARIN", "ve"),
    *("şehir", "sehir", "şehri", "şehirlerimizin", "Şehirler"),
    *("F.Bahçe", "F.Bahçe'nin", "bahçe", "f", "T.B.M.M.'de", "TBMM'nin"),
    *("%20", "%20'si", "yüzde", "20", "1.250.000", "2024'te", "12.2024"),
    *("Ankara'nın", "O'Connor'ın", "İzmir", "ızmir", "geldi.Sonra", "geldi", "sonra", "straße"),
)
"""Words of every kind, several kinds of surfaces for one term, and terms near each other."""

IDS = ("a", "b", "c", "ç", "i", "ı", "10", "9", "haber-1", "Ω", "z")

texts = st.lists(st.sampled_from(SURFACES), max_size=7).map(" ".join)
dates = st.one_of(
    st.none(),
    st.dates(date(2018, 12, 30), date(2020, 1, 2)),
    st.datetimes(datetime(2018, 12, 31), datetime(2020, 1, 1)).map(  # noqa: DTZ001  # zone below
        lambda moment: moment.replace(tzinfo=ISTANBUL)
    ),
)


@st.composite
def articles_called(draw: st.DrawFn, article_id: str) -> Article:
    """Return an article with this id."""
    return news(
        article_id,
        draw(texts),
        *draw(st.lists(texts, max_size=3)),
        published=draw(dates),
        section=draw(st.sampled_from(["", "Spor", "Kültür", "Çevre"])),
        source=draw(st.sampled_from(["", "Ajans"])),
        authors=tuple(draw(st.lists(st.sampled_from(["Ece", "Ali", "Işıl", ""]), max_size=3))),
    )


article_sets = st.lists(st.sampled_from(IDS), unique=True, max_size=6).flatmap(
    lambda ids: st.tuples(*(articles_called(article_id) for article_id in ids)).map(list)
)
batches = st.lists(st.sampled_from(IDS), unique=True, max_size=6).flatmap(
    lambda ids: st.tuples(
        *(st.tuples(st.just(each), st.none() | articles_called(each)) for each in ids)
    )
)
"""What one import changes: (id, its new article or None where it is removed)."""

FORMS = [token.forms for surface in SURFACES for token in ANALYZER.tokens(surface)]
TERMS = sorted(
    {
        (layer, text)
        for forms in FORMS
        for layer, text in (
            (Layer.EXACT, forms.exact),
            (Layer.FOLDED, forms.folded),
            (Layer.STEM, forms.stem),
            (Layer.FIVE, forms.five),
            (Layer.FOUR, forms.four),
        )
    }
    | {(layer, "yok") for layer in Layer}
)
PREFIXES = ("k", "kar", "kâ", "karı", "se", "şe", "sehirler", "2", "12500", "b", "yok")

terms = st.builds(
    lambda term, weight: Term(term[0], term[1], weight),
    st.sampled_from(TERMS),
    st.sampled_from([0.0, 0.15, 0.5, 1.0]),
)
term_tuples = st.lists(terms, min_size=1, max_size=4).map(tuple)


@st.composite
def slips_of(draw: st.DrawFn, word: str) -> str:
    """Return a word with up to two slips."""
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(word)))
        letter = draw(st.sampled_from("karış1"))
        before, after = word[:place], word[place:]
        word = draw(
            st.sampled_from(
                [
                    before + letter + after,
                    before + after[1:],
                    before + letter + after[1:],
                    before + after[:2][::-1] + after[2:],
                ]
            )
        )
    return word


prefixes = st.sampled_from(PREFIXES).flatmap(
    lambda prefix: st.builds(
        PrefixQuery,
        st.sampled_from([Layer.EXACT, Layer.FOLDED] if prefix.isascii() else [Layer.EXACT]),
        st.just(prefix),
    )
)
wildcards = st.builds(
    WildcardQuery,
    st.sampled_from([Layer.EXACT, Layer.FOLDED]),
    st.one_of(
        st.sampled_from(
            ["kar?", "k*r*", "?ar", "*", "s*h?r*", "ş*ri", "*?", "12*", "*i*i*", "k?r*n"]
        ),
        st.text(alphabet="karış*?", max_size=6).filter(lambda text: "*" in text or "?" in text),
    ),
)
fuzzy_words = st.one_of(
    st.sampled_from(TERMS)
    .filter(lambda term: term[0] is Layer.EXACT)
    .flatmap(lambda term: st.builds(FuzzyQuery, st.just(Layer.EXACT), slips_of(term[1]))),
    st.sampled_from(TERMS)
    .filter(lambda term: term[0] is Layer.FOLDED)
    .flatmap(lambda term: st.builds(FuzzyQuery, st.just(Layer.FOLDED), slips_of(term[1]))),
)
phrases = st.builds(
    PhraseQuery,
    st.lists(term_tuples, min_size=1, max_size=3).map(tuple),
    term_tuples,
    st.integers(0, 4),
)
leaves = st.one_of(
    st.builds(TermQuery, term_tuples, term_tuples),
    phrases,
    prefixes,
    wildcards,
    fuzzy_words,
    st.just(Everything()),
    st.just(Nothing()),
)
queries: st.SearchStrategy[EngineQuery] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Excluding, inner, inner),
    ),
    max_leaves=6,
)
seconds = st.none() | st.sampled_from([1546290000, 1560000000, 1577826000])
filters = st.builds(
    Filters,
    seconds,
    seconds,
    sections=st.sampled_from([(), ("Spor",), ("Spor", "Çevre"), ("",), ("yok",)]),
    sources=st.sampled_from([(), ("Ajans",)]),
    authors=st.sampled_from([(), ("Ece",), ("Ece", "Işıl")]),
)
requests = st.builds(
    EngineRequest,
    queries,
    ranking=st.sampled_from([Ranking(), Ranking(k1=1.2, b=0.75, title_weight=0.0, word_power=1.0)]),
    filters=filters,
    sort=st.sampled_from(Sort),
    offset=st.integers(0, 4),
    limit=st.integers(0, 12),
    facets=st.just(tuple(FacetField)),
    histogram=st.none() | st.sampled_from(Interval),
)
