"""The presenter: searches for the query of the reader, and shows what is found."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from index import Library, Paper
from index.errors import CarrelError
from index.facets.fields import COUNTED_FIELDS
from index.papers.paper import PaperKey
from index.query import State, asks_for_marks, every_leaf
from index.search.results import Results
from index.text.cleaning import format_count
from tui.controllers.host import finished, start
from tui.controllers.result_stack import QUERY_HEADING, ResultView
from tui.controllers.search import SearchController
from tui.screens.status_texts import empty_texts, page_date
from tui.widgets.paper_list import PaperList

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


FIRST_FRAME_S = 0.2
"""Maximum seconds that the first frame waits for results."""


class ResultPresenter:
    """Shows results in the widgets of the reader: rows, the current paper, counts and notes.

    A result is shown by the worker that found it, so that it is in the next frame. Everything else
    is looked up once it has been painted.
    """

    def __init__(self, reader: "MainScreen", library: Library) -> None:
        self._reader = reader
        self._library = library
        self._searches = SearchController(library)

    def close(self) -> None:
        """Cancel the searches that have not started."""
        self._searches.close()

    # -- results -----------------------------------------------------------------------------------

    def search(self) -> None:
        """Search for the query of the reader, cancelling any running search."""
        start(self._reader.footer, self._search, "search", exclusive=True)

    async def _search(self) -> None:
        reader, searches = self._reader, self._searches
        was_nested = searches.stack.is_nested
        view = await searches.search(reader.query_text, reader.sort, reader.selection)
        if was_nested:
            reader.footer.say("")  # remove the hint about going back
        self._show(view)
        if searches.is_outdated:
            reader.library_jobs.update()

    async def settled(self) -> None:
        """Wait until the results of the query are shown; the first search follows a refresh."""
        await finished(self._reader, "refresh", "search")

    async def first_shown(self) -> None:
        """Wait for the first results, but not for longer than one is willing to see nothing."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.settled(), FIRST_FRAME_S)

    async def counted(self) -> None:
        """Wait until the results of the query are painted and their facets shown."""
        await self.settled()
        painted = asyncio.Event()
        self._reader.call_after_refresh(painted.set)
        await painted.wait()
        await finished(self._reader, "facets")

    def list_related(
        self,
        keys: Sequence[PaperKey],
        heading: str,
        *,
        to: PaperKey | None = None,
        unmarked: bool = False,
    ) -> None:
        """List papers related to given ones, with the cursor on the paper `to`.

        With `unmarked`, papers that are read or marked are left out.
        """
        row = self._reader.papers.cursor
        find = self._searches.list_related
        work = partial(find, keys, heading, row, to=to, unmarked=unmarked)
        start(self._reader.footer, partial(self._list_related, work), "search", exclusive=True)

    async def _list_related(self, find: Callable[[], Awaitable[ResultView | None]]) -> None:
        view = await find()
        if view is None:
            self._reader.footer.say("no related papers: no terms in common")
            return
        self._show(view)
        found = format_count(view.results.total, "related paper")
        self._reader.footer.say(found, self._reader.keys.hint("back", "back"), "back")

    def go_to(self, key: PaperKey, keys: Sequence[PaperKey], heading: str) -> None:
        """Put the cursor on a paper; if it is not in the list, list `keys` over it."""
        papers = self._reader.papers
        row = papers.results.rows.find(key) if papers.results else None
        if row is not None:
            papers.move_to(row)
        elif view := self._searches.list_papers(keys, heading, papers.cursor, to=key):
            self._show(view)
            self._reader.footer.say("", self._reader.keys.hint("back", "back"))

    def back(self) -> bool:
        """Show the view from which related papers were listed; return whether there is one."""
        stack = self._searches.stack
        view = stack.pop()
        if view is None:
            return False
        self._reader.footer.say("")
        self._show(view)
        if not stack.is_nested:
            self.search()  # marks may have changed in the meantime
        return True

    def _show(self, view: ResultView) -> None:
        reader, results = self._reader, view.results
        reader.range.end()
        reader.results, reader.count = results, self._searches.count
        texts = empty_texts(results, reader.count, reader.keys.hint)
        reader.papers.empty_text, reader.view.empty_text = texts
        reader.papers.show(results, view.shared_terms, view.row)
        reader.panes.set_heading(view.heading)
        if view.heading != QUERY_HEADING:
            reader.panes.go(reader.panes.home)
        self.show_paper()
        reader.call_after_refresh(self._describe)

    def _describe(self) -> None:
        """Count facets and check spelling, which delay the painting if they run before it."""
        self.count_facets()
        start(self._reader.footer, self._check_spelling, "spelling", exclusive=True)

    async def _check_spelling(self) -> None:
        results = self._reader.results
        notes = await self._searches.spelling(results) if results else ()
        if results is self._reader.results:
            self._reader.header.add_spelling(notes)

    def count_facets(self) -> None:
        """Count the facets of the result."""
        start(self._reader.footer, self._count_facets, "facets", exclusive=True)

    async def _count_facets(self) -> None:
        reader, results = self._reader, self._reader.results
        facets = await self._searches.facets(results) if results else ()
        if results is None or results is not reader.results:
            return
        reader.facets.show(facets, results.query.filters)
        reader.strip.facets = facets
        sources = next((f.counts for f in facets if f.field == "source"), ())
        reader.papers.set_mixed(len(sources) > 1)

    # -- papers ------------------------------------------------------------------------------------

    def read_page(self, results: Results, start: int, stop: int) -> list[Paper]:
        """Return papers of a result; show an error, since painting must not raise one."""
        try:
            return self._library.page(results, start, stop)
        except Exception as error:
            self._reader.footer.show_error(error)
            return []

    def load_pages(self, wanted: PaperList.Wanted) -> None:
        """Ask a corpus for pages of a result in a thread, and show their rows."""
        start(self._reader.footer, partial(self._load_pages, wanted), "rows")

    async def _load_pages(self, wanted: PaperList.Wanted) -> None:
        papers = self._reader.papers
        try:
            for page in wanted.pages:
                await asyncio.to_thread(wanted.results.rows.load, page)
        finally:
            papers.pages_loaded(wanted)
        if wanted.results is not papers.results:
            return
        if self._reader.range.active:
            self._reader.selection = self._reader.range.extend(papers.cursor)
        if self._reader.view.paper is None:
            self.show_paper()

    def show_paper(self) -> None:
        """Show the position and the paper of the cursor, the paper once the list is painted."""
        reader = self._reader
        reader.panes.set_position(reader.papers.cursor, reader.papers.row_count)
        reader.call_after_refresh(
            lambda: reader.view.show(reader.current, reader.papers.highlighter)
        )
        reader.reading.show(reader.current)
        start(reader.footer, self.find_related, "related", exclusive=True)

    async def find_related(self) -> None:
        """Show the papers related to the current one, unless the cursor moves on first."""
        paper = self._reader.current
        related = await self._searches.related(paper) if paper else None
        if paper and related is not None:
            self._reader.view.show_related(paper, related)
            self._reader.view.show_likely(paper, await self._searches.likely_words(paper))

    # -- changes -----------------------------------------------------------------------------------

    def depends_on_selection(self) -> bool:
        """Return whether the selection decides which papers the result has."""
        results = self._reader.results
        return results is not None and State("is", "selected") in every_leaf(results.query.tree)

    def marks_changed(self) -> None:
        """Show changed marks; search again if they may change which papers the result has."""
        self._reader.papers.forget()
        results = self._reader.results
        if results and self._depends_on_marks(results):
            self.search()
        elif results:
            self.show_paper()
            self.values_changed()

    def _depends_on_marks(self, results: Results) -> bool:
        if any(map(asks_for_marks, every_leaf(results.query.tree))):
            return True
        try:
            return not self._searches.stack.is_nested and self._library.hides_other_papers(results)
        except CarrelError as error:
            self._reader.footer.show_error(error)
            return False

    def values_changed(self) -> None:
        """Count the facets again; search again if the query filters by a counted value."""
        results = self._reader.results
        if results and any(term.field in COUNTED_FIELDS for term in results.query.filters):
            self.search()
        elif results:
            self.count_facets()

    def papers_changed(self) -> None:
        """Show the papers after some were added or deleted."""
        start(self._reader.footer, self._papers_changed, "refresh")

    async def _papers_changed(self) -> None:
        reader = self._reader
        sources = await asyncio.to_thread(self._library.sources)
        reader.view.source_dates = {source.name: page_date(source.date) for source in sources}
        reader.papers.forget()
        self.search()
        reader.saved.count()
