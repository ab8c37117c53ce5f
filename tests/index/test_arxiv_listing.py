"""arXiv listings as text: the daily mail, and copied pages of new papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.papers.entries import ParsedPaper, Skipped
from tests.index.reading import detected, entries, papers

MAIL = r"""From: no-reply@arxiv.org
------------------------------------------------------------------------------
\\
arXiv:2511.00001
Date: Fri, 31 Oct 2025 17:59:59 GMT   (123kb)

Title: A Desk for
  K\'epes
Authors: Ada Lovelace (London), Charles Babbage and Grace Hopper
Categories: cs.AI cs.LG
Comments: 12 pages, https://github.com/a/desk
Journal-ref: Desks 12 (2025)
DOI: 10.1000/desk.1
\\
  We present: desks that
are good.
\\ ( https://arxiv.org/abs/2511.00001 ,  123kb)
------------------------------------------------------------------------------
\\
arXiv:hep-th/9901001 (*cross-listing*)
Date: Fri, 1 Jan 1999 17:59:59 GMT   (13kb)

Title: A Chair
Authors: Alan Turing
Categories: hep-th
\\
  It stands.
\\ ( https://arxiv.org/abs/hep-th/9901001 ,  13kb)
%%--%%--%%
"""

PAGE = """\
Showing new listings for Tuesday, 4 November 2025

New submissions (showing 2 of 2 entries)

[1] arXiv:2511.00001 [pdf, html, other]
    Title: A Desk: For Reading
    Authors: Ada Lovelace, Charles Babbage
    Subjects: Artificial Intelligence (cs.AI); Machine Learning (stat.ML)

    We present a desk. It is good:
    in all ways.

[2] arXiv:2511.00002 [pdf, html, other]
    Title:Second
    Authors:Grace Hopper
    Subjects:Computation and Language (cs.CL)

Cross submissions (showing 1 of 1 entries)

[3] arXiv:2511.00003 (cross-list from stat.ML) [pdf]
    Authors: Nobody
"""


class TestMail:
    def test_mail_gives_all_fields(self) -> None:
        desk, chair = papers("arxiv-listing", MAIL)
        assert (desk.title, desk.abstract) == (
            "A Desk for Képes",
            "We present: desks that are good.",
        )
        assert desk.authors == ("Ada Lovelace", "Charles Babbage", "Grace Hopper")
        assert (desk.arxiv_id, desk.doi, desk.date) == (
            "2511.00001",
            "10.1000/desk.1",
            "2025-10-31",
        )
        assert desk.categories == ("cs.AI", "cs.LG")
        assert desk.code == ("https://github.com/a/desk",)
        assert (chair.arxiv_id, chair.abstract) == ("hep-th/9901001", "It stands.")

    def test_entry_has_line_of_its_identifier(self) -> None:
        assert [entry.line for entry in entries("arxiv-listing", MAIL)] == [4, 20]


class TestPage:
    def test_listing_page_gives_all_fields(self) -> None:
        first, second, third = entries("arxiv-listing", PAGE)
        assert isinstance(first, ParsedPaper)
        assert first.paper.title == "A Desk: For Reading"
        assert first.paper.abstract == "We present a desk. It is good: in all ways."
        assert first.paper.categories == ("cs.AI", "stat.ML")
        assert isinstance(second, ParsedPaper)
        assert (second.paper.title, second.paper.abstract) == ("Second", "")
        assert third == Skipped(20, "no title; give the entry one")


class TestRecognition:
    @pytest.mark.parametrize("text", [MAIL, PAGE[: PAGE.index("Cross")]])
    def test_listing_is_recognised_by_identifiers_and_titles(self, text: str) -> None:
        assert detected(text, "new.txt") == "arxiv-listing"

    @pytest.mark.parametrize(
        "text", ["arXiv:2511.00001 is a paper\n\nand no more", "Title: A\nAuthors: B\n", "", "@"]
    )
    def test_other_texts_are_not_recognised(self, text: str) -> None:
        assert detected(text) != "arxiv-listing"

    @given(st.lists(st.sampled_from([*MAIL.splitlines(), *PAGE.splitlines(), "\x00", "-" * 30])))
    def test_any_lines_are_read_without_exception(self, lines: list[str]) -> None:
        found = entries("arxiv-listing", "\n".join(lines))
        assert len(found) == sum("arXiv:" in line for line in lines)
