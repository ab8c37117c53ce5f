"""Writing the sources of papers."""

from collections.abc import Iterable

from index.papers.paper import PaperKey, SourceRef
from index.store.database import Database, now
from index.store.papers import Source


class SourceStore:
    """The sources of a library, and the papers that each holds."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def hold(self, paper: PaperKey, refs: Iterable[SourceRef], source: Source) -> bool:
        """Record that sources hold a paper; return whether one of them did not hold it before.

        `source` describes the one of its name; others are known by name alone.
        """
        new = False
        for ref in refs:
            named = source if ref.name == source.name else Source(ref.name, "", "", "", "")
            cursor = self.database.connection.execute(
                "INSERT OR IGNORE INTO holding VALUES (?, ?, ?)",
                (paper, self.key_of(named), ref.position),
            )
            new = new or cursor.rowcount > 0
        return new

    def key_of(self, source: Source) -> int:
        """Return the key of a source, which is added if missing; its date is updated."""
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
