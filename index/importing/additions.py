"""Additions to a library: papers of sources, files, and the starter shelf; and their removal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from index.errors import UnknownSource
from index.importing.report import ImportProgress, ImportReport
from index.importing.service import ImportRequest, run_import
from index.importing.starter import starter_papers
from index.importing.target import ImportTarget
from index.papers.entries import STARTER, ParsedPaper
from index.papers.paper import Paper, PaperKey
from index.store import Database, PaperStore, PaperWriter, Placement, Source
from index.store.records import RecordStore


class Additions:
    """Adds the papers of sources, and removes sources; thread-safe.

    `place_marks` applies marks that were stored for papers missing until now.
    """

    def __init__(self, database: Database, place_marks: Callable[[], object]) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._place_marks = place_marks

    def add(
        self,
        entries: Sequence[ParsedPaper],
        source: Source,
        writer: PaperWriter | None = None,
    ) -> list[Placement]:
        """Add papers and the marks stored for them in one transaction; return each outcome."""
        with self._database.transaction():
            placements = (writer or PaperWriter(self._database)).add(entries, source)
            self._place_marks()
        return placements

    def renew(self, papers: Mapping[PaperKey, Paper]) -> None:
        """Replace what the only source of each paper says; ids and marks remain."""
        records = RecordStore(self._database)
        with self._database.transaction():
            revision = self._database.tick("revision")
            for key, paper in papers.items():
                records.revise(key, partial(_renewed, paper), revision)

    def import_files(
        self,
        request: ImportRequest,
        dry_run: bool,
        step: Callable[[ImportProgress], None] | None,
    ) -> ImportReport:
        """Import files and folders; see `Library.import_files`."""
        with self.target(dry_run, brings_back=request.removed) as target:
            return run_import(request, target.add, step)

    @contextmanager
    def target(self, dry_run: bool, *, brings_back: bool = False) -> Iterator[ImportTarget]:
        """Yield the target of an import: this library, or for a dry run a temporary copy.

        With `brings_back`, papers that the reader removed are added again.
        """
        if not dry_run:
            writer = PaperWriter(self._database, brings_back=brings_back)
            add = partial(self.add, writer=writer)
            yield ImportTarget(self._papers.sources, writer.holds, add, writer.remove_source)
            return
        with self._database.temporary_copy() as database:
            papers, writer = PaperStore(database), PaperWriter(database, brings_back=brings_back)
            yield ImportTarget(papers.sources, writer.holds, writer.add, writer.remove_source)

    def add_starter_shelf(self) -> bool:
        """Add the bundled papers, but only once; return whether it did."""
        if self._database.meta(STARTER):
            return False
        self.add(starter_papers(), Source(STARTER, "jsonl", "", "", ""))
        self._database.set_meta(STARTER, "offered")
        return True

    def remove_source(self, name: str) -> tuple[int, int]:
        """Remove a source; return the numbers of its papers deleted and retained."""
        if name not in {source.name for source in self._papers.sources()}:
            raise UnknownSource(f"no source named {name!r}; carrel source list shows all sources")
        if name == STARTER:
            self._database.set_meta(STARTER, "removed")
        return PaperWriter(self._database).remove_source(name)


def _renewed(new: Paper, old: Paper) -> Paper:
    """Return a paper with the values of another, and what the library knows of it."""
    return replace(
        new, id=old.id, key=old.key, known_as=old.known_as, sources=old.sources, added=old.added
    )
