"""Exports: content round-trips, and no content breaks the file.

Each file is read back by a parser that is not ours, or not of the same module.
"""

import csv as stdlib_csv
import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import (
    WRITERS,
    Style,
    csv,
    text,
    write_papers,
    writer_for,
)
from index.formats.tables.cells import escape_formula
from index.papers.citation import build_citation
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from tests.index.exported import MARKED, few, papers
from tests.index.hostile import ACTING
from tests.index.round_trips import read_back


@pytest.mark.parametrize("name", WRITERS)
class TestEveryFormat:
    def test_export_of_no_papers_is_valid(self, name: str) -> None:
        write = WRITERS[name].write
        assert write
        file = "".join(write([], Style()))
        assert "<article" not in file
        about = {"csv": 1, "json": 1, "csl": 1}  # a header, an empty array
        assert file.count("\n") == about.get(name, 0) or name == "html"

    @few
    @given(many=st.lists(papers(), max_size=2))
    def test_output_has_no_control_characters(self, name: str, many: list[Paper]) -> None:
        write = WRITERS[name].write
        assert write
        file = "".join(write(many, Style()))
        assert file.encode().decode() == file
        assert not ACTING.search(file.replace("\r\n", "\n"))

    def test_papers_are_streamed(self, name: str) -> None:
        def endless() -> object:
            while True:
                yield MARKED

        write = WRITERS[name].write
        assert write
        pieces = write(endless(), Style())  # type: ignore[arg-type]  # an endless list is the point
        assert all(next(pieces) for _ in range(3))

    def test_file_extension_determines_format(self, name: str) -> None:
        for ending in WRITERS[name].endings:
            form = writer_for(f"papers{ending.upper()}")
            assert form
            assert form.name == name


CITED = build_paper(
    title="Rivers", id="r1", venue="J. *Rivers*", year=2015, type="article-journal",
    citation=build_citation({"volume": "7", "page": "1-9", "publisher": "<House>"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("markdown", r"- Published: journal article · vol. 7, pp. 1–9 · \<House\>"),
        ("html", '<p class="facts">journal article · vol. 7, pp. 1–9 · &lt;House&gt;</p>'),
    ],
)
def test_page_has_the_facts_of_a_publication(name: str, shown: str) -> None:
    written = "".join(write_papers([CITED], name))
    assert shown in written
    back = read_back(CITED, name)
    assert (back.title, back.venue, back.year) == ("Rivers", "J. *Rivers*", 2015)
    assert (back.abstract, back.note, back.authors) == ("", "", ())


# CSV

HEADER = [
    "id", "title", "authors", "year", "date", "venue", "url", "arxiv_id", "doi", "keywords",
    "categories", "votes", "tags", "bookmarked", "read", "note", "sources", "added", "abstract",
    "dismissed", "later", "type", "names", "container", "volume", "issue", "number", "pages",
    "chapter", "publisher", "place", "edition", "series", "series_number", "event", "genre",
    "language", "isbn", "issn", "pmid", "pmcid", "editors", "translators",
]  # fmt: skip


def rows(file: str) -> list[dict[str, str]]:
    return list(stdlib_csv.DictReader(io.StringIO(file, newline=""), strict=True))


class TestCSV:
    def test_csv_of_no_papers_is_the_header(self) -> None:
        assert "".join(csv.write([])) == ",".join(HEADER) + "\r\n"

    def test_row_has_all_fields(self) -> None:
        (row,) = rows("".join(csv.write([replace(MARKED, votes=-2, id="Vaswani2017")])))
        assert list(row.values()) == [
            "Vaswani2017", "Attention Is All You Need", "Ashish Vaswani; Noam Shazeer; et al.",
            "2017", "", "NeurIPS", "https://arxiv.org/abs/1706.03762", "1706.03762", "",
            "sequence models", "cs.CL; cs.LG", "-2", "nlp/rag; todo", "true", "false",
            "Read again.\nTwice.", "page", "2026-01-02T03:04:05+00:00", MARKED.abstract,
            "false", *[""] * 23,
        ]  # fmt: skip

    @few
    @given(st.lists(papers(), max_size=3))
    def test_any_papers_give_one_row_each(self, many: list[Paper]) -> None:
        file = "".join(csv.write(many))
        read = rows(file)
        for row, paper in zip(read, many, strict=True):
            title = clean(paper.title)
            assert row["title"] in (title, f"'{title}")
        assert all(list(row) == HEADER and None not in row.values() for row in read)
        assert file.endswith("\r\n")

    @few
    @given(st.lists(papers(), max_size=2))
    def test_no_cell_is_a_formula(self, many: list[Paper]) -> None:
        for row in rows("".join(csv.write(many))):
            for cell in row.values():
                first = unicodedata.normalize("NFKC", cell.lstrip())[:1]
                assert (
                    first not in {"=", "+", "-", "@"} or cell.strip()[1:].replace(".", "").isdigit()
                )
                assert cell[:1] not in {"\t", "\r", "\n"}

    @pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "  =1", "＝1", "-1+1"])
    def test_formula_gets_an_apostrophe(self, text: str) -> None:
        assert escape_formula(text) == "'" + text.strip()

    def test_formulas_in_lists_get_an_apostrophe(self) -> None:
        (row,) = rows("".join(csv.write([Paper(title="T", keywords=("-2", "b", "=c", "-3"))])))
        assert row["keywords"] == "'-2; b; '=c; -3"

    @pytest.mark.parametrize("text", ["-5", "+1.5", "2024", "a=b", "", "'quoted'", "C++"])
    def test_numbers_and_other_text_are_unchanged(self, text: str) -> None:
        assert escape_formula(text) == text


# Plain text


def columns(line: str) -> int:
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in line
    )


class TestPlainText:
    def test_paper_is_laid_out_as_text(self) -> None:
        assert "".join(text.write([MARKED, Paper(title="Two", abstract="word " * 20)])) == (
            "Attention Is All You Need\n"
            "  Ashish Vaswani, Noam Shazeer, et al. (2017)\n"
            "  NeurIPS\n"
            "  https://arxiv.org/abs/1706.03762\n"
            "  Tags: nlp/rag, todo\n"
            "  Note: Read again.\n"
            "  Twice.\n"
            "    The dominant models are recurrent. We get 28.4 BLEU, 50% & more.\n"
            "\n"
            "Two\n" + f"    {'word ' * 15}".rstrip() + "\n" + f"    {'word ' * 5}".rstrip() + "\n"
        )

    @few
    @given(st.lists(papers(), max_size=2))
    def test_only_titles_begin_in_first_column(self, many: list[Paper]) -> None:
        lines = "".join(text.write(many)).split("\n")
        assert sum(bool(line) and line[0] != " " for line in lines) == len(many)

    @few
    @given(st.lists(papers(), max_size=2))
    def test_only_links_exceed_the_width(self, many: list[Paper]) -> None:
        links = {f"  {clean(paper.link)}" for paper in many}
        for line in "".join(text.write(many)).split("\n"):
            assert line in links or columns(line) <= 80

    def test_wide_characters_count_as_two_columns(self) -> None:
        lines = "".join(text.write([Paper(title="T", abstract="中" * 100)])).split("\n")
        assert max(map(columns, lines)) in (79, 80)
        assert sum(line.count("中") for line in lines) == 100

    def test_links_are_not_wrapped(self) -> None:
        url = "https://x.org/" + "a-b/" * 40
        assert f"\n  {url}\n" in "".join(text.write([Paper(title="T", url=url)]))
