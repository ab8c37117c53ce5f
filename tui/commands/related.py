"""Related papers: lists of papers related to one, to the selection, or to the bookmarks."""

import asyncio
from typing import TYPE_CHECKING

from index.text.cleaning import format_count
from tui.commands.command import SEARCHING, CommandGroup

if TYPE_CHECKING:
    from index import Paper
    from index.papers.paper import PaperKey
    from tui.screens.main import MainScreen

related = CommandGroup(SEARCHING)


@related.command("R", label="related", panes="paper", name="related")
async def related_papers(reader: "MainScreen") -> None:
    """Papers related to this one."""
    await reader.presenter.settled()
    if reader.current:
        list_related(reader, reader.current)


def list_related(reader: "MainScreen", paper: "Paper", *, to: "PaperKey | None" = None) -> None:
    """List papers related to one, with the cursor on the paper `to`."""
    reader.presenter.list_related([paper.key], f"Related to {paper.title}", to=to)


@related.command()
async def related_selection(reader: "MainScreen") -> None:
    """Papers related to the selection."""
    keys = sorted(reader.selection)
    if keys:
        heading = f"Related to the {format_count(len(keys), 'paper')} selected"
        reader.presenter.list_related(keys, heading)
    else:
        reader.footer.say("no papers selected", reader.keys.hint("select", "select"))


@related.command()
async def for_you(reader: "MainScreen") -> None:
    """For you: unread papers related to your bookmarks."""
    results = await asyncio.to_thread(reader.library.search, "is:bookmarked", limit=0)
    keys = await asyncio.to_thread(results.paper_keys)
    if keys:
        reader.presenter.list_related(keys, "Related to your bookmarks", unmarked=True)
    else:
        reader.footer.say("no bookmarks yet", reader.keys.hint("bookmark", "bookmark"))
