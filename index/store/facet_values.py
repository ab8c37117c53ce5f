"""The values that facets count and the texts that topics are found in, read in one pass."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from index.facets.fields import COLUMN_FIELDS, STATES, Field, StateValue
from index.store.changed_rows import changed_rows, rows_of
from index.store.database import Database
from index.store.sets import PaperSets
from index.text.latex.reading import readable

Values = Sequence[str]
Keys = npt.NDArray[np.int64]


class FacetValues(NamedTuple):
    """The facet values of one paper; `values` is parallel to `COLUMN_FIELDS`."""

    key: int
    values: Sequence[Values]


class FacetReader:
    """Reads values of papers changed after a revision (-1 for all papers), and current marks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def facts(self, since: int) -> Iterator[FacetValues]:
        """Yield the values of changed papers, in the order of keys."""
        cells = ", ".join(map(_cell_sql, COLUMN_FIELDS))
        readers = [_cell_reader(field) for field in COLUMN_FIELDS]
        for key, *row in changed_rows(self.database, f"key, {cells}", since):
            values = [read(cell) for read, cell in zip(readers, row, strict=True)]
            yield FacetValues(key, values)

    def texts(self, since: int) -> Iterator[tuple[int, str, str]]:
        """Yield key, title and abstract of changed papers, in the order of keys."""
        return _readable(changed_rows(self.database, "key, title, abstract", since))

    def texts_of(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str]]:
        """Yield key, title and abstract of papers, in the order of keys."""
        return _readable(rows_of(self.database, "key, title, abstract", sorted(keys)))

    def sources(self) -> list[tuple[str, Keys]]:
        """Return the names of sources with the papers that each contains."""
        sets = PaperSets(self.database)
        rows = self.database.connection.execute("SELECT key, name FROM source ORDER BY key")
        return [(name, sets.of_source(key)) for key, name in rows.fetchall()]

    def marks(self, kind: str) -> list[tuple[int, str]]:
        """Return pairs of a paper and the value of a mark of a kind."""
        return self.database.connection.execute(
            "SELECT paper, value FROM mark WHERE kind = ?", (kind,)
        ).fetchall()

    def states(self) -> list[tuple[int, str]]:
        """Return pairs of a paper and a value of `is:` that its marks or the last visit imply."""
        named = {row.mark: row.name for row in STATES if row.field == "is" and row.mark}
        cases = " ".join("WHEN ? THEN ?" for _ in named)
        unless = [(row.mark, row.unless) for row in STATES if row.unless]
        ended = "NOT (kind = ? AND paper IN (SELECT paper FROM mark WHERE kind = ?))"
        where = "WHERE " + " AND ".join(ended for _ in unless)
        marked = self.database.connection.execute(
            f"SELECT DISTINCT paper, CASE kind {cases} ELSE kind END FROM mark {where}",
            [*chain(*named.items()), *chain(*unless)],
        ).fetchall()
        return [*marked, *self._conditional_states(of_visit=True)]

    def computed_states(self) -> list[tuple[int, str]]:
        """Return pairs of a paper and a value of `is:` that its own values imply."""
        return self._conditional_states(of_visit=False)

    def _conditional_states(self, *, of_visit: bool) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for row in STATES:
            if row.field == "is" and row.sql and row.of_visit == of_visit:
                query = f"SELECT key, ? FROM paper WHERE {row.sql}"
                found += self.database.connection.execute(query, (row.name,)).fetchall()
        return found


def _flags(field: Field) -> list[StateValue]:
    """Return the states of a field that are SQL conditions on the row of a paper."""
    return [row for row in STATES if row.field == field.name and row.sql]


def _cell_sql(field: Field) -> str:
    """Return the SQL of the values of a field; flags are the bits of one number."""
    if field.counted_from != "flags":
        return field.counted
    return " + ".join(
        f"(({row.sql}) IS TRUE) * {1 << bit}" for bit, row in enumerate(_flags(field))
    )


def _readable(rows: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    """Yield key, title and abstract, the texts decoded for reading."""
    return ((key, readable(title), readable(abstract)) for key, title, abstract in rows)


def _cell_reader(field: Field) -> Callable[[Any], Values]:
    """Return a function that reads the values of a field from a cell."""
    if field.counted_from == "flags":
        names = [row.name for row in _flags(field)]

        @cache
        def read_flags(bits: int) -> Values:
            return [name for bit, name in enumerate(names) if bits >> bit & 1]

        return read_flags
    return _read_list if field.is_list else _read_single


def _read_list(cell: str) -> Values:
    values: Values = json.loads(cell) if cell else ()
    return values


def _read_single(cell: str | int | None) -> Values:
    return () if cell is None or cell == "" else (str(cell),)
