"""The catalogue: all columns counted from papers, cached in files and synced to the database."""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from index.facets.array_files import ArrayFiles
from index.facets.columns import FacetColumn
from index.facets.counters import (
    MAX_RECENT_PAPERS,
    NOT_COUNTED,
    Counted,
    Counter,
)
from index.facets.fields import FIELD_BY_NAME, FIELDS
from index.facets.topic_counter import TopicCounter
from index.facets.value_counter import ValueCounter
from index.progress import Progress
from index.store import Database, PaperStore
from index.workers import NICENESS, Worker, start_worker

log = logging.getLogger(__name__)

MIN_WORKER_PAPERS = 2_000
"""Number of changed papers above which a worker process reads them."""

COUNTERS: tuple[type[ValueCounter] | type[TopicCounter], ...] = (ValueCounter, TopicCounter)


class CachedColumns:
    """The columns of one cache file, synced to the database.

    Thread-safe: while one thread syncs, the others get the previous columns, and wait only if there
    are none.
    """

    def __init__(self, counter: Counter, files: ArrayFiles, database: Database) -> None:
        self._counter = counter
        self._files = files
        self._database = database
        self._papers = PaperStore(database)
        self._latest: Counted | None = None
        self._syncing = threading.Lock()
        self._renewing: Worker | None = None

    def columns(
        self, *, wait: bool = True, progress: Progress | None = None
    ) -> Mapping[str, FacetColumn]:
        """Return the synced columns, or without `wait` those last counted, if any."""
        if not wait or self.is_current():
            return self._last().columns
        if self._syncing.acquire(blocking=self._last() is NOT_COUNTED):
            try:
                if not self.is_current():
                    self._latest = self._sync(progress)
            finally:
                self._syncing.release()
        return self._last().columns

    def is_current(self) -> bool:
        """Return whether the columns last counted are up to date."""
        return self.revision() == self._database.clock("revision")

    def revision(self) -> int:
        """Return the revision of the library at which the columns were last counted, or -1."""
        return self._last().revision

    def count(self, progress: Progress | None) -> Counted:
        """Update the files in this process, and return the columns."""
        return self._counter.count(self._last(), progress)

    def renew(self) -> None:
        """Write the base file in this process, unless another process does so."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._files.folder / f"{self._counter.file}.lock", fallback_to_soft=False)
        try:
            with lock.acquire(timeout=0):
                if self._last().recent > MAX_RECENT_PAPERS:
                    self._counter.renew(self._last())
        except Timeout:
            log.info("%s is renewed by another process", self._counter.file)

    def forget(self) -> None:
        """Discard the columns in memory, so that the file is read again."""
        self._latest = None

    def _last(self) -> Counted:
        """Return the columns last counted."""
        if self._latest is None:
            self._latest = self._counter.load()
        return self._latest or NOT_COUNTED

    def _sync(self, progress: Progress | None) -> Counted:
        """Update the files and return the columns."""
        if self._renewing and self._renewing.poll() is not None:
            self._latest = self._counter.load() or self._latest
            self._renewing = None
        if self._papers.changes(self._counter.since(self._last())) > MIN_WORKER_PAPERS:
            self._count_in_worker(progress)
            self._latest = self._counter.load() or self._latest
        counted = self._last() if self.is_current() else self.count(progress)
        if counted.recent > MAX_RECENT_PAPERS and self._renewing is None:
            self._renewing = start_worker(renew, *self._places(), niceness=NICENESS)
        return counted

    def _places(self) -> tuple[str, str, str]:
        return self._counter.file, str(self._database.folder), str(self._files.folder)

    def _count_in_worker(self, progress: Progress | None) -> None:
        """Update the files in a worker, which saves time and memory in this process."""
        with start_worker(count, *self._places(), niceness=NICENESS) as process:
            assert process.stdout
            try:
                for line in process.stdout:
                    if progress:  # it may raise, which stops the work
                        done, total = map(int, line.split())
                        progress(done, total)
            except BaseException:
                process.kill()
                raise


def count(file: str, library: str, folder: str) -> None:
    """Count the columns of one file of a library, in a worker; print progress."""
    with suppress(BrokenPipeError), _columns(file, library, folder) as columns:
        columns.count(lambda done, total: print(done, total, flush=True))


def renew(file: str, library: str, folder: str) -> None:
    """Write one base file of a library, in a worker."""
    with _columns(file, library, folder) as columns:
        columns.renew()


@contextmanager
def _columns(file: str, library: str, folder: str) -> Iterator[CachedColumns]:
    """Yield the columns of one file of a library, and close the library."""
    database = Database(Path(library))
    try:
        files = ArrayFiles(Path(folder), database.meta("library"))
        counter = next(kind for kind in COUNTERS if kind.file == file)(files, database)
        yield CachedColumns(counter, files, database)
    finally:
        database.close()


class Catalogue:
    """The columns of a library: the values of papers and their topics."""

    def __init__(self, files: ArrayFiles, database: Database) -> None:
        self._files = files
        self._values = CachedColumns(ValueCounter(files, database), files, database)
        self._topics = CachedColumns(TopicCounter(files, database), files, database)

    def columns(self, *, wait: bool = True) -> Mapping[str, FacetColumn]:
        """Return all columns by field, synced, or without `wait` as last counted, if any."""
        return {**self._values.columns(wait=wait), **self._topics.columns(wait=wait)}

    def column(self, field: str, *, wait: bool = True) -> FacetColumn | None:
        """Return one column, synced, or without `wait` as last counted, None if never counted."""
        topics = FIELD_BY_NAME[field].counted_from == "topics"
        columns = self._topics if topics else self._values
        return columns.columns(wait=wait).get(field)

    def revision(self) -> int:
        """Return the revision of the library at which values were last counted, or -1."""
        return self._values.revision()

    def has_current(self) -> bool:
        """Return whether the columns of papers' values are up to date."""
        return self._values.is_current()

    def outdated(self) -> tuple[str, ...]:
        """Return the fields whose columns are not up to date."""
        columns = {True: self._topics, False: self._values}
        current = {topics: one.is_current() for topics, one in columns.items()}
        return tuple(
            field.name
            for field in FIELDS
            if field.counted_from in ("column", "flags", "topics")
            and not current[field.counted_from == "topics"]
        )

    def is_current(self) -> bool:
        """Return whether all columns are up to date."""
        return self._values.is_current() and self._topics.is_current()

    def sync(self, progress: Progress | None = None) -> None:
        """Sync all columns; only topics take long enough to report progress."""
        self._values.columns()
        self._topics.columns(progress=progress)

    def clear(self) -> None:
        """Delete all columns; they are counted again when next requested."""
        for columns in (self._values, self._topics):
            columns.forget()
        self._files.clear()
