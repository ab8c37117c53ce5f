"""Types of RIS records whose tags mean something of their own."""

import io

import pytest

from index.formats import bibtex, ris
from index.papers.entries import Origin, ParsedPaper
from index.papers.paper import Paper


def read(kind: str, *lines: str) -> Paper:
    file = "\n".join([kind, "TI  - A title of some words", "AU  - Nye, Cy", *lines, "ER  - \n"])
    (item,) = ris.read(io.BytesIO(file.encode()), Origin("a.ris"))
    assert isinstance(item, ParsedPaper)
    return item.paper


@pytest.mark.parametrize(
    ("lines", "variable", "value"),
    [
        (("TY  - RPRT", "M1  - TR-77"), "number", "TR-77"),
        (("TY  - RPRT", "SN  - TR-78", "M1  - 2"), "number", "TR-78"),
        (("TY  - PAT", "M1  - US123"), "number", "US123"),
        (("TY  - COMP", "ET  - 1.2"), "version", "1.2"),
        (("TY  - DATA", "ET  - 2.1"), "version", "2.1"),
        (("TY  - BOOK", "ET  - 2"), "edition", "2"),
        (("TY  - JOUR", "T2  - J. X", "C7  - e77"), "number", "e77"),
        (("TY  - ELEC", "Y2  - 2020/01/02/"), "accessed", "2020-01-02"),
        (("TY  - ELEC", "Y2  - last spring"), "accessed", "last spring"),
    ],
)
def test_tag_is_the_variable_of_its_type_and_written_as_it_came(
    lines: tuple[str, ...], variable: str, value: str
) -> None:
    paper = read(*lines)
    assert paper.citation.get(variable) == value
    written = "".join(ris.write([paper])).replace("\r\n", "\n").split("\n")
    assert set(lines) <= set(written)


def test_version_and_number_of_an_article_pass_from_bibtex_to_ris_and_back() -> None:
    file = """@software{a, title = {A program of some kind}, version = {1.2}, year = {2012}}
@article{b, title = {An article of some kind}, journal = {J. X}, eid = {e77}, year = {2012}}"""
    items = list(bibtex.read(io.BytesIO(file.encode()), Origin("a.bib")))
    papers = [item.paper for item in items if isinstance(item, ParsedPaper)]
    text = "".join(ris.write(papers))
    again = [i.paper for i in ris.read(io.BytesIO(text.encode()), Origin("b.ris"))
             if isinstance(i, ParsedPaper)]  # fmt: skip
    assert [paper.citation.get("version", "number") for paper in again] == ["1.2", "e77"]
