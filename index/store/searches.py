"""Searches kept by a name, and the queries asked before, as rows."""

from typing import NamedTuple

from index.store.database import Database, now


class SavedSearch(NamedTuple):
    """A query kept by a name; `seen` is the highest key that a paper had at the last visit."""

    name: str
    query: str
    made: str
    seen: int


class Searches:
    """The saved searches, in the order they were first saved in.

    Names are compared as `folded`, which the caller makes of them.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[SavedSearch]:
        """Return all saved searches in their order."""
        rows = self.database.connection.execute(
            "SELECT name, query, made, seen FROM saved ORDER BY position, key"
        )
        return [SavedSearch(*row) for row in rows]

    def put(self, name: str, folded: str, query: str) -> None:
        """Keep a query by a name, as seen up to now; one of the same name gives it its place."""
        with self.database.transaction() as connection:
            seen = self.newest_paper(self.database.clock("revision"))
            connection.execute(
                "INSERT INTO saved (name, folded, query, made, seen, position) VALUES "
                "(?, ?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM saved)) "
                "ON CONFLICT (folded) DO UPDATE SET name = excluded.name, query = excluded.query, "
                "made = excluded.made, seen = excluded.seen",
                (name, folded, query, now(), seen),
            )

    def remove(self, folded: str) -> None:
        """Forget a saved search."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM saved WHERE folded = ?", (folded,))

    def see(self, folded: str, key: int) -> None:
        """Write down that papers up to a key have been seen; what was seen stays so."""
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE saved SET seen = max(seen, ?) WHERE folded = ?", (key, folded)
            )

    def newest_paper(self, revision: int) -> int:
        """Return the highest key of the papers that have not changed since a revision, or 0."""
        row = self.database.connection.execute(
            # The plus keeps SQLite from the index of revisions: from the highest key down, the
            # first paper or one soon after is it.
            "SELECT key FROM paper WHERE +revision <= ? ORDER BY key DESC LIMIT 1",
            (revision,),
        ).fetchone()
        return int(row[0]) if row else 0


class Asked:
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
