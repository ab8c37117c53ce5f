"""Verdicts of a triage, one after another in threads, with the next paper read ahead."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from index import Paper
from index.papers.paper import PaperKey
from index.search.likely_model import LikelyWords
from index.triage import Triage, Verdict

T = TypeVar("T")


class TriageController:
    """Gives verdicts and moves in a triage; `paper` is the current one, None at the end.

    A verdict is written before the next paper is current. `changed` is whether marks have changed.
    With the likeliest papers first, `words` are those for and against the current paper, and
    `has_learned` is whether there is anything to learn from.
    """

    def __init__(self, triage: Triage, marking: asyncio.Lock, read_after: float = 0.0) -> None:
        """Control a triage; `marking` is held while marks are changed.

        A paper that is judged after `read_after` seconds is marked as read; after 0 s, none is.
        """
        self.triage = triage
        self.paper: Paper | None = None
        self.changed = False
        self.words: LikelyWords | None = None
        self.has_learned = True
        self._marking = marking
        self._read_after = read_after
        self._shown_at = time.monotonic()
        self._turn = asyncio.Lock()  # a triage runs one method at a time
        self._ahead: Paper | None = None
        self._reading: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Check the library while the first paper is read, so that the first verdict is fast."""
        await asyncio.to_thread(self.triage.prepare)

    async def start(self) -> None:
        """Read the current paper."""
        self.paper, self.words = await self._run(self.triage.paper), None
        self._shown_at = time.monotonic()
        self._read_ahead()

    async def judge(self, verdict: Verdict) -> str:
        """Give a verdict, go to the next paper, and return a description of the change."""
        read = 0 < self._read_after <= time.monotonic() - self._shown_at
        async with self._marking:
            words = await self._run(lambda: self.triage.judge(verdict, read=read))
        self.changed = self.changed or read or verdict != "skipped"
        await self._advance()
        return words

    async def step_back(self) -> None:
        """Go to the paper before."""
        await self._run(self.triage.step_back)
        await self.start()

    async def take_back(self) -> str:
        """Take the last verdict back, go to its paper, and return a message about it."""
        async with self._marking:
            taken = await self._run(self.triage.take_back)
        if taken is None:
            return "no verdict to take back"
        self.changed = True
        await self.start()
        return "taken back"

    async def restart(self) -> None:
        """Go through the papers without a verdict again."""
        await self._run(self.triage.restart)
        await self.start()

    async def toggle_likely(self) -> None:
        """Have the likeliest papers first, or those ahead in listing order again."""
        self.triage.likely_first = not self.triage.likely_first
        if not self.triage.likely_first:
            self.words = None
            await self._run(lambda: self.triage.sort_ahead(self.triage.listed_order()))
            self._read_ahead()

    async def rank(self) -> None:
        """Learn from the verdicts so far: sort the papers ahead, and find words of the current one.

        The next verdict cancels this, and ranks again. The current paper stays.
        """
        triage, paper = self.triage, self.paper
        order = await asyncio.to_thread(triage.likely_order)
        self.has_learned = await asyncio.to_thread(triage.has_learned)
        # A verdict waits until the papers are sorted, even if this is cancelled.
        await asyncio.shield(self._run(lambda: triage.sort_ahead(order)))
        self._read_ahead()
        self.words = await asyncio.to_thread(triage.likely_words, paper) if paper else None

    @property
    def kept(self) -> list[PaperKey]:
        """The papers that were kept, in order."""
        return self.triage.kept()

    async def close(self) -> None:
        """Wait for the paper that is being read."""
        if self._reading:
            with suppress(Exception):
                await self._reading

    async def _advance(self) -> None:
        """Make the next paper current: the one read ahead, if it is the right one."""
        triage, ahead = self.triage, self._ahead
        if ahead and not triage.is_finished and ahead.key == triage.keys[triage.at]:
            self.paper, self.words = ahead, None
            self._shown_at = time.monotonic()
            self._read_ahead()
        else:
            await self.start()

    def _read_ahead(self) -> None:
        self._ahead = None
        self._reading = asyncio.create_task(self._read_next())

    async def _read_next(self) -> None:
        self._ahead = await self._run(lambda: self.triage.paper(1))

    async def _run(self, work: Callable[[], T]) -> T:
        async with self._turn:
            return await asyncio.to_thread(work)
