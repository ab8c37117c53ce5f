"""Fetching: what the reader wants becomes listings, and those papers of the library."""

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
"""The source that holds what the latest look for what is new has brought."""


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far a fetch is: what is under way, and the number of papers so far."""

    words: str
    papers: int


class FetchRun:
    """One fetch from some services into a library.

    Nothing is kept of it but its sources, whose names say what was fetched: what is new since is
    fetched by these, and whoever removes a source is not brought more of it.
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
        self._taken = 0

    def run(self, wanted: Wanted) -> ImportReport:
        """Fetch; what cannot be had is a skipped entry of the report, on line 0 of its listing.

        What `step` raises stops the fetch; the pages before are kept. Raises CarrelError where
        there is nothing to ask for.
        """
        runs = list(self._runs(wanted))
        if not runs:
            raise CarrelError(
                "nothing was fetched yet that could have news; begin with carrel fetch huggingface "
                "or carrel fetch arxiv QUERY"
            )
        with Client(self._say, self._pacing, self._limits) as client:
            try:
                for listings in runs:
                    self._run(listings, client, first_only=wanted == Daily())
            finally:
                if isinstance(wanted, New):
                    self._keep_new()
        files = self._report.files
        self._report.files = [file for file in files if file.read] or files
        return self._report

    def _runs(self, wanted: Wanted) -> Iterator[Sequence[Listing]]:
        """Yield the listings of each service, in the order they are asked for."""
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
        """Bring in one listing after another; a service that fails is not asked for the next.

        A listing that is empty is told of where there is nothing else to tell.
        """
        told = 0
        for listing in listings:
            file = FileReport(listing.url, listing.format, clean(listing.source))
            failed = self._bring(listing, file, client)
            if file.read or (listing is listings[-1] and not told):
                told += 1
                self._report.files.append(file)
            if failed or (first_only and file.taken):
                return

    def _bring(self, listing: Listing, file: FileReport, client: Client) -> bool:
        """Add the papers of a listing, a page at a time; tell whether it could not be had whole."""
        source = Source(file.source, listing.format, listing.url, listing.date, "")
        self._taken = self._report.total("taken")
        try:
            pages = listing.pages(client)
            for page in [self._news(pages, file.source)] if listing.until_known else pages:
                self._take(page, file, source)
                self._taken = self._report.total("taken") + file.taken
        except FetchFailed as fault:
            file.skipped.append(Skipped(0, str(fault)))
            return True
        return False

    def _news(self, pages: Iterable[Items], source: str) -> Items:
        """Return the entries before the first paper that a source holds, the latest first.

        They come in all at once: were it only the first pages, the next look would end with those.
        """
        news: list[ParsedPaper | Skipped] = []
        for item in chain.from_iterable(pages):
            if isinstance(item, ParsedPaper) and self._target.holds(item.paper, source):
                return news
            news.append(item)
        if len(news) >= arxiv.MOST_NEW:
            most = f"more than {arxiv.MOST_NEW:,} are new; carrel fetch arxiv --max brings the rest"
            news.append(Skipped(0, most))
        return news

    def _take(self, page: Items, file: FileReport, source: Source) -> None:
        found = [item for item in page if isinstance(item, ParsedPaper)]
        outcomes = self._target.add(found, source) if found else []
        file.count(found, outcomes)
        file.skipped += [item for item in page if isinstance(item, Skipped)]
        pairs = zip(found, outcomes, strict=True)
        self._added += [item for item, outcome in pairs if outcome == "added"]

    def _keep_new(self) -> None:
        """Hold what came as a source of its own, in place of what was new before."""
        if not self._added:
            return
        if NEW in {source.name for source in self._target.sources()}:
            self._target.remove_source(NEW)
        found = [replace(item, position=at) for at, item in enumerate(self._added, 1)]
        self._target.add(found, Source(NEW, "", "", str(self._today), ""))

    def _say(self, words: str) -> None:
        if self._step:
            self._step(FetchProgress(words, self._taken))
