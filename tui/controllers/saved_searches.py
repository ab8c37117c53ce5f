"""Saved searches and the history of queries."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from textual.dom import DOMNode
from textual.message import Message

from index import Library
from index.search.saved import SearchCount
from index.text.cleaning import format_count
from tui.controllers.host import Notice, start


class SavedSearchesController:
    """Saves, visits, deletes and counts saved searches; records the history of queries.

    Names and queries are few and read synchronously. Counting runs in a worker, and only while the
    reader is not searching (`idle` waits for that). `history` has past queries, newest first.
    """

    @dataclass
    class SearchesCounted(Message):
        """The saved searches have been counted."""

        counts: list[SearchCount]

    def __init__(
        self, host: DOMNode, library: Library, idle: Callable[[], Awaitable[object]]
    ) -> None:
        self._host = host
        self._library = library
        self._idle = idle
        self._remembered = ""
        self.history: Sequence[str] = ()

    def texts(self) -> dict[str, str]:
        """Return the query of each saved search by its name."""
        return self._library.saved.texts()

    # -- saving and deleting -----------------------------------------------------------------------

    def query_to_save(self, query: str) -> str:
        """Return the query to save for the text in the search bar.

        In the bar, the last word is a prefix; in a saved search it is not. A star is added if the
        query has no results without it, or only those of a word that replaces its last.
        """
        return next(filter(self._finds, (query, f"{query}*")), query)

    def _finds(self, query: str) -> bool:
        results = self._library.search(query, limit=0, wait=False)
        return results.full > 0 and not any(note.instead for note in results.notes)

    def save(self, name: str, query: str, key_of: Callable[[str], str]) -> None:
        """Save a query under a name; `key_of` returns the key that runs a saved search."""
        start(self._host, partial(self._save, name, query, key_of), "saving")

    async def _save(self, name: str, query: str, key_of: Callable[[str], str]) -> None:
        before = await asyncio.to_thread(self._library.saved.add, name, query)
        if before is not None and before.query != query:
            self._host.post_message(Notice(f"replaced {name} (was: {before.query})"))
        else:
            key = key_of(self._library.saved.get(name).name)
            hint = f" · run: {key}" if key else ""
            self._host.post_message(Notice(f"saved {name}{hint}"))
        self.count()

    def delete(self, name: str) -> None:
        """Delete a saved search."""
        start(self._host, partial(self._delete, name), "saving")

    async def _delete(self, name: str) -> None:
        deleted = await asyncio.to_thread(self._library.saved.remove, name)
        self._host.post_message(Notice(f"deleted {deleted.name} (was: {deleted.query})"))
        self.count()

    # -- visiting and counting ---------------------------------------------------------------------

    def visit(self, name: str) -> None:
        """Count a saved search that is run; its papers no longer count as new."""
        start(self._host, partial(self._visit, name), "saving")

    async def _visit(self, name: str) -> None:
        if await self._is_outdated():
            return  # papers that are not indexed yet have not been seen
        visited = await asyncio.to_thread(self._library.saved.visit, name)
        new = f", {visited.new:,} new since the last visit" if visited.new else ""
        text = f"{name}: {format_count(visited.count, 'paper')}{new}"
        self._host.post_message(Notice(text, replaces=name))
        self.count()

    def count(self) -> None:
        """Count the saved searches again."""
        start(self._host, self._count, "counting", exclusive=True)

    async def _count(self) -> None:
        counts: list[SearchCount] = []
        for search in await asyncio.to_thread(self._library.saved.all):
            await self._idle()
            if await self._is_outdated():
                return  # another count follows once the index is up to date
            counts.append(await asyncio.to_thread(self._library.saved.count, search))
        self._host.post_message(self.SearchesCounted(counts))

    async def _is_outdated(self) -> bool:
        """Return whether papers wait for the index; those copied from a corpus always do."""
        pending = self._library.index.pending
        return not self._library.corpus and await asyncio.to_thread(pending) > 0

    # -- the history -------------------------------------------------------------------------------

    def remember(self, query: str) -> None:
        """Add a query that the reader has finished typing to the history."""
        query = query.strip()
        if query and query != self._remembered:
            self._remembered = query
            start(self._host, partial(self._remember, query), "history")

    async def _remember(self, query: str) -> None:
        await asyncio.to_thread(self._library.history.add, query)
        self.read_history()

    def read_history(self) -> None:
        """Read the history."""
        start(self._host, self._read_history, "reading history", exclusive=True)

    async def _read_history(self) -> None:
        self.history = await asyncio.to_thread(self._library.history.newest_first)

    def close(self, query: str) -> None:
        """Add the last query of the session to the history."""
        query = query.strip()
        if query and query != self._remembered:
            with suppress(Exception):  # there is no screen left to show an error
                self._library.history.add(query)
