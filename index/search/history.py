"""The history of queries."""

from collections.abc import Iterable

from index.query import MAX_QUERY_CHARS
from index.store import Database, QueryLog
from index.text.cleaning import clean

MAX_QUERIES = 2_000


class History:
    """The latest distinct queries; thread-safe."""

    def __init__(self, database: Database) -> None:
        self._log = QueryLog(database, MAX_QUERIES)

    def add(self, query: str) -> None:
        """Add a query as the newest, unless it is empty."""
        query = clean(query)[:MAX_QUERY_CHARS]
        if query:
            self._log.put(query)

    def newest_first(self, part: str = "") -> list[str]:
        """Return the queries that contain a text, newest first."""
        return containing(self._log.newest_first(), part)


def containing(queries: Iterable[str], part: str) -> list[str]:
    """Return the queries that contain a text, ignoring case."""
    wanted = clean(part).casefold()
    return [query for query in queries if wanted in query.casefold()]
