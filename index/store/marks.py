"""Marks as facts, and the journal that takes them back."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index import changes
from index.changes import Fact
from index.last_word import after, name_of
from index.store.database import Database, chunks, holes, now

_ONE = "paper = ? AND kind = ? AND {} = ?"


class Entry(NamedTuple):
    """One line of the journal: what was done when, and whether it stands.

    `state` is 'done', 'undone' (can be redone) or 'dropped' (undone, and no longer to be redone).
    """

    key: int
    at: str
    words: str
    state: str
    papers: int


class Marks:
    """What the reader added to papers; every change is one transaction with its journal entry."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, keys: Iterable[int]) -> list[changes.Marks]:
        """Return the facts of papers, in the order of their keys given."""
        wanted = list(keys)
        held: dict[int, set[tuple[str, str]]] = {key: set() for key in wanted}
        for some in chunks(wanted):
            query = f"SELECT paper, kind, value FROM mark WHERE paper IN ({holes(some)})"
            for paper, kind, value in self.database.connection.execute(query, some):
                held[paper].add((kind, value))
        return [changes.Marks(key, frozenset(facts)) for key, facts in held.items()]

    def record(self, facts: Sequence[Fact], words: str) -> None:
        """Turn facts and write them to the journal; what was undone can no longer be redone."""
        with self.database.transaction() as connection:
            self.write_down(facts, words)
            self._turn(connection, facts)

    def write_down(self, facts: Sequence[Fact], words: str) -> None:
        """Write facts to the journal that are turned in the same transaction."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE journal SET state = 'dropped' WHERE state = 'undone'")
            entry = connection.execute(
                "INSERT INTO journal (at, words, state) VALUES (?, ?, 'done')", (now(), words)
            ).lastrowid
            connection.executemany(
                "INSERT INTO journal_fact VALUES (?, ?, ?, ?, ?)",
                ((entry, *fact) for fact in facts),
            )

    def _turn(self, connection: sqlite3.Connection, facts: Sequence[Fact]) -> None:
        """Make facts so, each later than what is known of it. Papers that are gone are passed by.

        Of what is taken away the moment is kept, for a merge with another library.
        """
        moment = now()
        for fact in facts:
            named = (fact.paper, *name_of(fact.kind, fact.value))
            mark = (fact.paper, fact.kind, fact.value)
            gone = _since(connection, "unmarked", "name", named)
            held = _since(connection, "mark", "value", mark)
            if fact.added and not held:
                connection.execute(
                    "INSERT INTO mark SELECT key, ?, ?, ? FROM paper WHERE key = ?",
                    (fact.kind, fact.value, after(gone, moment), fact.paper),
                )
                connection.execute(f"DELETE FROM unmarked WHERE {_ONE.format('name')}", named)
            elif held and not fact.added:
                connection.execute(f"DELETE FROM mark WHERE {_ONE.format('value')}", mark)
                connection.execute(
                    "INSERT OR REPLACE INTO unmarked VALUES (?, ?, ?, ?)",
                    (*named, after(held, moment)),
                )
        self.database.tick("marks")

    def undo(self) -> Entry | None:
        """Take back the last change that stands; None where there is none."""
        return self._move("done", "undone", "key DESC")

    def redo(self) -> Entry | None:
        """Make the last change taken back stand again; None where there is none."""
        return self._move("undone", "done", "key ASC")

    def _move(self, before: str, after: str, order: str) -> Entry | None:
        with self.database.transaction() as connection:
            row = connection.execute(
                f"SELECT key, at, words FROM journal WHERE state = ? ORDER BY {order} LIMIT 1",
                (before,),
            ).fetchone()
            if row is None:
                return None
            facts = [
                Fact(paper, kind, value, bool(added))
                for paper, kind, value, added in connection.execute(
                    "SELECT paper, kind, value, added FROM journal_fact WHERE entry = ?", (row[0],)
                )
            ]
            if after == "undone":
                facts = [fact.inverse() for fact in facts]
            self._turn(connection, facts)
            connection.execute("UPDATE journal SET state = ? WHERE key = ?", (after, row[0]))
            key, at, words = row
            return Entry(key, at, words, after, len({fact.paper for fact in facts}))

    def log(self, limit: int) -> list[Entry]:
        """Return the newest entries of the journal, newest first."""
        rows = self.database.connection.execute(
            "SELECT key, at, words, state, (SELECT count(DISTINCT paper) FROM journal_fact "
            "WHERE entry = journal.key) FROM journal ORDER BY key DESC LIMIT ?",
            (limit,),
        )
        return [Entry(*row) for row in rows]

    def changes(self) -> int:
        """Return the number of entries of the journal."""
        query = "SELECT count(*) FROM journal"
        return int(self.database.connection.execute(query).fetchone()[0])

    def tags(self) -> dict[str, int]:
        """Return every tag with the number of papers that have it, by name."""
        rows = self.database.connection.execute(
            "SELECT value, count(*) FROM mark WHERE kind = 'tag' GROUP BY value ORDER BY value"
        )
        return dict(rows.fetchall())


def _since(
    connection: sqlite3.Connection, table: str, column: str, fact: tuple[int, str, str]
) -> str:
    """Return since when a fact is in a table, "" where it is not."""
    query = f"SELECT at FROM {table} WHERE {_ONE.format(column)}"
    row = connection.execute(query, fact).fetchone()
    return str(row[0]) if row else ""
