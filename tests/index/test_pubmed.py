"""PubMed: papers of its XML and MEDLINE files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.papers.entries import ParsedPaper, Skipped
from index.papers.names import Name
from tests.index.reading import DATA, detected, entries, paper, papers

ARTICLE = (DATA / "pubmed.xml").read_text()


def article(body: str) -> str:
    return f"<PubmedArticle><MedlineCitation>{body}</MedlineCitation></PubmedArticle>"


def dated(date: str, more: str = "") -> str | None:
    issue = f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>"
    body = f"<ArticleTitle>T</ArticleTitle>{issue}{more}"
    return paper("pubmed", article(f"<Article>{body}</Article>")).date


class TestXml:
    def test_article_gives_all_fields(self) -> None:
        read = paper("pubmed", ARTICLE)
        assert read.title == "H2O at the desk & beyond"
        assert read.abstract == "BACKGROUND: We sit. We read 103 pages. Results: It works."
        assert read.authors == ("Ada B Lovelace 3rd", "C Babbage", "Desk Consortium")
        assert read.et_al, "the list of authors is not complete"
        assert (read.date, read.year, read.venue) == ("2020-12-05", 2020, "Journal of desks")
        assert (read.doi, read.id) == ("10.1000/desk.1", "12345678")
        assert read.url == "https://pubmed.ncbi.nlm.nih.gov/12345678/"
        assert read.keywords == ("desks", "Humans")

    @pytest.mark.parametrize(
        ("date", "known"),
        [
            ("<Year>2013</Year><Season>Spring</Season>", "2013"),
            ("<Year>2013</Year><Month>02</Month><Day>3</Day>", "2013-02-03"),
            ("<Year>2013</Year><Month>Feb</Month><Day>31</Day>", "2013-02"),
            ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
            ("<MedlineDate>2000 Mar 25-31</MedlineDate>", "2000-03-25"),
            ("<MedlineDate>Winter 2001-2002</MedlineDate>", "2001"),
            ("", None),
        ],
    )
    def test_dates_keep_their_precision(self, date: str, known: str | None) -> None:
        assert dated(date) == known

    def test_online_date_counts_only_in_year_of_issue(self) -> None:
        day = "<ArticleDate><Year>2012</Year><Month>12</Month><Day>9</Day></ArticleDate>"
        assert dated("<Year>2013</Year>", day) == "2013"
        assert dated("<Year>2012</Year>", day) == "2012-12-09"

    def test_unavailable_title_falls_back_to_original_language(self) -> None:
        none = "<ArticleTitle>[Not Available].</ArticleTitle>"
        body = f"<Article>{none}<VernacularTitle>Das Pult.</VernacularTitle></Article>"
        assert paper("pubmed", article(body)).title == "Das Pult"

    def test_missing_abstract_falls_back_to_other_abstract(self) -> None:
        other = (
            "<OtherAbstract Type='Publisher'><AbstractText>Other.</AbstractText></OtherAbstract>"
        )
        read = paper("pubmed", article(f"<Article><ArticleTitle>T</ArticleTitle></Article>{other}"))
        assert read.abstract == "Other."

    def test_venue_of_chapter_is_its_book(self) -> None:
        book = "<Book><BookTitle>Desks</BookTitle><PubDate><Year>2009</Year></PubDate>{}</Book>"
        editors = "<AuthorList Type='editors'><Author><LastName>E</LastName></Author></AuthorList>"
        chapter = (
            f"<PMID>7</PMID>{book.format(editors)}<ArticleTitle>Legs</ArticleTitle>"
            "<AuthorList Type='authors'><Author><LastName>A</LastName></Author></AuthorList>"
        )
        whole = book.format(editors)
        data = "".join(
            f"<PubmedBookArticle><BookDocument>{part}</BookDocument></PubmedBookArticle>"
            for part in (chapter, whole)
        )
        one, two = papers("pubmed", f"<PubmedArticleSet>{data}</PubmedArticleSet>")
        assert (one.title, one.venue, one.authors, one.id) == ("Legs", "Desks", ("A",), "7")
        assert (two.title, two.venue, two.authors, two.year) == ("Desks", "", (), 2009)
        assert (one.type, two.type) == ("chapter", "book")
        assert one.citation.get("container-title") == "Desks"
        assert [str(name) for name in two.citation.names("editor")] == ["E"]

    def test_citation_of_article_is_read(self) -> None:
        body = """<PMID>9</PMID><Article><Journal><ISSN>1234-5678</ISSN><JournalIssue>
            <Volume>7</Volume><Issue>2</Issue></JournalIssue><Title>Journal of Desks</Title>
            <ISOAbbreviation>J Desks</ISOAbbreviation></Journal><ArticleTitle>T</ArticleTitle>
            <Pagination><StartPage>1</StartPage><EndPage>9</EndPage></Pagination><AuthorList>
            <Author><LastName>de la Cruz</LastName><ForeName>Pia</ForeName>
            <Suffix>Jr</Suffix></Author>
            <Author><CollectiveName>Desk Group</CollectiveName></Author></AuthorList></Article>"""
        read = paper("pubmed", article(body))
        assert dict(read.citation.values) == {
            "container-title": "Journal of Desks", "container-title-short": "J Desks",
            "ISSN": "1234-5678", "volume": "7", "issue": "2", "page": "1-9", "PMID": "9",
        }  # fmt: skip
        assert read.type == "article-journal"
        assert read.names == (Name("Cruz", "Pia", "de la", "", "Jr"), Name(literal="Desk Group"))

    def test_arxiv_preprint_has_its_identifier(self) -> None:
        own = "<ArticleId IdType='pii'>arXiv:2305.00011v2</ArticleId>"
        ids = f"<PubmedData><ArticleIdList>{own}</ArticleIdList></PubmedData>"
        body = (
            "<MedlineCitation><Article><ArticleTitle>T</ArticleTitle></Article></MedlineCitation>"
        )
        read = paper("pubmed", f"<PubmedArticle>{body}{ids}</PubmedArticle>")
        assert read.arxiv_id == "2305.00011"

    def test_indented_text_is_joined(self) -> None:
        title = "<ArticleTitle>The gene (\n      <i>ABC</i>)\n    works</ArticleTitle>"
        assert (
            paper("pubmed", article(f"<Article>{title}</Article>")).title == "The gene (ABC) works"
        )

    def test_old_record_sets_are_read(self) -> None:
        body = "<PMID>1</PMID><Article><ArticleTitle>T</ArticleTitle></Article>"
        data = f"<MedlineCitationSet><MedlineCitation>{body}</MedlineCitation></MedlineCitationSet>"
        assert detected(data) == "pubmed"
        assert paper("pubmed", data).id == "1"

    def test_xml_is_recognised_by_root_element(self) -> None:
        assert detected(ARTICLE, "page.txt") == "pubmed"
        assert detected("<html>PubmedArticleSet</html>") != "pubmed"


NBIB = """PMID- 12345678
OWN - NLM
STAT- MEDLINE
DP  - 2020 Dec
TI  - Water at the desk
      and beyond.
