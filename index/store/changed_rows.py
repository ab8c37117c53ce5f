"""The rows of papers that were added or changed after a revision of the database."""

from collections.abc import Iterable, Iterator
from typing import Any

from index.store.database import Database, chunks, placeholders


def changed_keys(database: Database, since: int) -> list[int]:
    """Return the sorted keys of the papers changed after a revision, -1 for all papers."""
    query = "SELECT key FROM paper WHERE revision > ?"
    return sorted(row[0] for row in database.connection.execute(query, (since,)))


def changed_rows(database: Database, columns: str, since: int) -> Iterator[Any]:
    """Yield columns of the papers changed after a revision, in the order of their keys.

    The keys come from the index of revisions. In one statement, SQLite would look at every paper
    to have them in order.
    """
    yield from rows_of(database, columns, changed_keys(database, since))


def rows_of(database: Database, columns: str, keys: Iterable[int]) -> Iterator[Any]:
    """Yield columns of the papers with some sorted keys, without those removed since."""
    for some in chunks(keys):
        yield from database.connection.execute(
            f"SELECT {columns} FROM paper WHERE key IN ({placeholders(some)}) ORDER BY key", some
        )
