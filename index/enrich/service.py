"""Enrichment: completing papers from files and services."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.enrich.filler import Filler
from index.enrich.matching import MAX_CANDIDATES, judge
from index.enrich.report import EnrichReport, PaperReport
from index.errors import CarrelError
from index.papers.found_record import FoundRecord
from index.papers.paper import Paper, PaperKey
from index.store import Database, PaperSets, PaperStore, Source
from index.store.lookups import LookupStore

if TYPE_CHECKING:
    from index.fetch import Services

MAX_RECORDS = 20
"""Records of one paper that are compared."""


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
        """Report as failed a paper that nothing was found for, if a service did not answer."""
        if self.failures and self.report.outcome == "unknown":
            self.report.outcome, self.report.reason = "failed", self.failures[0]


class Enrichment:
    """Completes papers of a library; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._lookups = LookupStore(database)
        self._sets = PaperSets(database)

    def incomplete(self, keys: Iterable[PaperKey]) -> list[PaperKey]:
        """Return those of some papers that are `is:incomplete`."""
        incomplete = self._sets.state("is", "incomplete")
        return [key for key in keys if key in incomplete]

    def without_authors(self) -> int:
        """Return the number of papers that have no authors."""
        return self._papers.count() - len(self._sets.state("has", "authors"))

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
        with self._target(dry_run) as database:
            return _Run(database, request, services, step or (lambda at: None)).run()

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

    @contextmanager
    def _target(self, dry_run: bool) -> Iterator[Database]:
        if not dry_run:
            yield self._database
            return
        with self._database.temporary_copy() as copy:
            yield copy


class _Run:
    """One enrichment of a database."""

    def __init__(
        self, database: Database, request: EnrichRequest, services: "Services | None", step: Step
    ) -> None:
        self._request = request
        self._services = services
        self._step = step
        self._lookups = LookupStore(database)
        self._filler = Filler(database, published=request.published)
        papers = PaperStore(database).rows(request.keys)
        self._states = {paper.key: LookupState(paper) for paper in papers}
        self._problems: list[str] = []

    def run(self) -> EnrichReport:
        if self._request.paths:
            self._read_files()
        for key, state in self._states.items():
            state.close()
            if state.report.candidates or state.is_certain:
                self._lookups.set_suggestions(key, state.report.candidates[:MAX_CANDIDATES])
        reports = [state.report for state in self._states.values()]
        return EnrichReport(reports, self._problems)

    def _tell(self, words: str) -> None:
        completed = sum(bool(state.report.fields) for state in self._states.values())
        self._step(EnrichProgress(words, completed))

    # -- files -------------------------------------------------------------------------------------

    def _read_files(self) -> None:
        from index.enrich.files import FileProblem, FileProgress, find_records
        from index.enrich.targets import Targets

        targets = Targets(state.paper for state in self._states.values())

        def tell(at: FileProgress) -> None:
            share = f", {at.bytes_done / at.bytes_total:.0%}" if at.bytes_total else ""
            self._tell(f"reading {Path(at.path).name}: {at.records:,} records{share}")

        for item in find_records(self._request.paths, targets, tell):
            if isinstance(item, FileProblem):
                self._problems.append(f"{item.path}: {item.reason}")
                continue
            for key in item.keys:
                self._states[key].add(item.record, item.source)
        for state in self._states.values():
            state.settle(self._filler)
