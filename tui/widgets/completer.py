"""Completion of a query while it is typed; outdated answers are discarded."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from textual.suggester import Suggester

from index.search.completion import Completion

DEBOUNCE_S = 0.012
"""Seconds without a key before a completion, as before a search."""


class QuerySuggester(Suggester):
    """Completes the text of an input.

    `complete` runs in a separate thread; its errors are ignored. `get_text` returns the current
    text, `on_completed` is called with each completion.
    """

    def __init__(
        self,
        complete: Callable[[str], Completion | None],
        get_text: Callable[[], str],
        on_completed: Callable[[Completion | None], None],
    ) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete
        self._get_text = get_text
        self._on_completed = on_completed
        self._thread = ThreadPoolExecutor(1, "complete")

    def stop(self) -> None:
        """Stop completing."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the text with its completion, or "" to remove the last one."""
        await asyncio.sleep(DEBOUNCE_S)
        if value != self._get_text():
            return None
        completion = None
        try:
            run = asyncio.get_running_loop().run_in_executor
            completion = await run(self._thread, self._complete_current, value)
        except Exception:  # the search reports the error
            pass
        if value != self._get_text():
            return None
        self._on_completed(completion)
        return value + completion.shown if completion else ""

    def _complete_current(self, value: str) -> Completion | None:
        return self._complete(value) if value == self._get_text() else None
