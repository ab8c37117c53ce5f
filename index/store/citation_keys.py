"""The citation keys that papers were exported with."""

from collections.abc import Mapping

from index.papers.paper import PaperKey
from index.store.database import Database


class CitationKeyStore:
    """Stores citation keys by paper and pattern, so that a document that cites them stays valid."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def known(self, pattern: str) -> dict[PaperKey, str]:
        """Return the keys of papers that were exported with a pattern."""
        query = "SELECT paper, key FROM citation_key WHERE pattern = ?"
        return dict(self.database.connection.execute(query, (pattern,)))

    def add(self, pattern: str, keys: Mapping[PaperKey, str]) -> None:
        """Store the keys of papers, unless the library cannot be written."""
        if not keys or self.database.read_only:
            return
        with self.database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO citation_key SELECT key, ?, ? FROM paper WHERE key = ?",
                ((pattern, text, paper) for paper, text in keys.items()),
            )
