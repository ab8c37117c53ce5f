"""Related papers: lists of papers related to one, to the selection, or to the bookmarks."""

import asyncio
from typing import TYPE_CHECKING

from index.text.cleaning import format_count
from tui.commands.command import SEARCHING, CommandGroup

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

related = CommandGroup(SEARCHING)


@related.command("R", label="related", panes="paper", name="related")
async def related_papers(reader: "MainScreen") -> None:
    """Papers related to this one."""
    await reader.settled()
    paper = reader.current
    if paper is not None:
        row = reader.papers.cursor
        reader.searches.list_related([paper.key], f"Related to {paper.title}", row)


@related.command()
async def related_selection(reader: "MainScreen") -> None:
    """Papers related to the selection."""
    keys = sorted(reader.selection)
    if keys:
        heading = f"Related to the {format_count(len(keys), 'paper')} selected"
        reader.searches.list_related(keys, heading, reader.papers.cursor)
    else:
        reader.say("no papers selected", reader.hint("select", "select"))


@related.command()
async def for_you(reader: "MainScreen") -> None:
    """For you: unread papers related to your bookmarks."""
    results = await asyncio.to_thread(reader.library.search, "is:bookmarked", limit=0)
    keys = results.paper_keys()
    if keys:
        row = reader.papers.cursor
        reader.searches.list_related(keys, "Related to your bookmarks", row, unmarked=True)
    else:
        reader.say("no bookmarks yet", reader.hint("bookmark", "bookmark"))
