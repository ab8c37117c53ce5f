"""Writing the sources of papers."""

from collections.abc import Iterable
from typing import NamedTuple

from index.papers.paper import PaperKey, SourceRef
from index.store.database import Database, now


class Source(NamedTuple):
    """A source of papers, and how many it contains; `date` may lack a year (`--03-11`)."""

    name: str
    format: str
    path: str
    date: str
    added: str
    papers: int = 0


class SourceStore:
    """The sources of a library, and the papers that each holds."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def hold(self, paper: PaperKey, source: int, position: int | None) -> bool:
        """Record that the source with a key holds a paper; return whether it did not before."""
        query = "INSERT OR IGNORE INTO holding VALUES (?, ?, ?)"
        cursor = self.database.connection.execute(query, (paper, source, position))
        return cursor.rowcount > 0

    def of(self, paper: PaperKey) -> tuple[SourceRef, ...]:
        """Return the sources of a paper, in the order in which they were first added."""
        rows = self.database.connection.execute(
            "SELECT name, position FROM holding JOIN source ON source.key = source "
            "WHERE paper = ? ORDER BY source.key",
            (paper,),
        )
        return tuple(SourceRef(*row) for row in rows)

    def refs(self, pairs: Iterable[tuple[int, int | None]]) -> tuple[SourceRef, ...]:
        """Return the sources with some keys, and positions there, that still exist."""
        query = "SELECT name FROM source WHERE key = ?"
        run = self.database.connection.execute
        named = ((run(query, (key,)).fetchone(), position) for key, position in pairs)
        return tuple(SourceRef(row[0], position) for row, position in named if row)

    def replace(self, paper: PaperKey, refs: Iterable[SourceRef]) -> None:
        """Replace the sources that hold a paper."""
        wanted = {(paper, self.key(ref.name), ref.position) for ref in refs}
        connection = self.database.connection
        held = set(connection.execute("SELECT * FROM holding WHERE paper = ?", (paper,)).fetchall())
        connection.executemany(
            "DELETE FROM holding WHERE paper = ? AND source = ?",
            (row[:2] for row in held - wanted),
        )
        connection.executemany("INSERT INTO holding VALUES (?, ?, ?)", wanted - held)

    def key(self, name: str) -> int:
        """Return the key of the source of a name, which is added if missing."""
        return self.key_of(Source(name, "", "", "", ""))

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
