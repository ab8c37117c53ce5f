"""Selection: the papers that the next commands apply to."""

import asyncio
from typing import TYPE_CHECKING

from index.text.cleaning import format_count
from tui.commands.command import MARKING, CommandGroup

if TYPE_CHECKING:
    from index.papers.paper import PaperKey
    from tui.screens.main import MainScreen

selecting = CommandGroup(MARKING)


@selecting.command("space", label="select", panes="papers")
async def select(reader: "MainScreen") -> None:
    """Select, and go to the next paper."""
    await reader.presenter.settled()
    keep_range(reader)
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
    reader.footer.say("")  # the status line shows the size of the selection


@selecting.command("asterisk")
async def invert_selection(reader: "MainScreen") -> None:
    """Invert the selection."""
    reader.selection ^= await _result_keys(reader)
    reader.footer.say("")


@selecting.command("v", label="keep", panes="range", name="range")
async def select_range(reader: "MainScreen") -> None:
    """Select a range: start it, or keep it; marks apply to it, Esc leaves it."""
    await reader.presenter.settled()
    if reader.range.active:
        keep_range(reader)
    elif reader.current:
        papers = reader.papers
        reader.panes.go(papers)
        reader.range.start(papers.keys_between, papers.cursor, reader.selection)
        reader.selection = reader.range.extend(papers.cursor)
        reader.show_hints()


def keep_range(reader: "MainScreen") -> None:
    """End a range, if one is being selected; its papers stay selected."""
    if reader.range.active:
        reader.range.end()
        reader.show_hints()


async def _result_keys(reader: "MainScreen") -> "frozenset[PaperKey]":
    await reader.presenter.settled()
    keep_range(reader)
    results = reader.results
    if results is None:
        return frozenset()
    if results.index == "corpus" and results.rows.missing(0, results.total):
        reader.footer.say(f"reading {format_count(results.total, 'paper')} of the corpus…")
    return frozenset(await asyncio.to_thread(results.paper_keys))
