"""Related papers: a few below the paper that is read, or a list of them in place of the result."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from textual import on, work
from textual.content import Content
from textual.widgets import Static

from index import Library
from index.papers.paper import PaperKey
from index.query import Everything, Query
from index.search.results import RelatedPaper, Results
from index.text.cleaning import counted
from tui.config.configuration import Config
from tui.screens.finding import Finding
from tui.widgets.paper_list import Shares
from tui.widgets.paper_view import PaperView, RelatedTitle

REST = 0.15
"""Seconds the cursor rests on a paper before papers like it are looked for."""

BELOW = 5
"""Related papers shown below a paper."""

LISTED = 50


RELATED = "related"
"""The order of a list of related papers."""


class Step(NamedTuple):
    """What the list showed before related papers took its place, and where its cursor was."""

    results: Results
    row: int
    heading: str
    shares: Shares


class Relating(Finding):
    """The actions that lead from papers to papers like them, and back.

    A list of related papers stands in place of the result until Escape leads back to it, or the
    query says something new. From each such list another one can be opened.
    """

    def __init__(self, library: Library, config: Config, query: str = "") -> None:
        super().__init__(library, config, query)
        self._steps: list[Step] = []
        self._heading = "Papers"

    # -- below the paper ---------------------------------------------------------------------------

    def _show_paper(self) -> None:
        super()._show_paper()
        self._relate()

    @work(exclusive=True, group="related", exit_on_error=False)
    async def _relate(self) -> None:
        """Show papers like the one under the cursor below it, once the cursor rests."""
        await asyncio.sleep(REST)  # the next step of the cursor cancels here
        paper = self.current
        if paper is None:
            return
        if await asyncio.to_thread(self.library.index.behind):
            return  # they come once the index is there

        def ask() -> list[RelatedTitle]:
            found = {one.key: one for one in self.library.related([paper.id], limit=BELOW)}
            rows = self.library.papers([one.id for one in found.values()])
            return [RelatedTitle(row.key, row.title, found[row.key].shares) for row in rows]

        self.view.relate(paper, await asyncio.to_thread(ask))

    @on(PaperView.Chosen)
    def _related_clicked(self, chosen: PaperView.Chosen) -> None:
        self._list_related([chosen.paper.key], f"Related to {chosen.paper.title}", at=chosen.key)

    # -- in place of the result --------------------------------------------------------------------

    async def action_related(self) -> None:
        """List papers like the one under the cursor."""
        await self.found()
        paper = self.current
        if paper is not None:
            self._list_related([paper.key], f"Related to {paper.title}")

    async def action_related_selection(self) -> None:
        """List papers like those that are selected."""
        keys = sorted(self.selection)
        if keys:
            self._list_related(keys, f"Related to the {counted(len(keys), 'paper')} selected")
        else:
            self.say("nothing is selected", then=self.hint("select", "selects"))

    async def action_for_you(self) -> None:
        """List papers like the bookmarked that were neither read nor marked."""
        results = await asyncio.to_thread(self.library.search, "is:bookmarked", limit=0)
        keys = results.paper_keys()
        if keys:
            self._list_related(keys, "For you, by your bookmarks", unmarked=True)
        else:
            self.say("nothing is bookmarked yet", then=self.hint("bookmark", "bookmarks"))

    @work(exclusive=True, group="search", exit_on_error=False)  # a newer search makes it unseen
    async def _list_related(
        self, keys: list[PaperKey], heading: str, *, at: int = 0, unmarked: bool = False
    ) -> None:
        ids = await asyncio.to_thread(self.library.ids, keys)
        ask = partial(self.library.related, ids, limit=LISTED, unmarked=unmarked)
        related = await asyncio.to_thread(ask)
        if self.results is None or not related:
            self.say("no other paper shares words with " + ("it" if len(keys) == 1 else "them"))
            return
        papers = self.papers
        self._steps.append(Step(self.results, papers.cursor, self._heading, papers.shares))
        self._head(heading, {one.key: one.shares for one in related})
        self.say(f"{counted(len(related), 'paper')} like {'it' if len(keys) == 1 else 'them'}",
                 then=self.hint("back", "goes back"))  # fmt: skip
        row = next((row for row, one in enumerate(related) if one.key == at), 0)
        self.set_focus(papers)
        await self.present(_results(related, heading), row)

    def leave_related(self) -> bool:
        """Show again what related papers took the place of; False where they did not."""
        if not self._steps:
            return False
        step = self._steps.pop()
        self._head(step.heading, step.shares)
        self.say("")
        self._step_back(step)
        return True

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _step_back(self, step: Step) -> None:
        await self.present(step.results, step.row)
        if step.results.sort != RELATED:
            self._placed = True
            self.search()  # marks may have changed since

    def _show(self, results: Results, row: int | None = None) -> None:
        if results.sort != RELATED:
            if self._steps:
                self.say("")  # no longer is there anything to go back from
            self._steps.clear()
            self._head("Papers", {})
        super()._show(results, row)

    def _head(self, heading: str, shares: Shares) -> None:
        """Say what the list is of, and what each of its papers shares."""
        self._heading = heading
        self.query_one("#papers-heading", Static).update(Content(heading))
        self.papers.shares = shares


def _results(related: Sequence[RelatedPaper], heading: str) -> Results:
    """Return related papers as what a query found, so that they are listed and counted alike."""
    keys = np.array([one.key for one in related], np.int64)
    return Results(Query(heading, Everything()), RELATED, keys, len(keys), (), 0.0)
