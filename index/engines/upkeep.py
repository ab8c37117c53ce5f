"""The upkeep of an index: work that becomes due after many updates, done in a worker process.

The worker may outlive the process that starts it, such as a command. If it is killed, the work is
due again after the next update.
"""

from collections.abc import Callable
from pathlib import Path

from index.engines.folder import IndexFolder
from index.workers import NICENESS, Worker, start_worker

Task = Callable[[IndexFolder], bool]
"""Does a part of the work if it is due, and returns whether it was."""


class Upkeep:
    """Starts the worker that keeps up an index, unless it is running."""

    def __init__(self, work: Callable[[str, str], None], place: IndexFolder) -> None:
        self._work = work
        self._place = place
        self._worker: Worker | None = None

    def start(self) -> None:
        """Start the work, which takes a second or more."""
        if self._worker is None or self._worker.poll() is not None:
            self._worker = start_worker(self._work, *places(self._place), niceness=NICENESS)


def places(place: IndexFolder) -> tuple[str, str]:
    """Return the arguments of a worker."""
    return str(place.path), place.library


def keep_up(place: IndexFolder, *tasks: Task) -> None:
    """Do some tasks for as long as they are due, unless another process is doing so."""
    with place.locked(wait=False, purpose="upkeep") as alone:
        for task in tasks if alone else ():
            while task(place):
                pass


def renew_words(folder: str, library: str) -> None:
    """Keep up the lists of words of an index, in a worker."""
    keep_up(IndexFolder(Path(folder), library), IndexFolder.renew_words)
