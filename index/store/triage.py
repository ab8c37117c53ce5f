"""Triages: the papers of a query in the order in which they are judged, and their verdicts."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from index.papers.paper import PaperKey
from index.store.database import Database, now

STORED_KEY = np.dtype("<i8")
"""The type of the stored keys of papers."""


class StoredVerdict(NamedTuple):
    """A verdict on a paper; `entry` is the key of its journal entry, 0 if it changed no mark."""

    number: int
    verdict: str
    entry: int


class TriageStore:
    """The triages of a library, one for each query."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def papers(self, query: str) -> list[PaperKey]:
        """Return the papers of a triage in order, none if it was never started."""
        row = self.database.connection.execute(
            "SELECT papers FROM triage WHERE query = ?", (query,)
        ).fetchone()
        return [PaperKey(key) for key in np.frombuffer(row[0], STORED_KEY).tolist()] if row else []

    def verdicts(self, query: str) -> dict[PaperKey, StoredVerdict]:
        """Return the verdicts of a triage by paper."""
        rows = self.database.connection.execute(
            "SELECT paper, number, verdict, entry FROM verdict WHERE query = ? ORDER BY number",
            (query,),
        )
        return {paper: StoredVerdict(*row) for paper, *row in rows}

    def put(self, query: str, papers: Iterable[PaperKey]) -> None:
        """Store the papers of a triage; its verdicts remain."""
        stored = np.fromiter(papers, STORED_KEY).tobytes()
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT INTO triage VALUES (?1, ?2, ?3) ON CONFLICT (query) DO UPDATE "
                "SET papers = ?2, at = ?3",
                (query, stored, now()),
            )

    def judge(self, query: str, paper: PaperKey, verdict: StoredVerdict) -> None:
        """Store a verdict."""
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)", (query, paper, *verdict)
            )

    def take_back(self, query: str, paper: PaperKey) -> None:
        """Delete a verdict."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM verdict WHERE query = ? AND paper = ?", (query, paper))

    def remove(self, query: str) -> None:
        """Delete a triage and its verdicts; the marks that these set remain."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM triage WHERE query = ?", (query,))
