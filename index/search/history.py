"""The history of queries: what was searched for before, to be searched for again."""

from collections.abc import Iterable

from index.query import MAX_QUERY_CHARS
from index.store import Database, QueryLog
from index.text.cleaning import clean

MOST_QUERIES = 2_000


class History:
    """The latest queries that were left to stand, each once; any thread may call."""

    def __init__(self, database: Database) -> None:
        self._asked = QueryLog(database, MOST_QUERIES)

    def add(self, query: str) -> None:
        """Keep a query as the newest; an empty one is not kept."""
        query = clean(query)[:MAX_QUERY_CHARS]
        if query:
            self._asked.put(query)

    def newest_first(self, part: str = "") -> list[str]:
        """Return the queries that contain a text, newest first."""
        return containing(self._asked.newest_first(), part)


def containing(queries: Iterable[str], part: str) -> list[str]:
    """Return those queries that contain a text, in any case."""
    wanted = clean(part).casefold()
    return [query for query in queries if wanted in query.casefold()]
