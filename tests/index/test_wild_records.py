"""Records as publishers and services export them, with their quirks removed."""

import pytest

from index.formats.records.dates import iso_date
from index.formats.records.markup import abstract
from index.formats.records.names import natural_order
from index.formats.records.people import parse_people
from index.papers.paper import Paper
from tests.index.reading import paper


def ris(lines: str, kind: str = "JOUR") -> Paper:
    return paper("ris", f"TY  - {kind}\nTI  - A desk\n{lines}\nER  - \n")


class TestAbstracts:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("Abstract", ""),
            ("No abstract available.", ""),
            ("Abstract: we sit.", "we sit."),
            ("AbstractThis desk is ours.", "This desk is ours."),
            ("ABSTRACT The desk is ours.", "The desk is ours."),
            ("Abstract\nIn recent years, desks", "In recent years, desks"),
            ("Abstract meaning representation is a desk.",) * 2,
            ("Abstract Meaning Representation (AMR) is a desk.",) * 2,
            ("Abstractions are many.",) * 2,
        ],
    )
    def test_heading_of_abstract_is_removed(self, text: str, shown: str) -> None:
        assert abstract(text) == shown

    def test_heading_alone_is_no_abstract(self) -> None:
        assert ris("AB  - Abstract").abstract == ""


class TestVenuesInRis:
    @pytest.mark.parametrize(
        ("kind", "lines", "venue"),
        [
            ("BOOK", "PB  - MIT Press", "MIT Press"),
            ("BOOK", "T2  - Springer", "Springer"),
            ("THES", "PB  - MIT\nM3  - PhD Thesis", "PhD Thesis, MIT"),
            ("THES", "T2  - PhD thesis, MIT", "PhD thesis, MIT"),
            ("RPRT", "PB  - NASA", "Technical report, NASA"),
            ("PREP", "PB  - arXiv", "arXiv"),
            ("JOUR", "JO  - Desks\nPB  - Springer", "Desks"),
            ("CONF", "PB  - ACM", ""),
        ],
    )
    def test_venue_of_book_is_its_publisher(self, kind: str, lines: str, venue: str) -> None:
        assert ris(lines, kind).venue == venue


class TestTables:
    def test_link_is_no_id_and_python_list_is_parsed(self) -> None:
        table = (
            "id,title,categories,abstract\n"
            "http://arxiv.org/abs/2302.13971v1,A desk,\"['cs.CL', 'cs.LG']\",n/a\n"
        )
        read = paper("csv", table)
        assert (read.id, read.arxiv_id, read.abstract) == ("", "2302.13971", "")
        assert read.categories == ("cs.CL", "cs.LG")

    def test_truncated_author_list_sets_et_al(self) -> None:
        assert parse_people("A Lovelace, C Babbage…") == (["A Lovelace", "C Babbage"], True)


class TestPubmedTitles:
    @pytest.mark.parametrize(
        ("title", "shown"),
        [
            ("A desk.", "A desk"),
            ("A desk?", "A desk?"),
            ("Desks of the U.S.A.", "Desks of the U.S.A."),
            ("Desks and so on...", "Desks and so on..."),
            ("[A German desk].", "A German desk"),
            ("[A German desk.]", "A German desk"),
            ("[Old] and [new].", "[Old] and [new]"),
        ],
    )
    def test_full_stop_and_brackets_of_pubmed_are_removed(self, title: str, shown: str) -> None:
        assert paper("nbib", f"PMID- 1\nTI  - {title}\n").title == shown
        article = f"<Article><ArticleTitle>{title}</ArticleTitle></Article>"
        xml = f"<PubmedArticle><MedlineCitation>{article}</MedlineCitation></PubmedArticle>"
        assert paper("pubmed", f"<PubmedArticleSet>{xml}</PubmedArticleSet>").title == shown


class TestNamesAndDates:
    @pytest.mark.parametrize(
        ("name", "said"),
        [("Smith, John Jr", "John Smith Jr"), ("林, 秀贞", "林秀贞"), ("Ivy, Hal", "Hal Ivy")],
    )
    def test_names_are_in_natural_order(self, name: str, said: str) -> None:
        assert natural_order(name) == said

    @pytest.mark.parametrize("span", ["27-30 June 2016", "27–30 Jun 2016", "27 June 2016"])
    def test_range_of_days_counts_as_its_first(self, span: str) -> None:
        assert iso_date(span) == "2016-06-27"
