"""Asks, while a query is typed, how it could go on: an answer that comes too late is not shown."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from textual.suggester import Suggester

from index.search.completion import Completion

PAUSE = 0.012
"""Seconds of quiet after a key, as before a search."""


class QuerySuggester(Suggester):
    """Completes the text of an input, which it knows by `now`; `tell` is told what is offered.

    `complete` runs in a thread of its own; one that fails offers nothing.
    """

    def __init__(
        self,
        complete: Callable[[str], Completion | None],
        now: Callable[[], str],
        tell: Callable[[Completion | None], None],
    ) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete
        self._now = now
        self._tell = tell
        self._thread = ThreadPoolExecutor(1, "complete")

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the text with what is offered shown behind it, "" to show nothing any more."""
        await asyncio.sleep(PAUSE)
        if value != self._now():
            return None
        completion = None
        try:
            run = asyncio.get_running_loop().run_in_executor
            completion = await run(self._thread, self._if_asked, value)
        except Exception:  # a search that fails says so; this is but an offer
            pass
        if value != self._now():
            return None
        self._tell(completion)
        return value + completion.shown if completion else ""

    def _if_asked(self, value: str) -> Completion | None:
        return self._complete(value) if value == self._now() else None
