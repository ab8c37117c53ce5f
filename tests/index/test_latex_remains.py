"""Libraries whose venues, names and keywords were stored before LaTeX in them was decoded."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index import Library, Paper
from index.doctor import LATEX_CHECK
from index.marks.changes import Bookmark
from index.papers.names import Name
from index.store import latex_remains
from index.store.database import FILE_NAME

VENUE = r"Universit\'e de Montr\'eal \& Qu\'ebec"
AUTHORS = [r"Henri Poincar\'e", r"Erwin Schr\"odinger", "Ann Lee"]
NAMES = [[r"Poincar\'e", "Henri"], [r"Schr\"odinger", "Erwin"], ["Lee", "Ann"]]
DECODED = ("Henri Poincaré", "Erwin Schrödinger", "Ann Lee")


@pytest.fixture
def old(folder: Path) -> Path:
    """A library with papers as an older Carrel stored them; one has two records, one no LaTeX."""
    with Library.open(folder) as library:
        prices = Paper("On prices of $5", id="three", venue="J. of $5 and $6")
        library.add(
            [
                Paper("On the three bodies", id="one"),
                Paper("On cats", doi="10.1000/cats", id="two"),
                prices,
            ],
            "a",
        )
        library.add([Paper("On cats", doi="10.1000/cats", keywords=("cats",))], "b")
        library.apply(Bookmark(("one", "two")))
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute(
            "UPDATE paper SET venue = ?, authors = ?, names = ?, keywords = ? WHERE id <> 'three'",
            (VENUE, json.dumps(AUTHORS), json.dumps(NAMES), json.dumps([r"na\"ive", "waves"])),
        )
    return folder


def checks(library: Library) -> dict[str, str]:
    return {check.name: check.message for check in library.doctor.check() if not check.passed}


def test_doctor_reports_and_decodes_latex_of_an_old_library(old: Path) -> None:
    with Library.open(old) as library:
        assert checks(library)[LATEX_CHECK].startswith("2 papers with LaTeX in venue, names")
        assert any("of 2 papers" in line for line in library.doctor.fix())
        assert LATEX_CHECK not in checks(library)
        one, two, three = library.papers(["one", "two", "three"])
        for paper in (one, two):
            assert (paper.venue, paper.authors) == ("Université de Montréal & Québec", DECODED)
            assert paper.names[1] == Name("Schrödinger", "Erwin")
            assert "naïve" in paper.keywords
            assert paper.bookmarked
        assert three.venue == "J. of $5 and $6"
        assert library.search("venue:quebec author:poincare").total == 2


def test_decoded_record_is_taken_out_again_as_it_was_decoded(old: Path) -> None:
    with Library.open(old) as library:
        library.doctor.fix()
        library.duplicates.split(library.keys(["two"])[0], 2)
        every = library.papers(hit.id for hit in library.search("cats").hits)
        assert len(every) == 2
        assert {paper.authors for paper in every} == {DECODED}
        assert LATEX_CHECK not in checks(library)


def test_library_without_latex_is_not_written(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(old) as library:
        library.doctor.fix()
        revision = library._database.clock("revision")
        monkeypatch.setattr(latex_remains, "RecordStore", None)
        assert latex_remains.decode_latex(library._database) == 0
        assert library._database.clock("revision") == revision
