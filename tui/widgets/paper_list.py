"""The list of papers: two lines each, read from the library as they come into view."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from textual.content import Content

from index import Paper
from index.papers.paper import PaperKey
from index.search.highlight import Highlighter
from tui.widgets.line_list import LineList
from tui.widgets.paper_text import BOOKMARK, NOTE, SELECTED, TAG, UNREAD, lit, people, shared

Fetch = Callable[[Sequence[PaperKey]], list[Paper]]

Shares = Mapping[PaperKey, Sequence[str]]
"""The words that each paper of a list shares with those it is like."""

REMEMBERED = 2_000
"""Papers kept of those that were on the screen."""


class PaperList(LineList):
    """Papers of a result by their keys; `fetch` gets those that are needed."""

    ROW_HEIGHT = 2

    def __init__(self, fetch: Fetch, columns: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.fetch = fetch
        self.columns = columns
        self.keys: Sequence[PaperKey] | npt.NDArray[np.int64] = ()
        self.full = 0
        self.shares: Shares = {}
        self.selection: frozenset[PaperKey] = frozenset()
        self.highlighter: Highlighter | None = None
        self._papers: OrderedDict[PaperKey, Paper] = OrderedDict()

    def show(
        self,
        keys: Sequence[PaperKey] | npt.NDArray[np.int64],
        full: int,
        cursor: int,
        highlighter: Highlighter | None,
    ) -> None:
        """Show papers, the first `full` of which hold all of the query."""
        self.keys, self.full, self.highlighter = keys, full, highlighter
        self.rows_changed(len(keys), cursor)

    def select(self, selection: frozenset[PaperKey]) -> None:
        """Show which papers are selected."""
        self.selection = selection
        self.refresh()

    def forget(self) -> None:
        """Read every paper anew: marks have changed."""
        self._papers.clear()
        self.refresh()

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        if 0 <= self.cursor < len(self.keys):
            return self.paper(self.cursor)
        return None

    def paper(self, row: int) -> Paper | None:
        """Return the paper of a row; None where it has gone since."""
        key = PaperKey(int(self.keys[row]))
        if key not in self._papers:
            around = 2 + max(8, self.size.height // self.ROW_HEIGHT)
            wanted = [PaperKey(int(k)) for k in self.keys[max(0, row - around) : row + around]]
            for paper in self.fetch([k for k in wanted if k not in self._papers]):
                self._papers[paper.key] = paper
            while len(self._papers) > REMEMBERED:
                self._papers.popitem(last=False)
        return self._papers.get(key)

    # -- what a line shows -------------------------------------------------------------------------

    def extra_lines(self, row: int) -> int:
        """Return 1 for the rows below the line that tells full matches from others."""
        return 1 if self.full < len(self.keys) and row >= self.full else 0

    def extra_line(self, width: int) -> Content:
        """Return the line between papers with all the words and papers with some."""
        words = " with some of the words " if self.full else " none has all the words; with some "
        return Content.assemble((f"──{words}".ljust(width, "─"), "$foreground 58%"))

    def line(self, row: int, line: int, width: int) -> Content:
        """Return the title of a paper, or what is known of it."""
        paper = self.paper(row)
        bar = ("▌", "$accent") if row == self.cursor else (" ", "")
        if paper is None:
            return Content.assemble(bar, ("  gone", "$text-disabled"))
        if line == 0:
            return Content.assemble(bar, *self._signs(paper), self._title(paper))
        note = (NOTE, "$warning") if paper.note else (" ", "")
        tags = (TAG, "$success") if paper.tags else (" ", "")
        shares = self.shares.get(paper.key)
        facts = shared(shares) if shares else self._facts(paper)
        return Content.assemble(bar, note, tags, "   ", facts)

    def _signs(self, paper: Paper) -> list[tuple[str, str]]:
        selected = (SELECTED, "bold $success") if paper.key in self.selection else (" ", "")
        bookmark = (BOOKMARK, "$warning") if paper.bookmarked else (" ", "")
        unread = (" ", "") if paper.read else (UNREAD, "$foreground 58%")
        return [selected, bookmark, unread, (" ", "")]

    def _title(self, paper: Paper) -> Content:
        title = lit(paper.title, "title", self.highlighter)
        return title.stylize_before("$foreground 58%" if paper.read else "$foreground")

    def _facts(self, paper: Paper) -> Content:
        parts: list[Content] = []
        for column in self.columns:
            parts += self._column(paper, column)
        return Content(" · ").join(parts).stylize_before("$foreground 58%")

    def _column(self, paper: Paper, column: str) -> list[Content]:
        match column:
            case "authors":
                text = people(paper)
                return [lit(text, "author", self.highlighter)] if text else []
            case "year":
                return [Content(str(paper.year))] if paper.year else []
            case "venue":
                return [Content(paper.venue)] if paper.venue else []
            case "source":
                held = paper.sources[-1:]
                return [Content(f"{h.name} #{h.position}" if h.position else h.name) for h in held]
            case "tags":
                tags = " ".join(f"{TAG}{tag}" for tag in paper.tags)
                return [Content.styled(tags, "$success")] if tags else []
        return []
