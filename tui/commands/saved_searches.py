"""Saved searches and the history of queries."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from index.errors import CarrelError
from index.query.editing import suggest_name
from tui.commands.asking import ask
from tui.commands.command import SEARCHING, CommandGroup, display_keys

if TYPE_CHECKING:
    from index.search.saved import SearchCount
    from tui.screens.main import MainScreen

saved_searches = CommandGroup(SEARCHING)


@saved_searches.command("S", label="save search", panes="filters")
async def save_search(reader: "MainScreen") -> None:
    """Save this search under a name."""
    from tui.screens.dialogs.words import SaveDialog

    await reader.presenter.settled()
    if not reader.query_text.strip():
        reader.footer.say("nothing to save: the search bar is empty")
        return
    query = await asyncio.to_thread(reader.saved.query_to_save, reader.query_text.strip())
    saved = reader.saved.texts()
    names = [name for name, text in saved.items() if text == query]

    def answered(name: str | None) -> None:
        if name:
            reader.saved.save(name, query, lambda saved: saved_keys(reader).get(saved, ""))

    name = names[0] if names else suggest_name(query)
    await ask(reader, SaveDialog(query, name, saved), answered)


def saved_keys(reader: "MainScreen") -> dict[str, str]:
    """Return the key that runs each saved search, for those that have one."""
    names, keys = reader.saved.texts(), reader.config.keys["run_saved"]
    return {name: display_keys([key])[0] for name, key in zip(names, keys, strict=False)}


def show_counts(reader: "MainScreen", counts: "Sequence[SearchCount]") -> None:
    """Show the saved searches, with their counts and keys, in the filters."""
    from tui.widgets.filter_list import saved_row

    keys = saved_keys(reader)
    rows = [saved_row(each, keys.get(each.search.name, "")) for each in counts]
    reader.facets.show_saved(rows)


@saved_searches.command(*"123456789")
async def run_saved(reader: "MainScreen") -> None:
    """Run a saved search by its number."""
    keys, names = reader.config.keys["run_saved"], list(reader.saved.texts())
    if not names or reader.pressed not in keys:
        await _pick(reader, "Run a saved search", "run", lambda name: run(reader, name))
    elif (place := keys.index(reader.pressed)) < len(names):
        run(reader, names[place])
    else:
        reader.footer.say(f"no saved search {place + 1}; the last is {len(names)}, {names[-1]}")


def run(reader: "MainScreen", name: str) -> None:
    """Search for the query of a saved search, and record the visit."""
    try:
        search = reader.library.saved.get(name)
    except CarrelError as error:  # another process has deleted it
        reader.footer.show_error(error)
        reader.saved.count()
        return
    reader.query_text = f"{search.query} "
    reader.footer.say(search.name)
    reader.saved.visit(search.name)


@saved_searches.command("0")
def everything(reader: "MainScreen") -> None:
    """Show all papers."""
    if not reader.query_text:
        reader.presenter.search()  # the list may show related papers
    reader.query_text = ""


@saved_searches.command("D")
async def delete_saved(reader: "MainScreen") -> None:
    """Delete a saved search."""
    row = reader.facets.current if reader.panes.focused is reader.facets else None
    current = row.value if row is not None and row.field == "query" else ""
    await _pick(reader, "Delete a saved search", "delete", reader.saved.delete, current)


async def _pick(
    reader: "MainScreen",
    title: str,
    verb: str,
    picked: Callable[[str], object],
    current: str = "",
) -> None:
    """Ask for one of the saved searches."""
    from tui.screens.dialogs.choices import PickDialog

    saved = reader.saved.texts()
    if not saved:
        reader.footer.say("no saved searches", reader.keys.hint("save_search", "save this one"))
        return

    def answered(name: str | None) -> None:
        if name:
            picked(name)

    await ask(reader, PickDialog(title, saved, verb, current), answered)


@saved_searches.command()
async def search_history(reader: "MainScreen") -> None:
    """Search history: repeat an earlier query."""
    from tui.screens.dialogs.choices import PickDialog

    queries = await asyncio.to_thread(reader.library.history.newest_first)
    if not queries:
        reader.footer.say("no search history yet")
        return

    def answered(query: str | None) -> None:
        if query:
            reader.query_text = query

    dialog = PickDialog("Search history", dict.fromkeys(queries, ""), "search")
    await ask(reader, dialog, answered)
