"""Searching: the query, its filters, its sort order, and its matches in a paper."""

from typing import TYPE_CHECKING

from index.query import remove_filters
from index.search.orders import SORTS
from tui.commands.asking import ask
from tui.commands.command import SEARCHING, CommandGroup
from tui.commands.filtering import choose_filter
from tui.commands.moving import back

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

searching = CommandGroup(SEARCHING)


@searching.command("slash", label="search", panes="papers")
def search(reader: "MainScreen") -> None:
    """Search; Tab accepts a suggestion."""
    reader.set_focus(reader.bar)


@searching.command("n", label="match", panes="paper")
def next_match(reader: "MainScreen") -> None:
    """Next match in the paper."""
    _step_match(reader, 1)


@searching.command("N")
def previous_match(reader: "MainScreen") -> None:
    """Previous match in the paper."""
    _step_match(reader, -1)


def _step_match(reader: "MainScreen", step: int) -> None:
    number, of = reader.view.step_match(step)
    if of and not reader.panes.shows_paper:
        reader.panes.go(reader.view)
    reader.footer.say(f"match {number} of {of}" if of else "no matches in this paper")


@searching.command("f", label="filters", panes="papers")
def filters(reader: "MainScreen") -> None:
    """Go to the filters, or back."""
    if reader.panes.focused is reader.facets:
        back(reader)
    else:
        reader.panes.go(reader.facets)


@searching.command("minus", label="exclude", panes="filters")
def exclude(reader: "MainScreen") -> None:
    """In the filters: exclude a value."""
    if reader.panes.focused is reader.facets:
        choose_filter(reader, exclude=True)


@searching.command("F", label="clear", panes="filters")
def clear_filters(reader: "MainScreen") -> None:
    """Clear filters."""
    reader.query_text = remove_filters(reader.query_text)


@searching.command("s")
async def sort(reader: "MainScreen") -> None:
    """Change the sort order."""
    from tui.screens.dialogs.choices import KeyMenu

    keys = {name[0]: name for name in SORTS}

    def answered(key: str | None) -> None:
        if key:
            reader.sort = keys[key]

    await ask(reader, KeyMenu("sort by", keys, reader.sort), answered)
