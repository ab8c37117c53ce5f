"""Searches kept by a name, and the queries asked before, as rows."""

import sqlite3
from typing import NamedTuple

from index.marks.merging import StampedSearch, later_moment
from index.store.database import Database, now


class SavedSearch(NamedTuple):
    """A query kept by a name; `seen` is the highest key that a paper had at the last visit."""

    name: str
    query: str
    made: str
    seen: int


class SearchStore:
    """The saved searches, in the order they were first saved in.

    Names are compared as `folded`, which the caller makes of them.
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
        """Return the query of each saved search by its name."""
        return {search.name: search.query for search in self.all()}

    def put(self, name: str, folded: str, query: str) -> None:
        """Keep a query by a name, as seen up to now; one of the same name gives it its place."""
        with self.database.transaction() as connection:
            known = self.stamps(folded).get(folded)
            moment = later_moment(known.at if known else "", now())
            place = known.position if known and known.present else self._free_place()
            seen = self.newest_paper(self.database.clock("revision"))
            stand = StampedSearch(moment, True, name, query, place, moment)
            self._keep(connection, folded, stand, seen)

    def _free_place(self) -> int:
        query = "SELECT coalesce(max(position), 0) + 1 FROM saved"
        return int(self.database.connection.execute(query).fetchone()[0])

    def _keep(
        self, connection: sqlite3.Connection, folded: str, stand: StampedSearch, seen: int
    ) -> None:
        connection.execute("DELETE FROM unsaved WHERE folded = ?", (folded,))
        connection.execute(
            "INSERT INTO saved (name, folded, query, made, seen, position, visited) VALUES "
            "(?, ?, ?, ?, ?, ?, ?) ON CONFLICT (folded) DO UPDATE SET name = excluded.name, "
            "query = excluded.query, made = excluded.made, seen = max(seen, excluded.seen), "
            "position = excluded.position, visited = excluded.visited",
            (stand.name, folded, stand.query, stand.at, seen, stand.position, stand.visited),
        )

    def remove(self, folded: str) -> None:
        """Forget a saved search; when is remembered, for a merge with another library."""
        known = self.stamps(folded).get(folded)
        if known and known.present:
            self.write_stamp(folded, StampedSearch(later_moment(known.at, now()), False))

    def mark_seen(self, folded: str, key: int) -> None:
        """Write down that papers up to a key have been seen; what was seen stays so."""
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE saved SET seen = max(seen, ?), visited = max(visited, ?) WHERE folded = ?",
                (key, now(), folded),
            )

    def stamps(self, folded: str = "") -> dict[str, StampedSearch]:
        """Return how each search stands that there is or was, or how that of one name does."""
        rows = self.database.connection.execute(
            "SELECT folded, made, 1, name, query, position, visited FROM saved "
            "WHERE ?1 IN ('', folded) UNION ALL "
            "SELECT folded, at, 0, '', '', 0, '' FROM unsaved WHERE ?1 IN ('', folded) "
            "ORDER BY position, folded",
            (folded,),
        )
        return {row[0]: StampedSearch(row[1], bool(row[2]), *row[3:]) for row in rows}

    def write_stamp(self, folded: str, stand: StampedSearch) -> None:
        """Let a search stand so; papers that came after it was visited elsewhere are new."""
        with self.database.transaction() as connection:
            if stand.present:
                self._keep(connection, folded, stand, self._seen_at(stand.visited))
                return
            connection.execute("DELETE FROM saved WHERE folded = ?", (folded,))
            connection.execute("INSERT OR REPLACE INTO unsaved VALUES (?, ?)", (folded, stand.at))

    def _seen_at(self, moment: str) -> int:
        """Return the highest key before that of the first paper added after a moment."""
        row = self.database.connection.execute(
            "SELECT coalesce((SELECT min(key) - 1 FROM paper WHERE added > ?), "
            "(SELECT max(key) FROM paper), 0)",
            (moment,),
        ).fetchone()
        return int(row[0])

    def newest_paper(self, revision: int) -> int:
        """Return the highest key of the papers that have not changed since a revision, or 0."""
        row = self.database.connection.execute(
            # The plus keeps SQLite from the index of revisions: from the highest key down, the
            # first paper or one soon after is it.
            "SELECT key FROM paper WHERE +revision <= ? ORDER BY key DESC LIMIT 1",
            (revision,),
        ).fetchone()
        return int(row[0]) if row else 0


class QueryLog:
    """The queries asked before, each once, the latest `most` of them."""

    def __init__(self, database: Database, most: int) -> None:
        self.database = database
        self.most = most

    def newest_first(self) -> list[str]:
        """Return the queries, newest first."""
        rows = self.database.connection.execute("SELECT query FROM asked ORDER BY key DESC")
        return [row[0] for row in rows]

    def put(self, query: str) -> None:
        """Keep a query as the newest; the oldest goes where there are too many."""
        if [query] == self.newest_first()[:1]:
            return
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM asked WHERE query = ?", (query,))
            connection.execute("INSERT INTO asked (query, at) VALUES (?, ?)", (query, now()))
            connection.execute(
                "DELETE FROM asked WHERE key <= "
                "(SELECT key FROM asked ORDER BY key DESC LIMIT 1 OFFSET ?)",
                (self.most,),
            )
