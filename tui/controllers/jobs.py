"""Jobs: long-running work in threads, with cancellation and progress."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from textual.dom import DOMNode
from textual.message import Message

PROGRESS_INTERVAL_S = 0.1
"""Minimum seconds between progress messages."""


class Cancelled(BaseException):
    """Ends a job's thread; not an Exception, so that no handler for errors catches it."""


class Job:
    """One unit of work, whose thread calls `report` regularly."""

    def __init__(self, show: Callable[[str], object]) -> None:
        self._show = show
        self._cancelled = threading.Event()
        self._shown_at = 0.0

    def cancel(self) -> None:
        """End the job at its next report."""
        self._cancelled.set()

    def report(self, text: str) -> None:
        """Show the progress of the job; raises Cancelled after `cancel`."""
        if self._cancelled.is_set():
            raise Cancelled
        if time.monotonic() - self._shown_at > PROGRESS_INTERVAL_S:
            self._shown_at = time.monotonic()
            self._show(text)


class Jobs:
    """The running jobs."""

    @dataclass
    class Progress(Message):
        """The progress of a job as text; "" once it has ended.

        A `minor` job is one that nobody waits for.
        """

        text: str
        minor: bool = False

    def __init__(self, host: DOMNode) -> None:
        self._host = host
        self._running: list[Job] = []
        self.closed = False

    @contextmanager
    def run(self, *, minor: bool = False) -> Iterator[Job]:
        """Yield a new job, which ends with the block; nobody waits for a `minor` one."""
        job = Job(lambda text: self._host.post_message(self.Progress(text, minor)))
        self._running.append(job)
        if self.closed:
            job.cancel()
        try:
            yield job
        finally:
            job.cancel()  # if the waiting task was cancelled, the thread is still running
            self._running.remove(job)
            self._host.post_message(self.Progress(""))

    def stop(self) -> bool:
        """Cancel all jobs; return whether there were any."""
        for job in self._running:
            job.cancel()
        return bool(self._running)

    def close(self) -> None:
        """Cancel all jobs, and any started later: the reader is exiting."""
        self.closed = True
        self.stop()
