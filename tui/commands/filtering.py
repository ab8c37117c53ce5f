"""Filtering: adding the value under the cursor of the filter pane to the query."""

from typing import TYPE_CHECKING

from index.query import toggle_value
from tui.commands.saved_searches import run

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


def choose_filter(reader: "MainScreen", *, exclude: bool) -> None:
    """Add the value under the cursor of the filter pane to the query, or remove it."""
    row = reader.facets.current
    if row is None:
        return
    if row.more:
        reader.facets.expand_facet(row.field)
    elif row.field == "query" and not exclude:
        run(reader, row.value)
    else:
        reader.query_text = toggle_value(reader.query_text, row.field, row.value, exclude=exclude)
