"""Marks as facts, and the journal that can undo their changes."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from index.errors import CannotUndo
from index.marks.changes import LATER, Fact, PaperMarks
from index.marks.merging import fact_name, later_moment
from index.papers.paper import PaperKey
from index.store.database import Database, chunks, now, placeholders
from index.store.decisions import DecisionStore
from index.store.merges import DIFFERENT, MERGED, MergeStore, free_id
from index.store.queue import read_queue
from index.store.record_changes import RECORD_KINDS, RecordChanges, current_facts
from index.text.cleaning import format_count

PAIR_KINDS = (MERGED, DIFFERENT)
"""Kinds of facts about two papers, which are not marks."""

OTHER_KINDS = (*PAIR_KINDS, *RECORD_KINDS)
"""Kinds of facts that are not marks."""

_ONE_FACT = "paper = ? AND kind = ? AND {} = ?"


class JournalEntry(NamedTuple):
    """One change in the journal: its time, description and state.

    `state` is 'done', 'undone' (can be redone) or 'dropped' (undone, and can no longer be redone).
    `skipped` counts papers that were changed again later, and were therefore not changed back.
    """

    key: PaperKey
    at: str
    words: str
    state: str
    papers: int
    skipped: int = 0

    @property
    def message(self) -> str:
        """The description of the change, with the number of papers skipped."""
        if not self.skipped:
            return self.words
        return f"{self.words}; skipped {format_count(self.skipped, 'paper')} changed since"


class MarkStore:
    """The marks of papers; each change is one transaction, including its journal entry."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._merging = MergeStore(database)
        self._decisions = DecisionStore(database)

    def of(self, keys: Iterable[PaperKey]) -> list[PaperMarks]:
        """Return the facts about papers, in the order of the keys given."""
        wanted = list(keys)
        known: dict[PaperKey, set[tuple[str, str]]] = {key: set() for key in wanted}
        for some in chunks(wanted):
            query = f"SELECT paper, kind, value FROM mark WHERE paper IN ({placeholders(some)})"
            for paper, kind, value in self.database.connection.execute(query, some):
                known[paper].add((kind, value))
        return [PaperMarks(key, frozenset(facts)) for key, facts in known.items()]

    def queue(self) -> dict[PaperKey, str]:
        """Return the places of the papers in the queue, in its order."""
        return read_queue(self.database)

    def record(self, facts: Sequence[Fact], words: str, *, decided: bool = True) -> None:
        """Apply facts and write them to the journal; undone changes can no longer be redone.

        `decided` is whether the reader decided on pairs here, rather than on another machine.
        """
        self.database.ensure_intact()
        with self.database.transaction() as connection:
            self.add_to_journal(facts, words)
            self._apply(connection, facts, decided=decided)

    def add_to_journal(self, facts: Sequence[Fact], words: str) -> int:
        """Write facts to the journal that are applied in the same transaction.

        Returns the number of the entry, to which `extend_journal` adds more.
        """
        with self.database.transaction() as connection:
            connection.execute("UPDATE journal SET state = 'dropped' WHERE state = 'undone'")
            entry = connection.execute(
                "INSERT INTO journal (at, words, state, session) VALUES (?, ?, 'done', ?)",
                (now(), words, self.database.session),
            ).lastrowid
            assert entry
            return self.extend_journal(entry, facts, words)

    def extend_journal(self, entry: int, facts: Sequence[Fact], words: str) -> int:
        """Add facts to an entry of the journal, replace its description, and return its number.

        If the entry was undone in the meantime, the facts become an entry of their own.
        """
        with self.database.transaction() as connection:
            query = "UPDATE journal SET words = ? WHERE key = ? AND state = 'done'"
            if not connection.execute(query, (words, entry)).rowcount:
                return self.add_to_journal(facts, words)
            connection.executemany(
                "INSERT INTO journal_fact VALUES (?, ?, ?, ?, ?)",
                ((entry, *fact) for fact in facts),
            )
            return entry

    def _apply(
        self, connection: sqlite3.Connection, facts: Sequence[Fact], *, decided: bool = True
    ) -> None:
        """Add and remove facts; facts about deleted papers are ignored.

        Merged papers are restored before their marks are, and merged after them.
        """
        pairs = [fact for fact in facts if fact.kind in PAIR_KINDS]
        records = RecordChanges(self.database, facts, partial(free_id, self.database))
        if pairs and decided:
            self._decisions.note_before(pairs)
        self._merging.revert(pairs)
        records.before_marks()
        marks = (fact for fact in facts if fact.kind not in OTHER_KINDS)
        _write_marks(connection, marks, now())
        records.after_marks()
        self._merging.apply(pairs)
        if pairs and decided:
            self._decisions.note_after(pairs)
        self.database.tick("marks")

    def undo(self) -> JournalEntry | None:
        """Undo the last change, preferring those of this session; return None if there is none.

        Papers that were changed again later are skipped; `JournalEntry.skipped` counts them.
        Raises CannotUndo if all were, or if a merge is followed by another one that depends on it.
        """
        return self._move("done", "undone", "DESC")

    def redo(self) -> JournalEntry | None:
        """Redo the most recently undone change; return None if there is none."""
        return self._move("undone", "done", "ASC")

    def _move(self, before: str, after: str, order: str) -> JournalEntry | None:
        entry = self._next(before, order)
        if entry is None:
            return None
        action = "undo" if after == "undone" else "redo"
        try:
            result = self._apply_entry(entry, after)
        except CannotUndo as error:
            self._unblock(entry, error.blocking)
            raise CannotUndo(f"cannot {action} “{entry.words}”: {error}") from error
        if result.state == "dropped":
            reason = "everything it changed was changed again or removed since"
            raise CannotUndo(f"cannot {action} “{entry.words}”: {reason}")
        return result

    def last_entry(self) -> int:
        """Return the key of the last entry of the journal, 0 if it is empty."""
        query = "SELECT coalesce(max(key), 0) FROM journal"
        return int(self.database.connection.execute(query).fetchone()[0])

    def undo_entry(self, key: int) -> None:
        """Undo an entry of the journal out of turn, if it has not been undone.

        Raises CannotUndo if something depends on it.
        """
        row = self.database.connection.execute(
            "SELECT key, at, words, state FROM journal WHERE key = ? AND state = 'done'", (key,)
        ).fetchone()
        if row:
            number, at, words, state = row
            self._apply_entry(JournalEntry(number, at, words, state, 0), "undone")

    def _unblock(self, entry: JournalEntry, blocking: Iterable[int]) -> None:
        """Schedule the changes that block an entry to be undone next; without any, drop it."""
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
        """Invert the facts of an entry that are still current; drop the entry if none are."""
        self.database.ensure_intact()
        with self.database.transaction() as connection:
            facts, changed = self._current_facts(entry.key, undoing=after == "undone")
            if facts:
                self._apply(connection, [fact.inverse() for fact in facts])
            state = after if facts else "dropped"
            connection.execute("UPDATE journal SET state = ? WHERE key = ?", (state, entry.key))
        papers = {fact.paper for fact in facts}
        return entry._replace(state=state, papers=len(papers), skipped=len(changed - papers))

    def _next(self, state: str, order: str) -> JournalEntry | None:
        """Return the next entry to undo or redo: of this session, else of any."""
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
        """Return the facts of an entry that are unchanged since, and the papers with others.

        The other facts are removed from the entry, so that redoing it changes what undoing it did.
        """
        connection = self.database.connection
        facts = [
            Fact(paper, kind, value, bool(added) is undoing)
            for paper, kind, value, added in connection.execute(
                "SELECT paper, kind, value, added FROM journal_fact WHERE entry = ?", (entry,)
            )
        ]
        pairs = self._merging.current(fact for fact in facts if fact.kind in PAIR_KINDS)
        pairs |= current_facts(self.database, (fact for fact in facts if fact.kind in RECORD_KINDS))
        restored = {fact.paper for fact in pairs}
        marks = [fact for fact in facts if fact.kind not in OTHER_KINDS]
        known = {mark.paper: mark.facts for mark in self.of({fact.paper for fact in marks})}
        existing = self._existing(known) | restored
        requeued = _requeued(marks, known)
        current = [f for f in facts if f in pairs or (f.kind not in OTHER_KINDS
                   and f.paper in existing and not (f.kind == LATER and f.paper in requeued)
                   and ((f.kind, f.value) in known[f.paper]) == f.added)]  # fmt: skip
        changed = set(facts).difference(current)
        connection.executemany(
            "DELETE FROM journal_fact WHERE entry = ? AND paper = ? AND kind = ? AND value = ?",
            ((entry, f.paper, f.kind, f.value) for f in changed if current),
        )
        return current, {fact.paper for fact in changed}

    def _existing(self, keys: Iterable[PaperKey]) -> set[int]:
        found: set[int] = set()
        for some in chunks(keys):
            query = f"SELECT key FROM paper WHERE key IN ({placeholders(some)})"
            found.update(row[0] for row in self.database.connection.execute(query, some))
        return found

    def log(self, limit: int) -> list[JournalEntry]:
        """Return the latest entries of the journal, newest first."""
        rows = self.database.connection.execute(
            "SELECT key, at, words, state, (SELECT count(DISTINCT paper) FROM journal_fact "
            "WHERE entry = journal.key) FROM journal ORDER BY key DESC LIMIT ?",
            (limit,),
        )
        return [JournalEntry(*row) for row in rows]

    def changes(self) -> int:
        """Return the number of entries in the journal."""
        query = "SELECT count(*) FROM journal"
        return int(self.database.connection.execute(query).fetchone()[0])

    def tags(self) -> dict[str, int]:
        """Return every tag with the number of papers that have it, by name."""
        rows = self.database.connection.execute(
            "SELECT value, count(*) FROM mark WHERE kind = 'tag' GROUP BY value ORDER BY value"
        )
        return dict(rows.fetchall())

    def tags_by_use(self) -> dict[str, int]:
        """Return every tag with the number of papers that have it; the tag added last is first."""
        rows = self.database.connection.execute(
            "SELECT value, count(*) FROM mark WHERE kind = 'tag' "
            "GROUP BY value ORDER BY max(at) DESC, value"
        )
        return dict(rows.fetchall())

    def tagged(self, tags: Iterable[str]) -> list[tuple[PaperKey, set[str], set[str]]]:
        """Return the papers with any of some tags: the key, all tags, and the matching tags."""
        wanted = set(tags)
        known: dict[PaperKey, set[str]] = {}
        rows = self.database.connection.execute("SELECT paper, value FROM mark WHERE kind = 'tag'")
        for paper, tag in rows:
            known.setdefault(paper, set()).add(tag)
        return [(paper, every, every & wanted) for paper, every in known.items() if every & wanted]


