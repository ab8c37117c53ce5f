"""Results of looking papers up: services that do not know them, and records to choose from."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from index.papers.found_record import FoundRecord
from index.papers.json_record import as_json, from_json
from index.papers.paper import PaperKey
from index.store.database import Database, now

MISS_DAYS = 30
"""Days after which a service that did not know a paper is asked about it again."""


class LookupStore:
    """The misses and suggestions of papers."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def missed(self, service: str, *, searched: bool) -> set[PaperKey]:
        """Return the papers that a service was asked about lately, and does not know.

        `searched` is whether it was asked by title, or else by identifier.
        """
        since = (datetime.now(UTC) - timedelta(MISS_DAYS)).replace(microsecond=0).isoformat()
        query = "SELECT paper FROM miss WHERE service = ? AND at > ?"
        return {
            row[0]
            for row in self.database.connection.execute(query, (_name(service, searched), since))
        }

    def add_misses(self, service: str, keys: Iterable[PaperKey], *, searched: bool) -> None:
        """Record that a service does not know papers, as of now."""
        moment = now()
        with self.database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO miss SELECT key, ?, ? FROM paper WHERE key = ?",
                ((_name(service, searched), moment, key) for key in keys),
            )

    def suggestions(self, key: PaperKey) -> list[FoundRecord]:
        """Return the records that may describe a paper, in the order of their numbers."""
        query = "SELECT record, source, score FROM suggestion WHERE paper = ? ORDER BY number"
        return [
            FoundRecord(from_json(json.loads(record)), source, score)
            for record, source, score in self.database.connection.execute(query, (key,))
        ]

    def set_suggestions(self, key: PaperKey, suggestions: Sequence[FoundRecord]) -> None:
        """Replace the records that may describe a paper."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM suggestion WHERE paper = ?", (key,))
            connection.executemany(
                "INSERT INTO suggestion SELECT key, ?, ?, ?, ? FROM paper WHERE key = ?",
                (
                    (number, each.source, each.score, json.dumps(as_json(each.record)), key)
                    for number, each in enumerate(suggestions, 1)
                ),
            )


def _name(service: str, searched: bool) -> str:
    return f"{service} {'title' if searched else 'id'}"
