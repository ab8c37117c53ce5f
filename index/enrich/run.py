"""One enrichment: the papers, the records found for each, and how services are asked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.enrich.filler import Filler
from index.enrich.filling import is_preprint
from index.enrich.matching import MAX_CANDIDATES, judge
from index.enrich.report import EnrichReport, PaperReport
from index.errors import FetchFailed, NotFound
from index.papers.paper import Paper, PaperKey
from index.store import Database, PaperStore, Source
from index.store.lookups import LookupStore

if TYPE_CHECKING:
    from index.enrich.files import FileProgress
    from index.enrich.services.base import LookupService
    from index.fetch.client import Client

MAX_RECORDS = 20
"""Records of one paper that are compared."""

MAX_FAILURES = 2
"""Requests in a row that fail before a service is not asked again in this enrichment."""


@dataclass(frozen=True, slots=True)
class EnrichRequest:
    """The papers to complete, and where to look them up.

    `paths` are files and folders, `services` names of services. With `published`, preprints take
    the values of their published version.
    """

    keys: tuple[PaperKey, ...]
    paths: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    published: bool = False


@dataclass(frozen=True, slots=True)
class EnrichProgress:
    """The progress of an enrichment: the current activity, and the papers completed so far."""

    words: str
    completed: int


Step = Callable[[EnrichProgress], None]
Connect = Callable[[Callable[[str], None]], "Client"]


class LookupState:
    """One paper of an enrichment: its current values, the records found, and its report."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.report = PaperReport(paper.id, paper.title, "unknown", "no paper has this title")
        self.found: dict[Paper, Source] = {}
        self.failures: list[str] = []
        self._filled: set[Paper] = set()

    @property
    def is_certain(self) -> bool:
        """Whether a record was found that certainly describes the paper."""
        return self.report.outcome == "certain"

    def add(self, record: Paper, source: Source) -> None:
        """Note a record that may describe the paper."""
        if len(self.found) < MAX_RECORDS:
            self.found.setdefault(record, source)

    def settle(self, filler: Filler) -> None:
        """Judge the records found, and fill those that certainly describe the paper."""
        if not self.found:
            return
        pairs = [(record, source.name) for record, source in self.found.items()]
        judgement = judge(self.paper, pairs)
        if self.is_certain and judgement.outcome != "certain":
            return
        self.report.outcome, self.report.reason = judgement.outcome, judgement.reason
        self.report.candidates = judgement.candidates
        records = [match.record for match in judgement.matches]
        new = [(each, self.found[each]) for each in records if each not in self._filled]
        self._filled.update(records)
        if new:
            self.paper = filler.fill(self.paper.key, new, self.report)

    def close(self) -> None:
        """Mark a paper without records as failed if a service did not answer."""
        if self.failures and self.report.outcome == "unknown":
            self.report.outcome, self.report.reason = "failed", self.failures[0]


class EnrichRun:
    """One enrichment of a database; `connect` returns a client that reports to a function."""

    def __init__(
        self,
        database: Database,
        request: EnrichRequest,
        services: "Sequence[LookupService]",
        connect: "Connect",
        step: Step,
    ) -> None:
        self._database = database
        self._request = request
        self._services = services
        self._connect = connect
        self._step = step
        self._lookups = LookupStore(database)
        self._filler = Filler(database, published=request.published)
        papers = PaperStore(database).rows(request.keys)
        self._states = {paper.key: LookupState(paper) for paper in papers}
        self._problems: list[str] = []

    def run(self) -> EnrichReport:
        """Read the files, then ask the services, and return the report."""
        if self._request.paths:
            self._read_files()
        if self._services and self._states:
            with self._connect(self._report_progress) as client:
                for service in self._services:
                    self._ask(service, client)
        for key, state in self._states.items():
            state.close()
            if state.report.candidates or state.is_certain:
                self._lookups.set_suggestions(key, state.report.candidates[:MAX_CANDIDATES])
            elif state.report.outcome == "unknown":
                self._recall(key, state)
        reports = [state.report for state in self._states.values()]
        return EnrichReport(reports, self._problems)

    def _recall(self, key: PaperKey, state: LookupState) -> None:
        """Report the candidates found earlier for a paper that is not looked up again."""
        known = tuple(self._lookups.suggestions(key))
        if known:
            state.report.outcome, state.report.candidates = "unsure", known
            state.report.reason = "found before, and not chosen yet"

    def _report_progress(self, words: str) -> None:
        completed = sum(bool(state.report.fields) for state in self._states.values())
        self._step(EnrichProgress(words, completed))

    # -- files -------------------------------------------------------------------------------------

    def _read_files(self) -> None:
        from index.enrich.files import FileProblem, find_records
        from index.enrich.targets import Targets

        targets = Targets(state.paper for state in self._states.values())

        def report_progress(at: "FileProgress") -> None:
            share = f", {at.bytes_done / at.bytes_total:.0%}" if at.bytes_total else ""
            self._report_progress(f"reading {Path(at.path).name}: {at.records:,} records{share}")

        for item in find_records(self._request.paths, targets, report_progress):
            if isinstance(item, FileProblem):
                self._problems.append(f"{item.path}: {item.reason}")
                continue
            for key in item.keys:
                self._states[key].add(item.record, item.source)
        with self._database.transaction():
            for state in self._states.values():
                state.settle(self._filler)

    # -- services ----------------------------------------------------------------------------------

    def _ask(self, service: "LookupService", client: "Client") -> None:
        """Ask a service about the papers that it may know, until it fails repeatedly."""
        states = self._wanted(service)
        failures = 0
        for start, batch in _batches(states, service.papers_per_request):
            self._report_progress(f"asking {service.label}: paper {start + 1:,} of {len(states):,}")
            try:
                self._ask_about(service, client, batch)
                failures = 0
            except FetchFailed as error:
                failures += 1
                failed = states[start:] if failures == MAX_FAILURES else batch
                for state in failed:
                    state.failures.append(str(error))
                if str(error) not in self._problems:
                    self._problems.append(str(error))
                if failures == MAX_FAILURES:
                    return

    def _wanted(self, service: "LookupService") -> list[LookupState]:
        missed = self._lookups.missed(service.name, searched=service.searches)
        return [
            state
            for key, state in self._states.items()
            if key not in missed and service.accepts(state.paper) and self._is_open(service, state)
        ]

    def _is_open(self, service: "LookupService", state: LookupState) -> bool:
        """Return whether a service may know more of a paper than is known already."""
        if not service.searches or not state.is_certain:
            return True
        return self._request.published and service.has_publications and is_preprint(state.paper)

    def _ask_about(
        self, service: "LookupService", client: "Client", batch: Sequence[LookupState]
    ) -> None:
        source = Source(service.label, "", "", "", "")
        try:
            found = service.find(client, [state.paper for state in batch])
        except NotFound:
            found = [[] for _ in batch]
        misses = []
        with self._database.transaction():
            for state, records in zip(batch, found, strict=True):
                for record in records:
                    state.add(record, source)
                state.settle(self._filler)
                if not state.is_certain or not records:
                    misses.append(state.paper.key)
            self._lookups.add_misses(service.name, misses, searched=service.searches)


def _batches(
    states: Sequence[LookupState], size: int
) -> Iterator[tuple[int, Sequence[LookupState]]]:
    for start in range(0, len(states), size):
        yield start, states[start : start + size]
