"""Titles that are common to many papers do not identify a paper."""

import io
from pathlib import Path

from index import Library
from index.formats import html
from index.formats.pages import html_reading
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper


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
