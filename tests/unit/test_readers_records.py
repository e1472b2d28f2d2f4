"""Records under names, in JSON and in tables, become articles or rejects with a reason."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date

import pytest

from index.article import Article, Block, BlockKind, article_to_record, derive_id
from index.errors import ArticleError, SourceError
from index.readers import Reject, jsonlines, table
from index.readers.encoding import encoding_of
from index.readers.fields import article_from_fields

FULL: dict[str, object] = {
    "id": "k-1",
    "title": "Köprü açıldı",
    "body": "Köprü dün açıldı.\n\n## Onarım\n\nİki yıl sürdü.",
    "published": "2019-03-01",
    "section": "Yerel",
    "source": "Kuzyaka Postası",
    "authors": ["Ayşe Yılmaz", "Can Demir"],
    "tags": "köprü, ulaşım",
    "source_url": "https://example.com/kopru",
    "language": "tr",
}
ARTICLE = Article(
    id="k-1",
    title="Köprü açıldı",
    blocks=(
        Block(BlockKind.PARAGRAPH, "Köprü dün açıldı."),
        Block(BlockKind.HEADING, "Onarım"),
        Block(BlockKind.PARAGRAPH, "İki yıl sürdü."),
    ),
    published=date(2019, 3, 1),
    section="Yerel",
    source="Kuzyaka Postası",
    authors=("Ayşe Yılmaz", "Can Demir"),
    tags=("köprü", "ulaşım"),
    source_url="https://example.com/kopru",
)


def read_json(data: bytes) -> list[Article | Reject]:
    codec = encoding_of(data, legacy=False)
    return list(jsonlines.read(io.BufferedReader(io.BytesIO(data)), data[:4096], "f", codec))


def read_table(data: bytes) -> list[Article | Reject]:
    codec = encoding_of(data, legacy=True)
    return list(table.read(io.BufferedReader(io.BytesIO(data)), "f", codec))


def reasons(records: list[Article | Reject]) -> list[tuple[int | None, str]]:
    return [(r.line, r.reason) for r in records if isinstance(r, Reject)]


# Fields


def test_every_field_is_read() -> None:
    assert article_from_fields(FULL) == ARTICLE


def test_names_may_be_turkish_in_any_case_and_without_turkish_letters() -> None:
    for names in (
        "id başlık metin tarih bölüm kaynak yazarlar etiketler adres dil",
        "ID BAŞLIK METİN TARİH BÖLÜM KAYNAK YAZARLAR ETİKETLER ADRES DİL",
        "no baslik icerik yayin_tarihi kategori gazete muhabir etiket link dil",
        "ID|Title|Text|Publish Date|Category|Publisher|Author|Keywords|URL|Lang",
    ):
        keys = names.split("|") if "|" in names else names.split()
        record = dict(zip(keys, FULL.values(), strict=True))
        assert article_from_fields(record) == ARTICLE, names


def test_of_two_names_for_one_field_the_filled_and_first_listed_counts() -> None:
    record = {"date": "2001-01-01", "published": "2002-02-02", "text": "b", "body": ""}
    article = article_from_fields(record)
    assert article.published == date(2002, 2, 2)
    assert article.body == "b"


def test_a_body_may_be_a_list_of_paragraphs() -> None:
    article = article_from_fields(
        FULL | {"body": ["Köprü dün açıldı.", "## Onarım", "İki yıl sürdü."]}
    )
    assert article == ARTICLE


def test_what_kupur_keeps_itself_can_be_imported_again() -> None:
    assert article_from_fields(article_to_record(ARTICLE)) == ARTICLE


def test_a_hash_that_marks_no_subheading_stays_text() -> None:
    article = article_from_fields({"title": "t", "body": "#deprem etiketi\n##\n##bitişik\n## Ara"})
    assert [block.text for block in article.blocks] == ["#deprem etiketi", "##", "##bitişik", "Ara"]
    assert [block.kind for block in article.blocks].count(BlockKind.HEADING) == 1


def test_a_missing_title_comes_from_the_first_paragraph_not_from_a_subheading() -> None:
    article = article_from_fields({"body": "## Ara\nKöprü dün açıldı. Halk sevindi."})
    assert article.title == "Köprü dün açıldı"
    assert article.blocks[1].text == "Köprü dün açıldı. Halk sevindi."


def test_a_title_alone_is_an_article() -> None:
    assert article_from_fields({"title": "SON DAKİKA: Köprü açıldı"}).blocks == ()


def test_without_an_id_it_comes_from_address_or_content() -> None:
    record = {key: value for key, value in FULL.items() if key != "id"}
    assert article_from_fields(record).id == derive_id(source_url="https://example.com/kopru")
    del record["source_url"]
    assert article_from_fields(record).id == derive_id(title=ARTICLE.title, body=ARTICLE.body)


def test_a_number_may_be_an_id_or_a_year() -> None:
    article = article_from_fields({"id": 42, "title": "t", "date": 2019})
    assert (article.id, article.published) == ("42", date(2019, 1, 1))


def test_authors_are_parted_cleaned_and_named_once() -> None:
    article = article_from_fields(
        {"title": "t", "author": " Ayşe  Yılmaz; Can Demir ,Ayşe Yılmaz,"}
    )
    assert article.authors == ("Ayşe Yılmaz", "Can Demir")


@pytest.mark.parametrize(
    ("name", "code"), [("", "tr"), ("TR", "tr"), ("tr-TR", "tr"), ("Türkçe", "tr"), ("en_GB", "en")]
)
def test_languages_are_codes(name: str, code: str) -> None:
    assert article_from_fields({"title": "t", "language": name}).language == code


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": "", "body": " \n\u00a0"}, "neither a title nor a body"),
        ({"title": 5}, "title is a number"),
        ({"title": True}, "title is true or false"),
        ({"id": 1.5}, "id is a number"),
        ({"id": True}, "id is true or false"),
        ({"body": {"html": "x"}}, "body holds an object"),
        ({"body": ["x", 5]}, "body holds a number"),
        ({"published": "dün"}, "'dün' cannot be read"),
        ({"published": ["2019"]}, "published is a list"),
        ({"authors": [1]}, "authors must be text"),
        ({"tags": {"a": 1}}, "tags must be text"),
        ({"source_url": "javascript:alert(1)"}, "is no web address"),
        ({"language": "Turkish!"}, "no ISO 639 code"),
    ],
)
def test_an_unusable_field_is_said(change: Mapping[str, object], reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        article_from_fields({**FULL, **change})


def test_an_unusable_block_is_said() -> None:
    with pytest.raises(ArticleError, match="blocks must be"):
        article_from_fields({"title": "t", "blocks": [["picture", "x"]]})


# JSON


def as_lines(*records: object) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def test_each_line_is_a_record_and_blank_lines_are_none() -> None:
    data = b"\n" + as_lines(FULL) + b"\r\n  \n" + as_lines(FULL) + b"\n\n"
    assert read_json(data) == [ARTICLE, ARTICLE]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"title": ', "no JSON"),
        (b"{}", "neither a title nor a body"),
        (b"[1, 2]", "no JSON object"),
        (b"null", "no JSON object"),
        (b'{"title": "\xfe"}', "byte 12 of the line is not UTF-8"),
        (b"[" * 100_000, "no JSON that can be read"),
        (b'{"id": ' + b"1" * 5_000 + b"}", "no JSON that can be read"),
        (b'{"title": "a"} {"title": "b"}', "Extra data"),
    ],
)
def test_a_bad_line_is_one_reject_and_the_others_are_read(line: bytes, reason: str) -> None:
    records = read_json(as_lines(FULL) + b"\n" + line + b"\n" + as_lines(FULL))
    assert [records[0], records[2]] == [ARTICLE, ARTICLE]
    assert len(records) == 3
    [(number, said)] = reasons(records)
    assert number == 2
    assert reason in said


def test_a_line_of_20_megabytes_is_one_reject() -> None:
    records = read_json(b'{"title": "' + b"x" * 20_000_000 + b'"}\n' + as_lines(FULL))
    assert reasons(records) == [(1, "the record is larger than 16 MiB")]
    assert records[1] == ARTICLE


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_lines_with_a_byte_order_mark_are_read(codec: str) -> None:
    assert read_json(as_lines(FULL, FULL).decode().encode(codec)) == [ARTICLE, ARTICLE]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("count", [0, 1, 3, 700])  # 700: more than one piece is read
def test_one_array_is_read(indent: int | None, count: int) -> None:
    data = json.dumps([FULL] * count, ensure_ascii=indent is None, indent=indent).encode()
    assert read_json(data) == [ARTICLE] * count


def test_objects_printed_over_several_lines_are_read() -> None:
    data = "\n".join(json.dumps(FULL, indent=2) for _ in range(3)).encode()
    assert read_json(data) == [ARTICLE] * 3


def test_a_bad_record_of_an_array_is_one_reject_at_its_line() -> None:
    data = b'[\n{"title": "a"},\n{"title": 5},\n\n7,\n{"title": "b"}\n]\n'
    records = read_json(data)
    assert [number for number, _ in reasons(records)] == [3, 5]
    assert [r.title for r in records if isinstance(r, Article)] == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'[\n{"title": "a"},\n{"title": "b"', 3),
        (b'[\n{"title": "a"},\n{"title": oops},\n{"title": "c"}]', 3),
        (b'[\n{"title": "a"},\n', 3),
    ],
)
def test_an_array_that_breaks_is_said_after_what_was_whole(data: bytes, line: int) -> None:
    records = jsonlines.read(io.BufferedReader(io.BytesIO(data)), data, "f", "utf-8")
    first = next(records)
    assert isinstance(first, Article)
    with pytest.raises(SourceError, match=f"line {line}"):
        list(records)


# Tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_header(delimiter: str) -> None:
    header = delimiter.join(["id", "Başlık", "Metin", "Tarih"])
    row = delimiter.join(["1", '"Köprü; açıldı, dün|bugün"', '"Bir.\n## Ara\nİki ""dedi"""', ""])
    [article] = read_table(f"{header}\n{row}\n".encode())
    assert isinstance(article, Article)
    assert article.title == "Köprü; açıldı, dün|bugün"
    assert [block.text for block in article.blocks] == ["Bir.", "Ara", 'İki "dedi"']


