"""Papers that pass through one format and come back: names, links and identifiers are the same."""

import io
import json

import pytest

from index.formats import READERS, WRITERS, write_papers
from index.papers.entries import Origin, ParsedPaper
from index.papers.names import Name, build_name
from index.papers.paper import Paper, build_paper


def read(form: str, text: str) -> Paper:
    reader = READERS[form].read
    assert reader
    (item,) = reader(io.BytesIO(text.encode()), Origin("file"))
    assert isinstance(item, ParsedPaper), item
    return item.paper


PEOPLE = (
    build_name("King", "Martin L.", "Jr.", comma_suffix=True),
    Name(literal="Barnes and Noble, Inc."),
    build_name("van der Berg", "Pia"),
)


@pytest.mark.parametrize("form", sorted(WRITERS.keys() & READERS.keys()))
def test_suffix_and_company_are_no_authors_of_their_own(form: str) -> None:
    paper = build_paper(id="x1", title="A paper of several people", names=PEOPLE, year=2001)
    again = read(form, "".join(write_papers([paper], form)))
    assert len(again.authors) == len(PEOPLE)
    assert again.authors[0].replace(",", "") == "Martin L. King Jr."


@pytest.mark.parametrize("form", ["ris", "csl"])
def test_code_in_an_abstract_does_not_become_the_page_of_a_paper(form: str) -> None:
    text = "Our code is at https://github.com/x/y."
    paper = build_paper(title="A paper with code in it", abstract=text, doi="10.1000/code")
    again = read(form, "".join(write_papers([paper], form)))
    assert (again.url, again.doi, again.code) == ("", "10.1000/code", ("https://github.com/x/y",))


def test_csl_item_has_its_doi_once() -> None:
    paper = build_paper(title="A paper with a DOI", doi="10.1000/once")
    (item,) = json.loads("".join(write_papers([paper], "csl")))
    assert (item["DOI"], item.get("URL")) == ("10.1000/once", None)


def test_ris_names_with_initials_last_have_parts() -> None:
    paper = read("ris", "TY  - JOUR\nTI  - A title\nA1  - Nye CA\nA1  - van der Berg P\nER  - \n")
    assert paper.names == (build_name("Nye", "CA"), build_name("van der Berg", "P"))
