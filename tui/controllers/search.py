"""Searches in a separate thread."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import numpy as np

from index import Library, Paper
from index.facets.counting import Facet
from index.papers.paper import PaperKey
from index.progress import Stop
from index.query import Everything, Query, QueryNote
from index.search.likely_model import LikelyWords
from index.search.orders import LIKELY
from index.search.results import RelatedPaper, Results, Rows
from tui.controllers.result_stack import ResultStack, ResultView

T = TypeVar("T")

DEBOUNCE_S = 0.012
"""Seconds without a key before a search: longer than between pasted keys, shorter than typing."""

IDLE_S = 0.15
"""Seconds without a key before related papers and spelling are looked up."""

DEADLINE_S = 20.0
"""Seconds after which a search shows what it has found so far."""

MAX_RELATED_BELOW_PAPER = 5
MAX_RELATED_LISTED = 50


class SearchController:
    """Searches, counts facets, checks spelling and finds related papers.

    All of it runs in one thread, so that an outdated search is never started; the result of a
    cancelled search is discarded. `stack` holds the visible results, `count` is the number of
    papers that were searched, and `is_outdated` whether a search ran without a current index.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._thread = ThreadPoolExecutor(1, "search")
        self.stack = ResultStack()
        self.count = 0
        self._local_count: int | None = None  # of the last search
        self.is_outdated = False

    def close(self) -> None:
        """Cancel the work that has not started."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    # -- queries -----------------------------------------------------------------------------------

    async def search(self, query: str, sort: str, selected: frozenset[PaperKey]) -> ResultView:
        """Search for a query, unless this is cancelled by the next key."""
        await asyncio.sleep(DEBOUNCE_S)
        stop = Stop(DEADLINE_S)
        search = partial(self._library.search, query, limit=0, typing=True, wait=False, stop=stop)
        try:
            results = await self._run(partial(search, sort=sort, selected=selected))
        except asyncio.CancelledError:
            stop.set()
            raise
        # Another process may have added papers and updated the index.
        count = await self._run(self._library.count)
        # Papers listed from a corpus are copied, but nothing is shown of them until it fails.
        of_library = results.index != "corpus"
        has_changed = self._local_count not in (None, count)
        self.is_outdated = of_library and (results.index != "current" or has_changed)
        self._local_count = count
        self.count = await self._run(partial(self._library.searched, results))
        view = ResultView(results)
        self.stack.reset(view)
        return view

    async def facets(self, results: Results) -> tuple[Facet, ...]:
        """Count the facets of a result."""
        return await self._run(partial(self._library.facets, results, wait=False))

    async def spelling(self, results: Results) -> tuple[QueryNote, ...]:
        """Return notes on the words of a query without matches, unless another is typed first."""
        await asyncio.sleep(IDLE_S)
        if self.stack.top is None or self.stack.top.results is not results:
            return ()
        return await self._run(partial(self._library.spelling.suggestions, results))

    # -- related papers ----------------------------------------------------------------------------

    async def related(self, paper: Paper) -> Sequence[RelatedPaper] | None:
        """Return the papers most closely related to one; None while the index is out of date.

        The next step of the cursor cancels this.
        """
        await asyncio.sleep(IDLE_S)
        pending = self._library.index.pending
        if not self._library.corpus and await asyncio.to_thread(pending) > 0:
            return None  # PapersChanged follows once the index is up to date
        find = partial(self._library.related, [paper.id], limit=MAX_RELATED_BELOW_PAPER)
        return await asyncio.to_thread(find)

    async def likely_words(self, paper: Paper) -> LikelyWords | None:
        """Return the words for and against a paper, if the likeliest are first."""
        view = self.stack.top
        if view is None or view.results.sort != LIKELY:
            return None
        return await asyncio.to_thread(self._library.likely.words, paper)

    async def list_related(
        self,
        keys: Sequence[PaperKey],
        heading: str,
        row: int,
        *,
        to: PaperKey | None = None,
        unmarked: bool = False,
    ) -> ResultView | None:
        """List papers related to given ones over the visible result, whose cursor is on `row`.

        The cursor of the list goes to the paper `to`. With `unmarked`, papers that are read or
        marked are left out. Without any, return None.
        """

        def find() -> tuple[RelatedPaper, ...]:
            ids = self._library.ids(keys)
            return self._library.related(ids, limit=MAX_RELATED_LISTED, unmarked=unmarked)

        related = await asyncio.to_thread(find)
        if self.stack.top is None or not related:
            return None
        at = next((place for place, one in enumerate(related) if one.key == to), 0)
        view = _related_view(related, heading, at)
        self.stack.push(view, row)
        return view

    def list_papers(
        self, keys: Sequence[PaperKey], heading: str, row: int, *, to: PaperKey
    ) -> ResultView | None:
        """List papers, newest last in `keys`, over the visible result, whose cursor is on `row`."""
        if self.stack.top is None:
            return None
        rows = np.array(list(dict.fromkeys(reversed(keys))), np.int64)
        results = Results(Query(heading, Everything()), "visited", Rows.of(rows), (), 0.0)
        view = ResultView(results, heading, row=int(np.flatnonzero(rows == to)[0]))
        self.stack.push(view, row)
        return view


def _related_view(related: Sequence[RelatedPaper], heading: str, row: int) -> ResultView:
    """Return related papers as a result, to be listed and counted like any other."""
    keys = np.array([one.key for one in related], np.int64)
    results = Results(Query(heading, Everything()), "related", Rows.of(keys), (), 0.0)
    shared = {one.key: one.shared_terms for one in related}
    return ResultView(results, heading, shared, row)
