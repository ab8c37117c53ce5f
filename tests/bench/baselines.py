"""Baselines: Whoosh as in its tutorial, Whoosh with one field, and SQLite's FTS5."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
        """Search for a query whose last word is unfinished."""

    def ranked(self, words: Sequence[str], most: int) -> list[str]:
        """Return the best papers with any of some words; repeated words count again."""

    def close(self) -> None:
        """Close the index."""


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
        """Return the number of results."""
        results = self._searcher.search(self._parser.parse(text), limit=LIMIT)
        return int(results.scored_length())

    def typing(self, text: str) -> int:
        """Search with the last word as a prefix."""
        return self.search(f"{text}*") if text[-1:].isalnum() else self.search(text)

    def ranked(self, words: Sequence[str], most: int) -> list[str]:
        """Return the best papers by either field."""
        return _ranked(self._searcher, ("title", "abstract"), words, most)

    def close(self) -> None:
        """Close the index."""
        self._searcher.close()
        self._index.close()


class BlendedWhoosh:
    """One field of stemmed text, in which the title counts several times; Whoosh's own scoring."""

    name = "Whoosh, one field"

    def __init__(self, folder: Path, titles: int = 2) -> None:
        from whoosh import analysis, fields, index

        folder.mkdir(parents=True)
        text = fields.TEXT(analyzer=analysis.StemmingAnalyzer())
        self._titles = titles
        self._index: Any = index.create_in(
            str(folder), fields.Schema(key=fields.ID(stored=True), text=text)
        )

    def build(self, papers: Sequence[Paper]) -> None:
        """Index papers."""
        writer = self._index.writer()
        for paper in papers:
            text = " ".join([*[paper.title] * self._titles, paper.abstract])
            writer.add_document(key=paper.id, text=text)
        writer.commit()
        self._searcher: Any = self._index.searcher()

    def ranked(self, words: Sequence[str], most: int) -> list[str]:
        """Return the best papers."""
        return _ranked(self._searcher, ("text",), words, most)

    def close(self) -> None:
        """Close the index."""
        self._searcher.close()
        self._index.close()


def _ranked(searcher: Any, names: Sequence[str], words: Sequence[str], most: int) -> list[str]:
    from whoosh.query import Or, Term

    text = " ".join(words)
    terms = [
        Term(name, term, boost=float(count))
        for name in names
        for term, count in Counter(
            token.text for token in searcher.schema[name].analyzer(text)
        ).items()
    ]
    return [hit["key"] for hit in searcher.search(Or(terms), limit=most)]


Column = Callable[[Paper], str]

TEXT_COLUMNS: Mapping[str, Column] = {
    "title": lambda paper: paper.title,
    "abstract": lambda paper: paper.abstract,
}
ALL_COLUMNS: Mapping[str, Column] = {
    **TEXT_COLUMNS,
    "authors": lambda paper: "; ".join(paper.authors),
    "year": lambda paper: str(paper.year or ""),
}


class Fts5:
    """SQLite's FTS5 with the Porter stemmer, with an index of short prefixes."""

    name = "FTS5"

    def __init__(self, folder: Path, columns: Mapping[str, Column] = TEXT_COLUMNS) -> None:
        folder.mkdir(parents=True)
        self._columns = columns
        self._database = sqlite3.connect(folder / "fts5.db")
        self._database.execute(
            "CREATE VIRTUAL TABLE papers USING fts5"
            f"({', '.join(columns)}, tokenize='porter unicode61', prefix='2 3')"
        )

    def build(self, papers: Sequence[Paper]) -> None:
        """Index papers."""
        with self._database:
            self._database.executemany(
                f"INSERT INTO papers VALUES ({', '.join('?' * len(self._columns))})",
                ([value(paper) for value in self._columns.values()] for paper in papers),
            )
        self._ids = [paper.id for paper in papers]

    def search(self, text: str) -> int:
        """Return the number of results."""
        return self._found(" ".join(f'"{word}"' for word in text.split()))

    def typing(self, text: str) -> int:
        """Search with the last word as a prefix."""
        words = " ".join(f'"{word}"' for word in text.split())
        return self._found(f"{words}*" if text[-1:].isalnum() else words)

    def ranked(self, words: Sequence[str], most: int, *, all_words: bool = False) -> list[str]:
        """Return the best papers with any or all of some words, by SQLite's own BM25."""
        bare = (word.replace('"', "") for word in words)
        joint = " AND " if all_words else " OR "
        rows = self._rows(joint.join(f'"{word}"' for word in bare), most)
        return [self._ids[row - 1] for row in rows]

    def _found(self, match: str) -> int:
        return len(self._rows(match, LIMIT)) if match else 0

    def _rows(self, match: str, most: int) -> list[int]:
        query = "SELECT rowid FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self._database.execute(query, (match, most))]

    def close(self) -> None:
        """Close the index."""
        self._database.close()