LID - S1 [pii]
LID - 10.1000/desk.1 [doi]
AB  - BACKGROUND: We sit.
      We read.
CI  - Copyright of desks.
FAU - Lovelace, Ada B
AU  - Lovelace AB
AD  - London
FAU - van der Berg, Jan, Jr
AU  - van der Berg J Jr
CN  - Desk Consortium
PT  - Journal Article
DEP - 20201205
TA  - J Desks
JT  - Journal of desks
MH  - Reading/*methods
MH  - *Humans
OT  - *desks
AID - 10.1000/desk.1 [doi]
SO  - J Desks. 2020 Dec;1(2):3-4.

PMID- 2
TI  - Second
AU  - Babbage C
AU  - de la Cruz M Jr
AU  - et al.

AB  - After a blank line.
"""


class TestText:
    def test_record_gives_all_fields(self) -> None:
        read, _ = papers("nbib", NBIB)
        assert (read.title, read.abstract) == (
            "Water at the desk and beyond",
            "BACKGROUND: We sit. We read.",
        )
        assert read.authors == ("Ada B Lovelace", "Jan van der Berg Jr", "Desk Consortium")
        assert (read.date, read.venue) == ("2020-12-05", "Journal of desks")
        assert (read.doi, read.id) == ("10.1000/desk.1", "12345678")
        assert read.keywords == ("desks", "Reading", "Humans")

    def test_article_with_isbn_and_edition_is_an_article(self) -> None:
        more = "ISBN- ISBN 978-3-86680-192-9\nEN  - 2\nPT  - Review\n"
        read = paper("nbib", f"PMID- 1\nTI  - T\nJT  - Journal of desks\nPL  - Iran\n{more}")
        assert (read.type, read.venue) == ("article-journal", "Journal of desks")
        assert read.citation.get("container-title") == "Journal of desks"
        assert read.citation.get("ISBN") == "978-3-86680-192-9"
        assert read.citation.get("publisher-place") == ""

    @pytest.mark.parametrize(
        ("fields", "kind"),
        [
            ("PT  - Book\n", "book"),
            ("BTI - Handbook of desks\nPB  - Pub House\nPT  - Review\n", "chapter"),
            ("PT  - Journal Article\nPT  - Preprint\nJT  - bioRxiv\n", "article"),
        ],
    )
    def test_type_follows_the_fields_of_a_record(self, fields: str, kind: str) -> None:
        assert paper("nbib", f"PMID- 1\nTI  - T\n{fields}").type == kind

    def test_short_names_become_natural_order(self) -> None:
        _, read = papers("nbib", NBIB)
        assert read.authors == ("C Babbage", "M de la Cruz Jr")
        assert read.et_al

    def test_blank_line_within_record_is_ignored(self) -> None:
        _, read = papers("nbib", NBIB)
        assert read.abstract == "After a blank line."
        assert [entry.line for entry in entries("nbib", NBIB)] == [1, 28]

    def test_records_without_pmid_are_separated_by_blank_lines(self) -> None:
        data = "STAT- x\nTI  - One\n\nSTAT- x\nTI  - Two\n\nSTAT- x\nPT  - Editorial\n"
        one, two, none = entries("nbib", data)
        assert isinstance(one, ParsedPaper)
        assert isinstance(two, ParsedPaper)
        assert none == Skipped(7, "no title; give the entry one")

    @pytest.mark.parametrize("mark", ["\n", "\r\n", "\r"])
    def test_line_ends_and_byte_order_marks_are_accepted(self, mark: str) -> None:
        data = ("\ufeff\n" + NBIB).replace("\n", mark)
        assert detected(data) == "nbib"
        assert [each.title for each in papers("nbib", data)] == [
            "Water at the desk and beyond",
            "Second",
        ]

    @pytest.mark.parametrize(
        "head", ["PMID- 1\nTI  - T", "PMID-22664238\nPT  - Editorial", "PMCR- 2\nTI  - A\n", NBIB]
    )
    def test_format_is_detected_by_content(self, head: str) -> None:
        assert detected(head, "page.txt") == "nbib"

    @pytest.mark.parametrize(
        "head", ["TY  - JOUR\nTI  - T\nER  - ", "TI  - T\nAU  - A\n", "PM - x", "NOTE- a\nb", ""]
    )
    def test_other_texts_are_not_recognised(self, head: str) -> None:
        assert detected(head) != "nbib"

    @given(
        st.lists(st.sampled_from([*NBIB.splitlines(), "", "      x", "ZZZZ", "\x00"])).map(
            "\n".join
        )
    )
    def test_any_lines_are_read_without_exception(self, data: str) -> None:
        for entry in entries("nbib", data):
            assert 1 <= entry.line <= data.count("\n") + 1


class TestRealFiles:
    @pytest.mark.parametrize(
        ("name", "format", "titles"),
        [
            ("MedlineImporterTestArticleItalics.xml", "pubmed", ["Genome-wide significant"]),
            ("MedlineImporterTestNbib.xml", "pubmed", ["Predictors of treat", "Rheumatoid Art"]),
            ("MedlinePlainImporterTestCompleteEntry.txt", "nbib", ["From danger and"]),
            ("MedlinePlainImporterTestMultiTitle.txt", "nbib", ["This is a Testtitle"]),
            ("MedlinePlainImporterTestInproceeding.txt", "nbib", []),
            ("NbibImporterTest.nbib", "nbib", ["Proteomics: A new perspective"]),
        ],
    )
    def test_real_files_give_every_paper(
        self, shared: Path, name: str, format: str, titles: list[str]
    ) -> None:
        data = (shared / "formats" / "pubmed" / f"jabref-{name}").read_bytes()
        assert detected(data) == format
        found = [entry.paper for entry in entries(format, data) if isinstance(entry, ParsedPaper)]
        assert len(found) == len(titles)
        for each, title in zip(found, titles, strict=True):
            assert each.title.startswith(title)

    def test_real_article_is_read(self, shared: Path) -> None:
        name = "jabref-MedlineImporterTestArticleItalics.xml"
        read = paper("pubmed", (shared / "formats" / "pubmed" / name).read_bytes())
        assert read.title.endswith("on chromosome 19 and the APOE locus")
        assert "The apolipoprotein E (APOE) gene" in read.abstract
        assert (len(read.authors), read.authors[0]) == (24, "Sonia Moreno-Grau")
        assert (read.doi, read.date) == ("10.18632/oncotarget.25083", "2018-05-15")
