"""Titles that are common to many papers do not identify a paper."""

import io
from pathlib import Path

import pytest

from index import Library
from index.formats import html
from index.formats.pages import html_reading
from index.papers.entries import Origin, ParsedPaper
from index.papers.identity import are_different_papers
from index.papers.paper import Paper

JANE = Paper("Introduction", authors=("Jane Doe",), year=2001)


class TestDifferentPapers:
    @pytest.mark.parametrize(
        "other",
        [
            Paper("Introduction"),
            Paper("Introduction", authors=("Richard Roe",), year=2001),
            Paper("INTRODUCTION.", authors=("Richard Roe",)),
        ],
    )
    def test_common_title_without_shared_author_is_different(self, other: Paper) -> None:
        assert are_different_papers(JANE, other)
        assert are_different_papers(other, JANE)

    def test_common_title_without_difference_is_same(self) -> None:
        assert not are_different_papers(Paper("Editorial"), Paper("Editorial"))
        assert not are_different_papers(JANE, Paper("Introduction", authors=("J. Doe",)))
        assert are_different_papers(Paper("Editorial", venue="A"), Paper("Editorial", venue="B"))

    def test_distinctive_title_without_authors_is_same(self) -> None:
        title = "Attention Is All You Need"
        assert not are_different_papers(
            Paper(title), Paper(title, authors=("A. Vaswani",), year=2017)
        )


def test_page_archive_and_bibliography_are_one_paper(library: Library, tmp_path: Path) -> None:
    files = {
        "a.jsonl": '{"title": "A Desk for Reading"}\n{"title": "Introduction"}\n',
        "b.jsonl": '{"title": "A desk for reading", "arxiv_id": "2001.00001", "year": 2020}\n',
        "c.bib": "@inproceedings{d, title={A {Desk} for Reading}, doi={10.1000/d}, year=2020,"
        " author={Ada Lovelace}, booktitle={Desks}}\n"
        "@article{i, title={Introduction}, author={Jane Doe}, year=2001}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    reports = [library.import_paths([tmp_path / name]) for name in files]
    assert [(r.total("added"), r.total("merged")) for r in reports] == [(2, 0), (0, 1), (1, 1)]
    (desk,) = library.papers(["desk-reading"])
    assert (desk.arxiv_id, desk.doi, desk.venue) == ("2001.00001", "10.1000/d", "Desks")
    assert library.import_paths([tmp_path / "a.jsonl"]).total("unchanged") == 2


def test_doi_of_page_is_from_doi_link() -> None:
    paper = Paper("A desk", url="https://x.org/doi/10.1093/llc/fqac083/69", doi="10.1093/llc/f")
    page = "".join(html.write([paper])).encode()
    (item,) = html_reading.read(io.BytesIO(page), Origin("page.html"))
    assert isinstance(item, ParsedPaper)
    assert item.paper.doi == "10.1093/llc/f"
