"""arXiv: papers of API responses, announcements and OAI-PMH records."""

from pathlib import Path

import pytest

from index import Library
from index.papers.entries import ParsedPaper, Skipped
from tests.index.reading import DATA, detected, entries, paper, papers

ENTRY = """
  <entry>
    <id>http://arxiv.org/abs/2411.00011v2</id>
    <updated>2024-11-09T00:00:00Z</updated>
    <published>2024-11-04T18:00:00Z</published>
    <title>Carrels, Desks
  and the Art of Reading</title>
    <summary>  We read at desks,
with $n&lt;m$ pages. See https://github.com/carrel/desks.
</summary>
    <author><name>Ada Lovelace</name><arxiv:affiliation>London</arxiv:affiliation></author>
    <author><name>Dirk W&#xfc;bben</name></author>
    <arxiv:comment>8 pages; code: https://github.com/carrel/code</arxiv:comment>
    <arxiv:journal_ref>Journal of Desks 3 (2024)</arxiv:journal_ref>
    <arxiv:doi>10.1000/desks</arxiv:doi>
    <link title="doi" href="http://dx.doi.org/10.1000/desks" rel="related"/>
    <link href="http://arxiv.org/abs/2411.00011v2" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/2411.00011v2" rel="related"/>
    <arxiv:primary_category term="cs.DL" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CL"/><category term="cs.DL"/>
  </entry>"""


def answer(*parts: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom">' + "".join(parts) + "</feed>"
    )


class TestAnswers:
    def test_entry_gives_all_fields(self) -> None:
        read = paper("arxiv", answer(ENTRY))
        assert read.title == "Carrels, Desks and the Art of Reading"
        assert read.abstract.startswith("We read at desks, with n<m pages.")
        assert read.authors == ("Ada Lovelace", "Dirk Wübben")
        assert (read.arxiv_id, read.url) == ("2411.00011", "https://arxiv.org/abs/2411.00011")
        assert (read.date, read.year) == ("2024-11-04", 2024)
        assert (read.venue, read.doi) == ("Journal of Desks", "10.1000/desks")
        assert read.categories == ("cs.DL", "cs.CL"), "the primary one first"
        assert read.code == ("https://github.com/carrel/code", "https://github.com/carrel/desks")

    def test_missing_fields_are_empty(self) -> None:
        read = paper("arxiv", answer("<entry><title>T</title></entry>"))
        assert (read.arxiv_id, read.url, read.date, read.authors) == ("", "", None, ())

    def test_old_identifier_is_read(self) -> None:
        old = "<entry><id>http://arxiv.org/abs/hep-th/9901001v3</id><title>T</title></entry>"
        assert paper("arxiv", answer(old)).arxiv_id == "hep-th/9901001"

    def test_error_response_is_skipped_with_its_message(self) -> None:
        error = (
            "\n<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title>"
            "<summary>malformed id\n 12.3</summary></entry>"
        )
        assert entries("arxiv", answer(ENTRY, error))[1:] == [
            Skipped(23, "arXiv returned an error: malformed id 12.3; check the query")
        ]

    def test_response_without_papers_yields_none(self, library: Library, tmp_path: Path) -> None:
        (tmp_path / "none.xml").write_text(answer())
        (file,) = library.import_paths([tmp_path / "none.xml"]).files
        assert (file.format, file.read) == ("arxiv", 1)
        assert file.skipped == [Skipped(1, "no paper found in this arXiv file")]

    def test_name_with_comma_is_one_name(self) -> None:
        entry = "<entry><title>T</title><author><name>Lovelace, Inc.</name></author></entry>"
        assert paper("arxiv", answer(entry)).authors == ("Lovelace, Inc.",)


class TestAnnouncements:
    def test_new_paper_has_date_of_announcement(self) -> None:
        new, _ = papers("arxiv", (DATA / "arxiv-announcements.rss").read_bytes())
        assert new.title == "Carrels, Desks and the Art of Reading n<m Pages"
        assert new.abstract.startswith("We read at desks. For n<m pages")
        assert new.authors == ("Ada Lovelace", "Dirk Wübben")
        assert (new.arxiv_id, new.date) == ("2411.00011", "2024-11-04")
        assert new.categories == ("cs.CL", "cs.DL")
        assert new.code == ("https://github.com/carrel/desks",)

    def test_replaced_paper_has_month_of_identifier(self) -> None:
        _, old = papers("arxiv", (DATA / "arxiv-announcements.rss").read_bytes())
        assert (old.date, old.abstract) == ("2023-01", "We read again.")
        assert (old.doi, old.venue) == ("10.1000/older", "Journal of Desks")

    def test_old_rdf_feed_is_read(self) -> None:
        one, two = papers("arxiv", (DATA / "arxiv-announcements.rdf").read_bytes())
        assert one.title == "A Desk for Every Reader"
        assert one.abstract == "We give every reader a desk. R&D follows."
        assert one.authors == ("Ada Lovelace", "Charles Babbage")
        assert (one.arxiv_id, one.categories, one.date) == ("2301.00011", ("cs.LG",), "2023-01")
        assert (two.title, two.arxiv_id, two.date) == ("An Old One", "math/9901022", "1999-01")

    def test_atom_feed_with_joined_authors_is_read(self) -> None:
        entry = """<entry><id>oai:arXiv.org:2411.00011v1</id><title>T</title>
            <link href="https://arxiv.org/abs/2411.00011" rel="alternate" type="text/html"/>
            <summary>arXiv:2411.00011v1 Announce Type: new \nAbstract: We read.</summary>
            <published>2024-11-04T00:00:00-05:00</published><category term="cs.CL"/>
            <arxiv:announce_type>new</arxiv:announce_type>
            <dc:creator>Ada Lovelace, Charles Babbage</dc:creator></entry>"""
        read = paper("arxiv", answer(entry))
        assert (read.abstract, read.arxiv_id, read.date) == ("We read.", "2411.00011", "2024-11-04")
        assert read.authors == ("Ada Lovelace", "Charles Babbage")


