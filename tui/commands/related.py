"""Related papers: lists of papers like one, like the selection, or like the bookmarks."""

import asyncio
from typing import TYPE_CHECKING

from index.text.cleaning import format_count
from tui.commands.command import SEARCHING, CommandGroup

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

related = CommandGroup(SEARCHING)


@related.command("R", name="related")
async def related_papers(reader: "MainScreen") -> None:
    """Related papers of this one."""
    await reader.settled()
    paper = reader.current
    if paper is not None:
        row = reader.papers.cursor
        reader.searches.list_related([paper.key], f"Related to {paper.title}", row)


@related.command()
async def related_selection(reader: "MainScreen") -> None:
    """Papers like the selection."""
    keys = sorted(reader.selection)
    if keys:
        heading = f"Related to the {format_count(len(keys), 'paper')} selected"
        reader.searches.list_related(keys, heading, reader.papers.cursor)
    else:
        reader.say("nothing is selected", reader.hint("select", "selects"))


@related.command()
async def for_you(reader: "MainScreen") -> None:
    """For you: papers like your bookmarks, new to you."""
    results = await asyncio.to_thread(reader.library.search, "is:bookmarked", limit=0)
    keys = results.paper_keys()
    if keys:
        row = reader.papers.cursor
        reader.searches.list_related(keys, "For you, by your bookmarks", row, unmarked=True)
    else:
        reader.say("nothing is bookmarked yet", reader.hint("bookmark", "bookmarks"))
