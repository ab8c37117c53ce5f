"""Writing papers: adding them, merging them into existing ones, removing sources."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from index.marks.changes import Fact
from index.papers.entries import ParsedPaper
from index.papers.identity import Identity, identity, slug
from index.papers.json_record import known_as
from index.papers.merging import merge_papers
from index.papers.paper import Paper, PaperKey, SourceRef
from index.store.candidates import CandidateStore, is_summary
from index.store.database import Database, now
from index.store.marks import MarkStore
from index.store.merges import MergeStore
from index.store.papers import PaperStore, Source
from index.store.rows import ASSIGNMENTS, COLUMNS, INSERT_PLACEHOLDERS, column_values, new_marks
from index.store.sources import SourceStore
from index.store.stamps import StampStore
from index.text.cleaning import format_count, one_line

Outcome = Literal["added", "merged", "unchanged"]


class Placement(NamedTuple):
    """What became of a record: its own id, the paper that it is `into` now, and why.

    `rule` is why the record joined an existing paper, "" if it was added as a new one. `near` are
    the ids of other papers that it might have joined, each with the reason. `is_known` is whether
    the paper had the record from the same place before.
    """

    outcome: Outcome
    id: str
    into: str
    rule: str = ""
    near: tuple[tuple[str, str], ...] = ()
    is_known: bool = False


class PaperWriter:
    """Adds papers to the database, and removes sources with the papers only they contain."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._papers = PaperStore(database)
        self._merging = MergeStore(database)
        self._sources = SourceStore(database)
        self._candidates = CandidateStore(database)

    def add(self, found: Sequence[ParsedPaper], source: Source) -> list[Placement]:
        """Add papers from a source, or merge them into existing ones, in one transaction.

        Marks of the papers are added and written to the journal; existing marks are preserved.
        """
        with self.database.transaction():
            revision = self.database.tick("revision") if found else 0
            new_facts: dict[Fact, None] = {}
            placements = [self._add(item, source, revision, new_facts) for item in found]
            if new_facts:
                count = len({fact.paper for fact in new_facts})
                words = f"marks from {one_line(source.name)}: {format_count(count, 'paper')}"
                MarkStore(self.database).record(list(new_facts), words)
            return placements

    def _add(
        self, item: ParsedPaper, source: Source, revision: int, new_facts: dict[Fact, None]
    ) -> Placement:
        paper, keys = item.paper, identity(item.paper)
        refs = paper.sources or (SourceRef(source.name, item.position),)
        choice, candidates = self._candidates.choose(paper, keys, refs)
        outcome: Outcome = "unchanged"
        known = candidates.get(choice.key) if choice.key else None
        if known is None:
            key, into = self._insert(paper, keys, revision)
            outcome = "added"
        else:
            key, into = known.key, known.id
            more = _merged(known, paper, refs)
            if more != known:
                self._update(more, revision)
                outcome = "merged"
        facts = [Fact(key, *mark, True) for mark in new_marks(paper, known)]
        new_facts |= dict.fromkeys(facts)
        if (self._sources.hold(key, refs, source) or facts) and outcome == "unchanged":
            outcome = "merged"
        near = tuple((candidates[near.key].id, near.reason) for near in choice.near)
        return Placement(outcome, paper.id or slug(paper), into, choice.rule, near, choice.is_known)

    def _insert(self, paper: Paper, keys: Identity, revision: int) -> tuple[PaperKey, str]:
        """Insert a paper; return its key and id."""
        free = self._free_id(paper.id or slug(paper))
        if paper.id and free != paper.id and paper.id not in paper.known_as:
            paper = replace(paper, known_as=(*paper.known_as, paper.id))
        cursor = self.database.connection.execute(
            f"INSERT INTO paper ({COLUMNS}, added, revision) VALUES ({INSERT_PLACEHOLDERS})",
            (*column_values(paper, keys, free), paper.added or now(), revision),
        )
        return PaperKey(cursor.lastrowid or 0), free

    def _update(self, paper: Paper, revision: int) -> None:
        self.database.connection.execute(
            f"UPDATE paper SET {ASSIGNMENTS}, revision = ? WHERE key = ?",
            (*column_values(paper, identity(paper)), revision, paper.key),
        )

    def _free_id(self, wanted: str) -> str:
        """Return an unused id: the wanted one, or one with a number appended."""

        def taken(name: str) -> bool:
            query = "SELECT 1 FROM paper WHERE id = ?1 UNION ALL SELECT 1 FROM merged WHERE id = ?1"
            return self.database.connection.execute(query, (name,)).fetchone() is not None

        if not taken(wanted):
            return wanted
        # Doubling, then bisection: fast even for thousands of papers called "introduction".
        low, high = 1, 2
        while taken(f"{wanted}-{high}"):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if taken(f"{wanted}-{middle}") else (low, middle)
        return f"{wanted}-{high}"

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
            revision = self.database.tick("revision")
            connection.executemany("DELETE FROM paper WHERE key = ?", ((k,) for k in removed))
            connection.executemany(
                "INSERT INTO removed VALUES (?, ?)", ((k, revision) for k in removed)
            )
            self._merging.delete_orphans()
            return len(removed), len(contained) - len(removed)

    def key_of(self, paper: Paper) -> PaperKey | None:
        """Return the key of the paper that a dump describes by identifying values, or None."""
        return self._candidates.key_of(paper, identity(paper))

    def holds(self, paper: Paper, source: str) -> bool:
        """Return whether a source contains the paper that a record from it would join."""
        refs = paper.sources or (SourceRef(source),)
        choice, candidates = self._candidates.choose(paper, identity(paper), refs)
        known = candidates.get(choice.key) if choice.key else None
        return known is not None and source in {ref.name for ref in known.sources}


def _merged(known: Paper, new: Paper, refs: tuple[SourceRef, ...]) -> Paper:
    """Return a paper with the values of a record; a summary gives way to an abstract."""
    if new.abstract and is_summary(known.sources) and not is_summary(refs):
        known = replace(known, abstract=new.abstract)
    return merge_papers(known, new)
