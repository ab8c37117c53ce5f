"""Writing records of files and services into papers, as one entry of the journal."""

from collections.abc import Iterable, Sequence

from index.enrich.filling import (
    conflicts,
    filled_fields,
    is_preprint,
    is_published,
    only_new,
    published_version,
)
from index.enrich.report import PaperReport, TakenIdentifier
from index.marks.changes import Fact
from index.papers.identity import identity
from index.papers.paper import Paper, PaperKey, SourceRef
from index.papers.records import PUBLISHED, SourceRecord, with_record
from index.store import Database, MarkStore, PaperStore, Source
from index.store.record_changes import RECORD
from index.store.records import RecordStore
from index.store.sources import SourceStore
from index.text.cleaning import format_count

FORMAT = "enrichment"
"""The format of sources that only completed papers; lists are not sorted by them."""


class Filler:
    """Completes papers; one undo reverts everything that a filler wrote.

    With `published`, preprints take the values of their published version.
    """

    def __init__(self, database: Database, *, published: bool = False) -> None:
        self._database = database
        self._published = published
        self._papers = PaperStore(database)
        self._records = RecordStore(database)
        self._sources = SourceStore(database)
        self._marks = MarkStore(database)
        self._entry = 0
        self._completed: set[PaperKey] = set()

    def fill(
        self, key: PaperKey, found: Sequence[tuple[Paper, Source]], report: PaperReport
    ) -> Paper:
        """Fill values of records into a paper, note what happened, and return the paper."""
        with self._database.transaction():
            (before,) = self._papers.rows([key])
            facts: list[Fact] = []
            for record, source in found:
                facts += self._add(key, record, source, report)
            (paper,) = self._papers.rows([key])
            if facts:
                self._journal(key, facts)
        report.fields = tuple(dict.fromkeys((*report.fields, *filled_fields(before, paper))))
        report.retracted = report.retracted or paper.citation.is_retracted
        return paper

    def _add(
        self, key: PaperKey, record: Paper, source: Source, report: PaperReport
    ) -> Iterable[Fact]:
        """Add a record to a paper, unless it has nothing new."""
        (paper,) = self._papers.rows([key])
        taken = self._taken(paper, record)
        report.taken += (each for each in taken if each not in report.taken)
        names = {each.field for each in taken}
        replaces = self._published and is_preprint(paper) and is_published(record)
        if replaces:
            new, rule = published_version(paper, record, taken=names), PUBLISHED
        else:
            new, rule = only_new(paper, record, taken=names), report.reason
            report.conflicts += (
                each
                for each in conflicts(paper, record, source.name)
                if each not in report.conflicts
            )
        if not filled_fields(paper, with_record(paper, new, rule)):
            return ()
        self._sources.key_of(source._replace(format=FORMAT))
        number = self._records.append(key, SourceRecord(new, (SourceRef(source.name),), rule))
        self._records.rewrite(key, self._database.tick("revision"))
        if source.name not in report.by:
            report.by = (*report.by, source.name)
        return [Fact(key, RECORD, str(number), True)]

    def _taken(self, paper: Paper, record: Paper) -> list[TakenIdentifier]:
        """Return the identifiers of a record that another paper has."""
        keys, found = identity(record), []
        for field, arxiv, doi in (("arxiv_id", keys.arxiv, ""), ("doi", "", keys.doi)):
            others = self._papers.with_identifiers(arxiv, doi) - {paper.key}
            for name in self._papers.ids_of(sorted(others)).values():
                found.append(TakenIdentifier(field, arxiv or doi, name))
        return found

    def _journal(self, key: PaperKey, facts: Sequence[Fact]) -> None:
        self._completed.add(key)
        words = f"completed {format_count(len(self._completed), 'paper')}"
        if self._entry:
            self._entry = self._marks.extend_journal(self._entry, facts, words)
        else:
            self._entry = self._marks.add_to_journal(facts, words)
