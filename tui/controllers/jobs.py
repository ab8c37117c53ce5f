"""Jobs: long work in threads, each with its own cancel token and its progress."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from textual.dom import DOMNode
from textual.message import Message

PROGRESS_INTERVAL_S = 0.1
"""Seconds between two messages of progress."""


class Cancelled(BaseException):
    """Ends a job's thread. Not an Exception, so that nothing on its way retries or fixes it."""


class Job:
    """One piece of work; `report` is called by its thread, now and then."""

    def __init__(self, show: Callable[[str], object]) -> None:
        self._show = show
        self._cancelled = threading.Event()
        self._shown_at = 0.0

    def cancel(self) -> None:
        """End the job when it next reports."""
        self._cancelled.set()

    def report(self, words: str) -> None:
        """Show how far the job is; raises Cancelled if it is to end."""
        if self._cancelled.is_set():
            raise Cancelled
        if time.monotonic() - self._shown_at > PROGRESS_INTERVAL_S:
            self._shown_at = time.monotonic()
            self._show(words)


class Jobs:
    """The jobs under way."""

    class Progress(Message):
        """How far a job is, in words; "" once it has ended."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, host: DOMNode) -> None:
        self._host = host
        self._running: list[Job] = []
        self.closed = False

    @contextmanager
    def run(self) -> Iterator[Job]:
        """Yield a new job, which is under way until the block ends."""
        job = Job(lambda words: self._host.post_message(self.Progress(words)))
        self._running.append(job)
        if self.closed:
            job.cancel()
        try:
            yield job
        finally:
            job.cancel()  # whoever waited may have been cancelled, its thread goes on
            self._running.remove(job)
            self._host.post_message(self.Progress(""))

    def stop(self) -> bool:
        """Cancel all jobs; return whether there were any."""
        for job in self._running:
            job.cancel()
        return bool(self._running)

    def close(self) -> None:
        """Cancel all jobs, and those still to come: the reader is leaving."""
        self.closed = True
        self.stop()
