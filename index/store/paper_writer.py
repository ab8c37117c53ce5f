"""Writing papers: adding them, merging them into existing ones, removing sources."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from index.marks.changes import Fact
from index.papers.entries import ParsedPaper
from index.papers.identity import Identity, are_different_papers, identity, slug
from index.papers.json_record import known_as
from index.papers.merging import merge_papers
from index.papers.paper import Paper, PaperKey, SourceRef
from index.store.database import Database, now
from index.store.marks import MarkStore
from index.store.merges import MergeStore
from index.store.papers import PaperStore, Source
from index.store.rows import ASSIGNMENTS, COLUMNS, INSERT_PLACEHOLDERS, column_values, new_marks
from index.store.stamps import StampStore
from index.text.cleaning import format_count, one_line

Outcome = Literal["added", "merged", "unchanged"]


class PaperWriter:
    """Adds papers to the database, and removes sources with the papers only they contain."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._papers = PaperStore(database)
        self._merging = MergeStore(database)

    def add(self, found: Sequence[ParsedPaper], source: Source) -> list[Outcome]:
        """Add papers from a source, or merge them into existing ones, in one transaction.

        Marks of the papers are added and written to the journal; existing marks are preserved.
        """
        with self.database.transaction():
            revision = self.database.tick("revision") if found else 0
            new_facts: dict[Fact, None] = {}
            outcomes = [self._add(item, source, revision, new_facts) for item in found]
            if new_facts:
                count = len({fact.paper for fact in new_facts})
                words = f"marks from {one_line(source.name)}: {format_count(count, 'paper')}"
                MarkStore(self.database).record(list(new_facts), words)
            return outcomes

    def _add(
        self, item: ParsedPaper, source: Source, revision: int, new_facts: dict[Fact, None]
    ) -> Outcome:
        keys = identity(item.paper)
        known = self._find_same(item.paper, keys)
        outcome: Outcome = "unchanged"
        if known is None:
            key = self._insert(item.paper, keys, revision)
            outcome = "added"
        else:
            key = known.key
            more = merge_papers(known, item.paper)
            if more != known:
                self._update(more, revision)
                outcome = "merged"
        facts = [Fact(key, *mark, True) for mark in new_marks(item.paper, known)]
        new_facts |= dict.fromkeys(facts)
        if (self._add_sources(key, item, source) or facts) and outcome == "unchanged":
            outcome = "merged"
        return outcome

    def _add_sources(self, key: PaperKey, item: ParsedPaper, source: Source) -> bool:
        """Record the sources of a paper: those it names itself, else the one it comes from."""
        new = False
        for ref in item.paper.sources or (SourceRef(source.name, item.position),):
            named = source if ref.name == source.name else Source(ref.name, "", "", "", "")
            cursor = self.database.connection.execute(
                "INSERT OR IGNORE INTO holding VALUES (?, ?, ?)",
                (key, self._source_key(named), ref.position),
            )
            new = new or cursor.rowcount > 0
        return new

    def _source_key(self, source: Source) -> int:
        connection = self.database.connection
        row = connection.execute(
            "SELECT key, date FROM source WHERE name = ?", (source.name,)
        ).fetchone()
        if row:
            if source.date and source.date != row[1]:
                connection.execute(
                    "UPDATE source SET date = ? WHERE key = ?", (source.date, row[0])
                )
            return int(row[0])
        values = (source.name, source.format, source.path, source.date, source.added or now())
        cursor = connection.execute(
            "INSERT INTO source (name, format, path, date, added) VALUES (?, ?, ?, ?, ?)", values
        )
        return int(cursor.lastrowid or 0)

    def _find_same(self, paper: Paper, keys: Identity) -> Paper | None:
        """Return the existing paper that is the same: by arXiv id, then DOI, then title.

        Of several, the one with the same id is preferred.
        """
        connection = self.database.connection
        for column, value in (("arxiv_key", keys.arxiv), ("doi_key", keys.doi)):
            for table in ("paper", "merged") if value else ():
                row = connection.execute(
                    f"SELECT key FROM {table} WHERE {column} = ? ORDER BY id != ?, key LIMIT 1",
                    (value, paper.id),
                ).fetchone()
                if row:
                    return self._papers.rows([self._merging.root(row[0])])[0]
        for table in ("paper", "merged"):
            found = connection.execute(
                f"SELECT key, arxiv_key, doi_key FROM {table} WHERE title_key = ? "
                "ORDER BY id != ?, key",
                (keys.title, paper.id),
            )
            for key, arxiv, doi in found.fetchall():
                if not keys.conflicts(Identity(arxiv or "", doi or "", keys.title)):
                    current = self._papers.rows([self._merging.root(key)])[0]
                    known = current if table == "paper" else self._merging.record(key)
                    if not are_different_papers(known, paper):
                        return current
        return None

    def _insert(self, paper: Paper, keys: Identity, revision: int) -> PaperKey:
        free = self._free_id(paper.id or slug(paper))
        if paper.id and free != paper.id and paper.id not in paper.known_as:
            paper = replace(paper, known_as=(*paper.known_as, paper.id))
        cursor = self.database.connection.execute(
            f"INSERT INTO paper ({COLUMNS}, added, revision) VALUES ({INSERT_PLACEHOLDERS})",
            (*column_values(paper, keys, free), paper.added or now(), revision),
        )
        return PaperKey(cursor.lastrowid or 0)

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
        """Return the key of the existing paper with the identity of `paper`, or None."""
        known = self._find_same(paper, identity(paper))
        return known.key if known else None

    def holds(self, paper: Paper, source: str) -> bool:
        """Return whether a source contains the paper with the identity of `paper`."""
        known = self._find_same(paper, identity(paper))
        return known is not None and source in {ref.name for ref in known.sources}
