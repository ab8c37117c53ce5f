"""How the search index follows the database, and what is done when it proves broken."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal, TypeVar

from index.engines.base import Answers, Engine, EngineBroken, EngineUnwritable, IndexUpdate
from index.progress import Progress
from index.store import Database, PaperStore

log = logging.getLogger(__name__)

T = TypeVar("T")

IndexState = Literal["there", "behind", "missing"]
"""How an index answered: as the database is, as it was before, or not at all."""


MOST_ATTEMPTS = 8
"""Times an index is read while others write it, before it is taken for broken."""


class IndexSync:
    """Keeps an engine in step with the database; any thread may call.

    One thread at a time brings it up to date; the engine itself sees to those that read.
    """

    def __init__(self, engine: Engine, database: Database) -> None:
        self.engine = engine
        self._database = database
        self._papers = PaperStore(database)
        self._following = threading.Lock()
        self._broken = False  # found so, and not mended yet

    def behind(self) -> int:
        """Return how many papers the index has still to follow."""
        followed = self.engine.followed()
        if followed == self._database.clock("revision") and not self._broken:
            return 0
        if self._broken:
            followed = -1
        return self._papers.changes(followed)

    def sync(self, progress: Progress | None = None) -> None:
        """Bring the index up to date with the database.

        Where another thread or process is doing so, its last state serves on; where there is none
        yet, it is waited for. Raises EngineBroken where no index can be written.
        """
        for last in (False, False, True):
            if self._broken:
                self._throw_away()
            since, revision = self.engine.followed(), self._database.clock("revision")
            if since == revision:
                return
            if not self._following.acquire(blocking=since < 0):
                return
            try:
                if since > revision:  # the database was put back from a copy
                    log.info("index is at revision %d, the database at %d", since, revision)
                    self.engine.clear()
                elif self._follow(since, revision, progress):
                    return
            except EngineUnwritable:
                raise
            except EngineBroken as error:
                log.warning("index cannot be updated: %s", error, exc_info=error)
                if last:
                    raise
                self.engine.clear()
            finally:
                self._following.release()

    def _follow(self, since: int, revision: int, progress: Progress | None) -> bool:
        removed = self._papers.removed(since) if since >= 0 else ()
        papers, total = self._papers.changed(since), self._papers.changes(since)
        log.info("updating index from revision %d to %d, %d papers", since, revision, total)
        started = time.monotonic()
        update = IndexUpdate(since, revision, papers, total, removed)
        written = self.engine.follow(update, progress)
        seconds = time.monotonic() - started
        log.info("index %s in %.2f s", "updated" if written else "left to another writer", seconds)
        return written

    def rebuild(self, progress: Progress | None = None) -> None:
        """Throw the index away and build it again from the database."""
        self._throw_away()
        self.sync(progress)

    def _throw_away(self) -> None:
        log.info("deleting the index, to build it from the database")
        self.engine.clear()
        self._broken = False

    def answer(self, ask: Callable[[], T]) -> T:
        """Return what is asked of the engine, brought up to date, and rebuilt if it is broken."""
        self.sync()
        for attempt in range(MOST_ATTEMPTS):
            followed = self.engine.followed()
            try:
                return ask()
            except EngineBroken as error:
                log.warning("index cannot be read, attempt %d: %s", attempt + 1, error)
                with self._following:  # whoever writes may have taken away what was just to be read
                    pass
                self.sync()
                if attempt and self.engine.followed() == followed:
                    break
        self.rebuild()
        return ask()

    def answer_now(self, ask: Callable[[Answers], T], meanwhile: Answers) -> tuple[T, IndexState]:
        """Return what is asked of the engine as it is; where it cannot be read, of `meanwhile`.

        Nothing is waited for: to `sync` is for whoever hears that it is due.
        """
        followed = self.engine.followed()
        if followed >= 0 and not self._broken:
            for _ in range(3):  # a writer may have taken away what was just to be read
                try:
                    answer = ask(self.engine)
                except EngineBroken as error:
                    log.warning("index cannot be read: %s", error)
                    continue
                late = followed != self._database.clock("revision")
                return answer, "behind" if late else "there"
            self._broken = True
        return ask(meanwhile), "missing"

    def close(self) -> None:
        """Let go of the engine's files and memory."""
        self.engine.close()
