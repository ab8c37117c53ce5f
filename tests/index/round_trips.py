"""The fields that survive a round trip, for each format that Carrel writes and reads."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace

from index.formats import READERS, WRITERS, Origin, ParsedPaper, write_papers
from index.papers.citation import build_citation
from index.papers.names import Name
from index.papers.paper import Paper, build_paper

BOTH = {name: "bibtex" if name == "biblatex" else name for name in WRITERS
        if name in READERS or name == "biblatex"}  # fmt: skip
"""The format that reads what each format writes."""

Value = Callable[[Paper], object]


def variable(*names: str) -> Value:
    """Return a function that returns the values of CSL variables."""
    return lambda paper: [paper.citation.get(name) for name in names]


FIELDS: Mapping[str, Value] = {
    "id": lambda paper: paper.id,
    "authors": lambda paper: paper.authors,
    "family names, particles": lambda paper: [name.family for name in paper.names],
    "date": lambda paper: (paper.year, paper.date),
    "abstract": lambda paper: paper.abstract,
    "DOI": lambda paper: paper.doi,
    "arXiv id": lambda paper: paper.arxiv_id,
    "link": lambda paper: paper.url,
    "keywords": lambda paper: paper.keywords,
    "type": lambda paper: paper.type,
    "journal or book": variable("container-title"),
    "volume, issue, pages": variable("volume", "issue", "page"),
    "publisher, place": variable("publisher", "publisher-place"),
    "editors, translators": lambda paper: [
        paper.citation.names(role) for role in ("editor", "translator")
    ],
    "language, ISSN": variable("language", "ISSN"),
    "private note": lambda paper: paper.note,
}
"""The fields of the table, and their values."""

SAMPLE = build_paper(
    title="Rivers of the North", id="ravn2015rivers", type="article-journal",
    names=[Name("García Márquez", "Gabriel"), Name("Cruz", "Pia", "de la"),
           Name(literal="World Health Organization")],
    date="2015-07-02", abstract="We study rivers.", doi="10.1000/rivers", arxiv_id="1507.00001",
    url="https://example.org/rivers", keywords=["water", "salt"], venue="J. Rivers",
    citation=build_citation(
        {"container-title": "J. Rivers", "volume": "7", "issue": "3", "page": "1-9",
         "publisher": "House", "publisher-place": "Bonn", "language": "en", "ISSN": "1234-5678"},
        {"editor": [Name("Ed", "Ian")], "translator": [Name("Moe", "Bo")]},
    ),
)  # fmt: skip


def read_back(paper: Paper, name: str) -> Paper:
    """Return a paper after it was written and read in a format."""
    written = "".join(write_papers([paper], name))
    read = READERS[BOTH[name]].read
    assert read
    items = list(read(io.BytesIO(written.encode()), Origin("file")))
    (item,) = items
    assert isinstance(item, ParsedPaper), written
    return item.paper


def kept(name: str) -> list[str]:
    """Return the fields of `SAMPLE` that survive a round trip in a format."""
    paper = replace(SAMPLE, note="Read again.")
    back = read_back(paper, name)
    return [field for field, value in FIELDS.items() if value(back) == value(paper)]
