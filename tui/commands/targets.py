"""Targets: the papers that a command applies to."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.papers.paper import PaperKey
    from tui.screens.main import MainScreen


async def target_keys(reader: "MainScreen") -> "list[PaperKey]":
    """Return the keys of the selected papers or, without a selection, of the current paper.

    Waits for a running search, so that commands apply to its results. A range ends, as they apply
    to it once.
    """
    await reader.presenter.settled()
    reader.saved.remember(reader.query_text)
    if reader.selection:
        keys = await selected_in_order(reader)
        end_range(reader)
        return keys
    return [reader.current.key] if reader.current else []


async def selected_in_order(reader: "MainScreen") -> "list[PaperKey]":
    """Return the keys of the selected papers: first those in the list, in its order."""
    results, selection = reader.results, reader.selection
    found = await asyncio.to_thread(results.paper_keys) if results and selection else []
    listed = [key for key in found if key in selection]
    return listed + sorted(selection.difference(listed))


def end_range(reader: "MainScreen") -> None:
    """Leave a range, if one is being selected; the selection is as it was before."""
    if reader.range.active:
        reader.selection = reader.range.end()
        reader.show_hints()
