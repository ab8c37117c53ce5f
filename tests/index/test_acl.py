"""ACL Anthology: papers with the metadata of their volumes."""

import pytest

from index.papers.entries import ParsedPaper, Skipped
from tests.index.reading import DATA, detected, entries, paper

COLLECTION = (DATA / "acl.xml").read_bytes()


def found(position: int) -> ParsedPaper:
    read = [entry for entry in entries("acl", COLLECTION) if isinstance(entry, ParsedPaper)]
    return read[position - 1]


class TestPapers:
    def test_paper_gives_all_fields(self) -> None:
        entry = found(1)
        read = entry.paper
        assert (entry.position, entry.line) == (1, 17)
        assert read.title == "Reading BERT in O(n²) at Képes"
        assert read.abstract == "We read all of it at https://github.com/carrel/bert, R&D included."
        assert read.authors == ("Ada Lovelace", "Plato")
        assert read.id == "lovelace-plato-2031-reading"
        assert read.url == "https://aclanthology.org/2031.desk-main.1/"
        assert read.doi == "10.18653/v1/2031.desk-main.1"
        assert read.code == ("https://github.com/carrel/pwc", "https://github.com/carrel/bert")

    def test_venue_and_date_come_from_the_volume(self) -> None:
        read = found(1).paper
        assert read.venue == "Proceedings of the First Meeting on Desks"
        assert (read.date, read.year) == ("2031-07", 2031)

    def test_broken_paper_costs_only_itself(self) -> None:
        (skipped,) = (entry for entry in entries("acl", COLLECTION) if isinstance(entry, Skipped))
        assert skipped.line == 29
        assert skipped.reason.startswith("not well-formed XML")
        assert (found(2).paper.title, found(2).paper.id) == ("Just a Title", "2031.desk-main.3")

    def test_previous_volume_has_no_effect(self) -> None:
        read = found(3).paper
        assert (read.title, read.venue, read.date) == ("Of No Known Volume", "", None)
        assert read.url == "https://example.org/a.pdf"

    def test_journal_is_the_venue(self) -> None:
        read = found(4).paper
        assert (read.venue, read.date) == ("Transactions of Desks", "1999")
        assert (read.authors, read.id) == (("Charles Babbage",), "Q99-1001")

    def test_front_matter_is_no_paper(self) -> None:
        assert len(entries("acl", COLLECTION)) == 5

    def test_old_volumes_have_the_year_in_each_paper(self) -> None:
        data = """<?xml version="1.0"?><volume id="P99">
        <paper id="1001"><title>T</title><author><first>A</first><last>B</last></author>
        <booktitle>Proc. of Desks</booktitle><month>June</month><year>1999</year></paper>
        </volume>"""
        assert detected(data) == "acl"
        read = paper("acl", data)
        assert (read.venue, read.date, read.authors) == ("Proc. of Desks", "1999-06", ("A B",))


class TestRecognising:
    def test_format_is_detected_by_content(self) -> None:
        assert detected(COLLECTION, "page.txt") == "acl"

    @pytest.mark.parametrize(
        "data", ["<collection><book/></collection>", "<volume id='1'/>", "<volumes/>", "collection"]
    )
    def test_other_texts_are_not_recognised(self, data: str) -> None:
        assert detected(data) != "acl"


class TestVolumesBefore2020:
    def test_id_comes_from_link_and_front_matter_is_skipped(self) -> None:
        text = (
            '<volume id="P17"><paper id="1000"><title>Proceedings of a meeting</title></paper>\n'
            '<paper id="1001"><title>A desk</title><author><first>Ada</first><last>Lovelace</last>'
            "</author><url>http://www.aclweb.org/anthology/P17-1001</url></paper></volume>"
        )
        read = paper("acl", text)
        assert (read.id, read.url) == ("P17-1001", "https://aclanthology.org/P17-1001/")