def _requeued(
    facts: Iterable[Fact], known: Mapping[PaperKey, frozenset[tuple[str, str]]]
) -> set[PaperKey]:
    """Return the papers whose place in the queue is not the one that facts gave them."""
    given: dict[PaperKey, set[str]] = {}
    for fact in facts:
        if fact.kind == LATER:
            given.setdefault(fact.paper, set()).update([fact.value] if fact.added else [])
    return {
        paper
        for paper, places in given.items()
        if places != {value for kind, value in known[paper] if kind == LATER}
    }


def _write_marks(connection: sqlite3.Connection, facts: Iterable[Fact], moment: str) -> None:
    """Remove and add marks, each at a time later than the last change of the fact.

    Removals go first: a paper that moves in the queue leaves its place before it has another. The
    times of removals are recorded for merging with other libraries.
    """
    sorted_facts = sorted(facts, key=lambda fact: fact.added)
    removed = [fact for fact in sorted_facts if not fact.added]
    _remove_marks(connection, removed, moment)
    _add_marks(connection, sorted_facts[len(removed) :], moment)


def _remove_marks(connection: sqlite3.Connection, facts: Sequence[Fact], moment: str) -> None:
    added_at = _recorded_at(connection, "mark", "value", [fact[:3] for fact in facts])
    times = [(fact, added_at.pop(fact[:3], "")) for fact in facts]
    removed = [(fact, at) for fact, at in times if at]
    connection.executemany(
        f"DELETE FROM mark WHERE {_ONE_FACT.format('value')}", [fact[:3] for fact, _ in removed]
    )
    connection.executemany(
        "INSERT OR REPLACE INTO unmarked VALUES (?, ?, ?, ?)",
        [(*_named(fact), later_moment(at, moment)) for fact, at in removed],
    )


