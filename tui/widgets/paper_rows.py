"""Rows of papers: the gutter of marks, the title over two lines, and the facts to its right."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from index import Paper
from index.papers.paper import PaperKey
from index.search.highlight import Highlighter
from tui.glyphs import BOOKMARK, DOT, NEW, NOTE, SELECTED
from tui.row_columns import COLUMNS, NOTE_RANK, RowColumn
from tui.themes import DIM
from tui.widgets.paper_text import highlight

GUTTER_CELLS, NARROW_GUTTER_CELLS = 4, 3
"""Cells for the cursor, a mark, the dot, and a space; in a narrow list, mark and dot share one."""

MAX_NARROW_CELLS = 59
"""Cells of a list that is narrow: of 60 columns, 95 of 100 titles are whole with one cell more."""

FACTS_GAP_CELLS = 2
"""Minimum number of cells between a title and its facts."""

DENSE_FACTS_CELLS = 22
"""Cells for the facts of a row of one line, unless the list is narrow."""

MIN_DENSE_TITLE_CELLS = 30
"""Cells of a title below which the facts of a row of one line are left out."""


NOTHING_NEW = PaperKey(sys.maxsize)
"""For `RowStyle.last_seen`: no paper is new."""


@dataclass(frozen=True, slots=True)
class RowStyle:
    """How rows are drawn.

    `columns` are the facts to show. `dot` is the read state that is marked. With `shows_source`,
    a paper of which nothing else is known shows its source. Unread papers after the one `last_seen`
    are marked as new.
    """

    columns: Sequence[str]
    dot: str = "read"
    dense: bool = False
    shows_source: bool = False
    last_seen: PaperKey = NOTHING_NEW


def gutter_cells(width: int) -> int:
    """Return the cells left of the titles in a list of a width."""
    return NARROW_GUTTER_CELLS if width <= MAX_NARROW_CELLS else GUTTER_CELLS


def gutter(paper: Paper, style: RowStyle, *, selected: bool, narrow: bool) -> list[tuple[str, str]]:
    """Return the signs between the cursor and the title."""
    mark = (BOOKMARK, "$warning") if paper.bookmarked else (" ", "")
    if selected:
        mark = (SELECTED, "bold $success")
    sign = (DOT, DIM) if paper.read == (style.dot == "read") else (" ", "")
    if paper.key > style.last_seen and not paper.read:
        sign = (NEW, "$accent")
    if narrow:
        return [sign if mark[0] == " " else mark, (" ", "")]
    return [mark, sign, (" ", "")]


def wrap_title(
    paper: Paper, highlighter: Highlighter | None, width: int, *, lines: int
) -> list[Content]:
    """Return the lines of a title; if there are too many, the last ends with an ellipsis."""
    title = highlight(" ".join(paper.title.split()), "title", highlighter)
    title = title.stylize_before(DIM if paper.read else "$foreground")
    wrapped = title.wrap(width) if lines > 1 else [title]
    if len(wrapped) > lines:
        kept = wrapped[: lines - 1]
        rest = Content(" ").join(line.rstrip() for line in wrapped[lines - 1 :])
        wrapped = [*kept, rest]
    return [line.rstrip().truncate(width, ellipsis=True) for line in wrapped]


def facts(paper: Paper, style: RowStyle, highlighter: Highlighter | None, room: int) -> Content:
    """Return the facts of a paper that fit into `room` cells, the least important left out."""
    note = Content.styled(NOTE, "$warning") if paper.note else Content("")
    found = list(_facts(paper, style, highlighter))
    for rank in sorted([NOTE_RANK, *(column.rank for column in COLUMNS)]):
        content = _join(note, found)
        if content.cell_length <= room:
            return content
        note = Content("") if rank == NOTE_RANK else note
        found = [(column, fact) for column, fact in found if column.rank != rank]
    return Content("")


def _join(note: Content, found: Sequence[tuple[RowColumn, Content]]) -> Content:
    """Return facts in a line, such as "#nlp Yi+ 2025 · ICML"."""

    def at(place: str) -> list[Content]:
        return [fact for column, fact in found if column.place == place]

    byline = [Content(" ").join(at("byline")), *at("after")]
    known = Content(" · ").join([part for part in byline if part])
    parts = [part for part in (note, *at("marks"), known) if part]
    return Content(" ").join(parts).stylize_before(DIM)


def _facts(
    paper: Paper, style: RowStyle, highlighter: Highlighter | None
) -> Iterator[tuple[RowColumn, Content]]:
    known = False
    for column in COLUMNS:
        if column.name not in style.columns:
            continue
        if column.fallback and (known or not style.shows_source):
            continue
        if text := column.text(paper):
            known = known or column.place != "marks"
            fact = highlight(text, column.field, highlighter if column.field else None)
            if column.style:
                fact = fact.stylize(column.style)
            yield column, fact.truncate(column.max_cells or fact.cell_length, ellipsis=True)


def dense_line(
    paper: Paper, style: RowStyle, highlighter: Highlighter | None, width: int
) -> Content:
    """Return a row of one line: the title, and the facts in a separate column."""
    room = DENSE_FACTS_CELLS if width >= MIN_DENSE_TITLE_CELLS + DENSE_FACTS_CELLS else 0
    (title,) = wrap_title(paper, highlighter, width - room, lines=1)
    if not room:
        return title
    return align(title, facts(paper, style, highlighter, room - FACTS_GAP_CELLS), width)


def align(left: Content, right: Content, width: int) -> Content:
    """Return two texts at the two ends of a line."""
    gap = max(0, width - left.cell_length - right.cell_length)
    return Content.assemble(left, " " * gap, right)
