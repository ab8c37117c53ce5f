"""How searches are kept: saved by a name, run, counted, deleted; and the history of queries."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from textual import work

from index import CarrelError
from index.query.editing import proposed_name
from index.search.saved import SearchCount
from index.text.cleaning import counted
from tui.commands import shown
from tui.screens.base import Pane, PaperScreen
from tui.screens.dialogs.choices import PickDialog
from tui.screens.dialogs.words import SaveDialog
from tui.widgets.filter_list import FilterRow


class Saving(PaperScreen):
    """The actions on saved searches and on the history.

    The names and texts of saved searches are few and read at once; counting them takes a worker.
    """

    _remembered = ""

    # -- saving ------------------------------------------------------------------------------------

    async def action_save_search(self) -> None:
        """Ask for a name, and save the query by it."""
        await self.found()
        if not self.query_text.strip():
            self.say("nothing to save: the search bar is empty")
            return
        query = await asyncio.to_thread(self._as_found, self.query_text.strip())
        saved = self.library.saved.texts()
        known = [name for name, text in saved.items() if text == query]

        def answered(name: str | None) -> None:
            if name:
                self._save(name, query)

        name = known[0] if known else proposed_name(query)
        await self.ask(SaveDialog(query, name, saved), answered)

    def _as_found(self, query: str) -> str:
        """Return a query that finds papers once it is no longer typed.

        In the bar the last word counts as begun, in a saved search it is read as it is written: a
        beginning that is no word of any paper gets the star that says so.
        """
        search = self.library.search
        ways = (query, f"{query}*")
        return next((way for way in ways if search(way, limit=0, wait=False).full), query)

    @work(group="saving", exit_on_error=False)
    async def _save(self, name: str, query: str) -> None:
        before = await asyncio.to_thread(self.library.saved.add, name, query)
        if before is not None and before.query != query:
            self.say(f"replaced {name}; it was {before.query}")
        else:
            key = self._keys().get(self.library.saved.get(name).name, "")
            self.say(f"saved {name}", then=f"{key} runs it" if key else "")
        self.count_saved()

    def _keys(self) -> dict[str, str]:
        """Return the key that runs each saved search, of those that have one."""
        names = self.library.saved.texts()
        keys = self.config.keys["run_saved"]
        return {name: shown([key])[0] for name, key in zip(names, keys, strict=False)}

    # -- running -----------------------------------------------------------------------------------

    async def action_run_saved(self) -> None:
        """Run the saved search whose key was pressed, or ask for one."""
        keys, names = self.config.keys["run_saved"], list(self.library.saved.texts())
        if not names or self.pressed not in keys:
            await self._pick("Run a saved search", "runs it", self.run_saved)
        elif (place := keys.index(self.pressed)) < len(names):
            self.run_saved(names[place])
        else:
            self.say(f"nothing is saved as {place + 1}; the last is {len(names)}, {names[-1]}")

    def run_saved(self, name: str) -> None:
        """Put the text of a saved search into the bar; that is a visit."""
        try:
            search = self.library.saved.get(name)
        except CarrelError as error:  # another Carrel has deleted it
            self.say_fault(error)
            self.count_saved()
            return
        self.query_text = f"{search.query} "
        self.say(search.name)
        self._visit(search.name)

    @work(group="saving", exit_on_error=False)
    async def _visit(self, name: str) -> None:
        if await asyncio.to_thread(self.library.index.behind):
            return  # what cannot be counted yet was not seen
        visited = await asyncio.to_thread(self.library.saved.visit, name)
        new = f", {visited.new:,} new since the last visit" if visited.new else ""
        if self.status.words == name:  # nothing else was done meanwhile
            self.say(f"{name}: {counted(visited.count, 'paper')}{new}")
        self.count_saved()

    async def _pick(
        self, title: str, does: str, then: Callable[[str], object], lit: str = ""
    ) -> None:
        """Ask for one of the saved searches."""
        saved = self.library.saved.texts()
        if not saved:
            self.say(
                "no search is saved", then=self.hint("save_search", "saves the one in the bar")
            )
            return

        def answered(name: str | None) -> None:
            if name:
                then(name)

        await self.ask(PickDialog(title, saved, does, lit), answered)

    # -- deleting ----------------------------------------------------------------------------------

    async def action_delete_saved(self) -> None:
        """Ask for a saved search to delete, the one under the cursor of the filters first."""
        row = self.facets.current if self.pane is self.facets else None
        lit = row.value if row is not None and row.field == "query" else ""
        await self._pick("Delete a saved search", "deletes it", self._delete, lit)

    @work(group="saving", exit_on_error=False)
    async def _delete(self, name: str) -> None:
        gone = await asyncio.to_thread(self.library.saved.remove, name)
        self.say(f"deleted {gone.name}; it was {gone.query}")
        self.count_saved()

    # -- counting ----------------------------------------------------------------------------------

    async def marks_changed(self) -> None:
        """Show marks as they are now, and count what asks for them."""
        await super().marks_changed()
        self.count_saved()

    async def papers_changed(self) -> None:
        """Ask the query anew after papers came or went, and count what is saved."""
        await super().papers_changed()
        self.count_saved()

    @work(exclusive=True, group="counting", exit_on_error=False)
    async def count_saved(self) -> None:
        """Count the saved searches anew, each when no search of the reader's is under way."""
        counts: list[SearchCount] = []
        for search in await asyncio.to_thread(self.library.saved.all):
            await self.found()
            if await asyncio.to_thread(self.library.index.behind):
                return  # they are counted once the index is there
            counts.append(await asyncio.to_thread(self.library.saved.counted, search))
        keys = self._keys()
        self.facets.show_saved([_row(each, keys.get(each.search.name, "")) for each in counts])

    # -- the history -------------------------------------------------------------------------------

    async def action_search_history(self) -> None:
        """Ask for one of the queries asked before, and search for it again."""
        queries = await asyncio.to_thread(self.library.history.newest_first)
        if not queries:
            self.say("no query is kept yet")
            return

        def answered(query: str | None) -> None:
            if query:
                self.query_text = query

        dialog = PickDialog("Search again", dict.fromkeys(queries, ""), "searches for it")
        await self.ask(dialog, answered)

    def on_descendant_focus(self) -> None:
        """Keep the query once the reader has gone from the search bar to a pane."""
        if isinstance(self.focused, Pane):
            self.remember()

    def remember(self) -> None:
        """Keep the query in the history: it is left to stand."""
        query = self.query_text.strip()
        if query and query != self._remembered:
            self._remembered = query
            self._keep(query)

    @work(group="history", exit_on_error=False)
    async def _keep(self, query: str) -> None:
        await asyncio.to_thread(self.library.history.add, query)
        self.fetch_history()

    @work(exclusive=True, group="fetching", exit_on_error=False)
    async def fetch_history(self) -> None:
        """Fetch the history that the search bar goes back through."""
        self.bar.history = await asyncio.to_thread(self.library.history.newest_first)

    def on_unmount(self) -> None:
        """Keep the query that the reader leaves with."""
        query = self.query_text.strip()
        if query and query != self._remembered:
            with suppress(Exception):  # there is no one left to be told
                self.library.history.add(query)


def _row(counted: SearchCount, key: str) -> FilterRow:
    """Return a saved search as a row of the filters."""
    return FilterRow("Saved", "query", counted.search.name, counted.count, key=key, new=counted.new)