def _add_marks(connection: sqlite3.Connection, facts: Sequence[Fact], moment: str) -> None:
    known = _recorded_at(connection, "mark", "value", [fact[:3] for fact in facts])
    added = list({fact[:3]: fact for fact in facts if fact[:3] not in known}.values())
    removed_at = _recorded_at(connection, "unmarked", "name", list(map(_named, added)))
    connection.executemany(
        "INSERT INTO mark SELECT key, ?, ?, ? FROM paper WHERE key = ?",
        [
            (fact.kind, fact.value, later_moment(removed_at.get(_named(fact), ""), moment), fact[0])
            for fact in added
        ],
    )
    connection.executemany(f"DELETE FROM unmarked WHERE {_ONE_FACT.format('name')}", removed_at)


def _named(fact: Fact) -> tuple[int, str, str]:
    """Return a fact by the name under which its removal is recorded."""
    return (fact.paper, *fact_name(fact.kind, fact.value))


def _recorded_at(
    connection: sqlite3.Connection, table: str, column: str, facts: Iterable[tuple[int, str, str]]
) -> dict[tuple[int, str, str], str]:
    """Return the times at which facts were recorded in a table, of those that were."""
    papers: dict[tuple[str, str], list[int]] = {}
    for paper, kind, value in facts:
        papers.setdefault((kind, value), []).append(paper)
    return {
        (paper, kind, value): str(at)
        for (kind, value), every in papers.items()
        for some in chunks(every)
        for paper, at in connection.execute(
            f"SELECT paper, at FROM {table} WHERE kind = ? AND {column} = ? "
            f"AND paper IN ({placeholders(some)})",
            (kind, value, *some),
        )
    }
