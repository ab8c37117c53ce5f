"""Searches in a thread of their own, with results returned as messages."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from textual.dom import DOMNode
from textual.message import Message
from textual.worker import WorkerError

from index import Library, Paper
from index.facets.counting import Facet
from index.papers.paper import PaperKey
from index.query import Everything, Query, QueryNote
from index.search.results import RelatedPaper, Results
from index.text.cleaning import format_count
from tui.controllers.host import Notice, start
from tui.controllers.result_stack import ResultStack, ResultView

T = TypeVar("T")

DEBOUNCE_S = 0.012
"""Seconds without a key before a search: longer than between pasted keys, shorter than typing."""

IDLE_S = 0.15
"""Seconds without a key before related papers and spelling are looked up."""

MAX_RELATED_BELOW_PAPER = 5
MAX_RELATED_LISTED = 50


class SearchController:
    """Searches, counts facets, checks spelling and finds related papers.

    All of it runs in one thread, so that an outdated search is never started. A new search cancels
    a running one, whose result is discarded. `stack` holds the visible results, `count` is the
    number of papers in the library.
    """

    @dataclass
    class Found(Message):
        """A view to show: the result of a query, or a list of related papers."""

        view: ResultView

    @dataclass
    class FacetsCounted(Message):
        """The facets of a result have been counted."""

        results: Results
        facets: tuple[Facet, ...]

    @dataclass
    class SpellingChecked(Message):
        """The words of a query without matches, with suggestions."""

        results: Results
        notes: tuple[QueryNote, ...]

    @dataclass
    class RelatedFound(Message):
        """The papers most closely related to one have been found."""

        paper: Paper
        related: Sequence[RelatedPaper]

    class IndexOutdated(Message):
        """A search ran while the index was out of date or missing."""

    def __init__(self, host: DOMNode, library: Library) -> None:
        self._host = host
        self._library = library
        self._thread = ThreadPoolExecutor(1, "search")
        self.stack = ResultStack()
        self.count = 0
        self._request: tuple[str, str, frozenset[PaperKey]] = ("", "relevance", frozenset())

    def close(self) -> None:
        """Cancel the work that has not started."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def settled(self) -> ResultView | None:
        """Wait until no search is running; return the view to show."""
        for worker in [worker for worker in self._host.workers if worker.group == "search"]:
            with suppress(WorkerError):
                await worker.wait()
        return self.stack.top

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # -- queries -----------------------------------------------------------------------------------

    def search(self, query: str, sort: str, selected: frozenset[PaperKey]) -> None:
        """Search for a query, cancelling any running search."""
        self._request = query, sort, selected
        start(self._host, partial(self._search, query, sort, selected), "search", exclusive=True)

    async def _search(self, query: str, sort: str, selected: frozenset[PaperKey]) -> None:
        await asyncio.sleep(DEBOUNCE_S)  # the next key cancels here
        search = partial(self._library.search, query, limit=0, typing=True, wait=False)
        results = await self._run(partial(search, sort=sort, selected=selected))
        # Another process may have added papers and updated the index.
        count = await self._run(self._library.count)
        outdated = results.index != "current" or count != self.count
        self.count = count
        if self.stack.is_nested:
            self._host.post_message(Notice(""))  # remove the hint about going back
        self.stack.reset(ResultView(results))
        self._present()
        if outdated:
            self._host.post_message(self.IndexOutdated())

    def _present(self) -> None:
        """Show the top of the stack."""
        if self.stack.top:
            self._host.post_message(self.Found(self.stack.top))

    def describe(self, results: Results) -> None:
        """Count the facets of a result, then check the spelling of its query.

        To be called once the result is painted: counting in another thread delays the painting.
        """
        self.count_facets(results)
        start(self._host, partial(self._check_spelling, results), "spelling")

    def count_facets(self, results: Results) -> None:
        """Count the facets of a result."""
        start(self._host, partial(self._count_facets, results), "facets", exclusive=True)

    async def _count_facets(self, results: Results) -> None:
        facets = await self._run(partial(self._library.facets, results, wait=False))
        self._host.post_message(self.FacetsCounted(results, facets))

    def _is_visible(self, results: Results) -> bool:
        return self.stack.top is not None and self.stack.top.results is results

    async def _check_spelling(self, results: Results) -> None:
        await asyncio.sleep(IDLE_S)
        if self._is_visible(results):
            notes = await self._run(partial(self._library.spelling.suggestions, results))
            self._host.post_message(self.SpellingChecked(results, notes))

    # -- related papers ----------------------------------------------------------------------------

    def find_related(self, paper: Paper | None) -> None:
        """Find the papers most closely related to one, unless the cursor moves on first."""
        start(self._host, partial(self._find_related, paper), "related", exclusive=True)

    async def _find_related(self, paper: Paper | None) -> None:
        await asyncio.sleep(IDLE_S)  # the next step of the cursor cancels here
        if paper is None or await asyncio.to_thread(self._library.index.pending) > 0:
            return  # PapersChanged follows once the index is up to date

        related = await asyncio.to_thread(
            partial(self._library.related, [paper.id], limit=MAX_RELATED_BELOW_PAPER)
        )
        self._host.post_message(self.RelatedFound(paper, related))

    def list_related(
        self,
        keys: Sequence[PaperKey],
        heading: str,
        row: int,
        *,
        to: PaperKey | None = None,
        unmarked: bool = False,
    ) -> None:
        """List papers related to given ones over the visible result, whose cursor is on `row`.

        The cursor of the list goes to the paper `to`. With `unmarked`, papers that are read or
        marked are left out.
        """
        work = partial(self._list_related, keys, heading, row, to, unmarked)
        start(self._host, work, "search", exclusive=True)

    async def _list_related(
        self,
        keys: Sequence[PaperKey],
        heading: str,
        row: int,
        to: PaperKey | None,
        unmarked: bool,
    ) -> None:
        def find() -> tuple[RelatedPaper, ...]:
            ids = self._library.ids(keys)
            return self._library.related(ids, limit=MAX_RELATED_LISTED, unmarked=unmarked)

        related = await asyncio.to_thread(find)
        if self.stack.top is None or not related:
            self._host.post_message(Notice("no related papers: no terms in common"))
            return
        at = next((place for place, one in enumerate(related) if one.key == to), 0)
        self.stack.push(_related_view(related, heading, at), row)
        message = format_count(len(related), "related paper")
        self._host.post_message(Notice(message, "back", "back"))
        self._present()

    def back(self) -> bool:
        """Show the view below the visible one; return whether there is one."""
        view = self.stack.pop()
        if view is not None:
            self._host.post_message(Notice(""))
            start(self._host, self._go_back, "search", exclusive=True)
        return view is not None

    async def _go_back(self) -> None:
        self._present()
        if not self.stack.is_nested:
            self.search(*self._request)  # marks may have changed in the meantime


def _related_view(related: Sequence[RelatedPaper], heading: str, row: int) -> ResultView:
    """Return related papers as a result, to be listed and counted like any other."""
    keys = np.array([one.key for one in related], np.int64)
    results = Results(Query(heading, Everything()), "related", keys, len(keys), (), 0.0)
    shared = {one.key: one.shared_terms for one in related}
    return ResultView(results, heading, shared, row)
