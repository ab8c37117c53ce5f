"""Enrichment: completing papers from files and services."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.enrich.filler import Filler
from index.enrich.report import EnrichReport, PaperReport
from index.enrich.run import EnrichRequest, EnrichRun, Step
from index.errors import CarrelError
from index.papers.found_record import FoundRecord
from index.papers.paper import PaperKey
from index.store import Database, PaperStore, Source
from index.store.lookups import LookupStore

if TYPE_CHECKING:
    from index.enrich.services.base import LookupService
    from index.fetch import Services
    from index.fetch.client import Client


class Enrichment:
    """Completes papers of a library; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._lookups = LookupStore(database)

    def run(
        self,
        request: EnrichRequest,
        services: "Services | None" = None,
        step: Step | None = None,
        *,
        dry_run: bool = False,
    ) -> EnrichReport:
        """Look papers up and complete them; with `dry_run`, only report what would change.

        Files are read first, and with files alone no service is asked. An exception raised by
        `step` stops the enrichment; papers completed so far remain so, and can be undone.
        """
        lookups: list[LookupService] = []
        if request.services:
            from index.enrich.services.registry import lookup_services
            from index.fetch import PUBLIC

            lookups = lookup_services(services or PUBLIC, request.services)
        step = step or (lambda at: None)
        with self._target(dry_run) as database:
            return EnrichRun(database, request, lookups, self._connect, step).run()

    def plan(
        self, request: EnrichRequest, services: "Services | None" = None
    ) -> list[tuple[str, int]]:
        """Return the services that an enrichment asks, each with the most papers it is asked about.

        A service is asked about fewer papers if one before it knows them.
        """
        from index.enrich.services.registry import lookup_services
        from index.fetch import PUBLIC

        papers = self._papers.rows(request.keys)
        counts: dict[str, int] = {}
        for lookup in lookup_services(services or PUBLIC, request.services):
            missed = self._lookups.missed(lookup.name, searched=lookup.searches)
            number = sum(paper.key not in missed and lookup.accepts(paper) for paper in papers)
            counts[lookup.label] = max(number, counts.get(lookup.label, 0))
        return [(label, number) for label, number in counts.items() if number]

    def suggestions(self, key: PaperKey) -> list[FoundRecord]:
        """Return the records found for a paper that was unsure, in the order of their numbers."""
        return self._lookups.suggestions(key)

    def choose(self, key: PaperKey, number: int, *, published: bool = False) -> PaperReport:
        """Complete a paper from the suggestion with a number, which is the reader's choice.

        Raises CarrelError if there is no such suggestion.
        """
        (paper,) = self._papers.rows([key])
        found = self._lookups.suggestions(key)
        if not 1 <= number <= len(found):
            known = f"it has {len(found)}" if found else "it has none; run carrel enrich first"
            raise CarrelError(f"{paper.id} has no candidate {number}: {known}")
        record, source, _ = found[number - 1]
        report = PaperReport(paper.id, paper.title, "certain", "chosen by you")
        with self._database.transaction():
            filler = Filler(self._database, published=published)
            filler.fill(key, [(record, Source(source, "", "", "", ""))], report)
            self._lookups.set_suggestions(key, ())
        return report

    def reject(self, key: PaperKey) -> None:
        """Discard the suggestions for a paper."""
        self._lookups.set_suggestions(key, ())

    def suggest(self, key: PaperKey, found: Sequence[FoundRecord]) -> None:
        """Restore suggestions that were chosen from or discarded."""
        self._lookups.set_suggestions(key, found)

    @staticmethod
    def _connect(say: Callable[[str], None]) -> "Client":
        from index.fetch.client import Client

        return Client(say)

    @contextmanager
    def _target(self, dry_run: bool) -> Iterator[Database]:
        if not dry_run:
            yield self._database
            return
        with self._database.temporary_copy() as copy:
            yield copy
