"""What each error is called, in Turkish and English: the sentences behind the stable codes.

Pages and endpoint look errors up here by code, so that both say the same. Pure data and one
look-up. A detail is a format string over the error's `values` and its `parameter`; a code that
is missing here would show its English detail alone, and a test sees to it that none is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemText:
    """An error's HTTP status, and per language its title and the sentence that says what to do."""

    status: int
    titles: Mapping[str, str]
    details: Mapping[str, str]


def _text(status: int, title_tr: str, detail_tr: str, title_en: str, detail_en: str) -> ProblemText:
    return ProblemText(status, {"tr": title_tr, "en": title_en}, {"tr": detail_tr, "en": detail_en})


PROBLEMS: Mapping[str, ProblemText] = {
    "unknown_parameter": _text(
        400,
        "Bilinmeyen parametre",
        "“{parameter}” diye bir parametre yok. Bilinenler: {known}.",
        "Unknown parameter",
        "There is no parameter “{parameter}”. Known are: {known}.",
    ),
    "repeated_parameter": _text(
        400,
        "Yinelenen parametre",
        "“{parameter}” {count} kez verilmiş; yalnızca bir kez verilebilir.",
        "Repeated parameter",
        "“{parameter}” is given {count} times; it can be given once.",
    ),
    "invalid_date": _text(
        400,
        "Geçersiz tarih",
        "“{value}” bir tarih değil. YYYY, YYYY-AA veya YYYY-AA-GG biçiminde yazın.",
        "Invalid date",
        "“{value}” is no date. Write YYYY, YYYY-MM or YYYY-MM-DD.",
    ),
    "invalid_date_range": _text(
        400,
        "Geçersiz tarih aralığı",
        "Aralığın başlangıcı ({first}) bitişinden ({last}) sonra. İkisinin yerini değiştirin.",
        "Invalid date range",
        "The range begins ({first}) after it ends ({last}). Exchange the two.",
    ),
    "invalid_number": _text(
        400,
        "Geçersiz sayı",
        "“{value}” geçersiz. “{parameter}” için 1 veya daha büyük bir tam sayı yazın.",
        "Invalid number",
        "“{value}” is not valid. Write a whole number from 1 in “{parameter}”.",
    ),
    "invalid_choice": _text(
        400,
        "Geçersiz seçenek",
        "“{value}”, “{parameter}” için bir seçenek değil. Seçenekler: {known}.",
        "Invalid choice",
        "“{value}” is no choice for “{parameter}”. Choose one of: {known}.",
    ),
    "invalid_parameters": _text(
        400,
        "Geçersiz parametreler",
        "{count} parametre yanlış; her birinin nedeni “errors” listesinde.",
        "Invalid parameters",
        "{count} parameters are wrong; “errors” has the reason of each.",
    ),
    "query_too_long": _text(
        400,
        "Sorgu çok uzun",
        "Sorgu {actual} karakter; en çok {limit} olabilir. En az önemli olanı çıkarın.",
        "Query too long",
        "The query has {actual} characters; {limit} are allowed. Leave out what matters least.",
    ),
    "too_many_words": _text(
        400,
        "Çok fazla sözcük",
        "Sorguda {actual} sözcük var; en çok {limit} olabilir. En az önemli olanı çıkarın.",
        "Too many words",
        "The query has {actual} words; {limit} are allowed. Leave out what matters least.",
    ),
    "phrase_too_long": _text(
        400,
        "Öbek çok uzun",
        "{phrase} {actual} sözcük; tırnak içinde en çok {limit} olabilir. Daha kısasını alın.",
        "Phrase too long",
        "{phrase} has {actual} words; {limit} are allowed in quotes. Quote less of it.",
    ),
    "slop_too_wide": _text(
        400,
        "Aralık çok geniş",
        "{phrase}: araya {actual} sözcük girebilir denmiş; en çok {limit} olabilir.",
        "Slop too wide",
        "{phrase}: {actual} words may come between; {limit} are allowed.",
    ),
    "wildcard_too_early": _text(
        400,
        "Yıldız ya da soru işareti çok başta",
        "{word}: ilk * ya da ? işaretinden önce {actual} harf var; en az {limit} harf gerekir.",
        "Wildcard too early",
        "{word}: the first * or ? comes after {actual} letters; at least {limit} are needed.",
    ),
    "too_many_fuzzy": _text(
        400,
        "Çok fazla yaklaşık sözcük",
        "{actual} sözcük ~ ile bitiyor; en çok {limit} olabilir. Ötekilerden işareti kaldırın.",
        "Too many fuzzy words",
        "{actual} words end in ~; {limit} are allowed. Take it off the others.",
    ),
    "fuzzy_too_short": _text(
        400,
        "Yaklaşık arama için çok kısa",
        "{word}: ~ işaretinden önce {actual} harf var; en az {limit} harf gerekir.",
        "Too short for a fuzzy search",
        "{word}: {actual} letters come before the ~; at least {limit} are needed.",
    ),
    "fuzzy_too_far": _text(
        400,
        "Yaklaşık arama çok geniş",
        "{word}: {actual} harf yanlışı istenmiş; en çok {limit} olabilir. {plain}~ yazın.",
        "Fuzzy search too wide",
        "{word} asks for {actual} slips; {limit} is allowed. Write {plain}~.",
    ),
    "invalid_page": _text(
        400,
        "Geçersiz sayfa",
        "Sayfalar 1’den başlar; {actual} diye bir sayfa yok.",
        "Invalid page",
        "Pages count from 1; there is no page {actual}.",
    ),
    "invalid_per_page": _text(
        400,
        "Geçersiz sayfa boyu",
        "Bir sayfada 1 ile {limit} arasında sonuç olabilir; {actual} olamaz.",
        "Invalid page size",
        "A page can have 1 to {limit} results, not {actual}.",
    ),
    "page_too_deep": _text(
        400,
        "Sayfa çok ileride",
        "Yalnızca ilk {limit} sonuç sayfalanabilir; {actual}. sayfa ötesinde. Aramayı daraltın.",
        "Page too deep",
        "Only the first {limit} results can be paged; page {actual} is beyond. Narrow the search.",
    ),
    "text_too_long": _text(
        400,
        "Metin çok uzun",
        "Metin {actual} karakter; en çok {limit} olabilir. Parça parça çözümleyin.",
        "Text too long",
        "The text has {actual} characters; {limit} are allowed. Analyse it in parts.",
    ),
    "bad_request": _text(
        400,
        "Geçersiz istek",
        "İstek anlaşılamadı. Adresi ve başlıkları denetleyin.",
        "Bad request",
        "The request could not be understood. Check its address and headers.",
    ),
    "not_found": _text(
        404,
        "Bulunamadı",
        "Bu adreste bir şey yok. Adresler docs/api.md belgesinde.",
        "Not found",
        "There is nothing at this address. docs/api.md lists the addresses.",
    ),
    "unknown_article": _text(
        404,
        "Bilinmeyen haber",
        "Arşivde “{id}” kimlikli bir haber yok.",
        "Unknown article",
        "The archive has no article with the id “{id}”.",
    ),
    "removed": _text(
        410,
        "Haber kaldırıldı",
        "Bu haber arşivden çıkarıldı ve artık gösterilmiyor. Bağlantınızı silin.",
        "Article removed",
        "This article was taken out of the archive and is not shown any more. Drop the link.",
    ),
    "method_not_allowed": _text(
        405,
        "İzin verilmeyen yöntem",
        "Bu adreste {method} kullanılamaz; {allowed} kullanın.",
        "Method not allowed",
        "This address does not take {method}; use {allowed}.",
    ),
    "internal_error": _text(
        500,
        "Sunucu hatası",
        "Bizim bir hatamız yüzünden yanıt verilemedi ve hata kaydedildi (istek {request_id}).",
        "Internal error",
        "A fault of ours kept this from being answered; it was logged (request {request_id}).",
    ),
    "timeout": _text(
        503,
        "Arama çok uzun sürdü",
        "Arama süresi doldu. Daha az sözcükle ya da daha uzun sözcüklerle yeniden deneyin.",
        "Search took too long",
        "The search ran out of time. Try again with fewer or longer words.",
    ),
    "unavailable": _text(
        503,
        "Şu anda yanıt verilemiyor",
        "Arşiv şu anda okunamıyor. Birazdan yeniden deneyin.",
        "Unavailable",
        "The archive cannot be read at the moment. Try again shortly.",
    ),
}


def problem_title(code: str, language: str) -> str:
    """Return the short name of an error; its code where it has none."""
    text = PROBLEMS.get(code)
    return text.titles[language] if text else code


def problem_detail(code: str, language: str, fallback: str, values: Mapping[str, object]) -> str:
    """Return the sentence of an error with `values` filled in, else `fallback` (in English)."""
    text = PROBLEMS.get(code)
    return text.details[language].format(**values) if text else fallback


def problem_status(code: str) -> int:
    """Return the HTTP status of an error; what has no text is something the person gave."""
    text = PROBLEMS.get(code)
    return text.status if text else 400
