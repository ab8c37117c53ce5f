"""Tables of papers: Carrel's own round-trip, others are read by column name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import csv
from index.formats.records.people import parse_people
from index.formats.tables.cells import escape_formula, unescape_formula
from index.formats.tables.columns import is_header
from index.formats.tables.rows import MAX_ROW_CHARS, UNCLOSED
from index.papers.citation import build_citation
from index.papers.entries import ParsedPaper, Skipped
from index.papers.names import Name
from index.papers.paper import Paper, SourceRef, build_paper
from index.text.cleaning import clean
from tests.examples import examples
from tests.index.linear import assert_linear
from tests.index.reading import detected, entries, paper, papers
from tests.index.test_jsonl import papers as any_papers


def own(*many: Paper) -> str:
    return "".join(csv.write(many))


class TestOwnFiles:
    def test_own_table_round_trips_with_marks(self) -> None:
        known = Paper(
            "=SUM(A1) is no formula", "We; read,\t\"it\".", id="x1", authors=("Ada Lovelace", "-B"),
            et_al=True, year=1843, date="1843-09", venue="'quoted'", url="https://example.org/",
            arxiv_id="2101.00001", doi="10.1000/x", keywords=("-2", "@a"), categories=("cs.CL",),
            votes=-5, sources=(SourceRef("page"), SourceRef("two")), bookmarked=True, read=True,
            tags=("nlp/rag", "todo"), note="+one\n  two\n\n\"three\"",
            added="2026-01-02T03:04:05+00:00", dismissed=True, later=3, type="chapter",
            citation=build_citation(
                {"container-title": "=A; book", "page": "-9", "volume": "7", "publisher": "@House"},
                {"editor": [Name("Cruz", "Pia", "de la"), Name(literal="Ink, Pens, Inc.")]},
            ),
        )  # fmt: skip
        read = paper("csv", own(known))
        assert read == Paper(**{**{f: getattr(known, f) for f in known.__slots__},
                                "abstract": clean(known.abstract)})  # fmt: skip

    @examples(50)
    @given(st.lists(any_papers(), max_size=3))
    def test_any_papers_round_trip_in_known_columns(self, many: list[Paper]) -> None:
        read = papers("csv", own(*many))
        assert len(read) == len(many)
        for back, known in zip(read, many, strict=True):
            for name in ("title", "abstract", "id", "year", "date", "venue", "votes", "doi", "url",
                         "bookmarked", "read", "tags", "note", "added", "type", "dismissed",
                         "later"):  # fmt: skip
                assert getattr(back, name) == getattr(known, name), name

    def test_names_round_trip_in_their_parts(self) -> None:
        names = [Name("García Márquez", "Gabriel"), Name("King", "Martin L.", suffix="Jr."),
                 Name(literal="World Health Organization")]  # fmt: skip
        assert paper("csv", own(build_paper(title="T", names=names))).names == tuple(names)

    def test_table_of_an_earlier_version_is_read(self) -> None:
        header, row = own(Paper("T", id="x", bookmarked=True)).splitlines()
        older = ",".join(header.split(",")[:19]) + "\n" + ",".join(row.split(",")[:19])
        assert paper("csv", older) == Paper("T", id="x", bookmarked=True)

    @given(st.text("'=+-@\t ab1.", max_size=8))
    def test_escaped_formula_round_trips(self, text: str) -> None:
        assert unescape_formula(escape_formula(text)) == clean(text)

    def test_invalid_boolean_is_no_mark(self) -> None:
        (header, row) = own(Paper("T")).splitlines()
        read = paper("csv", f"{header}\n{row.replace('false', 'yes')}\n")
        assert not read.bookmarked


ZOTERO = """"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url",\
"Abstract Note","Date","Manual Tags","Automatic Tags","Editor"
"ABCD2345","journalArticle","1843","Lovelace, Ada; Babbage, Charles","Engines of <i>Analysis</i>",\
"Journal of Engines","10.1000/e","http://arxiv.org/abs/1706.03762","We analyse, ""so"".

