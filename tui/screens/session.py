"""The session: the state of the reader in a library, restored when it is opened again."""

import asyncio
import logging
import threading
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index import Library
from index.errors import CarrelError
from index.papers.paper import PaperKey
from index.search.orders import SORTS
from tui.config.state import ReaderState, SessionState, load_state, save_state
from tui.controllers.host import start

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

Snapshot = tuple[SessionState, frozenset[int], ReaderState]

SAVE_INTERVAL_S = 3.0
"""Seconds between checks for changes to save."""

log = logging.getLogger(__name__)


class Session:
    """Restores the last session of a library, and saves this one.

    `desk` is the arrangement of the panes to restore. With a query to open with, only selection and
    visited papers are restored; with `fresh`, nothing except the theme is.
    """

    def __init__(self, library: Library, path: Path, query: str, *, fresh: bool) -> None:
        self._library = library
        self._path = path
        saved = load_state(path)
        last = saved.sessions.get(library.identity, SessionState())
        self.desk = saved
        if fresh:
            self.desk = replace(saved, layout="", dense=False, shares={})
            last = SessionState()
        if query or last.sort not in SORTS:
            last = replace(last, sort="")
        if query:
            last = replace(last, query=query, paper=0)
        self._last = last
        self._before: Snapshot | None = None
        self._saved: Snapshot | None = None
        self._writing = threading.Lock()

    @property
    def query(self) -> str:
        """The query to open with."""
        return self._last.query

    @property
    def sort(self) -> str:
        """The sort order to open with; "" for that of the configuration."""
        return self._last.sort

    @property
    def paper(self) -> PaperKey | None:
        """The paper to put the cursor on."""
        return PaperKey(self._last.paper) if self._last.paper else None

    @property
    def selection(self) -> list[PaperKey]:
        """The selected papers, without deleted ones."""
        return self._existing(self._last.selection)

    @property
    def visited(self) -> list[PaperKey]:
        """The papers that were opened, the last one last, without deleted ones."""
        return self._existing(self._last.visited)

    def _existing(self, keys: tuple[int, ...]) -> list[PaperKey]:
        with suppress(CarrelError, OverflowError):
            return self._library.keys(self._library.ids(map(PaperKey, keys)))
        return []

    def save(self, reader: "MainScreen") -> None:
        """Save the session and the arrangement of the panes; errors are logged."""
        self._saved = self._snapshot(reader)
        self._write(*self._saved)

    def watch(self, reader: "MainScreen") -> None:
        """Save the session every few seconds, so that little is lost if the reader is killed."""
        reader.set_interval(SAVE_INTERVAL_S, lambda: self.save_at_rest(reader))

    def save_at_rest(self, reader: "MainScreen") -> None:
        """Save changes once the state is the same as at the previous call."""
        now = self._snapshot(reader)
        is_resting, self._before = now == self._before, now
        if is_resting and now != self._saved:
            self._saved = now
            start(reader, partial(self._write_in_background, *now), "session")

    async def _write_in_background(self, *snapshot: *Snapshot) -> None:
        await asyncio.to_thread(self._write, *snapshot)

    def _snapshot(self, reader: "MainScreen") -> Snapshot:
        """Return the state to save: a session, its selection, and the arrangement of the panes."""
        current = reader.current
        session = SessionState(
            reader.query_text,
            reader.sort if reader.sort != reader.config.sort else "",
            current.key if current else 0,
            visited=tuple(reader.visited.keys),
        )
        return session, reader.selection, reader.desk.arranged(ReaderState(), reader.app)

    def _write(self, session: SessionState, selection: frozenset[int], desk: ReaderState) -> None:
        session = replace(session, selection=tuple(sorted(selection)))
        with self._writing:
            before = load_state(self._path)
            state = replace(desk, sessions=before.sessions)
            state = state.with_session(self._library.identity, session)
            if state != before:
                save_state(self._path, state)
