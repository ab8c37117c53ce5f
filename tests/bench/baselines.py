"""What Carrel is measured against: Whoosh as its tutorial has it, and SQLite FTS5."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from index import Paper

LIMIT = 50


class Baseline(Protocol):
    """A full-text index over titles and abstracts."""

    name: str

    def build(self, papers: Sequence[Paper]) -> None:
        """Index papers."""

    def search(self, text: str) -> int:
        """Return how many of the best papers with all the words were found, at most `LIMIT`."""

    def typing(self, text: str) -> int:
        """Search while the last word is being typed."""

    def close(self) -> None:
        """Let go of the index."""


class TutorialWhoosh:
    """Two text fields, the default analyser and writer, a MultifieldParser."""

    name = "Whoosh"

    def __init__(self, folder: Path) -> None:
        from whoosh import fields, index

        folder.mkdir(parents=True)
        schema = fields.Schema(
            key=fields.ID(stored=True), title=fields.TEXT(stored=True), abstract=fields.TEXT
        )
        self._index: Any = index.create_in(str(folder), schema)

    def build(self, papers: Sequence[Paper]) -> None:
        """Index papers."""
        from whoosh.qparser.default import MultifieldParser

        writer = self._index.writer()
        for paper in papers:
            writer.add_document(key=paper.id, title=paper.title, abstract=paper.abstract)
        writer.commit()
        self._searcher: Any = self._index.searcher()
        self._parser: Any = MultifieldParser(["title", "abstract"], self._index.schema)

    def search(self, text: str) -> int:
        """Return how many were found."""
        results = self._searcher.search(self._parser.parse(text), limit=LIMIT)
        return int(results.scored_length())

    def typing(self, text: str) -> int:
        """Search with the last word as a prefix."""
        return self.search(f"{text}*") if text[-1:].isalnum() else self.search(text)

    def close(self) -> None:
        """Let go of the index."""
        self._searcher.close()
        self._index.close()


class Fts5:
    """SQLite's own full text, stemmed by Porter, with an index of short prefixes."""

    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._database = sqlite3.connect(folder / "fts5.db")
        self._database.execute(
            "CREATE VIRTUAL TABLE papers USING fts5"
            "(title, abstract, tokenize='porter unicode61', prefix='2 3')"
        )

    def build(self, papers: Sequence[Paper]) -> None:
        """Index papers."""
        with self._database:
            self._database.executemany(
                "INSERT INTO papers VALUES (?, ?)", ((p.title, p.abstract) for p in papers)
            )

    def search(self, text: str) -> int:
        """Return how many were found."""
        return self._found(" ".join(f'"{word}"' for word in text.split()))

    def typing(self, text: str) -> int:
        """Search with the last word as a prefix."""
        words = " ".join(f'"{word}"' for word in text.split())
        return self._found(f"{words}*" if text[-1:].isalnum() else words)

    def _found(self, match: str) -> int:
        if not match:
            return 0
        rows = self._database.execute(
            f"SELECT rowid FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT {LIMIT}", (match,)
        )
        return len(rows.fetchall())

    def close(self) -> None:
        """Let go of the index."""
        self._database.close()
