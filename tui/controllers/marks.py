"""Changes of marks, one after another in threads, with undo and redo."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from textual.dom import DOMNode

from index import Library
from index.errors import CarrelError
from index.marks.changes import Change, ChangeResult, PaperMarks
from index.papers.paper import PaperKey
from tui.controllers.host import MarksChanged, Notice, PapersChanged, finished, start

Ids = tuple[str, ...]

POLL_INTERVAL_S = 0.8
"""Seconds between looks at the journal of changes, which other programs write too."""

GROUP = "marks"
"""The worker group of changes, which exiting waits for."""


class MarksController:
    """Changes marks, undoes and redoes changes, and reports each.

    The papers of a change are fixed when the key is pressed; the cursor may move while the change
    waits for its turn. A running change holds `lock`.
    """

    def __init__(self, host: DOMNode, library: Library) -> None:
        self._host = host
        self._library = library
        self.lock = asyncio.Lock()
        self._newest: Sequence[object] | None = None  # as last read
        self._running = 0  # changes that are not yet written
        self._toggles: dict[tuple[PaperKey, str], bool] = {}  # set, and perhaps not yet shown

    async def settled(self) -> None:
        """Wait until no change is running."""
        await finished(self._host, GROUP)

    async def of(self, keys: Sequence[PaperKey]) -> list[PaperMarks]:
        """Return the marks of papers."""
        return await asyncio.to_thread(lambda: self._library.marks.of(self._library.ids(keys)))

    async def watch(self) -> None:
        """Report changes that other programs make from now on, within a second."""
        with suppress(CarrelError):  # of which the search tells
            self._newest = await self._last_change()
        compare = partial(start, self._host, self._compare_journal, "journal", exclusive=True)
        self._host.set_interval(POLL_INTERVAL_S, compare)

    async def _last_change(self) -> Sequence[object]:
        return await asyncio.to_thread(self._library.marks.log, 1)

    async def _compare_journal(self) -> None:
        newest = await self._last_change()
        last, self._newest = self._newest, newest
        if last is not None and newest != last:
            self._host.post_message(MarksChanged())

    def toggle(
        self,
        keys: Sequence[PaperKey],
        shown: Mapping[PaperKey, bool],
        change: Callable[[Ids, bool], Change],
        kind: str,
    ) -> None:
        """Set a mark of a kind on papers, or remove it if all of them have it.

        Another program may have changed the mark in the meantime, so `shown`, whether papers are
        shown with it, decides. For papers that are not shown, the library is asked.
        """

        def has(marks: PaperMarks) -> bool:
            stored = bool(marks.values(kind))
            return self._toggles.get((marks.paper, kind), shown.get(marks.paper, stored))

        def toggled(ids: Ids) -> Change:
            on = not all(map(has, self._library.marks.of(ids)))
            self._toggles.update({(key, kind): on for key in keys})
            return change(ids, on)

        self.change(keys, toggled)

    def shown(self) -> None:
        """Forget toggles once no change is running: the marks on the screen are those stored."""
        if not self._running:
            self._toggles.clear()

    def change(self, keys: Sequence[PaperKey], change: Callable[[Ids], Change]) -> None:
        """Change the marks of papers, after all earlier changes."""
        if keys:
            library = self._library

            def apply() -> ChangeResult:
                return library.apply(change(tuple(library.ids(keys))))

            self.run(apply)

    def run(
        self,
        change: Callable[[], ChangeResult],
        after: Callable[[], str] = str,
        *,
        edits: bool = False,
    ) -> None:
        """Run a change in its turn; `after` returns text to add to its message.

        `edits` is whether papers themselves change, rather than their marks.
        """
        self._running += 1
        start(self._host, partial(self._run, change, after, edits=edits), GROUP)

    async def _run(
        self, change: Callable[[], ChangeResult], after: Callable[[], str], *, edits: bool
    ) -> None:
        async with self.lock:
            try:
                done = await asyncio.to_thread(change)
                more = await asyncio.to_thread(after)
                if done.papers:
                    self._host.post_message(Notice(f"{done.words}{more}", "undo", "undo"))
                else:
                    self._host.post_message(Notice("nothing to change"))
            finally:
                self._running -= 1
                await self._report_changes(edits=edits)

    def undo(self) -> None:
        """Undo the last change."""
        start(self._host, partial(self._undo_or_redo, undo=True), GROUP)

    def redo(self) -> None:
        """Redo the most recently undone change."""
        start(self._host, partial(self._undo_or_redo, undo=False), GROUP)

    async def _undo_or_redo(self, *, undo: bool) -> None:
        async with self.lock:
            try:
                entry = await asyncio.to_thread(self._library.undo if undo else self._library.redo)
                if entry is None:
                    message = "nothing to undo" if undo else "nothing to redo"
                else:
                    message = f"{'undone' if undo else 'redone'}: {entry.message}"
                self._host.post_message(Notice(message))
            finally:
                await self._report_changes(edits=True)

    async def _report_changes(self, *, edits: bool) -> None:
        # Undoing a merge or a removal restores papers, redoing one deletes them.
        pending = await asyncio.to_thread(self._library.index.pending) if edits else 0
        if pending:
            self._host.post_message(PapersChanged())
        self._host.post_message(MarksChanged())
