"""The list of papers: only those in view are read, each over two lines or one."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from index import Paper
from index.papers.paper import PaperKey
from index.search.highlight import Highlighter
from index.search.results import PAGE_ROWS, Results, SharedTerms
from tui.glyphs import CURSOR, LIGHT_RULE
from tui.themes import DIM
from tui.widgets.line_list import LineList
from tui.widgets.paper_rows import (
    FACTS_GAP_CELLS,
    GUTTER_CELLS,
    NOTHING_NEW,
    RowStyle,
    align,
    dense_line,
    facts,
    gutter,
    gutter_cells,
    wrap_title,
)
from tui.widgets.paper_text import format_shared_terms
from tui.wording import format_match_counts

ReadPage = Callable[[Results, int, int], list[Paper]]
"""Returns the papers of a result from one row to another."""

MAX_CACHED = 2_000
"""Papers cached in memory."""


class PaperList(LineList):
    """The papers of a result; `read_page` loads those of a range of rows.

    Further pages of a corpus are `Wanted` of the screen, and their rows wait for them.
    """

    @dataclass
    class Wanted(Message):
        """Pages of a result are wanted, before their rows can be shown."""

        results: Results
        pages: list[int]

    selection: reactive[frozenset[PaperKey]] = reactive(frozenset())

    def __init__(
        self,
        read_page: ReadPage,
        columns: Sequence[str],
        *,
        dot: str = "read",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._read_page = read_page
        self.row_style = RowStyle(columns, dot)
        self.row_height = 2
        self.results: Results | None = None
        self.shared_terms: SharedTerms = {}
        self.highlighter: Highlighter | None = None
        self.wanted: PaperKey | None = None  # the paper for the cursor in the next result
        self._failed: dict[int, bool] = {}  # by page that was asked for
        self._placed = False  # whether the reader has moved the cursor
        self._papers: OrderedDict[PaperKey, Paper] = OrderedDict()
        self._wrapped: dict[tuple[PaperKey, int], list[Content]] = {}

    @property
    def keys(self) -> Sequence[PaperKey]:
        """The keys of the papers, in order."""
        return self.results.rows if self.results else ()

    @property
    def full(self) -> int:
        """The number of papers, from the first, that match the whole query."""
        return self.results.full if self.results else 0

    def show(self, results: Results, shared_terms: SharedTerms, row: int | None = None) -> None:
        """Show a result, with the cursor on `row` if given.

        Otherwise the cursor goes to the paper `wanted`, or stays on its paper if the reader has
        moved it there; if that is not in the result, it goes to the first paper of a new query.
        """
        if row is None and self.wanted is not None:
            row = results.rows.find(self.wanted)
        self.wanted = None
        before, current = self.results, self.current
        same_query = before is not None and before.query.text == results.query.text
        start = row if row is not None else self.cursor if same_query else 0
        unchanged = same_query and before is not None and before.total == results.total
        stays = row is None and (self._placed or unchanged)
        # Rows of a corpus are never asked for here, since the cluster may not answer.
        near = None if results.index == "corpus" else self.cursor
        place = results.rows.find(current.key, near) if current and stays else None
        self._placed = row is not None or (self._placed and place is not None)
        self.results, self.shared_terms = results, shared_terms
        self._failed.clear()
        self.highlighter = Highlighter(results.query.tree)
        self._wrapped.clear()
        self.rows_changed(results.total, start if place is None else place)

    def watch_cursor(self, before: int, row: int) -> None:
        """Record that the reader has moved the cursor."""
        self._placed = True
        self._failed = {page: False for page, failed in self._failed.items() if not failed}
        super().watch_cursor(before, row)

    def forget(self) -> None:
        """Clear the cache after marks have changed, and repaint the papers that look different."""
        before = dict(self._papers)
        self._papers.clear()
        self._wrapped.clear()
        first = self.row_at(self.scroll_offset.y) or (0, 0)
        rows = self.scrollable_content_region.height // self.row_height + 2
        for row in range(first[0], min(first[0] + rows, len(self.keys))):
            paper = self.paper(row)
            if paper is None or before.get(paper.key) != paper:
                self.refresh_row(row)

    def set_dense(self, dense: bool) -> None:
        """Show each paper on one line, or on two."""
        self.row_style = replace(self.row_style, dense=dense)
        self.row_height = 1 if dense else 2
        self._wrapped.clear()
        self.rows_changed(self.row_count, self.cursor)

    def set_mixed(self, mixed: bool) -> None:
        """Set whether the papers are from several sources, so that rows show them."""
        if mixed != self.row_style.shows_source:
            self.row_style = replace(self.row_style, shows_source=mixed)
            self.refresh()

    def mark_new(self, last_seen: PaperKey | None) -> None:
        """Mark the papers that were added after one, the last one seen before this visit."""
        newest = NOTHING_NEW if last_seen is None else last_seen
        self.row_style = replace(self.row_style, last_seen=newest)

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        if 0 <= self.cursor < len(self.keys):
            return self.paper(self.cursor)
        return None

    def cached(self, keys: Iterable[PaperKey]) -> list[Paper]:
        """Return those of the papers that have been shown since marks last changed."""
        return [self._papers[key] for key in keys if key in self._papers]

    def paper(self, row: int) -> Paper | None:
        """Return the paper of a row; None if it has been deleted, or its page is not there yet."""
        if self.results is None or self._is_missing(row, row + 1):
            return None
        key = self.keys[row]
        if key not in self._papers:
            around = 2 + max(8, self.size.height // self.row_height)
            rows = max(0, row - around), row + around
            if self._is_missing(*rows):
                rows = row, row + 1
            page = self._read_page(self.results, *rows)
            self._papers.update((paper.key, paper) for paper in page)
            while len(self._papers) > MAX_CACHED:
                self._papers.popitem(last=False)
        return self._papers.get(key)

    def _is_missing(self, start: int, stop: int) -> bool:
        """Return whether rows have to be asked for, and do so; only those of a corpus are."""
        if self.results is None or self.results.index != "corpus":
            return False
        pages = self.results.rows.missing(start, stop)
        if wanted := [page for page in pages if page not in self._failed]:
            self._failed.update(dict.fromkeys(wanted, False))
            self.post_message(self.Wanted(self.results, wanted))
        return bool(pages)

    def pages_loaded(self, wanted: Wanted) -> None:
        """Show rows that were wanted; a page that is still missing is wanted again by a move."""
        if wanted.results is self.results:
            first, last = wanted.pages[0], wanted.pages[-1] + 1
            missing = wanted.results.rows.missing(first * PAGE_ROWS, last * PAGE_ROWS)
            for page in wanted.pages:
                if page in missing:
                    self._failed[page] = True
                else:  # it may be dropped from memory later
                    self._failed.pop(page, None)
            self.refresh()

    def keys_between(self, start: int, stop: int) -> Sequence[int]:
        """Return the keys of rows, of a corpus only of those that are there."""
        if self.results is None or self.results.index != "corpus":
            return self.keys[start:stop]
        known = self.results.known_keys()[start:stop]
        return cast("list[int]", known[known > 0].tolist())

    def rows_of(self, keys: Sequence[PaperKey]) -> npt.NDArray[np.int64]:
        """Return the rows that have one of these papers, in order; see `Results.known_keys`."""
        every = self.results.known_keys() if self.results else np.empty(0, np.int64)
        return np.flatnonzero(np.isin(every, np.asarray(keys, np.int64)))

    # -- rendering ---------------------------------------------------------------------------------

    def is_complete(self, row: int) -> bool:
        """Return whether the paper of a row is there."""
        return self.paper(row) is not None

    def extra_lines(self, row: int) -> int:
        """Return 1 for the rows below the line between full and partial matches."""
        return 1 if self.full < len(self.keys) and row >= self.full else 0

    def extra_line(self, width: int) -> Content:
        """Return the line between full and partial matches."""
        text = format_match_counts(self.full, len(self.keys))
        return Content.assemble((f"{LIGHT_RULE * 2} {text} ".ljust(width, LIGHT_RULE), DIM))

    def line(self, row: int, line: int, width: int) -> Content:
        """Return a line of a paper: the title, and what fits beside it."""
        paper = self.paper(row)
        bar = (CURSOR, "$accent") if row == self.cursor else (" ", "")
        if paper is None:
            why = self._why_missing(row)
            return Content.assemble(bar, (f"   {why}", DIM) if line == 0 else "")
        margin = gutter_cells(width)
        signs = gutter(
            paper,
            self.row_style,
            selected=paper.key in self.selection,
            narrow=margin < GUTTER_CELLS,
        )
        room = max(1, width - margin)
        if self.row_style.dense:
            text = dense_line(paper, self.row_style, self.highlighter, room)
            return Content.assemble(bar, *signs, text)
        title = self._title(paper, room)
        if line == 0:
            return Content.assemble(bar, *signs, title[0])
        rest = title[1] if len(title) > 1 else Content("")
        return Content.assemble(bar, " " * (margin - 1), self._beside(paper, rest, room))

    def _why_missing(self, row: int) -> str:
        """Return what is shown instead of the paper of a row."""
        pages = self.results.rows.missing(row, row + 1) if self.results else []
        if pages and self.results and self.results.index == "corpus":
            return "not available" if self._failed.get(pages[0]) else "…"
        return "deleted" if self.keys[row] else "not available"

    def _title(self, paper: Paper, width: int) -> list[Content]:
        """Return the lines of a title, wrapped once for each width."""
        known = (paper.key, width)
        if known not in self._wrapped:
            if len(self._wrapped) > MAX_CACHED:
                self._wrapped.clear()
            self._wrapped[known] = wrap_title(paper, self.highlighter, width, lines=2)
        return self._wrapped[known]

    def _beside(self, paper: Paper, rest: Content, width: int) -> Content:
        """Return the end of a title with facts to its right, or the shared terms."""
        room = width - rest.cell_length - (FACTS_GAP_CELLS if rest else 0)
        if shares := self.shared_terms.get(paper.key):
            right = format_shared_terms(shares).truncate(max(0, room), ellipsis=True)
            return align(rest, right, width) if rest else right
        return align(rest, facts(paper, self.row_style, self.highlighter, room), width)
