"""Reading: a paper that stays on the screen counts as visited, and then as read."""

import asyncio
from collections.abc import Callable
from functools import partial

from textual.dom import DOMNode
from textual.timer import Timer

from index import Library, Paper
from index.marks.changes import Read
from index.papers.paper import PaperKey
from tui.controllers.host import MarksChanged, start
from tui.controllers.marks import GROUP
from tui.controllers.visited_papers import VisitedPapers

VISIT_AFTER_S = 3.0
"""Seconds on the screen after which a paper counts as visited."""


class ReadingController:
    """Tracks which paper is shown, and marks it as read after `read_after` seconds, 0 for never.

    `is_shown` returns whether the paper is visible, rather than covered by a dialog. A running
    change of marks holds `marking`.
    """

    def __init__(
        self,
        host: DOMNode,
        library: Library,
        visited: VisitedPapers,
        marking: asyncio.Lock,
        read_after: float,
        is_shown: Callable[[], bool],
    ) -> None:
        self._host = host
        self._library = library
        self._visited = visited
        self._marking = marking
        self._read_after = read_after
        self._is_shown = is_shown
        self._key: PaperKey | None = None
        self._timers: list[Timer] = []

    def show(self, paper: Paper | None) -> None:
        """Track another paper; for the same one, nothing changes."""
        key = paper.key if paper else None
        if key == self._key:
            return
        self._key = key
        for timer in self._timers:
            timer.stop()
        self._timers = []
        if paper is None:
            return
        self._wait(VISIT_AFTER_S, self._visited.visit, paper.key)
        if self._read_after and not paper.read:
            self._wait(self._read_after, self._read, paper.key)

    def _wait(self, seconds: float, then: Callable[[PaperKey], None], key: PaperKey) -> None:
        self._timers.append(self._host.set_timer(seconds, partial(self._stayed, key, then)))

    def _stayed(self, key: PaperKey, then: Callable[[PaperKey], None]) -> None:
        if key == self._key and self._is_shown():
            then(key)

    def _read(self, key: PaperKey) -> None:
        start(self._host, partial(self._mark_read, key), GROUP)

    async def _mark_read(self, key: PaperKey) -> None:
        def mark() -> None:
            ids = tuple(self._library.ids([key]))
            if ids and not self._library.papers(ids)[0].read:
                self._library.apply(Read(ids))

        async with self._marking:
            await asyncio.to_thread(mark)
        self._host.post_message(MarksChanged())
