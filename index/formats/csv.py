"""CSV: one row per paper, for spreadsheets and scripts; reads the CSV of other programs too.

The format: RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180).
"""

import csv
from collections.abc import Iterable, Iterator

from index.formats.base import USUAL, Format, Style
from index.formats.records.names import written_name
from index.formats.tables.cells import escape_formula
from index.formats.tables.columns import CITATION, PEOPLE
from index.formats.tables.reading import read, recognise
from index.papers.paper import Paper


class _Echo:
    """A file-like object whose `write` returns the row."""

    def write(self, row: str) -> str:
        return row


def write(papers: Iterable[Paper], style: Style = USUAL) -> Iterator[str]:
    """Yield the header and one row per paper; lists are joined with `; `, names are inverted."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    header = list(_cells(Paper(title="")))
    yield str(writer.writerow(header))
    for paper in papers:
        yield str(writer.writerow(_cells(paper).values()))


def _cells(paper: Paper) -> dict[str, str]:
    """Return the cells of a paper's row by column name."""
    authors = (*paper.authors, "et al.") if paper.et_al else paper.authors
    cited = paper.citation
    return {
        "id": escape_formula(paper.id),
        "title": escape_formula(paper.title),
        "authors": _list(authors),
        "year": _number(paper.year),
        "date": escape_formula(paper.date or ""),
        "venue": escape_formula(paper.venue),
        "url": escape_formula(paper.url),
        "arxiv_id": escape_formula(paper.arxiv_id),
        "doi": escape_formula(paper.doi),
        "keywords": _list(paper.keywords),
        "categories": _list(paper.categories),
        "votes": _number(paper.votes),
        "tags": _list(paper.tags),
        "bookmarked": str(paper.bookmarked).lower(),
        "read": str(paper.read).lower(),
        "note": escape_formula(paper.note, lines=True),
        "sources": _list(source.name for source in paper.sources),
        "added": escape_formula(paper.added),
        "abstract": escape_formula(paper.abstract),
        "dismissed": str(paper.dismissed).lower(),
        "later": _number(paper.later),
        "type": escape_formula(paper.type),
        "names": _list(map(written_name, paper.names)),
        **{column: escape_formula(cited.get(name)) for column, name in CITATION.items()},
        **{column: _list(map(written_name, cited.names(role))) for column, role in PEOPLE.items()},
    }


def _list(values: Iterable[str]) -> str:
    return escape_formula("; ".join(map(escape_formula, values)))


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


FORMAT = Format(
    name="csv",
    label="CSV",
    endings=(".csv",),
    recognise=recognise,
    read=read,
    write=write,
)
