"""Papers merged into other papers, and how merges are undone.

A merged paper is removed from the table of papers, and so from all lists and searches. Its row is
stored here, and its records become those of the other paper. Undoing a merge restores them. For
merges made before records were stored, the row of the other paper before and after the merge is
stored: undoing one restores each field that has not changed since.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from index.errors import CannotUndo
from index.marks.changes import Fact
from index.papers.identity import Identity, identity
from index.papers.paper import Paper, PaperKey
from index.store.database import Database, chunks, placeholders
from index.store.records import RecordStore
from index.store.rows import ASSIGNMENTS, COLUMNS, FIELDS, column_values, paper_of, read_list
from index.text.latex.reading import readable


class ComparedPaper(NamedTuple):
    """The values by which papers are compared, except the abstract."""

    key: PaperKey
    title: str
    authors: tuple[str, ...]
    year: int | None
    identity: Identity
    venue: str = ""


MERGED, DIFFERENT = "merged", "different"
"""Kinds of facts about two papers: the value is the key of the other paper."""

Row = dict[str, object]

_ROW = f"SELECT {COLUMNS}, added, key FROM paper WHERE key = ?"


class MergeStore:
    """Merged papers, and pairs of papers that the user marked as different."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._records = RecordStore(database)

    # -- merged papers -----------------------------------------------------------------------------

    def root(self, key: PaperKey) -> PaperKey:
        """Return the key of the paper that a paper was merged into, or its own key."""
        query = "SELECT paper FROM merged WHERE key = ?"
        while row := self.database.connection.execute(query, (key,)).fetchone():
            key = PaperKey(row[0])
        return key

    def roots(self, column: str, value: str) -> set[PaperKey]:
        """Return the papers into which a paper or record with an identifier was merged."""
        rows = self.database.connection.execute(
            f"SELECT key FROM merged WHERE {column} = ?1 COLLATE NOCASE "
            f"UNION SELECT paper FROM record WHERE {column} = ?1 COLLATE NOCASE "
            f"AND {column} != '' AND active",
            (value,),
        )
        return {self.root(row[0]) for row in rows.fetchall()}

    def record(self, key: PaperKey) -> Paper:
        """Return a merged paper as it was before, without marks and sources."""
        query = "SELECT was FROM merged WHERE key = ?"
        was = json.loads(self.database.connection.execute(query, (key,)).fetchone()[0])
        return paper_of((*(_value(was, name) for name in (*FIELDS, "added")), key), (), [])

    def merged_records(self, key: PaperKey) -> Iterator[Paper]:
        """Yield the papers merged into a paper, and into these, before records were stored."""
        query = "SELECT key FROM merged WHERE paper = ? AND records = ''"
        for (merged,) in self.database.connection.execute(query, (key,)).fetchall():
            yield self.record(merged)
            yield from self.merged_records(merged)

    def merged_as(self, key: PaperKey, record: int) -> PaperKey | None:
        """Return the key that a record had as a paper of its own before it was merged by hand."""
        query = "SELECT key, records FROM merged WHERE paper = ? AND records != ''"
        for merged, records in self.database.connection.execute(query, (key,)):
            if [number for number, _, edits in json.loads(records) if not edits] == [record]:
                return PaperKey(merged)
        return None

    def different(self) -> set[tuple[PaperKey, PaperKey]]:
        """Return the pairs marked as different, as their current papers, the lower key first."""
        rows = self.database.connection.execute("SELECT one, other FROM different").fetchall()
        pairs = {frozenset((self.root(one), self.root(other))) for one, other in rows}
        return {(min(pair), max(pair)) for pair in pairs}

    def delete_orphans(self) -> None:
        """Delete merged papers whose remaining paper was deleted."""
        with self.database.transaction() as connection:
            while connection.execute(
                "DELETE FROM merged WHERE paper NOT IN (SELECT key FROM paper) "
                "AND paper NOT IN (SELECT key FROM merged)"
            ).rowcount:
                pass

    # -- possible duplicates -----------------------------------------------------------------------

    def records(self) -> list[ComparedPaper]:
        """Return the compared values of all papers."""
        rows = self.database.connection.execute(
            "SELECT key, title, authors, year, arxiv_key, doi_key, title_key, venue FROM paper"
        )
        return [
            ComparedPaper(
                key,
                readable(title),
                read_list(authors),
                year,
                Identity(arxiv or "", doi or "", letters),
                venue,
            )
            for key, title, authors, year, arxiv, doi, letters, venue in rows
        ]

    def abstracts(self, keys: Iterable[PaperKey]) -> dict[PaperKey, str]:
        """Return the abstracts of papers that exist."""
        found: dict[PaperKey, str] = {}
        for some in chunks(keys):
            query = f"SELECT key, abstract FROM paper WHERE key IN ({placeholders(some)})"
            rows = self.database.connection.execute(query, some)
            found.update((key, readable(abstract)) for key, abstract in rows)
        return found

    # -- facts -------------------------------------------------------------------------------------

    def current(self, facts: Iterable[Fact]) -> set[Fact]:
        """Return the facts that are still current.

        Raises CannotUndo for a merge that later merges depend on.
        """
        every = list(facts)
        ours = {fact.paper for fact in every if fact.kind == MERGED}
        return {fact for fact in every if self._is_current(fact, ours)}

    def _is_current(self, fact: Fact, ours: set[PaperKey]) -> bool:
        connection, other = self.database.connection, int(fact.value)
        if fact.kind == DIFFERENT:
            query = "SELECT 1 FROM different WHERE one = ? AND other = ?"
            row = connection.execute(query, (fact.paper, other)).fetchone()
            return (row is not None) == fact.added
        if not fact.added:
            return len(self._papers(fact.paper, other)) == 2
        row = connection.execute(
            "SELECT number FROM merged WHERE key = ? AND paper = ?", (fact.paper, other)
        ).fetchone()
        if row is None:
            return False
        later = connection.execute(
            "SELECT key FROM merged WHERE (paper = ? AND number > ?) OR key = ?",
            (other, row[0], other),
        )
        if blocking := {key for (key,) in later} - ours:
            raise CannotUndo(
                "the paper was merged again later; undo again to undo that merge first",
                frozenset(blocking),
            )
        return True

    def _papers(self, *keys: int) -> list[tuple[object, ...]]:
        query = f"SELECT key FROM paper WHERE key IN ({placeholders(keys)})"
        return self.database.connection.execute(query, keys).fetchall()

    def revert(self, facts: Iterable[Fact]) -> None:
        """Undo merges, the last one first, and remove pairs marked as different."""
        keys = [fact.paper for fact in facts if fact.kind == MERGED and not fact.added]
        if keys:
            revision, numbers = self.database.tick("revision"), []
            for some in chunks(keys):
                query = f"SELECT number FROM merged WHERE key IN ({placeholders(some)})"
                numbers += self.database.connection.execute(query, some).fetchall()
            for (number,) in sorted(numbers, reverse=True):
                self._unmerge(number, revision)
        self.database.connection.executemany(
            "DELETE FROM different WHERE one = ? AND other = ?",
            ((f.paper, int(f.value)) for f in facts if f.kind == DIFFERENT and not f.added),
        )

    def apply(self, facts: Iterable[Fact]) -> None:
        """Merge papers, whose marks were moved before, and add pairs marked as different."""
        pairs = [(f.paper, PaperKey(int(f.value))) for f in facts if f.kind == MERGED and f.added]
        if pairs:
            revision = self.database.tick("revision")
            for merged, keep in pairs:
                self._merge(merged, keep, revision)
        self.database.connection.executemany(
            "INSERT OR IGNORE INTO different VALUES (?, ?)",
            ((f.paper, int(f.value)) for f in facts if f.kind == DIFFERENT and f.added),
        )

    # -- merging and undoing merges ----------------------------------------------------------------

    def _merge(self, merged: PaperKey, keep: PaperKey, revision: int) -> None:
        connection = self.database.connection
        if connection.execute("SELECT 1 FROM mark WHERE paper = ?", (merged,)).fetchone():
            raise CannotUndo("one of its papers has been marked since")
        row, before = self._row(merged), self._row(keep)
        if row is None or before is None:
            raise CannotUndo("one of its papers has been removed")
        moved = self._records.move(merged, keep)
        connection.execute("DELETE FROM paper WHERE key = ?", (merged,))
        connection.execute("INSERT OR REPLACE INTO removed VALUES (?, ?)", (merged, revision))
        self._records.rewrite(keep, revision)
        keys = [row[name] for name in ("id", "arxiv_key", "doi_key", "title_key")]
        texts = [json.dumps(value) for value in (row, [], {}, {}, moved)]
        connection.execute(
            "INSERT INTO merged (key, paper, id, arxiv_key, doi_key, title_key, was, sources, "
            f"before, after, records) VALUES ({placeholders('x' * 11)})",
            (merged, keep, *keys, *texts),
        )

    def _unmerge(self, number: int, revision: int) -> None:
        connection = self.database.connection
        key, keep, records, *texts = connection.execute(
            "SELECT key, paper, records, was, sources, before, after FROM merged WHERE number = ?",
            (number,),
        ).fetchone()
        was, sources, before, after = map(json.loads, texts)
        connection.execute("DELETE FROM merged WHERE number = ?", (number,))
        connection.execute("DELETE FROM removed WHERE key = ?", (key,))
        connection.execute(
            f"INSERT INTO paper (key, revision, {', '.join(was)}) "
            f"VALUES (?, ?, {placeholders(was)})",
            (key, revision, *was.values()),
        )
        if records:
            self._records.move_back(json.loads(records), key, keep)
            for each in (key, keep):
                self._records.rewrite(each, revision)
            return
        self._unmerge_rows(key, keep, sources, before, after, revision)

    def _unmerge_rows(
        self,
        key: PaperKey,
        keep: PaperKey,
        sources: list[list[int]],
        before: Row,
        after: Row,
        revision: int,
    ) -> None:
        """Undo a merge made before records were stored: restore what has not changed since."""
        connection = self.database.connection
        for source, position, gained in sources:
            if gained:
                connection.execute(
                    "DELETE FROM holding WHERE paper = ? AND source = ?", (keep, source)
                )
            connection.execute(
                "INSERT INTO holding SELECT ?, key, ? FROM source WHERE key = ?",
                (key, position, source),
            )
        now = self._row(keep) or {}
        same = {n: _value(before, n) for n in FIELDS if now[n] == _value(after, n)}
        self._write(keep, {**now, **same}, revision)
        paper = self._paper(keep)  # computes derived fields again
        self._write(
            keep, dict(zip(FIELDS, column_values(paper, identity(paper)), strict=True)), revision
        )

    def _row(self, key: PaperKey) -> Row | None:
        row = self.database.connection.execute(_ROW, (key,)).fetchone()
        return dict(zip((*FIELDS, "added"), row, strict=False)) if row else None

    def _paper(self, key: PaperKey) -> Paper:
        return paper_of(self.database.connection.execute(_ROW, (key,)).fetchone(), (), [])

    def _write(self, key: PaperKey, row: Row, revision: int) -> None:
        self.database.connection.execute(
            f"UPDATE paper SET {ASSIGNMENTS}, revision = ? WHERE key = ?",
            (*(row[name] for name in FIELDS), revision, key),
        )

    def _positions(self, key: PaperKey) -> dict[int, int | None]:
        query = "SELECT source, position FROM holding WHERE paper = ?"
        return dict(self.database.connection.execute(query, (key,)).fetchall())


def _value(row: Row, name: str) -> object:
    """Return a column of a stored row; "" for a column added to the schema since."""
    return row.get(name, "")


def merged_ids(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, PaperKey]:
    """Return the keys of merged papers and of records' papers that had any of some ids, by id."""
    found: dict[str, PaperKey] = {}
    every = list(names)
    for start in range(0, len(every), 500):
        some = every[start : start + 500]
        among = placeholders(some)
        found.update(
            connection.execute(
                f"SELECT id, paper FROM record WHERE id IN ({among}) AND id != '' "
                "AND active ORDER BY key DESC",
                some,
            )
        )
        found.update(connection.execute(f"SELECT id, key FROM merged WHERE id IN ({among})", some))
    return found


def free_id(database: Database, wanted: str) -> str:
    """Return an unused id: the wanted one, or one with a number appended."""

    def taken(name: str) -> bool:
        query = "SELECT 1 FROM paper WHERE id = ?1 UNION ALL SELECT 1 FROM merged WHERE id = ?1"
        return database.connection.execute(query, (name,)).fetchone() is not None

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
