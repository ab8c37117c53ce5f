"""Enrichment in threads: papers completed from services."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from index import Library
from index.papers.paper import PaperKey
from index.text.cleaning import format_count
from tui.controllers.host import MarksChanged, Notice, PapersChanged
from tui.controllers.jobs import Cancelled, Jobs

if TYPE_CHECKING:
    from index.enrich.report import EnrichReport
    from index.enrich.run import EnrichProgress, EnrichRequest
    from index.fetch import Services


class EnrichmentController:
    """Completes papers from all services."""

    def __init__(self, host: DOMNode, library: Library, jobs: Jobs) -> None:
        self._host = host
        self._library = library
        self._jobs = jobs

    def _request(self, keys: Sequence[PaperKey]) -> "EnrichRequest":
        from index.enrich.run import EnrichRequest
        from index.enrich.services.registry import SERVICE_NAMES

        return EnrichRequest(tuple(keys), services=SERVICE_NAMES)

    async def plan(self, keys: Sequence[PaperKey], services: "Services") -> list[tuple[str, int]]:
        """Return the services that are asked, each with the most papers it is asked about."""
        plan = self._library.enrichment.plan
        return await asyncio.to_thread(plan, self._request(keys), services)

    async def enrich(self, keys: Sequence[PaperKey], services: "Services") -> "EnrichReport | None":
        """Complete papers; return None if that was stopped."""
        self._host.post_message(Notice(""))
        with self._jobs.run() as job:
            try:
                job.report(f"completing {format_count(len(keys), 'paper')}")
                return await asyncio.to_thread(
                    self._library.enrichment.run,
                    self._request(keys),
                    services,
                    lambda at: job.report(_progress(at)),
                )
            except Cancelled:
                message = "stopped; completed papers are saved, complete again to resume"
                self._host.post_message(Notice(message))
                return None
            finally:
                self._host.post_message(PapersChanged())
                self._host.post_message(MarksChanged())


def _progress(at: "EnrichProgress") -> str:
    done = f" · {format_count(at.completed, 'paper')} completed" if at.completed else ""
    return f"{at.words}{done}"
