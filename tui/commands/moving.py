"""Navigation: moving the cursor in a pane, moving between panes, and going back."""

import asyncio
from typing import TYPE_CHECKING

from index.search.results import PAGE_ROWS
from tui.commands.command import MOVING, CommandGroup
from tui.commands.filtering import choose_filter
from tui.commands.targets import end_range

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tui.screens.main import MainScreen

moving = CommandGroup(MOVING)

MAX_PAGES_AHEAD = 10
"""Pages of a corpus that are read to find the next unread paper."""

UNREAD = "is:unread (is:dismissed OR -is:dismissed)"
"""Unread papers; a list of dismissed ones has some, too."""


@moving.command("j", "down")
def down(reader: "MainScreen") -> None:
    """Next paper."""
    reader.panes.stepped.move(1)


@moving.command("k", "up")
def up(reader: "MainScreen") -> None:
    """Previous paper."""
    reader.panes.stepped.move(-1)


@moving.command("g", "home")
def top(reader: "MainScreen") -> None:
    """First paper."""
    reader.panes.focused.move_to(0)


@moving.command("G", "end")
def bottom(reader: "MainScreen") -> None:
    """Last paper."""
    reader.panes.focused.move_to(-1)


@moving.command("ctrl+d", "pagedown")
def half_down(reader: "MainScreen") -> None:
    """Half a page down."""
    reader.panes.focused.half_page(1)


@moving.command("ctrl+u", "pageup")
def half_up(reader: "MainScreen") -> None:
    """Half a page up."""
    reader.panes.focused.half_page(-1)


@moving.command("J")
async def next_unread(reader: "MainScreen") -> None:
    """Next unread paper."""
    await reader.presenter.settled()
    papers, results = reader.papers, reader.results
    if results is None:
        return
    problem = ""
    for pages_read in range(MAX_PAGES_AHEAD + 1):
        rows = await _unread_rows(reader)
        below = rows[rows > papers.cursor]
        end = int(below[0]) if len(below) else results.total
        missing = results.rows.missing(papers.cursor + 1, end)
        if not missing or problem or pages_read == MAX_PAGES_AHEAD:
            break
        await asyncio.to_thread(results.rows.load, missing[0])
        if results is not papers.results:
            return
        if missing[0] in results.rows.missing(papers.cursor + 1, end):
            problem = "the corpus does not return further rows now"
    papers.refresh()
    if len(below):
        papers.move_to(int(below[0]))
    elif missing:
        known = missing[0] * PAGE_ROWS - papers.cursor
        reader.footer.say(problem or f"no unread paper in the next {known:,} rows; J reads on")
    elif len(rows):
        papers.move_to(int(rows[0]))
        reader.footer.say("the first unread paper; there is none below")
    else:
        reader.footer.say("no unread papers in this list")


async def _unread_rows(reader: "MainScreen") -> "npt.NDArray[np.int64]":
    """Return the rows of unread papers; of a corpus, those of rows that are there.

    Its papers are copied when they are listed, so the library knows all of these.
    """
    search, papers = reader.library.search, reader.papers
    return await asyncio.to_thread(
        lambda: papers.rows_of(search(UNREAD, limit=0, wait=False, local=True).paper_keys())
    )


@moving.command("alt+left")
async def earlier_paper(reader: "MainScreen") -> None:
    """Back to the paper read before."""
    await reader.presenter.settled()
    if reader.current:
        reader.visited.visit(reader.current.key)
    await _step_visited(reader, -1)


@moving.command("alt+right")
async def later_paper(reader: "MainScreen") -> None:
    """Forward again through the papers read."""
    await reader.presenter.settled()
    await _step_visited(reader, 1)


async def _step_visited(reader: "MainScreen", step: int) -> None:
    """Go through the papers read, also those that are not in the list."""
    visited, library = reader.visited, reader.library
    existing = await asyncio.to_thread(lambda: library.keys(library.ids(visited.keys)))
    visited.keep(existing)
    key = visited.step(step)
    if key is None:
        reader.footer.say("no paper read before this" if step < 0 else "no paper read after this")
    else:
        reader.presenter.go_to(key, visited.keys, "Papers read")


@moving.command("h", "shift+tab")
def pane_left(reader: "MainScreen") -> None:
    """Pane to the left."""
    reader.panes.step(-1)


@moving.command("l", "tab")
def pane_right(reader: "MainScreen") -> None:
    """Pane to the right."""
    reader.panes.step(1)


@moving.command("enter", label="apply", panes="filters", name="open")
def open_paper(reader: "MainScreen") -> None:
    """Open the paper, or apply the filter."""
    if reader.panes.focused is reader.facets:
        choose_filter(reader, exclude=False)
    elif reader.panes.focused is reader.papers and reader.current:
        reader.visited.visit(reader.current.key)
        reader.panes.go(reader.view)


@moving.command("escape", label="back", panes="filters paper range")
def back(reader: "MainScreen") -> None:
    """Go back one step."""
    if reader.range.active:
        end_range(reader)
    elif reader.focused is not reader.panes.home:
        reader.panes.go(reader.panes.home)
    elif reader.panes.layout_name == "read":
        reader.desk.leave_read()
    elif reader.presenter.back():
        pass
    elif reader.selection:
        reader.selection = frozenset()
        reader.footer.say("selection cleared")
    elif reader.query_text:
        reader.query_text = ""
