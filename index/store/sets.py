"""Sets of papers for the terms of a query that SQLite evaluates, and sort orders."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from index.facets.fields import FIELD_BY_NAME, STATE_BY_NAME
from index.papers.paper import PaperKey
from index.query import Label
from index.store.database import Database, placeholders
from index.store.merges import MergeStore
from index.store.queue import read_queue
from index.text.folding import fold

_DATE = FIELD_BY_NAME["date"].compared_sql

ORDERS = {
    "newest": f"{_DATE} DESC, key DESC",
    "oldest": f"{_DATE} IS NULL, {_DATE} ASC, key ASC",
    "title": "title_key ASC, key ASC",
    "votes": "coalesce(votes, -1) DESC, key ASC",
    "added": "added DESC, key DESC",
}
"""Sort orders other than relevance, as SQL."""

Keys = frozenset[int]
Array = npt.NDArray[np.int64]


class PaperSets:
    """Sets of paper keys, by state, label and range."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._merging = MergeStore(database)
        self._labelled: Mapping[str, Callable[[Label], Keys]] = {
            "tag": self._tagged,
            "source": self._in_source,
            "note": self._noted,
        }

    def everything(self) -> Keys:
        """Return the keys of all papers."""
        return self._keys("SELECT key FROM paper")

    def order(self, sort: str) -> Array:
        """Return all keys in an order of `ORDERS`, or in listing order for any other name."""
        by = ORDERS.get(sort)
        return self._array(f"SELECT key FROM paper ORDER BY {by}") if by else self._listing()

    def _listing(self) -> Array:
        """Return all keys, newest source first, in the order of the source.

        A paper is listed under its newest source. A source that only completed papers does not
        count, since it would move them. Each source is read in the order of an index.
        """
        run = self.database.connection.execute
        sources = run("SELECT key FROM source WHERE format != 'enrichment' ORDER BY key DESC")
        parts = [np.empty(0, np.int64)]
        for (source,) in sources.fetchall():
            for where in ("position IS NOT NULL ORDER BY position,", "position IS NULL ORDER BY"):
                query = f"SELECT paper FROM holding WHERE source = ? AND {where} paper"
                parts.append(self._array(query, [source]))
        listed = _first_of_each(np.concatenate(parts))
        if len(listed) == run("SELECT count(*) FROM paper").fetchone()[0]:
            return listed
        every = np.sort(self._array("SELECT key FROM paper"))
        return np.concatenate((listed, np.setdiff1d(every, listed, assume_unique=True)))

    def with_label(self, term: Label) -> Keys:
        """Return the papers with a tag, source or note; for other labels, see `with_value`."""
        return self._labelled[term.field](term)

    def state(self, field: str, value: str) -> Keys:
        """Return the papers in a state of `is` or `has`; none if only the session knows it."""
        row = STATE_BY_NAME[field, value]
        if row.sql:
            return self._keys(f"SELECT key FROM paper WHERE {row.sql}")
        marked = "SELECT paper FROM mark WHERE kind = ?"
        if row.unless:
            return self._keys(f"{marked} EXCEPT {marked}", [row.mark, row.unless])
        if row.mark:
            return self._keys(marked, [row.mark])
        if row.inverse_of:
            inverse = STATE_BY_NAME[field, row.inverse_of]
            return self._keys(f"SELECT key FROM paper WHERE key NOT IN ({marked})", [inverse.mark])
        return frozenset()

    def of_source(self, source: int) -> Array:
        """Return the papers that a source contains."""
        return self._array("SELECT paper FROM holding WHERE source = ?", [source])

    def queue(self) -> list[int]:
        """Return the keys of the papers to read later, in the order of the queue."""
        return list(read_queue(self.database))

    def last_marked(self, kinds: Sequence[str], unless: Sequence[str], most: int) -> list[PaperKey]:
        """Return the papers that got a mark of some kinds last, without those with other marks."""
        query = (
            f"SELECT paper FROM mark WHERE kind IN ({placeholders(kinds)}) AND paper NOT IN "
            f"(SELECT paper FROM mark WHERE kind IN ({placeholders(unless)})) "
            "GROUP BY paper ORDER BY max(at) DESC, paper LIMIT ?"
        )
        return [row[0] for row in self.database.connection.execute(query, (*kinds, *unless, most))]

    def marked_on(self, kinds: Sequence[str]) -> dict[int, str]:
        """Return the day (UTC) on which each paper got the first of its marks of some kinds."""
        query = (
            "SELECT paper, substr(min(at), 1, 10) FROM mark "
            f"WHERE kind IN ({placeholders(kinds)}) GROUP BY paper"
        )
        return dict(self.database.connection.execute(query, tuple(kinds)))

    def containing(self, field: str, letters: str) -> Keys:
        """Return the papers whose text field contains letters; `%` matches any text."""
        column = FIELD_BY_NAME[field].column
        wanted = letters.replace("\\", "\\\\").replace("_", "\\_")
        query = f"SELECT key FROM paper WHERE {column} LIKE ? ESCAPE '\\'"
        return self._keys(query, [f"%{wanted}%"])

    def sorted_values(self, field: str) -> list[tuple[int | str, int]]:
        """Return the values of a range field or identifier with the keys of papers, sorted."""
        compared = FIELD_BY_NAME[field].compared
        query = f"SELECT {compared} AS value, key FROM paper WHERE value IS NOT NULL"
        return self.database.connection.execute(f"{query} ORDER BY value").fetchall()

    def in_range(self, field: str, low: int | str | None, high: int | str | None) -> Array:
        """Return the papers with values between two bounds, both inclusive; None is unbounded."""
        column = FIELD_BY_NAME[field].compared
        bounds = [(f"{column} >= ?", low), (f"{column} <= ?", high)]
        given = [(condition, value) for condition, value in bounds if value is not None]
        conditions = [condition for condition, _ in given] or [f"{column} IS NOT NULL"]
        query = f"SELECT key FROM paper WHERE {' AND '.join(conditions)}"
        return self._array(query, [value for _, value in given])

    def merged_into(self, field: str, value: str) -> Keys:
        """Return the papers into which papers with an identifier were merged."""
        return frozenset(self._merging.roots(FIELD_BY_NAME[field].merged_column, value))

    def _keys(self, query: str, values: Iterable[object] = ()) -> Keys:
        return frozenset(self._array(query, values).tolist())

    def _array(self, query: str, values: Iterable[object] = ()) -> Array:
        """Return the keys that a query selects, in its order.

        SQLite returns them as one text, since a row for each key takes four times as long.
        """
        joined = f"WITH found (key) AS ({query}) SELECT group_concat(key) FROM found"
        row = self.database.connection.execute(joined, tuple(values)).fetchone()
        return np.fromstring(row[0] or "", np.int64, sep=",")

    def _tagged(self, term: Label) -> Keys:
        wanted = fold(term.value).strip("/#")
        names = [
            name
            for (name,) in self.database.connection.execute(
                "SELECT DISTINCT value FROM mark WHERE kind = 'tag'"
            )
            if _matches(fold(name), wanted, "/", term.prefix)
        ]
        return self._union("SELECT paper FROM mark WHERE kind = 'tag' AND value = ?", names)

    def _in_source(self, term: Label) -> Keys:
        wanted = fold(term.value)
        names = [row[0] for row in self.database.connection.execute("SELECT name FROM source")]
        exact = [name for name in names if fold(name) == wanted]
        if term.prefix or not exact:
            exact = [name for name in names if fold(name).startswith(wanted)]
        query = "SELECT paper FROM holding JOIN source ON source = source.key WHERE name = ?"
        return self._union(query, exact)

    def with_value(self, term: Label) -> list[int]:
        """Return the papers with a label stored in a column, or with one below it."""
        field = FIELD_BY_NAME[term.field]
        key_of = str if field.exact else fold
        wanted = key_of(term.value)

        @cache  # many papers have equal values
        def matches(cell: object) -> bool:
            values = json.loads(str(cell)) if field.is_list else [str(cell)]
            return any(_matches(key_of(v), wanted, field.separator, term.prefix) for v in values)

        rows = self.database.connection.execute(
            f"SELECT key, {field.counted} AS value FROM paper WHERE value != ''"
        )
        return [key for key, cell in rows if matches(cell)]

    def _noted(self, term: Label) -> Keys:
        wanted = fold(term.value)
        rows = self.database.connection.execute("SELECT paper, value FROM mark WHERE kind = 'note'")
        return frozenset(paper for paper, text in rows if wanted in fold(text))

    def _union(self, query: str, values: Iterable[str]) -> Keys:
        keys: set[int] = set()
        for value in values:
            keys |= self._keys(query, [value])
        return frozenset(keys)


def _first_of_each(keys: Array) -> Array:
    """Return keys without repetitions."""
    first = np.zeros(int(keys.max(initial=0)) + 1, np.int64)
    first[keys[::-1]] = np.arange(len(keys))[::-1]
    is_first: npt.NDArray[np.bool_] = first[keys] == np.arange(len(keys))
    return keys[is_first]


def _matches(name: str, wanted: str, joint: str, prefix: bool) -> bool:
    if prefix or joint:
        return name == wanted or name.startswith(wanted if prefix else wanted + joint)
    return name == wanted
