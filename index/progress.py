"""The progress of long work, as a callback, and how work is stopped."""

import time
from collections.abc import Callable
from math import inf

Progress = Callable[[int, int], None]
"""Called with the number of papers done and their total; may raise to stop the work."""


class Stop:
    """The deadline of a search, in seconds from now, and the token that cancels it.

    A search that is stopped returns what it has found so far, and says that it is not `exact`.
    """

    def __init__(self, seconds: float = inf) -> None:
        self._deadline = time.monotonic() + seconds

    def set(self) -> None:
        """Cancel the search; any thread may do so."""
        self._deadline = -inf

    def left(self) -> float:
        """Return the seconds until the deadline, 0 if it has passed or the search was cancelled."""
        return max(0.0, self._deadline - time.monotonic())

    def is_set(self) -> bool:
        """Return whether the search was cancelled, or its deadline has passed."""
        return time.monotonic() >= self._deadline
