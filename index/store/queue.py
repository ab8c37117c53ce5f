"""The queue of papers to read later, as the places that marks hold."""

from index.marks.changes import LATER
from index.papers.paper import PaperKey
from index.store.database import Database


def read_queue(database: Database) -> dict[PaperKey, str]:
    """Return the places of the papers in the queue, in its order."""
    rows = database.connection.execute(
        "SELECT paper, value FROM mark WHERE kind = ? ORDER BY value, at, paper", (LATER,)
    )
    return dict(rows.fetchall())
