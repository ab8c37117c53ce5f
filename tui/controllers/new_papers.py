"""New papers: those added since the last visit to the library."""

import asyncio
from contextlib import suppress
from functools import partial

from textual.dom import DOMNode

from index import Library
from index.text.cleaning import format_count
from tui.controllers.host import Notice, start

NEW_PAPERS = "is:new"


class NewPapersController:
    """Reports how many papers were added since the last visit, and ends this one."""

    def __init__(self, host: DOMNode, library: Library) -> None:
        self._host = host
        self._library = library

    def report(self) -> None:
        """Show how many papers were added, unless a message is shown.

        With a corpus there is no such number: papers are added to the library as they are listed.
        """
        if self._library.corpus is None:
            start(self._host, self._report, "new papers")

    async def _report(self) -> None:
        search = partial(self._library.search, NEW_PAPERS, limit=0, wait=False)
        if new := (await asyncio.to_thread(search)).total:
            text = f"{format_count(new, 'new paper')} since the last visit"
            self._host.post_message(Notice(text, "search", "show", NEW_PAPERS, replaces=""))

    def end_visit(self) -> None:
        """End the visit: papers added from now on are new."""
        with suppress(Exception):  # there is no screen left to show an error
            self._library.visits.end()
