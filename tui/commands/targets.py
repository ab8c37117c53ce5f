"""Targets: the papers that a command is for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.papers.paper import PaperKey
    from tui.screens.main import MainScreen


async def target_keys(reader: "MainScreen") -> "list[PaperKey]":
    """Return the keys of the selected papers, or of the one under the cursor if none is.

    A search under way is waited for: marks go to the papers that the query finds.
    """
    await reader.settled()
    reader.saved.remember(reader.query_text)
    if reader.selection:
        return selected_in_order(reader)
    return [reader.current.key] if reader.current else []


def selected_in_order(reader: "MainScreen") -> "list[PaperKey]":
    """Return the keys of the selected papers, those on show first and in their order."""
    found = reader.results.paper_keys() if reader.results and reader.selection else []
    here = [key for key in found if key in reader.selection]
    return here + sorted(reader.selection.difference(here))