Next, line.","1843-09-05","notes; to read","Computer Science","Noether, Emmy"
"""
SCOPUS = """Authors,Author full names,Author(s) ID,Title,Year,Source title,Volume,Cited by,DOI,\
Link,Abstract,Author Keywords,Index Keywords,Source
"Lovelace A.; Berg J.","Lovelace, Ada (57190000001); van der Berg, Jan (57190000002)","1; 2",\
"Engines",1843,"Journal of Engines","1",7,"10.1000/e","https://www.scopus.com/x","We analyse.",\
"engines; notes","Numbers","Scopus"
"""
WEB_OF_SCIENCE = "\ufeffPT\tAU\tAF\tTI\tSO\tDE\tID\tAB\tPY\tDI\tUT\nJ\tLovelace, A\tLovelace, Ada\t\
Engines\tJOURNAL OF ENGINES\tengines\tNUMBERS\tWe analyse.\t1843\t10.1000/e\tWOS:1\n"
SCHOLAR = """Authors,Title,Publication,Volume,Number,Pages,Year,Publisher
"Lovelace, Ada; Babbage, Charles; ",Engines,Journal of Engines,1,,1-2,1843,Desk
"""
PUBMED = """PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,DOI
12,Engines,"Lovelace A, de la Cruz MJ.",J. 1843,Lovelace A,J Engines,1843,1843/09/05,10.1000/e
"""
SHEET = "year;Paper Title;authors;URL;code\n1843;Engines;Ada Lovelace, Charles Babbage;\
https://example.org/x;https://github.com/carrel/x\n"


class TestOtherPrograms:
    @pytest.mark.parametrize(
        ("data", "authors", "venue"),
        [
            (ZOTERO, ("Ada Lovelace", "Charles Babbage"), "Journal of Engines"),
            (SCOPUS, ("Ada Lovelace", "Jan van der Berg"), "Journal of Engines"),
            (WEB_OF_SCIENCE, ("Ada Lovelace",), "JOURNAL OF ENGINES"),
            (SCHOLAR, ("Ada Lovelace", "Charles Babbage"), "Journal of Engines"),
            (PUBMED, ("A Lovelace", "MJ de la Cruz"), "J Engines"),
            (SHEET, ("Ada Lovelace", "Charles Babbage"), ""),
        ],
        ids=["Zotero", "Scopus", "Web of Science", "Google Scholar", "PubMed", "a sheet"],
    )
    def test_columns_are_found_by_name(
        self, data: str, authors: tuple[str, ...], venue: str
    ) -> None:
        assert detected(data, "savedrecs.txt") == "csv"
        read = paper("csv", data)
        assert (read.authors, read.venue, read.year) == (authors, venue, 1843)
        assert read.title.startswith("Engines")

    def test_row_gives_all_fields(self) -> None:
        read = paper("csv", ZOTERO)
        assert (read.title, read.id) == ("Engines of Analysis", "ABCD2345")
        assert read.abstract == 'We analyse, "so". Next, line.'
        assert (read.date, read.doi, read.arxiv_id) == ("1843-09-05", "10.1000/e", "1706.03762")
        assert read.keywords == ("notes", "to read", "Computer Science")
        assert paper("csv", SCOPUS).keywords == ("engines", "notes", "Numbers")
        assert paper("csv", WEB_OF_SCIENCE).keywords == ("engines", "NUMBERS")
        assert paper("csv", SHEET).code == ("https://github.com/carrel/x",)

    @pytest.mark.parametrize(
        ("cell", "names"),
        [
            ("Lovelace, A., Babbage, C. B.", ["A. Lovelace", "C. B. Babbage"]),
            ("Lovelace, Ada", ["Ada Lovelace"]),
            ("Lovelace, Ada and Babbage, Charles", ["Ada Lovelace", "Charles Babbage"]),
            ("Ada Lovelace, A. B and Emmy Noether", ["Ada Lovelace", "A. B", "Emmy Noether"]),
            ("Ada Lovelace|Charles Babbage", ["Ada Lovelace", "Charles Babbage"]),
            ("['Ada Lovelace', 'Charles Babbage']", ["Ada Lovelace", "Charles Babbage"]),
            ("Plato", ["Plato"]),
            ("", []),
        ],
    )  # fmt: skip
    def test_author_lists_of_any_style_are_read(self, cell: str, names: list[str]) -> None:
        assert parse_people(cell) == (names, False)

    def test_citation_of_row_is_read(self) -> None:
        header = "Title,Authors,Author full names,Source title,Volume,Issue,Page start,Page end,"
        header += "Publisher,Document Type,Editors,ISSN\n"
        row = 'T,"Ravn K.","Ravn, Karl (11); de la Cruz, Pia (22)",J. Desks,7,3,1,9,House,'
        row += 'Conference paper,"Ed, Ian",1234-5678\n'
        read = paper("csv", header + row)
        assert read.type == "paper-conference"
        assert read.names == (Name("Ravn", "Karl"), Name("Cruz", "Pia", "de la"))
        assert dict(read.citation.values) == {
            "container-title": "J. Desks", "volume": "7", "issue": "3", "page": "1-9",
            "publisher": "House", "ISSN": "1234-5678",
        }  # fmt: skip
        assert read.citation.names("editor") == (Name("Ed", "Ian"),)

    def test_placeholders_are_no_values(self) -> None:
        row = "Title,Authors,Abstract\nT,[No author name available],[No abstract available]\n"
        read = paper("csv", row)
        assert (read.authors, read.abstract) == ((), "")

    def test_table_with_title_and_number_is_not_of_papers(self) -> None:
        assert not is_header(["title", "number", "type", "language"])

    def test_et_al_is_no_name(self) -> None:
        assert parse_people("Sanayya A et al.") == (["A Sanayya"], True)
        assert parse_people("Ada Lovelace, et al.") == (["Ada Lovelace"], True)


class TestRows:
    HEADER = "title,year,abstract\n"

    def lines(self, *rows: str) -> list[tuple[int, str]]:
        return [
            (each.line, each.paper.title if isinstance(each, ParsedPaper) else f"! {each.reason}")
            for each in entries("csv", self.HEADER + "\n".join(rows))
        ]

    def test_row_has_its_first_line(self) -> None:
        rows = ['"A\nB",1,x', "", ",,", '"C ""c""",2,"y,', 'z"', "D"]
        assert self.lines(*rows) == [
            (2, "A B"),
            (5, "! no title; give the entry one"),
            (6, 'C "c"'),
            (8, "D"),
        ]

    def test_rows_may_have_missing_or_extra_cells(self) -> None:
        assert self.lines("A", "B,2020,x,y,z") == [(2, "A"), (3, "B")]

    @pytest.mark.parametrize(
        "after", ['B,2,x\n"C",3,"y"', '"B",2,x\n"C",3,y', "B,2,x\nC,3,y", 'B,2,"x\ny"\nC,3,z']
    )
    def test_unclosed_quote_costs_its_row(self, after: str) -> None:
        read = self.lines('"A,1,x', after)
        assert read[0] == (2, f"! {UNCLOSED}")
        assert [title for _, title in read[1:]] == ["B", "C"]

    def test_unclosed_quote_at_end_costs_its_row(self) -> None:
        assert self.lines("A,1,x", 'B,2,"x') == [(2, "A"), (3, f"! {UNCLOSED}")]

    def test_quote_within_cell_is_text(self) -> None:
        assert self.lines('The 5" Desk,1,x', "B") == [(2, 'The 5" Desk'), (3, "B")]

    def test_long_cell_is_read_and_endless_row_skipped(self) -> None:
        assert self.lines(f"A,1,{'x' * 500_000}", "B") == [(2, "A"), (3, "B")]
        assert self.lines(f'"A,1,{"x" * MAX_ROW_CHARS}', "B") == [(2, f"! {UNCLOSED}"), (3, "B")]

    @pytest.mark.parametrize("mark", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_dialects_and_encodings_are_read(self, encoding: str, mark: str) -> None:
        data = (self.HEADER + "Képes,2020,x\n").replace("\n", mark).encode(encoding)
        assert paper("csv", data).title == "Képes"
        assert detected(data) == "csv"

    def test_nul_bytes_and_separator_line_are_accepted(self) -> None:
        assert paper("csv", "sep=;\ntitle;year\nA\x00;2020\n") == Paper("A", year=2020, date="2020")

    @pytest.mark.parametrize("row", ['"x,1\n', '"\n', 'a,"\n', '""x"\n', '"x""\n', '","\n'])
    def test_hostile_text_is_read_in_linear_time(self, row: str) -> None:
        assert_linear(lambda data: entries("csv", data), lambda rows: self.HEADER + rows, row)

    @given(
        st.lists(
            st.sampled_from(['"', ",", "\n", '""', "a", "\r", "=", "'", ";"]) | st.text(max_size=2)
        )
    )
    def test_any_text_is_read_without_exception(self, parts: list[str]) -> None:
        data = self.HEADER + "".join(parts)
        for entry in entries("csv", data.encode(errors="replace")):
            assert isinstance(entry, ParsedPaper | Skipped)


class TestRecognising:
    @pytest.mark.parametrize(
        "head", ["Title,Year\n", "\ufefftitle\tdoi\n", "Author|Title\n", '"DOI";"Article Title"']
    )
    def test_table_is_recognised_by_its_header(self, head: str) -> None:
        assert detected(head, "page.txt") == "csv"

    @pytest.mark.parametrize(
        "head",
        [
            "Name,Date,Amount\nA,1,2",
            "Title\nA",
            "Title,Remark\nA,b",
            "An abstract, with a title, by authors\n",
            "",
            "{title, year}",
        ],
    )
    def test_other_texts_are_not_recognised(self, head: str) -> None:
        assert detected(head) != "csv"

    def test_table_without_header_is_reported(self) -> None:
        (skipped,) = entries("csv", "a,b\n1,2\n")
        assert skipped == Skipped(
            1, "no header with a title and another field; name columns in line 1"
        )
