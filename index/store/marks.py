"""Marks as facts, and the journal that takes them back."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.errors import CannotUndo
from index.marks.changes import Fact, PaperMarks
from index.marks.merging import fact_name, later_moment
from index.papers.paper import PaperKey
from index.store.database import Database, chunks, now, placeholders
from index.store.merges import DIFFERENT, MERGED, MergeStore
from index.text.cleaning import format_count

PAIR_KINDS = (MERGED, DIFFERENT)
"""Kinds of facts that are no marks."""

_ONE_FACT = "paper = ? AND kind = ? AND {} = ?"


class JournalEntry(NamedTuple):
    """One line of the journal: what was done when, and whether it stands.

    `state` is 'done', 'undone' (can be redone) or 'dropped' (undone, and no longer to be redone).
    `left` counts papers that were changed again since, and so were left as they are.
    """

    key: PaperKey
    at: str
    words: str
    state: str
    papers: int
    skipped: int = 0

    @property
    def message(self) -> str:
        """What the change did, and what of it was left as it is."""
        left = (
            f"; {format_count(self.skipped, 'paper')} changed since, left so"
            if self.skipped
            else ""
        )
        return f"{self.words}{left}"


class MarkStore:
    """What the reader added to papers; every change is one transaction with its journal entry."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._merging = MergeStore(database)

    def of(self, keys: Iterable[PaperKey]) -> list[PaperMarks]:
        """Return the facts of papers, in the order of their keys given."""
        wanted = list(keys)
        held: dict[PaperKey, set[tuple[str, str]]] = {key: set() for key in wanted}
        for some in chunks(wanted):
            query = f"SELECT paper, kind, value FROM mark WHERE paper IN ({placeholders(some)})"
            for paper, kind, value in self.database.connection.execute(query, some):
                held[paper].add((kind, value))
        return [PaperMarks(key, frozenset(facts)) for key, facts in held.items()]

    def record(self, facts: Sequence[Fact], words: str) -> None:
        """Turn facts and write them to the journal; what was undone can no longer be redone."""
        with self.database.transaction() as connection:
            self.add_to_journal(facts, words)
            self._apply(connection, facts)

    def add_to_journal(self, facts: Sequence[Fact], words: str) -> None:
        """Write facts to the journal that are turned in the same transaction."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE journal SET state = 'dropped' WHERE state = 'undone'")
            entry = connection.execute(
                "INSERT INTO journal (at, words, state, session) VALUES (?, ?, 'done', ?)",
                (now(), words, self.database.session),
            ).lastrowid
            connection.executemany(
                "INSERT INTO journal_fact VALUES (?, ?, ?, ?, ?)",
                ((entry, *fact) for fact in facts),
            )

    def _apply(self, connection: sqlite3.Connection, facts: Sequence[Fact]) -> None:
        """Make facts so, each later than what is known of it. Papers that are gone are passed by.

        Papers come back before their marks do, and go after them.

        Of what is taken away the moment is kept, for a merge with another library.
        """
        moment = now()
        pairs = [fact for fact in facts if fact.kind in PAIR_KINDS]
        self._merging.revert(pairs)
        for fact in facts:
            if fact.kind in PAIR_KINDS:
                continue
            named = (fact.paper, *fact_name(fact.kind, fact.value))
            mark = (fact.paper, fact.kind, fact.value)
            gone = _recorded_at(connection, "unmarked", "name", named)
            held = _recorded_at(connection, "mark", "value", mark)
            if fact.added and not held:
                connection.execute(
                    "INSERT INTO mark SELECT key, ?, ?, ? FROM paper WHERE key = ?",
                    (fact.kind, fact.value, later_moment(gone, moment), fact.paper),
                )
                connection.execute(f"DELETE FROM unmarked WHERE {_ONE_FACT.format('name')}", named)
            elif held and not fact.added:
                connection.execute(f"DELETE FROM mark WHERE {_ONE_FACT.format('value')}", mark)
                connection.execute(
                    "INSERT OR REPLACE INTO unmarked VALUES (?, ?, ?, ?)",
                    (*named, later_moment(held, moment)),
                )
        self._merging.apply(pairs)
        self.database.tick("marks")

    def undo(self) -> JournalEntry | None:
        """Take back the last change that stands, of this session before others; None without one.

        What was changed again since stays as it is; `JournalEntry.skipped` counts those papers.
        Raises CannotUndo where that is all of it, or where a merge was built upon.
        """
        return self._move("done", "undone", "DESC")

    def redo(self) -> JournalEntry | None:
        """Make the last change taken back stand again; None where there is none."""
        return self._move("undone", "done", "ASC")

    def _move(self, before: str, after: str, order: str) -> JournalEntry | None:
        entry = self._next(before, order)
        if entry is None:
            return None
        verb = "undone" if after == "undone" else "redone"
        try:
            moved = self._apply_entry(entry, after)
        except CannotUndo as error:
            self._unblock(entry, error.blocking)
            raise CannotUndo(f"{entry.words} cannot be {verb}: {error}") from error
        if moved.state == "dropped":
            reason = "all of it was changed since, or is gone"
            raise CannotUndo(f"{entry.words} cannot be {verb}: {reason}")
        return moved

    def _unblock(self, entry: JournalEntry, blocking: Iterable[int]) -> None:
        """Let what an entry waits for be undone next; where there is no such, drop the entry."""
        with self.database.transaction() as connection:
            for paper in blocking:
                connection.execute(
                    "UPDATE journal SET session = ? WHERE state = 'done' AND key IN "
                    "(SELECT entry FROM journal_fact WHERE paper = ? AND kind = ?)",
                    (self.database.session, paper, MERGED),
                )
            if not blocking:
                connection.execute(
                    "UPDATE journal SET state = 'dropped' WHERE key = ?", (entry.key,)
                )

    def _apply_entry(self, entry: JournalEntry, after: str) -> JournalEntry:
        """Turn what an entry left and still stands the other way; 'dropped' where nothing does."""
        with self.database.transaction() as connection:
            facts, left = self._current_facts(entry.key, undoing=after == "undone")
            if facts:
                self._apply(connection, [fact.inverse() for fact in facts])
            state = after if facts else "dropped"
            connection.execute("UPDATE journal SET state = ? WHERE key = ?", (state, entry.key))
        papers = {fact.paper for fact in facts}
        return entry._replace(state=state, papers=len(papers), skipped=len(left - papers))

    def _next(self, state: str, order: str) -> JournalEntry | None:
        """Return the entry that is next to be moved: of this session, else of any."""
        for own in ("AND session = ?", ""):
            row = self.database.connection.execute(
                f"SELECT key, at, words, state FROM journal WHERE state = ? {own} "
                f"ORDER BY key {order} LIMIT 1",
                (state, self.database.session)[: 2 if own else 1],
            ).fetchone()
            if row:
                key, at, words, state = row
                return JournalEntry(key, at, words, state, 0)
        return None

    def _current_facts(self, entry: int, *, undoing: bool) -> tuple[list[Fact], set[int]]:
        """Return the facts of an entry that are as it left them, and the papers where some are not.

        Those that are not are no longer the entry's: moved back and forth, it turns what it turned.
        """
        connection = self.database.connection
        facts = [
            Fact(paper, kind, value, bool(added) is undoing)
            for paper, kind, value, added in connection.execute(
                "SELECT paper, kind, value, added FROM journal_fact WHERE entry = ?", (entry,)
            )
        ]
        pairs = self._merging.current(fact for fact in facts if fact.kind in PAIR_KINDS)
        coming = {fact.paper for fact in pairs}
        marks = [fact for fact in facts if fact.kind not in PAIR_KINDS]
        held = {mark.paper: mark.facts for mark in self.of({fact.paper for fact in marks})}
        there = self._existing(held) | coming
        stand = [f for f in facts if f in pairs or (f.kind not in PAIR_KINDS and f.paper in there
                 and ((f.kind, f.value) in held[f.paper]) == f.added)]  # fmt: skip
        left = set(facts).difference(stand)
        connection.executemany(
            "DELETE FROM journal_fact WHERE entry = ? AND paper = ? AND kind = ? AND value = ?",
            ((entry, f.paper, f.kind, f.value) for f in left if stand),
        )
        return stand, {fact.paper for fact in left}

    def _existing(self, keys: Iterable[PaperKey]) -> set[int]:
        found: set[int] = set()
        for some in chunks(keys):
            query = f"SELECT key FROM paper WHERE key IN ({placeholders(some)})"
            found.update(row[0] for row in self.database.connection.execute(query, some))
        return found

    def log(self, limit: int) -> list[JournalEntry]:
        """Return the newest entries of the journal, newest first."""
        rows = self.database.connection.execute(
            "SELECT key, at, words, state, (SELECT count(DISTINCT paper) FROM journal_fact "
            "WHERE entry = journal.key) FROM journal ORDER BY key DESC LIMIT ?",
            (limit,),
        )
        return [JournalEntry(*row) for row in rows]

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

    def tagged(self, tags: Iterable[str]) -> list[tuple[PaperKey, set[str], set[str]]]:
        """Return each paper that has one of some tags: its key, all its tags, and those of them."""
        wanted = set(tags)
        held: dict[PaperKey, set[str]] = {}
        rows = self.database.connection.execute("SELECT paper, value FROM mark WHERE kind = 'tag'")
        for paper, tag in rows:
            held.setdefault(paper, set()).add(tag)
        return [(paper, every, every & wanted) for paper, every in held.items() if every & wanted]


def _recorded_at(
    connection: sqlite3.Connection, table: str, column: str, fact: tuple[int, str, str]
) -> str:
    """Return since when a fact is in a table, "" where it is not."""
    query = f"SELECT at FROM {table} WHERE {_ONE_FACT.format(column)}"
    row = connection.execute(query, fact).fetchone()
    return str(row[0]) if row else ""
