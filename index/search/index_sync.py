"""Syncing of the search index with the database, and its recovery from damage."""

import json
import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

from index.engines.base import Answers, Engine, EngineBroken, EngineUnwritable, IndexUpdate
from index.engines.registry import open_engine
from index.errors import CarrelError
from index.progress import Progress
from index.store import Database, PaperStore
from index.workers import NICENESS, start_worker

log = logging.getLogger(__name__)

T = TypeVar("T")

IndexState = Literal["current", "outdated", "missing", "corpus"]
"""The state of the index when it was read, relative to the database, or that a corpus was read."""

MAX_READ_ATTEMPTS = 8
"""Attempts to read an index that others are writing, before it is considered broken."""


MIN_WORKER_PAPERS = 3_000
"""Number of papers from which a worker process updates the index: reading and passing them on would
delay the keys of this one, and take memory.
"""


class LargeUpdates(NamedTuple):
    """Updates of an index in a worker process, with the name and folder of its engine."""

    library: Path
    engine: str
    folder: Path

    def run(self, progress: Progress | None) -> None:
        """Update the index; raises EngineBroken as an engine does."""
        error = ["EngineBroken", "cannot write the search index: a worker was killed"]
        with start_worker(update, *map(str, self), niceness=NICENESS) as process:
            assert process.stdout
            try:
                for line in process.stdout:
                    match json.loads(line):
                        case int(done), int(total):
                            if progress:  # it may raise, which stops the work
                                progress(done, total)
                        case list(error):
                            break
            except BaseException:
                process.kill()
                raise
        if error:
            kind = EngineUnwritable if error[0] == EngineUnwritable.__name__ else EngineBroken
            raise kind(error[1])


def update(library: str, name: str, folder: str) -> None:
    """Update the index of a library in a worker; print the progress, and [] or the error as JSON.

    It ends when the process that started it does.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # left to the parent process
    try:
        with closing(Database(Path(library))) as database:
            engine = open_engine(Path(folder), database.meta("library"), name)
            IndexSync(engine, database).sync(lambda done, total: _print([done, total]))
        _print([])
    except CarrelError as error:
        _print([type(error).__name__, str(error)])


def _print(value: object) -> None:
    """Print a line of JSON; raises SystemExit if nobody reads it."""
    try:
        print(json.dumps(value), flush=True)
    except BrokenPipeError as error:
        raise SystemExit from error


class IndexSync:
    """Keeps an engine in sync with the database; thread-safe, one thread syncs at a time.

    Until the engine has an index, the `previous` one answers if it has.
    """

    def __init__(
        self,
        engine: Engine,
        database: Database,
        previous: Engine | None = None,
        large_updates: LargeUpdates | None = None,
    ) -> None:
        self.engine = engine
        self.previous = previous
        self._large_updates = large_updates
        self._database = database
        self._papers = PaperStore(database)
        self._syncing = threading.Lock()
        self._broken = False  # detected and not rebuilt yet

    def pending(self) -> int:
        """Return the number of papers whose changes are not indexed yet."""
        revision = self.engine.revision()
        if revision == self._database.clock("revision") and not self._broken:
            return 0
        if self._broken:
            revision = -1
        return self._papers.changes(revision)

    def sync(self, progress: Progress | None = None, *, wait: bool = False) -> None:
        """Update the index to the database's revision.

        If another thread is doing so, this returns at once; with `wait`, or if there is no index
        yet, it waits for it. If another process is, it returns at once. Raises EngineBroken if no
        index can be written.
        """
        for last in (False, False, True):
            if self._broken:
                self._delete()
            since = self.engine.revision()
            if since == self._database.clock("revision"):
                return
            if not self._syncing.acquire(blocking=wait or since < 0):
                return
            try:
                since, revision = self.engine.revision(), self._database.clock("revision")
                if since == revision:
                    return
                if since > revision:  # the database was restored from a backup
                    log.info("index is at revision %d, the database at %d", since, revision)
                    self.engine.clear()
                elif self._update(since, revision, progress):
                    return
            except EngineUnwritable:
                raise
            except EngineBroken as error:
                log.warning("index cannot be updated: %s", error, exc_info=error)
                if last:
                    raise
                self.engine.clear()
            finally:
                self._syncing.release()

    def _update(self, since: int, revision: int, progress: Progress | None) -> bool:
        total = self._papers.changes(since)
        log.info("updating index from revision %d to %d, %d papers", since, revision, total)
        started = time.monotonic()
        if self._large_updates and total >= MIN_WORKER_PAPERS:
            if progress:  # a worker takes a second to start
                progress(0, total)
            self._large_updates.run(progress)
            written = self.engine.revision() > since
        else:
            removed = self._papers.removed(since) if since >= 0 else ()
            papers = self._papers.changed(since)
            step = IndexUpdate(since, revision, papers, total, removed)
            written = self.engine.update(step, progress)
        seconds = time.monotonic() - started
        log.info("index %s in %.2f s", "updated" if written else "left to another writer", seconds)
        return written

    def rebuild(self, progress: Progress | None = None) -> None:
        """Delete the index and rebuild it from the database."""
        self._delete()
        self.sync(progress)

    def _delete(self) -> None:
        log.info("deleting the index, to build it from the database")
        self.engine.clear()
        self._broken = False

    def answer(self, ask: Callable[[], T]) -> T:
        """Return the result of `ask` with a synced index, rebuilt if it is broken."""
        self.sync(wait=True)
        for attempt in range(MAX_READ_ATTEMPTS):
            revision = self.engine.revision()
            try:
                return ask()
            except EngineBroken as error:
                log.warning("index cannot be read, attempt %d: %s", attempt + 1, error)
                with self._syncing:  # a writer may have deleted the files that were being read
                    pass
                self.sync()
                if attempt and self.engine.revision() == revision:
                    break
        self.rebuild()
        return ask()

    def answer_without_sync(
        self, ask: Callable[[Answers], T], fallback: Answers
    ) -> tuple[T, IndexState]:
        """Return the result of `ask` with the index as it is, or with another if unreadable.

        The other is that of the previous engine, if there is one, or `fallback`. This never waits;
        callers should `sync` if the state is not "current".
        """
        revision = self.engine.revision()
        if revision >= 0 and not self._broken:
            for _ in range(3):  # a writer may have deleted the files that were being read
                try:
                    answer = ask(self.engine)
                except EngineBroken as error:
                    log.warning("index cannot be read: %s", error)
                    continue
                is_current = revision == self._database.clock("revision")
                return answer, "current" if is_current else "outdated"
            self._broken = True
        if self.previous and self.previous.revision() >= 0:
            with suppress(EngineBroken):
                return ask(self.previous), "outdated"
        return ask(fallback), "missing"

    def close(self) -> None:
        """Release the files and memory of the engines."""
        self.engine.close()
        if self.previous:
            self.previous.close()