def test_rejected_rows_have_the_line_they_begin_at() -> None:
    data = (
        'başlık;metin;tarih\n"a";"bir\niki";2019\nb;"x\ny";dün\n\nc;d\ne;f;2020;;\ng;h;2020;fazla\n'
    )
    records = read_table(data.encode())
    assert [r.title for r in records if isinstance(r, Article)] == ["a", "e"]
    assert [number for number, _ in reasons(records)] == [4, 7, 9]
    assert "'dün'" in reasons(records)[0][1]
    assert "2 cells, the header 3" in reasons(records)[1][1]
    assert "4 cells, the header 3" in reasons(records)[2][1]


def test_stray_quotes_are_a_reject_not_a_garbled_article() -> None:
    records = read_table(b'title,body\na,"b" c\nd,e\n')
    assert [number for number, _ in reasons(records)] == [2]
    assert "check the quotes" in reasons(records)[0][1]
    assert records[1:] == [article_from_fields({"title": "d", "body": "e"})]


def test_a_quote_that_never_closes_is_a_reject() -> None:
    records = read_table(b'title,body\na,b\nc,"d\ne,f\n')
    assert len(records) == 2
    [(number, said)] = reasons(records)
    assert number == 3
    assert "(lines 3 to 4)" in said


def test_a_long_story_fits_into_a_cell() -> None:
    [article] = read_table(b"title,body\na," + b"kelime " * 100_000)
    assert isinstance(article, Article)
    assert len(article.body) == 699_999


def test_windows_tables_are_read() -> None:
    data = "Başlık;Metin\r\nIşık söndü;Şoför ağır ağır geçti.\r\n".encode("cp1254")
    [article] = read_table(data)
    assert isinstance(article, Article)
    assert article.title == "Işık söndü"


def test_a_row_in_another_encoding_is_a_reject() -> None:
    data = "Başlık;Metin\nIşık;söndü\nŞoför;geçti\n".encode() + "Ağır;ışık\n".encode("cp1254")
    records = read_table(data)
    assert len(records) == 3
    assert reasons(records) == [(4, "the row is not UTF-8; convert the file to UTF-8")]


@pytest.mark.parametrize("data", [b"a,b\n1,2\n", b"id;tarih\n1;2019\n", b"\n", b"title\\body\n"])
def test_a_table_without_title_and_body_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="line 1: the header names no title and no body"):
        read_table(data)
