"""`FetchRun`, which fetches listings and adds their papers to the library."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain

from index.errors import CarrelError, FetchFailed
from index.fetch import arxiv, crossref, huggingface
from index.fetch.client import PACING, Client, Limits, Pacing
from index.fetch.listing import Items, Listing
from index.fetch.services import Services
from index.fetch.wanted import ArxivSearch, ByIdentifier, Daily, New, Wanted
from index.importing.report import FileReport, ImportReport
from index.importing.target import ImportTarget
from index.papers.entries import ParsedPaper, Skipped
from index.store import Source
from index.text.cleaning import clean

NEW = "new"
"""The source that holds the papers added by the latest fetch of new papers."""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """The progress of a fetch: the current activity, and the number of papers so far."""

    words: str
    papers: int


class FetchRun:
    """One fetch from services into a library.

    Only its sources are stored; their names record what was fetched. They determine the next fetch
    of new papers, so a source that is removed is not fetched again.
    """

    def __init__(
        self,
        services: Services,
        target: ImportTarget,
        step: Callable[[FetchProgress], None] | None = None,
        *,
        pacing: Pacing = PACING,
        limits: Limits | None = None,
        today: date | None = None,
    ) -> None:
        self._services = services
        self._target = target
        self._step = step
        self._pacing = pacing
        self._limits = limits
        self._today = today or datetime.now(UTC).date()
        self._report = ImportReport()
        self._added: list[ParsedPaper] = []
        self._imported = 0

    def run(self, wanted: Wanted) -> ImportReport:
        """Fetch papers; a failure is reported as a skipped entry on line 0 of its listing.

        An exception raised by `step` stops the fetch, but previous pages remain. Raises CarrelError
        if there is nothing to fetch.
        """
        runs = list(self._runs(wanted))
        if not runs:
            raise CarrelError(
                "nothing has been fetched yet; start with carrel fetch huggingface or carrel fetch "
                "arxiv QUERY"
            )
        with Client(self._say, self._pacing, self._limits) as client:
            try:
                for listings in runs:
                    self._run(listings, client, first_only=wanted == Daily())
            finally:
                if isinstance(wanted, New):
                    self._store_new()
        files = self._report.files
        self._report.files = [file for file in files if file.read] or files
        return self._report

    def _runs(self, wanted: Wanted) -> Iterator[Sequence[Listing]]:
        """Yield the listings of each service, in the order of requests."""
        services = self._services
        if isinstance(wanted, ByIdentifier):
            if wanted.arxiv:
                yield [arxiv.named(services.arxiv, wanted.arxiv)]
            if wanted.dois:
                yield [crossref.named(services.crossref, wanted.dois)]
            return
        queries: Iterable[ArxivSearch] = [wanted] if isinstance(wanted, ArxivSearch) else []
        days: Iterable[Daily] = [wanted] if isinstance(wanted, Daily) else []
        if wanted == Daily():
            days = huggingface.latest(self._today)
        elif isinstance(wanted, New):
            sources = self._target.sources()
            queries = arxiv.since(sources)
            days = huggingface.since(sources, self._today)
        known = isinstance(wanted, New)
        for listings in (
            [huggingface.listing(services.huggingface, day) for day in days],
            [arxiv.listing(services.arxiv, query, until_known=known) for query in queries],
        ):
            if listings:
                yield listings

    def _run(self, listings: Sequence[Listing], client: Client, *, first_only: bool) -> None:
        """Fetch the listings in order, and stop after a failure.

        Empty listings are reported only if all are empty.
        """
        reported = 0
        for listing in listings:
            file = FileReport(listing.url, listing.format, clean(listing.source))
            failed = not self._fetch(listing, file, client)
            if file.read or (listing is listings[-1] and not reported):
                reported += 1
                self._report.files.append(file)
            if failed or (first_only and file.imported):
                return

    def _fetch(self, listing: Listing, file: FileReport, client: Client) -> bool:
        """Add the papers of a listing page by page; return whether all pages were fetched."""
        source = Source(file.source, listing.format, listing.url, listing.date, "")
        self._imported = self._report.total("imported")
        try:
            pages = listing.pages(client)
            for page in [self._new_items(pages, file.source)] if listing.until_known else pages:
                self._add_page(page, file, source)
                self._imported = self._report.total("imported") + file.imported
        except FetchFailed as error:
            file.skipped.append(Skipped(0, str(error)))
            return False
        return True

    def _new_items(self, pages: Iterable[Items], source: str) -> Items:
        """Return the entries before the first paper that a source holds, the latest first.

        All are returned at once: if only the first pages were added, the next fetch would stop at
        those and miss the rest.
        """
        new: list[ParsedPaper | Skipped] = []
        for item in chain.from_iterable(pages):
            if isinstance(item, ParsedPaper) and self._target.holds(item.paper, source):
                return new
            new.append(item)
        if len(new) >= arxiv.MAX_NEW_PAPERS:
            reason = (
                f"more than {arxiv.MAX_NEW_PAPERS:,} papers are new; "
                "fetch the rest with carrel fetch arxiv --max"
            )
            new.append(Skipped(0, reason))
        return new

    def _add_page(self, page: Items, file: FileReport, source: Source) -> None:
        found = [item for item in page if isinstance(item, ParsedPaper)]
        placements = self._target.add(found, source) if found else []
        file.count(found, placements)
        file.skipped += [item for item in page if isinstance(item, Skipped)]
        pairs = zip(found, placements, strict=True)
        self._added += [item for item, placement in pairs if placement.outcome == "added"]

    def _store_new(self) -> None:
        """Add the papers added by this fetch to the source of new papers, in place of its own."""
        if not self._added:
            return
        if NEW in {source.name for source in self._target.sources()}:
            self._target.remove_source(NEW)
        found = [replace(item, position=at) for at, item in enumerate(self._added, 1)]
        self._target.add(found, Source(NEW, "", "", str(self._today), ""))

    def _say(self, words: str) -> None:
        if self._step:
            self._step(FetchProgress(words, self._imported))