class TestHarvests:
    DATA = (DATA / "arxiv-oai.xml").read_bytes()

    def test_arxiv_metadata_is_read(self) -> None:
        entry = entries("arxiv", self.DATA)[0]
        assert isinstance(entry, ParsedPaper)
        read = entry.paper
        assert (read.title, read.abstract) == ("Engines of Analysis", "We analyse.")
        assert read.authors == ("Ada van Lovelace", "Martin L. King Jr")
        assert (read.arxiv_id, read.date, read.doi) == (
            "0804.0011",
            "2008-04-14",
            "10.1000/engines",
        )
        assert (read.venue, read.categories) == ("J. Engines", ("cs.CL", "cs.LG"))
        assert read.code == ("http://github.com/carrel/engines",)

    def test_deleted_record_is_reported(self) -> None:
        assert entries("arxiv", self.DATA)[1] == Skipped(
            18, "arXiv has deleted this record; remove it from the file"
        )

    def test_raw_metadata_gives_first_version_and_all_authors(self) -> None:
        entry = entries("arxiv", self.DATA)[2]
        assert isinstance(entry, ParsedPaper)
        assert entry.paper.authors == ("A. Lovelace", "C. Babbage", "E. Noether")
        assert (entry.paper.date, entry.paper.arxiv_id) == ("1999-01-01", "hep-th/9901001")

    def test_dublin_core_is_read(self) -> None:
        entry = entries("arxiv", self.DATA)[3]
        assert isinstance(entry, ParsedPaper)
        read = entry.paper
        assert (read.title, read.abstract, read.date) == ("Core", "The core.", "2024-11-01")
        assert (read.arxiv_id, read.doi) == ("2411.00013", "10.1000/core")
        assert read.authors == ("Ada Lovelace", "Charles Babbage")


class TestRecognising:
    @pytest.mark.parametrize(
        "name", ["arxiv-announcements.rss", "arxiv-announcements.rdf", "arxiv-oai.xml"]
    )
    def test_format_is_detected_by_content(self, name: str) -> None:
        assert detected((DATA / name).read_bytes(), "page.txt") == "arxiv"
        assert detected(answer(ENTRY), "papers.bib") == "arxiv"

    @pytest.mark.parametrize(
        "data",
        [
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>News</title></entry></feed>',
            "<html><a href='https://arxiv.org/abs/1'>x</a></html>",
            "<feed",
            "A feed of https://arxiv.org papers",
        ],
    )
    def test_other_texts_are_not_recognised(self, data: str) -> None:
        assert detected(data) != "arxiv"


class TestRealFiles:
    COUNTS = {"0000.0000": 0, "0808.05394": 0, "1707.08567": 1, "id_abc": 0, "quant-ph": 1,
              "s0_m10_": 10, "s10_m10": 10, "s30_m10": 10, "s50_m10": 10, "s5_m15": 15,
              "llm-paper": 2}  # fmt: skip

    @pytest.mark.parametrize("part", COUNTS)
    def test_real_files_give_every_paper(self, shared: Path, part: str) -> None:
        (path,) = (shared / "formats" / "arxiv-atom").glob(f"*{part}*.xml")
        data = path.read_bytes()
        assert detected(data) == "arxiv"
        found = [entry.paper for entry in entries("arxiv", data) if isinstance(entry, ParsedPaper)]
        assert len(found) == self.COUNTS[part]
        for each in found:
            assert each.title
            assert len(each.abstract) > 100
            assert each.arxiv_id
            assert each.authors
            assert each.date
            assert each.categories

    def test_mojibake_is_repaired(self, shared: Path) -> None:
        (path,) = (shared / "formats" / "arxiv-atom").glob("*1707*.xml")
        assert "Dirk Wübben" in paper("arxiv", path.read_bytes()).authors
