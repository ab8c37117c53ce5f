"""Verdicts of a triage, one after another in threads, with the next paper read ahead."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from index import Paper
from index.papers.paper import PaperKey
from index.triage import Triage, Verdict

T = TypeVar("T")


class TriageController:
    """Gives verdicts and moves in a triage; `paper` is the current one, None at the end.

    A verdict is written before the next paper is current. `changed` is whether marks have changed.
    """

    def __init__(self, triage: Triage, marking: asyncio.Lock) -> None:
        """Control a triage; `marking` is held while marks are changed."""
        self.triage = triage
        self.paper: Paper | None = None
        self.changed = False
        self._marking = marking
        self._turn = asyncio.Lock()  # a triage runs one method at a time
        self._ahead: Paper | None = None
        self._reading: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Check the library while the first paper is read, so that the first verdict is fast."""
        await asyncio.to_thread(self.triage.prepare)

    async def start(self) -> None:
        """Read the current paper."""
        self.paper = await self._run(self.triage.paper)
        self._read_ahead()

    async def judge(self, verdict: Verdict) -> str:
        """Give a verdict, go to the next paper, and return a description of the change."""
        async with self._marking:
            words = await self._run(lambda: self.triage.judge(verdict))
        self.changed = self.changed or verdict != "skipped"
        await self._advance()
        return words

    async def step_back(self) -> None:
        """Go to the paper before."""
        await self._run(self.triage.step_back)
        await self.start()

    async def take_back(self) -> str:
        """Take the last verdict back, go to its paper, and return what that did in words."""
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
            self.paper = ahead
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
