"""Which papers are in a state: the terms of a query that SQLite answers, and orders."""

import json
from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

from index.query import Label, State
from index.store.database import Database
from index.store.merges import MergeStore
from index.text.folding import fold

# A year is cast, since SQLite sorts every number before every text.
_DATE = "coalesce(date, CAST(year AS TEXT))"

_ORDERED = {
    "year": "year",
    "date": _DATE,
    "added": "added",
    "votes": "votes",
    "id": "lower(id)",
    "doi": "nullif(lower(doi), '')",
    "arxiv": "nullif(lower(arxiv_id), '')",
}
"""What ranges and identifiers are compared with."""

ORDERS = {
    "newest": f"{_DATE} DESC, key DESC",
    "oldest": f"{_DATE} IS NULL, {_DATE} ASC, key ASC",
    "title": "title_key ASC, key ASC",
    "votes": "coalesce(votes, -1) DESC, key ASC",
    "added": "added DESC, key DESC",
}
"""Each sort but relevance, as SQL."""

# Newest source first, in the order of its list; a paper stands where its newest source has it.
_LISTING = """
    SELECT paper.key FROM paper LEFT JOIN (
        SELECT paper, max(source) AS source, position FROM holding GROUP BY paper
    ) AS newest ON newest.paper = paper.key
    ORDER BY newest.source DESC, newest.position IS NULL, newest.position, paper.key
"""

HAS = {
    "abstract": "abstract != ''",
    "authors": "authors != ''",
    "code": "code",
    "doi": "doi != ''",
    "arxiv": "arxiv_id != ''",
    "url": "url != '' OR urls != '' OR arxiv_id != '' OR doi != ''",
    "year": "year IS NOT NULL",
    "venue": "venue != ''",
    "keywords": "keywords != ''",
    "note": "key IN (SELECT paper FROM mark WHERE kind = 'note')",
}
"""What `has:` asks of a paper, as SQL."""

_STATES = {
    "bookmarked": "SELECT paper FROM mark WHERE kind = 'bookmark'",
    "read": "SELECT paper FROM mark WHERE kind = 'read'",
    "unread": "SELECT key FROM paper WHERE key NOT IN (SELECT paper FROM mark WHERE kind = 'read')",
    "tagged": "SELECT DISTINCT paper FROM mark WHERE kind = 'tag'",
    "untagged": "SELECT key FROM paper WHERE key NOT IN "
    "(SELECT paper FROM mark WHERE kind = 'tag')",
    "noted": "SELECT DISTINCT paper FROM mark WHERE kind = 'note'",
}

_LISTS = {"author": "authors", "category": "categories", "keyword": "keywords"}
_VALUES = {
    "tag": "SELECT value, count(*) AS papers FROM mark WHERE kind = 'tag'",
    "source": "SELECT name AS value, count(*) AS papers FROM source "
    "JOIN holding ON source = source.key",
    "year": "SELECT year AS value, count(*) AS papers FROM paper WHERE year IS NOT NULL",
    "venue": "SELECT venue AS value, count(*) AS papers FROM paper WHERE venue != ''",
    **{
        field: f"SELECT each.value, count(*) AS papers FROM paper, json_each({column}) AS each "
        f"WHERE {column} != ''"
        for field, column in _LISTS.items()
    },
}
"""What a field's values are, and how many papers have each."""

Keys = frozenset[int]
Array = npt.NDArray[np.int64]


