"""The columns of a row in the list of papers: one entry each, for drawing and configuration.

This module loads no Textual, since every command reads the configuration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from index import Paper
    from index.papers.names import Name

MAX_NAME_CELLS = 24
"""Cells of a venue or a source."""


@dataclass(frozen=True, slots=True)
class RowColumn:
    """One fact beside a title; `text` returns it, or "" if the paper has none.

    `place` is where it is: among the reader's own marks, in the byline, or after it. Facts are left
    out by ascending `rank` if there is no room. `field` is the query field whose matches are
    highlighted in it, `style` its style, and `max_cells` its width, 0 for any. A `fallback` is only
    shown in lists of several sources, for papers without other facts.
    """

    name: str
    text: "Callable[[Paper], str]"
    place: Literal["marks", "byline", "after"]
    rank: int
    field: str = ""
    style: str = ""
    max_cells: int = 0
    fallback: bool = False


def format_authors(paper: "Paper") -> str:
    """Return one or two surnames, or the first and a plus sign, as in "Yi+"."""
    from index.papers.names import guess_name

    editors = () if paper.authors else paper.citation.names("editor")
    names = paper.names or editors or [guess_name(name) for name in paper.authors]
    if not names:
        return ""
    end = " (ed.)" if editors else ""
    if len(names) > 2 or paper.et_al:
        return f"{_surname(names[0])}+{end}"
    return ", ".join(map(_surname, names)) + end


def _surname(name: "Name") -> str:
    return name.literal or name.family


def _format_year(paper: "Paper") -> str:
    return str(paper.year) if paper.year else ""


def _format_tags(paper: "Paper") -> str:
    from tui.glyphs import TAG

    return " ".join(f"{TAG}{tag}" for tag in paper.tags)


def _format_source(paper: "Paper") -> str:
    return paper.sources[-1].name if paper.sources else ""


COLUMNS = (
    RowColumn("authors", format_authors, "byline", 4, field="author"),
    RowColumn("year", _format_year, "byline", 6),
    RowColumn("venue", lambda paper: paper.venue, "after", 2, max_cells=MAX_NAME_CELLS),
    RowColumn("tags", _format_tags, "marks", 5, style="$success"),
    RowColumn("source", _format_source, "after", 1, max_cells=MAX_NAME_CELLS, fallback=True),
)
"""All columns, in the order of the row."""

NOTE_RANK = 3
"""The rank of the sign of a note, which is in every row."""

COLUMN_NAMES = tuple(column.name for column in COLUMNS)
