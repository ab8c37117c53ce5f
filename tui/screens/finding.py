"""How papers are found and shown: the query goes out to the library, its answer to the panes."""

import asyncio
import calendar
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.reactive import var
from textual.widgets import Input, Static
from textual.worker import WorkerError

from index import Library, Paper
from index.query import VALUE_FIELDS, Query, QueryNote, asks_for_marks, every_leaf
from index.search.highlight import Highlighter
from index.search.results import Results
from tui.config.configuration import Config
from tui.screens.base import PaperScreen
from tui.widgets.line_list import LineList
from tui.widgets.search_bar import QueryNotes, ResultInfo

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

COUNTED = (*VALUE_FIELDS, "category", "topic")
"""Fields whose values are found as they are counted."""

PAUSE = 0.012
"""Seconds of quiet after a key before the search: more than between pasted keys, less than typed
ones."""

REST = 0.15
"""Seconds of quiet before it is found out what the query may have been meant to say."""


class Finding(PaperScreen):
    """Searches whenever query, sort, papers or marks have changed, and shows what was found."""

    sort: var[str] = var("relevance", init=False)

    def __init__(self, library: Library, config: Config, query: str = "") -> None:
        super().__init__(library, config)
        self.set_reactive(Finding.query_text, query)
        self.set_reactive(Finding.sort, config.sort)
        self.results: Results | None = None
        self._meant: tuple[QueryNote, ...] = ()
        self._count = 0
        self._placed = False  # whether the reader has put the cursor where it is
        # One thread to search in: what is no longer asked for when its turn comes is never begun.
        self._searcher = ThreadPoolExecutor(1, "search")

    def on_unmount(self) -> None:
        """Stop what is under way in threads."""
        self.leaving = True
        self._searcher.shutdown(wait=False, cancel_futures=True)

    @property
    def current(self) -> Paper | None:
        """The paper under the cursor."""
        return self.papers.current

    # -- searching ---------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        self.query_text = self.bar.value  # which may have moved on since it said so

    async def action_leave_search(self) -> None:
        """Go from the search bar to the papers; letters on their way to it are still its own."""
        await self.bar.typed()
        self.query_text = self.bar.value
        self.set_focus(self.papers)

    async def action_take_offer(self) -> None:
        """Take what is offered for the query; where nothing is, go to the papers."""
        await self.bar.typed()
        note = self._offering()
        if self.bar.completion:
            self.bar.rewrite(self.bar.completion.text)
        elif note:
            text = self.bar.value
            self.bar.rewrite(text[: note.start] + note.offers[0] + text[note.end :])
        else:
            await self.action_leave_search()

    async def found(self) -> None:
        """Wait until what the query asks for is shown."""
        for worker in [worker for worker in self.workers if worker.group == "search"]:
            with suppress(WorkerError):
                await worker.wait()

    def watch_query_text(self, text: str) -> None:
        """Search for what the query says now, and show it in the bar."""
        if self.bar.value != text:
            self.bar.value = text
            self.bar.cursor_position = len(text)
        self.search()

    def watch_sort(self) -> None:
        """Show the papers in another order."""
        self.search()

    @work(exclusive=True, group="search", exit_on_error=False)
    async def search(self) -> None:
        """Find the papers of the query; a newer search makes this one's answer unseen."""
        await asyncio.sleep(PAUSE)  # the next key cancels here
        run = asyncio.get_running_loop().run_in_executor
        ask = partial(self.library.search, limit=0, typing=True, wait=False)
        results = await run(
            self._searcher, partial(ask, self.query_text, sort=self.sort, selected=self.selection)
        )
        # Another program may have brought papers, and the index with them.
        count = await run(self._searcher, self.library.count)
        late = results.index != "there" or count != self._count
        self._count = count
        await self.present(results)
        if late:
            self.catch_up()

    async def present(self, results: Results, row: int | None = None) -> None:
        """Show a result, the cursor on a row where one is given, then count what it holds."""
        self._show(results, row)
        run = asyncio.get_running_loop().run_in_executor
        facets = await run(self._searcher, partial(self.library.facets, results, wait=False))
        self.facets.show(facets, results.query.filters)
        self.suggest(results)

    @work(group="suggest", exit_on_error=False)
    async def suggest(self, results: Results) -> None:
        """Find out what words that no paper has were meant to be, once the keys rest."""
        await asyncio.sleep(REST)
        if results is not self.results:
            return
        run = asyncio.get_running_loop().run_in_executor
        meant = await run(self._searcher, self.library.spelling.meant, results)
        if results is self.results:
            self._meant = meant
            self.show_notes()

    # -- showing -----------------------------------------------------------------------------------

    @on(LineList.Moved, "#list")
    def _moved(self) -> None:
        self._placed = True
        self._show_paper()

    def _show(self, results: Results, row: int | None = None) -> None:
        """Show a result; the cursor stays on the paper it was put on where that is still there.

        Where the reader has put it nowhere, each new query is shown from its best paper on; or
        from the row that is given.
        """
        under = self.current
        before = self.results
        asked_again = before is not None and before.query.text == results.query.text
        start = row if row is not None else self.papers.cursor if asked_again else 0
        same = asked_again and before is not None and before.total == results.total
        stays = row is None and under is not None and (self._placed or same)
        place = _place(results.keys, under.key) if under and stays else None
        self._placed = self._placed and place is not None
        self._meant = tuple(
            note for note in self._meant if before and _stands(note, before.query, results.query)
        )
        self.results = results
        self.papers.nothing, self.view.nothing = self._nothing(results)
        highlighter = Highlighter(results.query.tree)
        self.papers.show(results.keys, results.full, start if place is None else place, highlighter)
        self._show_info(results)
        self._show_paper()

    def _nothing(self, results: Results) -> tuple[str, str]:
        """Return what the list and the paper pane say where there is no paper."""
        more = self.hint("help", "lists all keys and what can be searched for")
        if self._count:
            clears = self.hint("clear_filters", "clears filters") if results.query.filters else ""
            ways = [clears, self.hint("everything", "shows everything")]
            return "\n".join(["No paper found.", "", *filter(None, ways)]), more
        ways = [self.hint("palette", "import brings in a file or a folder"),
                "carrel import FILE does so from a shell"]  # fmt: skip
        return "\n".join(["No papers yet.", "", *filter(None, ways)]), more

    def _show_paper(self) -> None:
        """Show the paper under the cursor, once the list has been painted."""
        self.call_after_refresh(lambda: self.view.show(self.current, self.papers.highlighter))

    def _show_info(self, results: Results) -> None:
        info = self.query_one("#info", ResultInfo)
        info.results, info.papers = results, self._count
        self.show_notes()
        self._show_chips(results)

    def show_notes(self) -> None:
        """Show what is to be said of the query, and how its offer is taken."""
        if self.results:
            hint = "Tab takes it" if self._offering() and not self.bar.completion else ""
            self.query_one("#notes", QueryNotes).show(
                self._notes(),
                self.results.query.text,
                self.bar.scroll_offset.x,
                self.bar.size.width,
                hint,
            )

    def _notes(self) -> tuple[QueryNote, ...]:
        return replace(self.results, meant=self._meant).notes if self.results else ()

    def _offering(self) -> QueryNote | None:
        """Return the note on show, where it offers something for the text in the bar."""
        note = next(iter(self._notes()), None)
        current = self.results is not None and self.results.query.text == self.bar.value
        return note if note and note.offers and current else None

    def _show_chips(self, results: Results) -> None:
        chips = self.query_one("#chips", Static)
        parts = []
        for term in results.query.filters:
            sign, style = ("−", "reverse $error") if term.excluded else ("+", "reverse $success")
            values = " | ".join(term.values)
            parts.append(Content.styled(f" {sign}{term.field}:{values} ", style))
        chips.set_class(bool(parts), "-shown")
        hint = Content.styled(self.hint("clear_filters", "clears"), "$foreground 58%")
        chips.update(Content(" ").join([*parts, hint]), layout=False)

    # -- after a change ----------------------------------------------------------------------------

    async def marks_changed(self) -> None:
        """Show marks as they are now; a query that asks for marks is asked anew."""
        self.papers.forget()
        if self.results is None:
            return
        if any(asks_for_marks(leaf) for leaf in every_leaf(self.results.query.tree)):
            self.search()
            return
        self._show_paper()
        await self.count_facets()

    async def count_facets(self) -> None:
        """Count anew what the papers of the result have in common."""
        results = self.results
        if results is None:
            return
        if any(term.field in COUNTED for term in results.query.filters):
            self.search()
            return
        # Behind what is being counted for a search, so that the later count is shown the later.
        run = asyncio.get_running_loop().run_in_executor
        facets = await run(self._searcher, partial(self.library.facets, results, wait=False))
        if results is self.results:
            self.facets.show(facets, results.query.filters)

    async def papers_changed(self) -> None:
        """Ask the query anew after papers came or went."""
        self._count = await asyncio.to_thread(self.library.count)
        sources = await asyncio.to_thread(self.library.sources)
        self.view.source_dates = {source.name: day(source.date) for source in sources}
        self.papers.forget()
        self.search()


def _stands(note: QueryNote, before: Query, query: Query) -> bool:
    """Tell whether words that a note offered something for are still those of the query."""
    start, end = note.start, note.end
    same = before.text[start:end] == query.text[start:end]
    ends = {word.end for word in query.words}
    return same and end in ends and start in {word.start for word in query.words}


def _place(keys: "npt.NDArray[np.int64]", key: int) -> int | None:
    """Return the row of a paper in a result; None where it is not there."""
    found = (keys == key).nonzero()[0]
    return int(found[0]) if len(found) else None


def day(date: str) -> str:
    """Return a page's date as pages write it: Mar 11, with its year where that is known.

    >>> day("--03-11"), day("2025-03-11"), day("2025-03"), day("2025")
    ('Mar 11', 'Mar 11, 2025', 'Mar 2025', '2025')
    """
    year, *rest = (
        date.replace("--", "-", 1).split("-") if date.startswith("--") else date.split("-")
    )
    names = [calendar.month_abbr[int(rest[0])]] if rest else []
    names += [str(int(rest[1]))] if len(rest) > 1 else []
    named = " ".join(names)
    return (", " if len(rest) > 1 else " ").join(part for part in (named, year) if part)
