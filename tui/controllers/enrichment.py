"""Enrichment in the background: papers completed from services."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual.dom import DOMNode
from textual.message import Message

from index import Library
from index.enrich.report import EnrichReport
from index.enrich.run import EnrichProgress, EnrichRequest
from index.fetch import Services
from index.papers.paper import PaperKey
from index.text.cleaning import format_count
from tui.controllers.host import MarksChanged, Notice, PapersChanged, start
from tui.controllers.jobs import Cancelled, Jobs
from tui.controllers.library_jobs import GROUP, LibraryJobs


class EnrichmentController:
    """Completes papers, one enrichment at a time."""

    @dataclass
    class Enriched(Message):
        """Papers were looked up; `unsure` are those with candidates to choose from."""

        report: EnrichReport
        unsure: tuple[PaperKey, ...]

    def __init__(self, host: DOMNode, library: Library, jobs: Jobs, updates: LibraryJobs) -> None:
        self._host = host
        self._library = library
        self._jobs = jobs
        self._updates = updates

    def enrich(self, keys: Sequence[PaperKey], services: Services) -> None:
        """Complete papers from all services, unless another job is running."""
        if keys and self._updates.is_free("complete papers"):
            start(self._host, partial(self._enrich, tuple(keys), services), GROUP)

    async def _enrich(self, keys: tuple[PaperKey, ...], services: Services) -> None:
        from index.enrich.services.registry import SERVICE_NAMES

        self._host.post_message(Notice(""))
        request = EnrichRequest(keys, services=SERVICE_NAMES)
        plan = await asyncio.to_thread(self._library.enrichment.plan, request, services)
        told = ", ".join(f"{label} {number:,}" for label, number in plan)
        with self._jobs.run() as job:
            try:
                job.report(f"completing {format_count(len(keys), 'paper')}: {told}")
                report = await asyncio.to_thread(
                    self._library.enrichment.run,
                    request,
                    services,
                    lambda at: job.report(_progress(at)),
                )
            except Cancelled:
                message = "stopped; completed papers are saved, complete again to resume"
                self._host.post_message(Notice(message))
                return
            finally:
                self._host.post_message(PapersChanged())
                self._host.post_message(MarksChanged())
        unsure = [key for key, paper in zip(keys, report.papers, strict=False) if paper.candidates]
        self._host.post_message(self.Enriched(report, tuple(unsure)))
        if report.completed:
            await self._updates.update_index()


def _progress(at: EnrichProgress) -> str:
    done = f" · {format_count(at.completed, 'paper')} completed" if at.completed else ""
    return f"{at.words}{done}"
