"""Statistics of the visible papers: counts, and plots over time."""

import asyncio
import re
from collections.abc import Iterator

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.worker import Worker

from index import Library
from index.search.results import Results
from index.search.statistics import Statistics
from index.text.cleaning import clean, format_count
from tui.charts import MARKERS
from tui.controllers.host import start, worker_error
from tui.glyphs import LEVELS
from tui.screens.dialogs.base import TextDialog
from tui.statistics import sections
from tui.wording import describe_error

MIN_WIDTH = 20
RECOUNT_INTERVAL_S = 2.0
"""Seconds until the papers are counted again, while topics are."""

SCROLL_BAR_CELLS = 2
"""Cells left free for a scroll bar, which may appear with the text."""

FIRST, SECOND = MARKERS[0], MARKERS[1]
_COLORS = (
    (re.compile(f"[{LEVELS[1:]}{FIRST}]+"), "$accent"),
    (re.compile(re.escape(SECOND)), "$success"),
    (re.compile("[┌┐└┘─│┤├┬┴]+"), "$rule"),
)
"""Signs of bars, of the second line of a plot, and of axes, with their styles."""


class StatsScreen(TextDialog):
    """Papers by year, source, venue and tag, topics over the years, and reading by week."""

    def __init__(self, library: Library, results: Results) -> None:
        super().__init__("Statistics", Content("counting…"))
        self._library = library
        self._results = results
        self._found: Statistics | None = None

    def on_mount(self) -> None:
        """Count in the background."""
        start(self, self._count, "statistics", exclusive=True)

    def on_resize(self) -> None:
        """Draw in the new width."""
        if self._found:
            start(self, self._draw, "drawing", exclusive=True)

    async def _count(self) -> None:
        self._found = await asyncio.to_thread(self._library.statistics, self._results, wait=False)
        await self._draw()
        if self._found.is_partial:
            self.set_timer(RECOUNT_INTERVAL_S, self.on_mount)

    async def _draw(self) -> None:
        """Draw in a thread, since plotext is slow to load."""
        if self._found is None:
            return
        room = self.query_one(VerticalScroll).scrollable_content_region.width - SCROLL_BAR_CELLS
        width = max(MIN_WIDTH, room)
        lines = await asyncio.to_thread(lambda found: list(_lines(found, width)), self._found)
        query = clean(self._results.query.text)
        head = format_count(self._found.papers, "paper") + (f" · {query}" if query else "")
        self.query_one(Static).update(Content("\n").join([Content(head), *lines]))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show an error of the work in the background."""
        if error := worker_error(event):
            self.query_one(Static).update(Content(describe_error(error)))


def _lines(found: Statistics, width: int) -> Iterator[Content]:
    """Yield the lines of statistics; names in papers are text, not markup."""
    for section in sections(found, width, _fitted):
        yield Content("")
        yield Content.styled(section.title, "bold $accent")
        yield from map(_colored, section.lines)


def _colored(line: str) -> Content:
    """Return a line of a chart with its bars, and both lines of a plot, in their colours."""
    content = Content(line.rstrip())
    for signs, style in _COLORS:
        for found in signs.finditer(content.plain):
            content = content.stylize(style, *found.span())
    return content


def _fitted(text: str, cells: int) -> str:
    """Return a text cut or padded to a number of cells."""
    return Content(text).truncate(cells, ellipsis=True, pad=True).plain
