"""Saved searches, and the history of queries."""

import sqlite3
from typing import NamedTuple

from index.marks.merging import StampedSearch, later_moment
from index.store.database import Database, now


class SavedSearch(NamedTuple):
    """A saved query; `seen` is the highest paper key at the last visit."""

    name: str
    query: str
    made: str
    seen: int


class SearchStore:
    """The saved searches, in the order in which they were first saved.

    Names are compared in their `folded` form, which the caller computes.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[SavedSearch]:
        """Return all saved searches in their order."""
        rows = self.database.connection.execute(
            "SELECT name, query, made, seen FROM saved ORDER BY position, folded"
        )
        return [SavedSearch(*row) for row in rows]

    def texts(self) -> dict[str, str]:
        """Return the queries of saved searches by name."""
        return {search.name: search.query for search in self.all()}

    def put(self, name: str, folded: str, query: str) -> None:
        """Save a query under a name, replacing one of that name; all its papers count as seen."""
        with self.database.transaction() as connection:
            known = self.stamps(folded).get(folded)
            moment = later_moment(known.at if known else "", now())
            position = known.position if known and known.present else self._next_position()
            seen = self.newest_paper(self.database.clock("revision"))
            stamped = StampedSearch(moment, True, name, query, position, moment)
            self._insert(connection, folded, stamped, seen)

    def _next_position(self) -> int:
        query = "SELECT coalesce(max(position), 0) + 1 FROM saved"
        return int(self.database.connection.execute(query).fetchone()[0])

    def _insert(
        self, connection: sqlite3.Connection, folded: str, stamped: StampedSearch, seen: int
    ) -> None:
        connection.execute("DELETE FROM unsaved WHERE folded = ?", (folded,))
        connection.execute(
            "INSERT INTO saved (name, folded, query, made, seen, position, visited) VALUES "
            "(?, ?, ?, ?, ?, ?, ?) ON CONFLICT (folded) DO UPDATE SET name = excluded.name, "
            "query = excluded.query, made = excluded.made, seen = max(seen, excluded.seen), "
            "position = excluded.position, visited = excluded.visited",
            (
                stamped.name,
                folded,
                stamped.query,
                stamped.at,
                seen,
                stamped.position,
                stamped.visited,
            ),
        )

    def remove(self, folded: str) -> None:
        """Remove a saved search, and record the time for merging with other libraries."""
        known = self.stamps(folded).get(folded)
        if known and known.present:
            self.write_stamp(folded, StampedSearch(later_moment(known.at, now()), False))

    def mark_seen(self, folded: str, key: int) -> None:
        """Mark papers up to a key as seen."""
        if self.database.read_only:
            return
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE saved SET seen = max(seen, ?), visited = max(visited, ?) WHERE folded = ?",
                (key, now(), folded),
            )

    def stamps(self, folded: str = "") -> dict[str, StampedSearch]:
        """Return the states of all searches, including removed ones, or of one name."""
        rows = self.database.connection.execute(
            "SELECT folded, made, 1, name, query, position, visited FROM saved "
            "WHERE ?1 IN ('', folded) UNION ALL "
            "SELECT folded, at, 0, '', '', 0, '' FROM unsaved WHERE ?1 IN ('', folded) "
            "ORDER BY position, folded",
            (folded,),
        )
        return {row[0]: StampedSearch(row[1], bool(row[2]), *row[3:]) for row in rows}

    def write_stamp(self, folded: str, stamped: StampedSearch) -> None:
        """Set the state of a search; papers added after its last visit count as new."""
        with self.database.transaction() as connection:
            if stamped.present:
                self._insert(connection, folded, stamped, self._seen_at(stamped.visited))
                return
            connection.execute("DELETE FROM saved WHERE folded = ?", (folded,))
            connection.execute("INSERT OR REPLACE INTO unsaved VALUES (?, ?)", (folded, stamped.at))

    def _seen_at(self, moment: str) -> int:
        """Return the highest key of the papers added up to a time."""
        row = self.database.connection.execute(
            "SELECT coalesce((SELECT min(key) - 1 FROM paper WHERE added > ?), "
            "(SELECT max(key) FROM paper), 0)",
            (moment,),
        ).fetchone()
        return int(row[0])

    def newest_paper(self, revision: int) -> int:
        """Return the highest key of the papers unchanged since a revision, or 0."""
        row = self.database.connection.execute(
            # The plus prevents SQLite from using the index of revisions: in descending order of
            # keys, the first paper, or one soon after it, matches.
            "SELECT key FROM paper WHERE +revision <= ? ORDER BY key DESC LIMIT 1",
            (revision,),
        ).fetchone()
        return int(row[0]) if row else 0


class QueryLog:
    """The history of queries: the latest `most` of them, without duplicates."""

    def __init__(self, database: Database, most: int) -> None:
        self.database = database
        self.most = most

    def newest_first(self) -> list[str]:
        """Return the queries, newest first."""
        rows = self.database.connection.execute("SELECT query FROM asked ORDER BY key DESC")
        return [row[0] for row in rows]

    def put(self, query: str) -> None:
        """Add a query as the newest, and delete the oldest if there are too many."""
        if self.database.read_only or [query] == self.newest_first()[:1]:
            return
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM asked WHERE query = ?", (query,))
            connection.execute("INSERT INTO asked (query, at) VALUES (?, ?)", (query, now()))
            connection.execute(
                "DELETE FROM asked WHERE key <= "
                "(SELECT key FROM asked ORDER BY key DESC LIMIT 1 OFFSET ?)",
                (self.most,),
            )
