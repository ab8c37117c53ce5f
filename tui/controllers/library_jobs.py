"""Library jobs: imports, fetches, and updates of the index and the facet counts, one at a time."""

import asyncio
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.dom import DOMNode
from textual.message import Message

from index import Library
from index.progress import Progress
from index.text.cleaning import format_count
from tui.controllers.host import Notice, PapersChanged, start
from tui.controllers.jobs import Cancelled, Job, Jobs
from tui.wording import format_rate

if TYPE_CHECKING:
    from index.fetch import Services, Wanted
    from index.fetch.fetching import FetchProgress
    from index.importing.report import ImportProgress, ImportReport


class LibraryJobs:
    """Imports and fetches papers and updates the index and the facet counts in the background.

    `report` is that of the last import. After a failed update, the index is not updated again until
    papers are added or it is rebuilt. `GROUP` is the worker group of jobs that write.
    """

    GROUP = "library"

    @dataclass
    class Imported(Message):
        """Files were imported; `undoable` if they contained marks."""

        report: "ImportReport"
        undoable: bool

    class CatalogueUpdated(Message):
        """The facets of all papers have been counted."""

    def __init__(self, host: DOMNode, library: Library, jobs: Jobs) -> None:
        self._host = host
        self._library = library
        self._jobs = jobs
        self._index_failed = False
        self.report: ImportReport | None = None

    @property
    def busy(self) -> bool:
        """Whether a job that writes is running."""
        return any(w.group == self.GROUP and not w.is_finished for w in self._host.workers)

    # -- importing and fetching --------------------------------------------------------------------

    def import_files(self, *paths: str) -> None:
        """Import files and folders."""
        start(self._host, partial(self._import, paths), self.GROUP)

    async def _import(self, paths: tuple[str, ...]) -> None:
        from index.importing.service import ImportRequest

        self._host.post_message(Notice(""))
        log, started = self._library.marks.log, time.monotonic()
        before = await asyncio.to_thread(log, 1)
        with self._jobs.run() as job:
            try:
                report = await asyncio.to_thread(
                    self._library.import_files,
                    ImportRequest(paths),
                    step=lambda at: job.report(_import_progress(at, time.monotonic() - started)),
                )
            except Cancelled:
                message = "import stopped; imported papers are saved, import again to resume"
                self._host.post_message(Notice(message))
                return
            finally:
                self._host.post_message(PapersChanged())
        await self._update_index(self._library.index.sync)
        self.update_catalogue()
        self.report = report
        undoable = await asyncio.to_thread(log, 1) != before
        self._host.post_message(self.Imported(report, undoable=undoable))

    def fetch(self, wanted: "Wanted", services: "Services") -> None:
        """Fetch papers from the network, unless another job is running."""
        if self.is_free():
            start(self._host, partial(self._fetch, wanted, services), self.GROUP)

    def is_free(self, work: str = "fetch") -> bool:
        """Return whether no job is running; if one is, show a message that work cannot start."""
        if self.busy:
            message = f"cannot {work}: another job is running; wait for it, or stop it"
            self._host.post_message(Notice(message))
        return not self.busy

    async def _fetch(self, wanted: "Wanted", services: "Services") -> None:
        from index.fetch import New

        self._host.post_message(Notice(""))
        with self._jobs.run() as job:
            try:
                report = await asyncio.to_thread(
                    self._library.fetch,
                    wanted,
                    services,
                    step=lambda at: job.report(_fetch_progress(at)),
                )
            except Cancelled:
                self._host.post_message(Notice("fetch stopped; fetched papers are saved"))
                return
            finally:
                self._host.post_message(PapersChanged())
        if report.total("imported"):
            await self._update_index(self._library.index.sync)
            self.update_catalogue()
        papers = "new papers" if wanted == New() else "papers"
        self._host.post_message(Notice(_summary(report, papers)))

    # -- index and counts --------------------------------------------------------------------------

    def update(self) -> None:
        """Update index and counts, unless a job is running or the last update failed."""
        if not self.busy and not self._index_failed:
            start(self._host, self._update, self.GROUP)

    async def _update(self) -> None:
        if await asyncio.to_thread(self._library.index.pending):
            await self._update_index(self._library.index.sync)
        await asyncio.to_thread(self._library.warm_up)
        gc.freeze()  # what was loaded stays, and no collection needs to look through it
        self.update_catalogue()

    async def update_index(self) -> None:
        """Update the index and the counts after a job that changed papers."""
        await self._update_index(self._library.index.sync)
        self.update_catalogue()

    def rebuild(self) -> None:
        """Rebuild the index."""
        start(self._host, self._rebuild, self.GROUP)

    async def _rebuild(self) -> None:
        started = time.monotonic()
        await self._update_index(self._library.rebuild)
        message = f"search index rebuilt in {time.monotonic() - started:.1f} s"
        self._host.post_message(Notice(message))
        self.update_catalogue()

    async def _update_index(self, update: Callable[[Progress], None]) -> None:
        started = time.monotonic()
        self._index_failed = True
        with self._jobs.run() as job:
            try:
                await asyncio.to_thread(update, _index_progress(job, started))
                self._index_failed = False
            except Cancelled:
                message = "indexing stopped; searches run without the index"
                self._host.post_message(Notice(message))
            finally:
                self._host.post_message(PapersChanged())

    def update_catalogue(self) -> None:
        """Update the facet counts for changed papers."""
        start(self._host, self._update_catalogue, "catalogue", exclusive=True)

    async def _update_catalogue(self) -> None:
        catalogue = self._library.catalogue
        if await asyncio.to_thread(catalogue.is_current):
            return
        with self._jobs.run(minor=True) as job:
            try:
                await asyncio.to_thread(
                    catalogue.sync,
                    lambda done, of: job.report(f"counting topics {done:,} of {of:,}"),
                )
            except Cancelled:
                message = "topics not updated; counting resumes at the next start"
                self._host.post_message(Notice(message))
            finally:
                self._host.post_message(self.CatalogueUpdated())


def _import_progress(at: "ImportProgress", seconds: float) -> str:
    share = at.bytes_done / at.bytes_total if at.bytes_total else 0.0
    rate = format_rate(at.papers, seconds, share)
    return " · ".join(filter(None, (f"importing {at.papers:,} papers", f"{share:.0%}", rate)))


def _fetch_progress(at: "FetchProgress") -> str:
    return f"{at.words} · {format_count(at.papers, 'paper')}" if at.papers else at.words


def _index_progress(job: Job, started: float) -> Progress:
    def report(done: int, total: int) -> None:
        rate = format_rate(done, time.monotonic() - started, done / max(1, total))
        job.report(" · ".join(filter(None, (f"indexing {done:,} of {total:,}", rate))))

    return report


def _summary(report: "ImportReport", papers: str) -> str:
    """Return the outcome of a fetch in a line; `papers` names what was requested."""
    errors = [skipped.reason for file in report.files for skipped in file.skipped]
    if not report.total("imported"):
        sources = ", ".join(file.source for file in report.files)
        return errors[0] if errors else f"no {papers} for {sources}"
    return report.summary() + (f" ({errors[0]})" if errors else "")
