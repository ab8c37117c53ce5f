"""Changes of the records that papers consist of, as facts of the journal.

A fact of kind `record` says that a record is part of a paper; its value is the key of the record.
Taking a record out of one paper into another, adding a paper, editing and removing one are all such
facts, and so is their undoing. A paper without records is removed from the table of papers, and so
from all lists and searches; its key and id are stored, so that it can return.
"""

from collections.abc import Callable, Iterable

from index.errors import CannotUndo
from index.marks.changes import Fact
from index.papers.identity import identity
from index.papers.paper import Paper, PaperKey
from index.store.database import Database
from index.store.records import RecordStore
from index.store.rows import COLUMNS, INSERT_PLACEHOLDERS, column_values

RECORD, REMOVED = "record", "removed"
"""Kinds of facts about the records of a paper; `removed` says that the reader removed the paper."""

RECORD_KINDS = (RECORD, REMOVED)


class RecordChanges:
    """Applies one change's facts about records: `before_marks`, then `after_marks`.

    `free_id` returns an unused id for a paper that returns.
    """

    def __init__(
        self, database: Database, facts: Iterable[Fact], free_id: Callable[[str], str]
    ) -> None:
        self.database = database
        self._records = RecordStore(database)
        self._free_id = free_id
        self._facts = [fact for fact in facts if fact.kind in RECORD_KINDS]
        self._touched: dict[PaperKey, None] = {}
        self._revision = database.tick("revision") if self._facts else 0

    def before_marks(self) -> None:
        """Add records to papers, and insert the papers that return."""
        for fact in self._facts:
            if fact.kind == RECORD and fact.added:
                self._activate(int(fact.value), fact.paper)

    def after_marks(self) -> None:
        """Take records out of papers, and write the papers again; delete those without records.

        Raises CannotUndo if such a paper has marks.
        """
        for fact in self._facts:
            if fact.kind == RECORD and not fact.added:
                self._deactivate(int(fact.value), fact.paper)
        for key in self._touched:
            if not self._exists(key):
                continue
            if self._records.has_descriptions(key):
                self._records.rewrite(key, self._revision)
            else:
                self._delete(key)
        for fact in self._facts:
            if fact.kind == REMOVED:
                self.database.connection.execute(
                    "UPDATE gone SET removed = ? WHERE key = ?", (fact.added, fact.paper)
                )

    def _activate(self, record: int, paper: PaperKey) -> None:
        connection = self.database.connection
        query = "SELECT paper, active FROM record WHERE key = ?"
        row = connection.execute(query, (record,)).fetchone()
        if row is None:
            return
        if row[1]:
            self._touched[PaperKey(row[0])] = None
            self._records.absolute([record], PaperKey(row[0]))
        connection.execute("UPDATE record SET paper = ?, active = 1 WHERE key = ?", (paper, record))
        self._touched[paper] = None
        if not self._exists(paper):
            self._insert(paper)

    def _deactivate(self, record: int, paper: PaperKey) -> None:
        self._touched[paper] = None
        self._records.absolute([record], paper)
        self.database.connection.execute(
            "UPDATE record SET active = 0 WHERE key = ? AND paper = ?", (record, paper)
        )

    def _exists(self, key: PaperKey) -> bool:
        query = "SELECT 1 FROM paper WHERE key = ?"
        return self.database.connection.execute(query, (key,)).fetchone() is not None

    def _insert(self, key: PaperKey) -> None:
        """Insert a paper that returns; its content follows from its records."""
        connection = self.database.connection
        query = "SELECT id, added FROM gone WHERE key = ?"
        own_id, added = connection.execute(query, (key,)).fetchone()
        empty = Paper("")
        values = column_values(empty, identity(empty), self._free_id(own_id))
        connection.execute(
            f"INSERT INTO paper ({COLUMNS}, added, revision, key) "
            f"VALUES ({INSERT_PLACEHOLDERS}, ?)",
            (*values, added, self._revision, key),
        )
        connection.execute("DELETE FROM gone WHERE key = ?", (key,))
        connection.execute("DELETE FROM removed WHERE key = ?", (key,))

    def _delete(self, key: PaperKey) -> None:
        connection = self.database.connection
        if connection.execute("SELECT 1 FROM mark WHERE paper = ?", (key,)).fetchone():
            raise CannotUndo("one of its papers has been marked since")
        connection.execute(
            "INSERT OR REPLACE INTO gone SELECT key, id, added, 0 FROM paper WHERE key = ?", (key,)
        )
        connection.execute("DELETE FROM paper WHERE key = ?", (key,))
        connection.execute("INSERT OR REPLACE INTO removed VALUES (?, ?)", (key, self._revision))


def current_facts(database: Database, facts: Iterable[Fact]) -> set[Fact]:
    """Return the facts about records that are still current."""
    return {fact for fact in facts if _is_current(database, fact)}


def _is_current(database: Database, fact: Fact) -> bool:
    if fact.kind == REMOVED:
        query = "SELECT removed FROM gone WHERE key = ?"
        row = database.connection.execute(query, (fact.paper,)).fetchone()
        return bool(row and row[0]) == fact.added
    query = "SELECT paper, active FROM record WHERE key = ?"
    row = database.connection.execute(query, (int(fact.value),)).fetchone()
    return row is not None and (tuple(row) == (fact.paper, 1)) == fact.added
