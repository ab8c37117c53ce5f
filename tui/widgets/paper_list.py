"""The list of papers, with two lines each, loaded as they come into view."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from textual.content import Content
from textual.reactive import reactive

from index import Paper
from index.papers.paper import PaperKey
from index.search.highlight import Highlighter
from index.search.results import Results, SharedTerms
from tui.widgets.line_list import LineList
from tui.widgets.paper_text import (
    BOOKMARK,
    NOTE,
    SELECTED,
    TAG,
    UNREAD,
    format_authors,
    format_shared_terms,
    highlight,
)
from tui.wording import format_match_counts

ReadPage = Callable[[Results, int, int], list[Paper]]
"""Returns the papers of a result from one row to another."""

MAX_CACHED = 2_000
"""Papers cached in memory."""


class PaperList(LineList):
    """The papers of a result; `read_page` loads those of a range of rows."""

    ROW_HEIGHT = 2

    selection: reactive[frozenset[PaperKey]] = reactive(frozenset())

    def __init__(
        self, read_page: ReadPage, columns: Sequence[str], *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._read_page = read_page
        self.columns = columns
        self.results: Results | None = None
        self.shared_terms: SharedTerms = {}
        self.highlighter: Highlighter | None = None
        self._placed = False  # whether the reader has moved the cursor
        self._papers: OrderedDict[PaperKey, Paper] = OrderedDict()

    @property
    def keys(self) -> npt.NDArray[np.int64]:
        """The keys of the papers, in order."""
        return self.results.keys if self.results else np.empty(0, np.int64)

    @property
    def full(self) -> int:
        """The number of papers, from the first, that match the whole query."""
        return self.results.full if self.results else 0

    def show(self, results: Results, shared_terms: SharedTerms, row: int | None = None) -> None:
        """Show a result, with the cursor on `row` if given.

        Otherwise the cursor stays on its paper if the reader has moved it there and the paper is in
        the result; if not, it goes to the first paper of a new query.
        """
        before, current = self.results, self.current
        same_query = before is not None and before.query.text == results.query.text
        start = row if row is not None else self.cursor if same_query else 0
        unchanged = same_query and before is not None and before.total == results.total
        stays = row is None and (self._placed or unchanged)
        place = _row_of(results, current.key) if current and stays else None
        self._placed = row is not None or (self._placed and place is not None)
        self.results, self.shared_terms = results, shared_terms
        self.highlighter = Highlighter(results.query.tree)
        self.rows_changed(results.total, start if place is None else place)

    def watch_cursor(self, before: int, row: int) -> None:
        """Record that the reader has moved the cursor."""
        self._placed = True
        super().watch_cursor(before, row)

    def forget(self) -> None:
        """Clear the cache after marks have changed."""
        self._papers.clear()
        self.refresh()

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        if 0 <= self.cursor < len(self.keys):
            return self.paper(self.cursor)
        return None

    def paper(self, row: int) -> Paper | None:
        """Return the paper of a row; None if it has been deleted."""
        key = PaperKey(int(self.keys[row]))
        if key not in self._papers and self.results is not None:
            around = 2 + max(8, self.size.height // self.ROW_HEIGHT)
            page = self._read_page(self.results, max(0, row - around), row + around)
            self._papers.update((paper.key, paper) for paper in page)
            while len(self._papers) > MAX_CACHED:
                self._papers.popitem(last=False)
        return self._papers.get(key)

    # -- rendering ---------------------------------------------------------------------------------

    def extra_lines(self, row: int) -> int:
        """Return 1 for the rows below the line between full and partial matches."""
        return 1 if self.full < len(self.keys) and row >= self.full else 0

    def extra_line(self, width: int) -> Content:
        """Return the line between full and partial matches."""
        text = format_match_counts(self.full, len(self.keys))
        return Content.assemble((f"── {text} ".ljust(width, "─"), "$foreground 58%"))

    def line(self, row: int, line: int, width: int) -> Content:
        """Return the title of a paper, or its details."""
        paper = self.paper(row)
        bar = ("▌", "$accent") if row == self.cursor else (" ", "")
        if paper is None:
            return Content.assemble(bar, ("  deleted", "$text-disabled"))
        if line == 0:
            return Content.assemble(bar, *self._signs(paper), self._title(paper))
        note = (NOTE, "$warning") if paper.note else (" ", "")
        tags = (TAG, "$success") if paper.tags else (" ", "")
        shares = self.shared_terms.get(paper.key)
        details = format_shared_terms(shares) if shares else self._details(paper)
        return Content.assemble(bar, note, tags, "   ", details)

    def _signs(self, paper: Paper) -> list[tuple[str, str]]:
        selected = (SELECTED, "bold $success") if paper.key in self.selection else (" ", "")
        bookmark = (BOOKMARK, "$warning") if paper.bookmarked else (" ", "")
        unread = (" ", "") if paper.read else (UNREAD, "$foreground 58%")
        return [selected, bookmark, unread, (" ", "")]

    def _title(self, paper: Paper) -> Content:
        title = highlight(paper.title, "title", self.highlighter)
        return title.stylize_before("$foreground 58%" if paper.read else "$foreground")

    def _details(self, paper: Paper) -> Content:
        parts: list[Content] = []
        for column in self.columns:
            parts += self._column(paper, column)
        return Content(" · ").join(parts).stylize_before("$foreground 58%")

    def _column(self, paper: Paper, column: str) -> list[Content]:
        match column:
            case "authors":
                text = format_authors(paper)
                return [highlight(text, "author", self.highlighter)] if text else []
            case "year":
                return [Content(str(paper.year))] if paper.year else []
            case "venue":
                return [Content(paper.venue)] if paper.venue else []
            case "source":
                last = paper.sources[-1:]
                return [Content(f"{s.name} #{s.position}" if s.position else s.name) for s in last]
            case "tags":
                tags = " ".join(f"{TAG}{tag}" for tag in paper.tags)
                return [Content.styled(tags, "$success")] if tags else []
        return []


def _row_of(results: Results, key: PaperKey) -> int | None:
    """Return the row of a paper in a result, or None if it is missing."""
    found = (results.keys == key).nonzero()[0]
    return int(found[0]) if len(found) else None