class PaperSets:
    """Sets of paper keys, by state, label and range."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._merging = MergeStore(database)

    def everything(self) -> Keys:
        """Return the keys of all papers."""
        return self._keys("SELECT key FROM paper")

    def order(self, sort: str) -> list[int]:
        """Return all keys in the order of a sort of `ORDERS`, or in listing order for any other."""
        by = ORDERS.get(sort)
        query = f"SELECT key FROM paper ORDER BY {by}" if by else _LISTING
        return [row[0] for row in self.database.connection.execute(query)]

    def of(self, term: Label | State) -> Keys:
        """Return the papers that a state or label asks for; `is:selected` is the reader's to tell.

        Ranges and identifiers are answered from `ordered`.
        """
        if isinstance(term, State):
            return self.state(term.field, term.value)
        return getattr(self, f"_by_{term.field}")(term)  # type: ignore[no-any-return]  # by name

    def state(self, field: str, value: str) -> Keys:
        """Return the papers in one state: of `is` or of `has`."""
        if field == "has":
            return self._keys(f"SELECT key FROM paper WHERE {HAS[value]}")
        return self._keys(_STATES[value]) if value in _STATES else frozenset()

    def holding(self, field: str, letters: str) -> Keys:
        """Return the papers whose text field holds letters; `%` stands for any between them."""
        column = {"author": "authors", "keyword": "keywords"}.get(field, field)
        wanted = letters.replace("\\", "\\\\").replace("_", "\\_")
        query = f"SELECT key FROM paper WHERE {column} LIKE ? ESCAPE '\\'"
        return self._keys(query, [f"%{wanted}%"])

    def ordered(self, field: str) -> list[tuple[int | str, int]]:
        """Return a range field's or identifier's values with the keys of their papers, in order."""
        query = f"SELECT {_ORDERED[field]} AS value, key FROM paper WHERE value IS NOT NULL"
        return self.database.connection.execute(f"{query} ORDER BY value").fetchall()

    def between(self, field: str, low: int | str | None, high: int | str | None) -> Array:
        """Return the papers with values from one to another, both included; None is open."""
        column = _ORDERED[field]
        bounds = [(f"{column} >= ?", low), (f"{column} <= ?", high)]
        given = [(condition, value) for condition, value in bounds if value is not None]
        conditions = [condition for condition, _ in given] or [f"{column} IS NOT NULL"]
        query = f"SELECT key FROM paper WHERE {' AND '.join(conditions)}"
        return self._array(query, [value for _, value in given])

    def merged_into(self, field: str, value: str) -> Keys:
        """Return the papers that a paper with this identifier was merged into."""
        return frozenset(self._merging.roots("id" if field == "id" else f"{field}_key", value))

    def _keys(self, query: str, values: Iterable[object] = ()) -> Keys:
        return frozenset(self._array(query, values).tolist())

    def _array(self, query: str, values: Iterable[object] = ()) -> Array:
        """Return the keys that a query selects, in any order.

        SQLite writes them as one text: a row for each would take four times as long.
        """
        whole = f"WITH found (key) AS ({query}) SELECT group_concat(key) FROM found"
        row = self.database.connection.execute(whole, tuple(values)).fetchone()
        return np.fromstring(row[0] or "", np.int64, sep=",")

    def _by_tag(self, term: Label) -> Keys:
        wanted = fold(term.value).strip("/#")
        names = [
            name
            for (name,) in self.database.connection.execute(
                "SELECT DISTINCT value FROM mark WHERE kind = 'tag'"
            )
            if _matches(fold(name), wanted, "/", term.prefix)
        ]
        return self._union("SELECT paper FROM mark WHERE kind = 'tag' AND value = ?", names)

    def _by_source(self, term: Label) -> Keys:
        wanted = fold(term.value)
        names = [row[0] for row in self.database.connection.execute("SELECT name FROM source")]
        exact = [name for name in names if fold(name) == wanted]
        if term.prefix or not exact:
            exact = [name for name in names if fold(name).startswith(wanted)]
        query = "SELECT paper FROM holding JOIN source ON source = source.key WHERE name = ?"
        return self._union(query, exact)

    def in_category(self, term: Label) -> list[int]:
        """Return the papers of a category, or of one below it."""
        wanted = fold(term.value)

        @cache  # many papers have the same
        def among(names: str) -> bool:
            each = map(fold, json.loads(names))
            return any(_matches(name, wanted, ".", term.prefix) for name in each)

        rows = self.database.connection.execute(
            "SELECT key, categories FROM paper WHERE categories != ''"
        )
        return [key for key, names in rows if among(names)]

    def _by_note(self, term: Label) -> Keys:
        wanted = fold(term.value)
        rows = self.database.connection.execute("SELECT paper, value FROM mark WHERE kind = 'note'")
        return frozenset(paper for paper, text in rows if wanted in fold(text))

    def _union(self, query: str, values: Iterable[str]) -> Keys:
        keys: set[int] = set()
        for value in values:
            keys |= self._keys(query, [value])
        return frozenset(keys)


def _matches(name: str, wanted: str, joint: str, prefix: bool) -> bool:
    return name == wanted or name.startswith(wanted if prefix else wanted + joint)
