"""Selection: the papers that the next commands apply to."""

from typing import TYPE_CHECKING

from tui.commands.command import MARKING, CommandGroup

if TYPE_CHECKING:
    from index.papers.paper import PaperKey
    from tui.screens.main import MainScreen

selecting = CommandGroup(MARKING)


@selecting.command("space", label="select", panes="papers")
async def select(reader: "MainScreen") -> None:
    """Select, and go to the next paper."""
    await reader.presenter.settled()
    reader.saved.remember(reader.query_text)
    paper = reader.current
    if paper is not None:
        reader.selection ^= {paper.key}
        reader.papers.move(1)


@selecting.command("A")
async def select_all(reader: "MainScreen") -> None:
    """Select all results."""
    keys = await _result_keys(reader)
    selection = reader.selection
    reader.selection = selection - keys if keys <= selection else selection | keys
    reader.say("")  # the status line shows the size of the selection


@selecting.command("asterisk")
async def invert_selection(reader: "MainScreen") -> None:
    """Invert the selection."""
    reader.selection ^= await _result_keys(reader)
    reader.say("")


async def _result_keys(reader: "MainScreen") -> "frozenset[PaperKey]":
    await reader.presenter.settled()
    return frozenset(reader.results.paper_keys()) if reader.results else frozenset()
