"""Edits as a person writes them, as fields of a paper."""

from dataclasses import replace

import pytest

from index import CarrelError, Paper
from index.papers.citation import KeptFields, build_citation
from index.papers.edits import changed_fields, edited_fields

PAPER = Paper(
    "Deep nets", authors=("Eva Ewe",), year=2019, date="2019-03", venue="J. Lakes",
    citation=build_citation(
        {"container-title": "J. Lakes", "volume": "3"},
        kept=[KeptFields("bibtex", "article", (("journal", "{J. Lakes}"), ("rating", "5")))],
    ),
)  # fmt: skip


def edited(*assignments: str) -> Paper:
    fields = edited_fields(PAPER, (tuple(each.split("=", 1)) for each in assignments))  # type: ignore[misc]
    return replace(PAPER, **fields)  # type: ignore[arg-type]  # the fields of Paper


@pytest.mark.parametrize(
    ("assignment", "field", "value"),
    [
        ("title=Shallow nets", "title", "Shallow nets"),
        ("authors=Ada Lovelace; Turing, Alan", "authors", ("Ada Lovelace", "Alan Turing")),
        ("author=Ada Lovelace and Alan Turing", "authors", ("Ada Lovelace", "Alan Turing")),
        ("year=2020", "year", 2020),
        ("date=2021-05", "date", "2021-05"),
        ("keywords=a; b;a", "keywords", ("a", "b")),
        ("arxiv=arXiv:1901.00001v2", "arxiv_id", "1901.00001"),
        ("doi=https://doi.org/10.1000/A", "doi", "10.1000/A"),
        ("journal=Limnology", "venue", "Limnology"),
        ("venue=", "venue", ""),
        ("abstract=", "abstract", ""),
        ("type=book", "type", "book"),
    ],
)
def test_assignment_sets_a_field(assignment: str, field: str, value: object) -> None:
    assert getattr(edited(assignment), field) == value


def test_year_and_date_stay_consistent() -> None:
    assert edited("year=2020").date is None
    assert edited("date=2021-05").year == 2021
    assert edited("year=2019").date == "2019-03"


def test_venue_replaces_container_and_what_the_file_wrote() -> None:
    citation = edited("venue=Limnology").citation
    assert citation.get("container-title") == "Limnology"
    assert citation.kept[0].fields == (("rating", "5"),)


def test_variables_of_citation_are_set_and_deleted() -> None:
    citation = edited("pages=3-9", "volume=", "editor=Ann Ash", "isbn=1").citation
    assert (citation.get("page"), citation.get("volume"), citation.get("ISBN")) == ("3-9", "", "1")
    assert [str(name) for name in citation.names("editor")] == ["Ann Ash"]


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("veneu=x", "cannot edit 'veneu': unknown field; did you mean venue?"),
        ("year=12", "cannot set year to '12': write a year of four digits"),
        ("doi=abc", "cannot set doi to 'abc': write a DOI"),
        ("url=ftp://x", "cannot set url to 'ftp://x': write an http or https link"),
    ],
)
def test_invalid_assignment_is_named(assignment: str, message: str) -> None:
    with pytest.raises(CarrelError) as raised:
        edited(assignment)
    assert message in str(raised.value)


def test_changed_fields_are_those_that_differ() -> None:
    after = replace(PAPER, title="Shallow nets")
    assert changed_fields(PAPER, after) == {"title": "Shallow nets"}
