"""Rows of papers: columns leave out what others say, and the same paper is read from them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index import Library
from index.papers.citation import KeptFields, build_citation
from index.papers.identity import identity
from index.papers.names import Name, build_name
from index.papers.paper import Paper, build_paper
from index.store.compact import read_names, write_names
from index.store.database import FILE_NAME
from index.store.rows import FIELDS, column_values, paper_of

WORDS = st.sampled_from(["Lee", "de", "la", "Ann Bo", "O'Neill", "王", "小明", "Jr", "X, Inc.", ""])
NAMES = st.builds(Name, WORDS, WORDS, WORDS, WORDS, WORDS, st.just(""), st.booleans()) | st.builds(
    lambda literal: Name(literal=literal), WORDS
)


def row(paper: Paper, *, whole: bool = False) -> dict[str, object]:
    return dict(zip(FIELDS, column_values(paper, identity(paper), whole=whole), strict=True))


@given(st.lists(NAMES.filter(str), max_size=4))
def test_names_are_read_as_they_were_written(names: list[Name]) -> None:
    authors = [str(name) for name in names]
    for known in (authors, (), authors[:-1]):
        assert list(read_names(write_names(names, known), known)) == names


def test_paper_of_any_row_is_the_same_and_repeats_nothing() -> None:
    people = [build_name("Lee", "Ann"), Name(literal="ACME Corp."), build_name("van Dam", "Pia")]
    authors = " and ".join(map(str, people))
    kept = KeptFields("bibtex", "article", (("author", authors), ("month", "May")))
    citation = build_citation({"container-title": "J. Lakes", "volume": "3"}, {}, [kept])
    paper = build_paper(title="A paper of lakes", names=people, venue="J. Lakes", citation=citation)
    compact, whole = row(paper), row(paper, whole=True)
    assert compact["names"] == '[3,0,["Dam","Pia","van"]]'
    assert len(str(compact["citation"])) < len(str(whole["citation"])) - len(authors)
    for columns in (compact, whole):
        values = (*columns.values(), "", 0)
        read = paper_of(values, (), [])
        assert (read.names, read.citation) == (paper.names, paper.citation)


def test_edit_of_authors_is_whole_and_outlives_another_record(library: Library) -> None:
    first = build_paper(id="x", title="A paper of lakes", doi="10.1000/x", venue="J. Lakes",
                        names=[build_name("Lee", "Ann")],
                        citation=build_citation({"container-title": "J. Lakes"}))  # fmt: skip
    library.add([first], "a")
    (key,) = library.keys(["x"])
    library.editing.edit(key, {"authors": ("Bo Moe Nye",), "names": (build_name("Moe Nye", "Bo"),)})
    library.editing.edit(key, {"venue": "J. Ponds"})
    second = build_paper(title="A paper of lakes", doi="10.1000/x",
                         names=[build_name("Lee", "Ann"), build_name("Roe", "Cy")])  # fmt: skip
    library.add([second], "b")
    (paper,) = library.papers(["x"])
    assert (paper.names, paper.authors) == ((build_name("Moe Nye", "Bo"),), ("Bo Moe Nye",))
    assert paper.venue == "J. Ponds"


def test_rows_of_an_older_carrel_are_read(folder: Path) -> None:
    paper = build_paper(id="x", title="A paper of lakes", names=[build_name("Lee", "Ann")])
    with Library.open(folder) as library:
        library.add([paper], "a")
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        citation = {"container-title": "J. Lakes", "editor": [{"family": "Ed", "given": "Ian"}]}
        connection.execute(
            "UPDATE paper SET names = ?, citation = ?",
            (json.dumps([["Lee", "Ann"]]), json.dumps(citation)),
        )
    with Library.open(folder) as library:
        (read,) = library.papers(["x"])
        assert read.names == paper.names
        assert read.citation.get("container-title") == "J. Lakes"
        assert read.citation.names("editor") == (build_name("Ed", "Ian"),)
