"""Captures of Daily Papers pages by other tools: one paper's page, and cards with boxes."""

from index.papers.entries import Skipped
from tests.index.reading import detected, entries, papers

PAGE = """\
[Papers](/papers)

arxiv:2507.16075

# A Desk with Test-Time Drawers

Published on Jul 21, 2025

· Submitted by [AK](/akhaliq) on Jul 23, 2025 [#1 Paper of the day](/papers/date/2025-07-23)

[Upvote 67](/login?next=%2Fpapers%2F2507.16075)

Authors:

Ada Lovelace,

Charles Babbage

## Abstract

Desks are rapidly advancing.

They have drawers.

[View arXiv page](https://arxiv.org/abs/2507.16075) [GitHub 12](https://github.com/a/b)
"""

CARDS = """\
Title: Daily Papers - Hugging Face

URL Source: https://huggingface.co/papers/date/2025-11-03

[- [x] 88](https://huggingface.co/login?next=%2Fpapers%2F2510.24411)

### [A Desk: Towards Safety](https://huggingface.co/papers/2510.24411)

[27](https://github.com/a/desk)[2](https://huggingface.co/papers/2510.24411#community)

[- [x] 7](https://huggingface.co/login?next=%2Fpapers%2F2510.27492)

### [A Drawer: Emergent Properties](https://huggingface.co/papers/2510.27492)

*   · 12 authors
"""


class TestPageOfOnePaper:
    def test_paper_page_gives_all_fields(self) -> None:
        assert detected(PAGE, "a.md") == "markdown"
        (read,) = papers("markdown", PAGE)
        assert (read.title, read.arxiv_id) == ("A Desk with Test-Time Drawers", "2507.16075")
        assert read.authors == ("Ada Lovelace", "Charles Babbage")
        assert read.abstract == "Desks are rapidly advancing. They have drawers."
        assert (read.votes, read.date, read.code) == (67, "2025-07-21", ("https://github.com/a/b",))

    def test_page_without_abstract_heading_is_no_paper_page(self) -> None:
        assert papers("markdown", PAGE.replace("## Abstract", "Abstract")) == []

    def test_page_without_title_is_skipped(self) -> None:
        (item,) = entries("markdown", PAGE.replace("# A Desk with Test-Time Drawers", "# Papers"))
        assert isinstance(item, Skipped)


class TestCards:
    def test_stars_and_comments_are_no_votes(self) -> None:
        first, second = papers("markdown", CARDS)
        assert (first.votes, second.votes) == (88, 7)
        assert first.code == ("https://github.com/a/desk",)
