"""Encodings of imported files: declared, given, guessed and mixed."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import CarrelError, Library
from index.importing.service import ImportRequest
from index.importing.transcoding import to_utf8
from index.text.encodings import codec_name, declared_encoding, encoding_label, guess_encoding

RUSSIAN, JAPANESE = "О длине русских слов в тексте", "日本語の論文における単語の長さ"
CHINESE, CZECH = "中文文献中的词语长度", "Žluťoučký kůň a pět ďábelských ód"


def bib(title: str, head: str = "") -> str:
    return f"{head}@article{{a,\n  title = {{{title}}},\n  year = 2011\n}}\n"


def page(title: str, charset: str) -> str:
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f'<meta name="citation_title" content="{title}"></head><body>x</body></html>'
    )


def imported(tmp_path: Path, data: bytes, name: str = "a.bib", encoding: str = "") -> list[str]:
    """Return the titles that are imported, and the encoding of the report with a question mark."""
    (tmp_path / name).write_bytes(data)
    with Library.open(tmp_path / "library") as library:
        request = ImportRequest((str(tmp_path / name),), encoding=encoding)
        found = library.import_files(request).files[0].encoding
        titles = [paper.title for paper in library.page(library.search(""))]
    return [*titles, f"{encoding_label(found.name)}{'?' if found.guessed else ''}"]


@pytest.mark.parametrize(
    ("text", "name", "codec", "label"),
    [
        (bib(RUSSIAN, "% Encoding: windows-1251\n\n"), "a.bib", "cp1251", "windows-1251"),
        (bib(RUSSIAN, "% Encoding: KOI8-R\n"), "a.bib", "koi8_r", "koi8-r"),
        (bib(JAPANESE, "% Encoding: Shift_JIS\r\n"), "a.bib", "shift_jis", "shift_jis"),
        (bib(JAPANESE, "% -*- coding: euc-jp-unix -*-\n"), "a.bib", "euc_jp", "euc-jp"),
        (bib(JAPANESE, "% Encoding: ISO-2022-JP\n"), "a.bib", "iso2022_jp", "iso2022-jp"),
        (bib(CZECH, "% -*- mode: bibtex; coding: latin-2; -*-\n"), "a.bib", "iso8859_2",
         "iso8859-2"),
        (page(CHINESE, "gb2312"), "a.html", "gb18030", "gb18030"),
        (page(CZECH, "iso-8859-2"), "a.html", "iso8859_2", "iso8859-2"),
        (bib(RUSSIAN, "% Encoding: windows-1251\n"), "a.bib", "utf-8", "utf-8"),
        (bib("Müller", "% Encoding: utf-7\n"), "a.bib", "cp1252", "windows-1252?"),
    ],
)  # fmt: skip
def test_declared_encoding_is_obeyed_unless_the_file_is_utf8(
    text: str, name: str, codec: str, label: str, tmp_path: Path
) -> None:
    title, encoding = imported(tmp_path, text.encode(codec), name)
    assert title in text
    assert encoding == label


@pytest.mark.parametrize(
    ("title", "codec", "label"),
    [
        (RUSSIAN, "cp1251", "windows-1251?"),
        (RUSSIAN, "koi8_r", "koi8-r?"),
        (JAPANESE, "shift_jis", "shift_jis?"),
        (JAPANESE, "euc_jp", "euc-jp?"),
        (CHINESE, "gbk", "gb18030?"),
        ("한국어 자연어처리를 위한 언어모델", "euc_kr", "euc-kr?"),
        ("Μηχανική μάθηση για την ελληνική γλώσσα", "cp1253", "windows-1253?"),
        ("Łódź i Kraków: badanie źródeł", "cp1250", "windows-1250?"),
        ("José on Müller: Über “die” Natur – naïve", "cp1252", "windows-1252?"),
        ("Études à l’œuvre", "cp1252", "windows-1252?"),
        ("Blåbærgrød på Ærø", "cp1252", "windows-1252?"),
    ],
)
def test_undeclared_encoding_is_guessed_and_reported(
    title: str, codec: str, label: str, tmp_path: Path
) -> None:
    assert imported(tmp_path, bib(title).encode(codec)) == [title, label]


def test_given_encoding_overrides_the_declared_one(tmp_path: Path) -> None:
    data = bib(RUSSIAN, "% Encoding: windows-1252\n").encode("cp1251")
    assert imported(tmp_path, data, encoding="windows-1251") == [RUSSIAN, "windows-1251"]


def test_unknown_encoding_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CarrelError, match="cannot read the encoding 'klingon'"):
        imported(tmp_path, b"x", encoding="klingon")


def test_lines_of_two_encodings_are_both_read(tmp_path: Path) -> None:
    data = bib("Größe").encode() + bib("Maß").replace("{a,", "{b,").encode("cp1252")
    titles = imported(tmp_path, data)
    assert sorted(titles[:2]) == ["Größe", "Maß"]


def test_truncated_utf8_is_utf8(tmp_path: Path) -> None:
    data = bib("Größe und Maß für Köln").encode() + "% ü".encode()[:-1]
    assert imported(tmp_path, data) == ["Größe und Maß für Köln", "utf-8"]


def test_xml_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0" encoding="windows-1251"?>'
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
        f"<ArticleTitle>{RUSSIAN}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        "</PubmedArticleSet>"
    )
    titles = imported(tmp_path, text.encode("cp1251"), "a.xml")
    assert titles == [RUSSIAN, "windows-1251"]


def test_page_in_a_web_archive_is_read_in_the_encoding_of_its_part(tmp_path: Path) -> None:
    page = f'<html><head><meta name="citation_title" content="{CZECH}"></head></html>'
    data = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/html; charset=iso-8859-2\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(page.encode("iso8859_2"))
        + b"\r\n--b--\r\n"
    )
    assert imported(tmp_path, data, "a.mhtml") == [CZECH, "utf-8"]


@pytest.mark.parametrize("name", ["utf-7", "hex", "rot13", "unicode_escape", "punycode", "zip", ""])
def test_codec_without_text_of_its_own_is_refused(name: str) -> None:
    assert codec_name(name) == ""


@given(st.binary(max_size=200))
def test_any_bytes_become_utf8(data: bytes) -> None:
    import io

    declared_encoding(data)
    guess_encoding([data])
    stream, _ = to_utf8(io.BytesIO(data))
    stream.read()
