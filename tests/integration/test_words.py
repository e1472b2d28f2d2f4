"""The word lists from their files: those that ship, and what an archive puts over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis import Analyzer, turkish_lower
from index.errors import InputError
from index.words import WORDS_FOLDER, read_word_lists


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer(read_word_lists())


def write(archive: Path, name: str, text: str) -> None:
    folder = archive / WORDS_FOLDER
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


# What TURKISH.md, and a reader, expects of the lists that ship


@pytest.mark.parametrize(
    "forms",
    [
        "aile aileler ailesinin",
        "kitap kitabı kitaplar",
        "renk rengi renkleri",
        "kanat kanadı kanatları",
        "ağaç ağacı ağaçlar",
        "şehir şehri şehirlerimizin",
        "burun burnu burnunda",
        "oğul oğlu oğulları",
        "hak hakkı haklarının",
        "hal hali halleri",
        "saat saatler saatinde",
        "gel geliyor geldi gelecek gelmeyen",
        "açıkla açıklıyor açıkladı açıklayacak açıklandı",
        "söyle söyledi söylüyor söyleyen",
        "git gidiyor gitti gidecek",
        "de diyor dedi diyecek",
        "ye yiyor yedik yiyen",
        "et ediyor etti edilen",
        "imzala imzalandı imzalıyor imzalayan",
        "bakan bakanı bakanlar bakanların",
        "bakanlık bakanlığı bakanlıkları",
        "milletvekili milletvekilleri milletvekillerinin",
        "gerçekleş gerçekleşti gerçekleştirildi gerçekleştirecek",
        "ben bana benim",
        "türkiye türkiyenin türkiyede",
    ],
)
def test_forms_of_one_word_meet(forms: str, analyzer: Analyzer) -> None:
    first, *others = [analyzer.stem(word) for word in forms.split()]
    assert others == [first] * len(others)


@pytest.mark.parametrize(
    "words",
    [
        "altın alıntı altı altan alim al",
        "adam adana ada",
        "çini çin",
        "kuma kum",
        "bakan bakanlık bak",
        "katıl kat",
        "kaldır kal",
        "kadın kadı",
        "göre gör",
        "için iç",
        "kara kar karar",
        "oran ora",
        "banka bank",
        "kalın kal",
        "on o",
    ],
)
def test_words_that_look_alike_stay_apart(words: str, analyzer: Analyzer) -> None:
    stems = [analyzer.stem(word) for word in words.split()]
    assert len(set(stems)) == len(stems), stems


@pytest.mark.parametrize(
    "word",
    [
        "kim",
        "iyi",
        "gün",
        "bin",
        "yüz",
        "kez",
        "altı",
        "var",
        "doğru",
        "kırk",
        "kasım",
        "adana",
        "iran",
        "aydın",
        "erdoğan",
        "türkiye",
        "putin",
        "belousov",
        "altan",
        "kaan",
        "zelenski",
    ],
)
def test_a_word_without_an_ending_stays_whole(word: str, analyzer: Analyzer) -> None:
    assert analyzer.stem(word) == word


def test_a_dictionary_form_is_its_own_stem(analyzer: Analyzer) -> None:
    words = ["açıkla", "söyle", "gerçekleş", "bakanlık", "temizlik", "zeytinyağı", "şehir"]
    assert [analyzer.stem(word) for word in words] == words


# The files themselves


def test_every_protected_word_has_an_apostrophe_and_is_written_without() -> None:
    protected = read_word_lists().protected
    assert protected["kur'an"] == "kuran"
    assert protected["kur'ân"] == "kurân"
    assert protected["san'at"] == "sanat"
    assert all("'" in word and "'" not in without for word, without in protected.items())


def test_compounds_are_reviewed_pairs_in_lower_case() -> None:
    compounds = read_word_lists().compounds
    assert len(compounds) > 100
    assert compounds["birçok"] == "bir çok"
    for joined, split in compounds.items():
        assert joined == turkish_lower(joined)
        assert len(split.split()) > 1
        # But for what merges or softens at the seam: tabii ki, art arda.
        parts = split.replace(" ", "")
        assert (joined[0], joined[-1]) == (parts[0], parts[-1])
        assert len(joined) in {len(parts), len(parts) - 1}


def test_a_given_stem_is_its_own_stem() -> None:
    stems = read_word_lists().stems
    assert not {stem for stem in stems.values() if stems.get(stem, stem) != stem}


def test_lists_that_ship_name_source_and_licence(checkout: Path) -> None:
    for path in (checkout / "data" / "words").glob("*.txt"):
        if not path.name.startswith("LICENSE"):
            head = "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:12])
            assert "ritten for kupur" in head or "Licence:" in head, path.name


# An archive's own lists


def test_an_archive_adds_replaces_and_takes_away(tmp_path: Path) -> None:
    shipped = read_word_lists()
    write(tmp_path, "stems.txt", "# ours\nbana  banço\nkupurlar kupur # the paper\n-sana\n")
    lists = read_word_lists(tmp_path)
    assert lists.stems["bana"] == "banço"
    assert lists.stems["kupurlar"] == "kupur"
    assert "sana" in shipped.stems
    assert "sana" not in lists.stems
    assert lists.digest() != shipped.digest()


def test_an_archive_may_teach_a_root(tmp_path: Path) -> None:
    write(tmp_path, "roots.txt", "kripto n 12\n")
    assert Analyzer(read_word_lists(tmp_path)).stem("kriptoda") == "kripto"


def test_an_archive_without_lists_has_those_that_ship(tmp_path: Path) -> None:
    assert read_word_lists(tmp_path) == read_word_lists()


def test_a_change_of_compounds_does_not_ask_for_a_new_index(tmp_path: Path) -> None:
    write(tmp_path, "compounds.txt", "geceyarısı = gece yarısı\n")
    lists = read_word_lists(tmp_path)
    assert lists.compounds["geceyarısı"] == "gece yarısı"
    assert lists.digest() == read_word_lists().digest()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("protected.txt", "kuran"),
        ("protected.txt", "kur'an'ın hepsi"),
        ("stems.txt", "yalnız"),
        ("stems.txt", "bir iki üç"),
        ("compounds.txt", "herşey her şey"),
        ("compounds.txt", "herşey = herşey"),
        ("roots.txt", "kitap"),
        ("roots.txt", "kitap x 11"),
        ("roots.txt", "kitap n on"),
        ("roots.txt", "kitap n 11 z"),
        ("roots.txt", "Kitap n 11"),
    ],
)
def test_a_line_that_is_no_entry_is_refused_with_its_place(
    name: str, line: str, tmp_path: Path
) -> None:
    write(tmp_path, name, f"# head\n\n{line}\n")
    with pytest.raises(InputError, match=rf"{name}:3: expected .*{line}"):
        read_word_lists(tmp_path)


def test_a_list_in_another_encoding_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "stems.txt", "")
    (tmp_path / WORDS_FOLDER / "stems.txt").write_bytes("şehri şehir\n".encode("cp1254"))
    with pytest.raises(InputError, match=r"stems\.txt: not UTF-8"):
        read_word_lists(tmp_path)
