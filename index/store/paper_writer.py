"""Writing papers: adding them, merging them into existing ones, removing sources."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from index.marks.changes import LATER, Fact
from index.marks.queue import Queue, place_after
from index.papers.entries import ParsedPaper
from index.papers.identity import Identity, identity, slug
from index.papers.json_record import known_as
from index.papers.paper import Paper, PaperKey, SourceRef
from index.papers.records import SourceRecord
from index.store.candidates import CandidateStore
from index.store.database import Database, now
from index.store.marks import MarkStore
from index.store.merges import MergeStore, free_id
from index.store.papers import PaperStore
from index.store.queue import read_queue
from index.store.records import RecordStore
from index.store.rows import COLUMNS, INSERT_PLACEHOLDERS, column_values, new_marks
from index.store.sources import Source, SourceStore
from index.store.stamps import StampStore
from index.text.cleaning import format_count, one_line

Outcome = Literal["added", "merged", "unchanged", "skipped"]


class Placement(NamedTuple):
    """The outcome for a record: its own id, the paper that it is `into` now, and why.

    `rule` is why the record joined an existing paper, "" if it was added as a new one. `near` are
    the ids of other papers that it might have joined, each with the reason. `is_known` is whether
    the paper had the record from the same place before. A skipped record has a `reason`. `record`
    is the key of the record that was added to an existing paper, 0 if none was.
    """

    outcome: Outcome
    id: str
    into: str
    rule: str = ""
    near: tuple[tuple[str, str], ...] = ()
    is_known: bool = False
    reason: str = ""
    record: int = 0


@dataclass(slots=True)
class _Batch:
    """The papers of a source that are added in one transaction.

    `added` is its time and `source_keys` the keys of sources by name, both the same for all papers.
    `facts` are the marks that the papers bring.
    """

    source: Source
    revision: int
    added: str
    source_keys: dict[str, int] = field(default_factory=dict)
    facts: dict[Fact, None] = field(default_factory=dict)


class PaperWriter:
    """Adds papers to the database, and removes sources with the papers only they contain."""

    def __init__(self, database: Database, *, brings_back: bool = False) -> None:
        """With `brings_back`, papers that the reader removed are added again."""
        self.database = database
        self.brings_back = brings_back
        self._queue: Queue | None = None
        self._papers = PaperStore(database)
        self._merging = MergeStore(database)
        self._records = RecordStore(database)
        self._sources = SourceStore(database)
        self._candidates = CandidateStore(database)

    def add(self, found: Sequence[ParsedPaper], source: Source) -> list[Placement]:
        """Add papers from a source, or merge them into existing ones, in one transaction.

        Marks of the papers are added and written to the journal; existing marks are preserved.
        """
        with self.database.transaction():
            revision = self.database.tick("revision") if found else 0
            self._candidates.refresh()
            batch = _Batch(source, revision, now())
            placements = [self._add(item, batch) for item in found]
            if batch.facts:
                count = len({fact.paper for fact in batch.facts})
                words = f"marks from {one_line(source.name)}: {format_count(count, 'paper')}"
                MarkStore(self.database).record(list(batch.facts), words)
            return placements

    def _add(self, item: ParsedPaper, batch: _Batch) -> Placement:
        paper, keys = item.paper, identity(item.paper)
        refs = paper.sources or (SourceRef(batch.source.name, item.position),)
        own_id = paper.id or slug(paper)
        choice, candidates = self._candidates.choose(paper, keys, refs)
        known = candidates.get(choice.key) if choice.key else None
        if known is None and (reason := self._removed_reason(paper, keys, refs)):
            return Placement("skipped", own_id, "", reason=reason)
        outcome: Outcome = "unchanged"
        number = 0
        if known is None:
            key, into = self._insert(paper, keys, own_id, batch)
            is_new, outcome = self._hold(key, refs, batch), "added"
        else:
            key, into = known.key, known.id
            record = SourceRecord(paper, refs, choice.rule)
            if choice.is_known or self._repeats(known, record):
                is_new = self._hold(key, refs, batch)
            else:
                is_new, number = self._join(known, record, batch)
        facts = [Fact(key, *mark, True) for mark in new_marks(paper, known)]
        facts += self._later_facts(key, paper, known, batch.facts)
        batch.facts |= dict.fromkeys(facts)
        if outcome == "unchanged" and (is_new or facts):
            outcome = "merged"
        near = tuple((candidates[near.key].id, near.reason) for near in choice.near)
        return Placement(outcome, own_id, into, choice.rule, near, choice.is_known, record=number)

    def _later_facts(
        self, key: PaperKey, paper: Paper, known: Paper | None, facts: dict[Fact, None]
    ) -> list[Fact]:
        """Return the fact that adds a paper to the queue if it is not there.

        The papers of an import follow those that were in the queue before it, in their own order.
        """
        if paper.later is None or (known and known.later):
            return []
        if any(fact.paper == key and fact.kind == LATER for fact in facts):
            return []
        if self._queue is None:
            self._queue = read_queue(self.database)
        return [Fact(key, LATER, place_after(self._queue, paper.later), True)]

    def _hold(self, key: PaperKey, refs: Sequence[SourceRef], batch: _Batch) -> bool:
        """Record that sources hold a paper; return whether one of them did not hold it before."""
        held = [
            self._sources.hold(key, self._source_key(ref.name, batch), ref.position) for ref in refs
        ]
        return any(held)

    def _source_key(self, name: str, batch: _Batch) -> int:
        """Return the key of a source; those that the batch does not describe have only a name."""
        key = batch.source_keys.get(name)
        if key is None:
            source = batch.source
            named = source if name == source.name else Source(name, "", "", "", "")
            key = batch.source_keys[name] = self._sources.key_of(named)
        return key

    def _join(self, known: Paper, record: SourceRecord, batch: _Batch) -> tuple[bool, int]:
        """Add a record to a paper; return whether it brought anything new, and its key."""
        self._source_key(batch.source.name, batch)
        changed, number = self._records.join(known, record, batch.revision)
        self._candidates.has_aliases = True
        is_new = self._hold(known.key, record.sources, batch)
        held = {ref.name for ref in known.sources}
        return changed or is_new or any(ref.name not in held for ref in record.sources), number

    def _repeats(self, known: Paper, record: SourceRecord) -> bool:
        """Return whether a record's sources said the same before."""
        names = {ref.name for ref in record.sources}
        return any(
            names <= {ref.name for ref in each.sources}
            and record.paper.id in ("", each.paper.id, *each.paper.known_as)
            and record.content == each.content
            for each in self._records.of_paper(known)
        )

    def _removed_reason(self, paper: Paper, keys: Identity, refs: tuple[SourceRef, ...]) -> str:
        """Return why a record is not added: the reader removed its paper. "" if it may be."""
        if not self._candidates.has_removed:
            return ""
        key = self._candidates.removed(paper, keys, refs)
        if key is None:
            return ""
        if self.brings_back:
            self.database.connection.execute("UPDATE gone SET removed = 0 WHERE key = ?", (key,))
            return ""
        return "you removed this paper; use --removed to import it again"

    def _insert(
        self, paper: Paper, keys: Identity, wanted_id: str, batch: _Batch
    ) -> tuple[PaperKey, str]:
        """Insert a paper; return its key and id."""
        free = free_id(self.database, wanted_id)
        if paper.id and free != paper.id and paper.id not in paper.known_as:
            paper = replace(paper, known_as=(*paper.known_as, paper.id))
        cursor = self.database.connection.execute(
            f"INSERT INTO paper ({COLUMNS}, added, revision) VALUES ({INSERT_PLACEHOLDERS})",
            (*column_values(paper, keys, free), paper.added or batch.added, batch.revision),
        )
        return PaperKey(cursor.lastrowid or 0), free

    def remove_source(self, name: str) -> tuple[int, int]:
        """Remove a source; return how many of its papers were removed and how many remain.

        Removes the papers that have no other source and no marks.
        """
        with self.database.transaction() as connection:
            key = connection.execute("SELECT key FROM source WHERE name = ?", (name,)).fetchone()[0]
            contained = {
                row[0]
                for row in connection.execute("SELECT paper FROM holding WHERE source = ?", (key,))
            }
            revision = self.database.tick("revision")
            self._records.remove_source(key, revision)
            connection.execute("DELETE FROM source WHERE key = ?", (key,))
            removed = [
                row[0]
                for row in connection.execute(
                    "SELECT key FROM paper WHERE NOT EXISTS "
                    "(SELECT 1 FROM holding WHERE paper = key) AND NOT EXISTS "
                    "(SELECT 1 FROM mark WHERE paper = key)"
                )
                if row[0] in contained
            ]
            stamps = StampStore(self.database)
            for paper in self._papers.each(sorted(stamps.unmarked() & set(removed))):
                # Removed marks stay removed when the paper is imported again or a dump is merged.
                stamps.add_pending(known_as(paper), identity(paper), stamps.of(paper.key))
            connection.executemany("DELETE FROM paper WHERE key = ?", ((k,) for k in removed))
            connection.executemany(
                "INSERT INTO removed VALUES (?, ?)", ((k, revision) for k in removed)
            )
            self._records.delete_orphans()
            self._merging.delete_orphans()
            return len(removed), len(contained) - len(removed)

    def key_of(self, paper: Paper) -> PaperKey | None:
        """Return the key of the paper that a dump describes by identifying values, or None."""
        self._candidates.refresh()
        return self._candidates.key_of(paper, identity(paper))

    def holds(self, paper: Paper, source: str) -> bool:
        """Return whether a source contains the paper that a record from it would join."""
        refs = paper.sources or (SourceRef(source),)
        self._candidates.refresh()
        choice, candidates = self._candidates.choose(paper, identity(paper), refs)
        known = candidates.get(choice.key) if choice.key else None
        return known is not None and source in {ref.name for ref in known.sources}
