"""RIS: records of any program are read, and exports round-trip."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from index.formats import ris
from index.formats.records.dates import iso_date
from index.formats.records.names import invert_name, natural_order
from index.papers.citation import NO_CITATION
from index.papers.entries import ParsedPaper, Skipped
from index.papers.names import Name
from index.papers.paper import Paper, build_paper
from index.text.cleaning import clean
from tests.examples import examples
from tests.index.reading import detected, entries, paper, papers

RECORD = """TY  - JOUR
ID  - lovelace1843
T1  - Engines of <i>Analysis</i>
A1  - Lovelace, Ada
A1  - van der Berg, Jan, Jr.
A2  - Editor, Some
Y1  - 1843/09/05/
N2  - We analyse.
And the next line.
KW  - engines
KW  - notes; *numbers
JF  - Journal of Engines
JA  - J. Eng.
DO  - https://doi.org/10.1000/engines
UR  - http://example.org/a; http://example.org/b
L1  - https://github.com/carrel/engines
N1  - a note of another program
ZZ  - nobody knows this tag
ER  -
"""


def titled(*titles: str) -> str:
    return "".join(f"TY  - JOUR\nTI  - {title}\nER  - \n\n" for title in titles)


def of(*lines: str) -> Paper:
    return paper("ris", "\n".join(("TY  - JOUR", "TI  - T", *lines, "ER  - ")))


class TestReading:
    def test_record_has_all_fields(self) -> None:
        read = paper("ris", RECORD)
        assert (read.id, read.title) == ("lovelace1843", "Engines of Analysis")
        assert read.abstract == "We analyse. And the next line."
        assert read.authors == ("Ada Lovelace", "Jan van der Berg Jr.")
        assert (read.date, read.venue) == ("1843-09-05", "Journal of Engines")
        assert read.keywords == ("engines", "notes", "numbers")
        assert read.doi == "10.1000/engines"
        assert read.url == "http://example.org/a"
        assert read.urls == ("http://example.org/b", "https://github.com/carrel/engines")

    def test_notes_of_other_programs_are_ignored(self) -> None:
        assert paper("ris", RECORD).note == ""

    @pytest.mark.parametrize("tag", ["T1", "TI", "CT", "BT", "ST"])
    def test_title_is_read_from_any_of_its_tags(self, tag: str) -> None:
        assert paper("ris", f"TY  - GEN\n{tag}  - T\nER  - ").title == "T"

    def test_venue_of_chapter_is_its_book(self) -> None:
        read = paper("ris", "TY  - CHAP\nTI  - Legs\nBT  - Desks\nED  - Noether, Emmy\nER  - ")
        assert (read.title, read.venue, read.authors) == ("Legs", "Desks", ())
        assert read.citation.names("editor") == (Name("Noether", "Emmy"),)

    @pytest.mark.parametrize(
        ("lines", "date"),
        [
            (["PY  - 2001/09/01/"], "2001-09-01"),
            (["PY  - 2012///"], "2012"),
            (["PY  - 2016/12//"], "2016-12"),
            (["PY  - 2009", "DA  - 2009/05/04"], "2009-05-04"),
            (["PY  - 2013/04/18", "PY  - 2013/02/15/received"], "2013-04-18"),
            (["PY  - 2009", "DA  - 2010/05/04"], "2009"),
            (["PY  - 2020", "DA  - May 5, 2020"], "2020-05-05"),
            (["Y1  - 2020/13/40"], "2020"),
            (["PY  - in press"], None),
        ],
    )
    def test_dates_keep_their_precision(self, lines: list[str], date: str | None) -> None:
        assert of(*lines).date == date

    @pytest.mark.parametrize(
        "line",
        [
            "JO  - arXiv preprint arXiv:1706.03762",
            "UR  - http://arxiv.org/abs/1706.03762v5",
            "DO  - 10.48550/arXiv.1706.03762",
            "AN  - arXiv:1706.03762",
        ],
    )
    def test_preprint_has_its_identifier(self, line: str) -> None:
        assert of(line).arxiv_id == "1706.03762"

    def test_names_with_initials_become_natural_order(self) -> None:
        assert of("AU  - Fanning E.", "AU  - de la Cruz MJ").authors == (
            "E. Fanning",
            "MJ de la Cruz",
        )
        assert of("AU  - Catarina Barata", "AU  - OpenAI,").authors == ("Catarina Barata", "OpenAI")

    def test_et_al_is_no_name(self) -> None:
        read = of("AU  - Lovelace, Ada", "AU  - et al.")
        assert (read.authors, read.et_al) == (("Ada Lovelace",), True)

    def test_link_without_scheme_is_read(self) -> None:
        assert of("UR  - //example.org/x").url == "https://example.org/x"


class TestRecords:
    def test_record_has_its_first_line(self) -> None:
        read = entries("ris", "\ufeff\n\n1.\n" + titled("One") + "2.\n" + titled("Two"))
        assert [(each.line, each.position) for each in read if isinstance(each, ParsedPaper)] == [
            (4, 1),
            (9, 2),
        ]

    def test_record_without_end_tag_ends_before_the_next(self) -> None:
        data = "TY  - JOUR\nTI  - One\nAB  - text\n\nTY  - CONF\nTI  - Two"
        assert [each.title for each in papers("ris", data)] == ["One", "Two"]

    def test_record_without_type_is_read(self) -> None:
        data = "ER  - \nJF  - Desks\nT1  - One\nER  -\n" + titled("Two")
        assert [each.title for each in papers("ris", data)] == ["One", "Two"]

    def test_record_without_title_costs_only_itself(self) -> None:
        data = titled("One") + "TY  - JOUR\nDO  - 10.1000/x\nER  - \n" + titled("Two")
        assert entries("ris", data)[1] == Skipped(5, "no title; give the entry one")
        assert len(entries("ris", data)) == 3

    @pytest.mark.parametrize(
        "record",
        ["TY - JOUR\nTI - One\nER -", "TY  -JOUR\nTI  -  One", "TY  - \n\n  TI  - One\nER"],
    )
    def test_irregular_spacing_is_accepted(self, record: str) -> None:
        assert paper("ris", record).title.startswith("One")

    def test_text_that_looks_like_a_tag_is_text(self) -> None:
        data = "TY  - JOUR\nTI  - One\nAB  - first\nER then second\nXQ - third\nER  - "
        assert paper("ris", data).abstract == "first ER then second XQ - third"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_encodings_are_read(self, encoding: str) -> None:
        assert paper("ris", titled("Képes").encode(encoding)).title == "Képes"

    def test_endless_record_is_skipped(self) -> None:
        data = "TY  - JOUR\nTI  - A\n" + "KW  - x\n" * 60_000 + "ER  - \n" + titled("B")
        long, good = entries("ris", data)
        assert long == Skipped(1, "longer than 50,000 lines; end its records with ER")
        assert isinstance(good, ParsedPaper)

    @given(
        st.lists(st.sampled_from([*RECORD.splitlines(), "", "1.", "      x", "TY", "ER", "\x00"]))
    )
    def test_any_lines_are_read_without_exception(self, lines: list[str]) -> None:
        for entry in entries("ris", "\n".join(lines)):
            assert 1 <= entry.line <= len(lines) + 1


class TestRecognising:
    @pytest.mark.parametrize(
        "head",
        [
            RECORD,
            "\ufeff\r\n\r\nTY  - JOUR\r\n",
            "1.\nTY  - JOUR",
            "\r\rTY  - X\r",
            "JF  - x\nT1  - y\nER  -",
            "TY - X",
        ],
    )
    def test_format_is_detected_by_content(self, head: str) -> None:
        assert detected(head, "page.txt") == "ris"

    @pytest.mark.parametrize(
        "head", ["PMID- 1\nTI  - T", "A title\nTY  - JOUR", "JF  - x", "", "@misc{a,\nTY  - x}"]
    )
    def test_other_texts_are_not_recognised(self, head: str) -> None:
        assert detected(head) != "ris"


KNOWN = replace(
    build_paper(
        title="Attention Is All You Need",
        authors=["Ashish Vaswani", "Joost van der Putten", "OpenAI"],
        et_al=True,
        year=2017,
        date="2017-06",
        venue="NeurIPS",
        arxiv_id="1706.03762",
        doi="10.1000/x",
        url="https://arxiv.org/abs/1706.03762",
        keywords=["sequence models"],
        abstract="We attend.",
    ),
    tags=("nlp/rag",),
    note="Read again.\nTwice.",
)

hostile = st.lists(
    st.sampled_from(["TY  - ", "\nER  - ", "\r\nTY  - JOUR", "ER  - ", "\n", "\x1b[2J", "\u2028",
                     "é", "  ", "A", "b", "\x85", "1.", "中"]) | st.text(max_size=4)
).map("".join)  # fmt: skip
words = st.text("abcDEF é-.", min_size=1, max_size=12).map(clean).filter(bool)
names = st.lists(st.text("abCDé'-", min_size=1), min_size=1, max_size=4).map(" ".join)


class TestWriting:
    def test_record_has_all_fields(self) -> None:
        assert "".join(ris.write([KNOWN])).split("\r\n") == [
            "TY  - CPAPER",
            "ID  - vaswani2017attention",
            "TI  - Attention Is All You Need",
            "AU  - Vaswani, Ashish",
            "AU  - van der Putten, Joost",
            "AU  - OpenAI",
            "AU  - et al.",
            "PY  - 2017",
            "DA  - 2017/06//",
            "T2  - NeurIPS",
            "DO  - 10.1000/x",
            "UR  - https://arxiv.org/abs/1706.03762",
            "AN  - arXiv:1706.03762",
            "KW  - sequence models",
            "KW  - nlp/rag",
            "AB  - We attend.",
            "N1  - Read again.",
            "N1  - Twice.",
            "ER  - ",
            "",
        ]

    @pytest.mark.parametrize(
        ("known", "type"),
        [
            ({"venue": "Journal of Desks"}, "JOUR"),
            ({"venue": "Proceedings of the Meeting on Desks"}, "CPAPER"),
            ({"arxiv_id": "1706.03762"}, "UNPB"),
            ({"venue": "arXiv preprint arXiv:1706.03762"}, "UNPB"),
            ({}, "GEN"),
        ],
    )
    def test_type_follows_venue(self, known: dict[str, str], type: str) -> None:
        (record,) = ris.write([Paper(title="T", **known)])  # type: ignore[arg-type]  # by test
        assert record.startswith(f"TY  - {type}\r\n")

    def test_duplicate_keys_get_suffixes(self) -> None:
        written = "".join(ris.write([KNOWN, KNOWN]))
        assert re.findall("ID  - (.*)\r", written) == [
            "vaswani2017attention",
            "vaswani2017attentiona",
        ]

    @examples(50)
    @given(st.lists(st.tuples(hostile.filter(clean), hostile, hostile, hostile), max_size=3))
    def test_text_begins_no_line_or_tag(self, many: list[tuple[str, str, str, str]]) -> None:
        written = "".join(
            ris.write(
                Paper(title=title, abstract=text, authors=(name,), venue=text, url=other, doi=other,
                      keywords=(text,), tags=(other,), note=text, id=other, date=other, year=2000)
                for title, text, name, other in many
            )
        )  # fmt: skip
        assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in written.split("\r\n") if line)
        read = rispy.loads(written, newline="\r\n")
        assert [each["title"] for each in read] == [clean(title) for title, *_ in many]
        assert [each.get("abstract", "") for each in read] == [clean(text) for _, text, *_ in many]

    @given(
        st.builds(
            build_paper,
            title=words,
            abstract=words,
            id=st.text("abc12", min_size=3).map(lambda key: f"x{key}y"),
            authors=st.lists(names, max_size=3),
            et_al=st.booleans(),
            date=st.dates().map(str) | st.just("2024-03") | st.just("1999"),
            venue=words.map(lambda word: f"Venue {word}"),
            url=st.just("https://example.org/x"),
            urls=st.lists(st.sampled_from(["https://a.org/b;c", "https://github.com/a/b"])),
            arxiv_id=st.sampled_from(["", "2101.00001", "hep-th/9901001"]),
            doi=st.sampled_from(["", "10.1000/x(1)"]),
            keywords=st.lists(words, max_size=2),
        )
    )
    def test_paper_round_trips(self, known: Paper) -> None:
        # Bibliographies cannot express that there are more authors if none is listed.
        known = replace(known, et_al=known.et_al and bool(known.authors))
        read = paper("ris", "".join(ris.write([known])))
        assert replace(read, type="", names=(), citation=NO_CITATION) == known

    @pytest.mark.parametrize(
        "name", ["Desk Imaging Initiative", "The ATLAS Collaboration", "OpenAI"]
    )
    def test_group_name_is_not_inverted(self, name: str) -> None:
        assert invert_name(name) == name

    @given(names)
    def test_inverted_name_round_trips(self, name: str) -> None:
        assert natural_order(invert_name(name)) == name


class TestCitation:
    @pytest.mark.parametrize(
        ("type", "lines", "csl", "values"),
        [
            ("CHAP", ["T2  - Desks", "PB  - House"], "chapter",
             {"container-title": "Desks", "publisher": "House"}),
            ("CPAPER", ["T2  - Proc. Desks", "CY  - Bonn", "SN  - 978-1-4028-9462-6"],
             "paper-conference", {"container-title": "Proc. Desks", "publisher-place": "Bonn",
                                  "ISBN": "978-1-4028-9462-6"}),
            ("CONF", ["T2  - Proc. Desks"], "paper-conference", {"container-title": "Proc. Desks"}),
            ("THES", ["PB  - MIT", "M3  - PhD thesis"], "thesis",
             {"publisher": "MIT", "genre": "PhD thesis"}),
            ("RPRT", ["PB  - Bell Labs", "SN  - TR-5"], "report",
             {"publisher": "Bell Labs", "number": "TR-5"}),
            ("JOUR", ["JA  - J. D.", "JO  - J. Desks", "T2  - Journal of Desks", "VL  - 7",
                      "IS  - 2", "SP  - 1", "EP  - 9", "SN  - 1234-5678"], "article-journal",
             {"container-title": "Journal of Desks", "container-title-short": "J. D.",
              "volume": "7", "issue": "2", "page": "1-9", "ISSN": "1234-5678"}),
            ("JOUR", ["JF  - Journal of Desks", "T2  - Another", "SP  - 1-9"], "article-journal",
             {"container-title": "Journal of Desks", "page": "1-9"}),
            ("BOOK", ["ET  - 2", "CY  - Bonn", "PB  - House", "T2  - Series"], "book",
             {"edition": "2", "publisher-place": "Bonn", "publisher": "House",
              "collection-title": "Series"}),
        ],
    )  # fmt: skip
    def test_type_and_variables_follow_the_type_of_record(
        self, type: str, lines: list[str], csl: str, values: dict[str, str]
    ) -> None:
        record = "\n".join((f"TY  - {type}", "TI  - T", *lines, "ER  - "))
        read = paper("ris", record)
        assert (read.type, dict(read.citation.values)) == (csl, values)
        written = "".join(ris.write([read])).replace("\r", "").split("\n")
        assert {f"TY  - {type}", *lines} <= set(written)
        assert paper("ris", "".join(ris.write([read]))).citation == read.citation

    def test_abstract_is_ab_and_n2_only_without_it(self) -> None:
        assert of("N2  - A note.", "AB  - The abstract.").abstract == "The abstract."
        assert of("N2  - The abstract.").abstract == "The abstract."

    def test_editors_and_translators_are_no_authors(self) -> None:
        read = of("A2  - Ed, Ian", "ED  - Moe, Bo", "A4  - Poe, Ann")
        assert read.authors == ()
        assert read.citation.names("editor") == (Name("Ed", "Ian"), Name("Moe", "Bo"))
        assert read.citation.names("translator") == (Name("Poe", "Ann"),)

    def test_family_names_survive(self) -> None:
        lines = ["AU  - García Márquez, Gabriel", "AU  - King, Martin L., Jr.",
                 "AU  - World Health Organization", "AU  - Barnes and Noble, Inc.",
                 "AU  - Van Assche, Gilles", "AU  - de la Vallée Poussin, Charles",
                 "AU  - University of California,, Irvine"]  # fmt: skip
        read = of(*lines)
        assert [name.literal or name.family for name in read.names] == [
            "García Márquez", "King", "World Health Organization", "Barnes and Noble, Inc.",
            "Van Assche", "Vallée Poussin", "University of California, Irvine",
        ]  # fmt: skip
        assert set(lines) <= set("".join(ris.write([read])).split("\r\n"))

    def test_tags_without_a_variable_are_given_back(self) -> None:
        lines = ["C1  - Gold", "U1  - one", "U1  - two", "DB  - Scopus", "AD  - Bonn, Germany",
                 "L1  - https://example.org/a.pdf", "N1  - a note"]  # fmt: skip
        written = "".join(ris.write([of(*lines)])).split("\r\n")
        assert set(lines) <= set(written)
        assert not [line for line in written if line.startswith("UR")]

    def test_preprint_names_no_journal_or_publisher(self) -> None:
        (record,) = ris.write([Paper("T", venue="arXiv cs.CV", arxiv_id="2101.00001")])
        assert "cs.CV" not in record
        assert "AN  - arXiv:2101.00001" in record

    def test_doi_with_angle_brackets_is_read_and_written_whole(self) -> None:
        sici = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"
        for written in (sici, sici.replace("<", "%3C").replace(">", "%3E")):
            read = of(f"DO  - {written}")
            assert read.doi == sici
            assert f"DO  - {sici}" in "".join(ris.write([read]))


@pytest.mark.parametrize(
    ("written", "date"),
    [("2013 May 15", "2013-05-15"), ("15 May 2013", "2013-05-15"),
     ("Mon, 4 Nov 2024", "2024-11-04"), ("September 2020", "2020-09"),
     ("20160419", "2016-04-19"), ("05/15/2020", "2020"),
     ("2017.0", "2017"), ("2013 May-Jun", "2013-05"), ("2024-02-30", "2024-02"), ("999", ""),
     ("", ""), ("-" * 300, "")],
)  # fmt: skip
def test_date_is_iso_8601_to_known_precision(written: str, date: str) -> None:
    assert iso_date(written) == date


class TestRealFiles:
    TITLELESS = ("example_bom", "example_multiline")

    def test_real_files_give_every_paper(self, shared: Path) -> None:
        files = sorted((shared / "formats" / "ris").glob("*.ris"))
        assert files
        for path in files:
            assert detected(path.read_bytes()) == "ris"
            read = entries("ris", path.read_bytes())
            found = [entry.paper for entry in read if isinstance(entry, ParsedPaper)]
            expected = 0 if any(name in path.name for name in self.TITLELESS) else len(read)
            assert len(found) == expected, path.name
            for each in found:
                assert each.authors or each.citation.names("editor")
                assert each.year
                assert not re.search(r"[<>{}]|  - ", f"{each.title}{each.authors}")

    def test_real_file_without_type_and_in_cyrillic_is_read(self, shared: Path) -> None:
        folder = shared / "formats" / "ris"
        read = paper("ris", (folder / "jabref-RisImporterCorrupted.ris").read_bytes())
        assert (read.authors, read.date) == (("Warren Harrison",), "2001-09-01")
        assert read.venue == "Empirical Software Engineering"
        read = paper("ris", (folder / "rispy-example_utf_chars.ris").read_bytes())
        assert read.title.startswith("Состояние рецепторного аппарата")
