"""Papers sorted by year, date, number or identifier, so that each range is one slice."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.facets.fields import IDENTIFIER_FIELDS
from index.papers.identifiers import sought_identifier
from index.query import Label, Range
from index.store import PaperSets
from index.store.answer_cache import AnswerCache

Keys = npt.NDArray[np.int64]
Value = int | str


class SortedValues:
    """Sorted values and the keys of their papers, in parallel."""

    def __init__(self, values: Sequence[Value], keys: Keys) -> None:
        self.values = values
        self.keys = keys

    def between(self, low: Value | None, high: Value | None) -> Keys:
        """Return the papers with values from `low` to `high`, both included; None is unbounded."""
        first = 0 if low is None else bisect_left(self.values, low)
        last = None if high is None else bisect_right(self.values, high)
        return self.keys[first:last]


class ValueRanges:
    """Resolves ranges and identifiers; many of them in memory, at little more cost than one."""

    def __init__(self, sets: PaperSets, cache: AnswerCache) -> None:
        self._sets = sets
        self._cache = cache

    def of(self, term: Label | Range, *, many: bool) -> Keys:
        """Return the papers that match a term, which is one of `many` in the query or of a few.

        A few terms are looked up in the database; for many, all values are read once.
        """
        field, bounds = term.field, _bounds(term)
        if many:
            ordered = self._cache.recall(("ordered", field), lambda: self._read(field))
            return ordered.between(*bounds)
        return self._cache.recall(term, lambda: self._look_up(field, *bounds))

    def _look_up(self, field: str, low: Value | None, high: Value | None) -> Keys:
        keys = self._sets.in_range(field, low, high)
        if field in IDENTIFIER_FIELDS and low == high:  # it may be that of a merged paper
            targets = self._sets.merged_into(field, str(low))
            keys = np.union1d(keys, np.fromiter(targets, np.int64, len(targets)))
        return keys

    def _read(self, field: str) -> SortedValues:
        rows = self._sets.sorted_values(field)
        same: dict[Value, Value] = {}  # many papers share a date
        values = [same.setdefault(value, value) for value, _ in rows]
        return SortedValues(values, np.fromiter((key for _, key in rows), np.int64, len(rows)))


def _bounds(term: Label | Range) -> tuple[Value | None, Value | None]:
    """Return the lowest and highest value that match a term; None is unbounded."""
    if isinstance(term, Range):
        return term.low, term.high
    value, is_prefix = sought_identifier(term.field, term.value, is_prefix=term.prefix)
    return _lower(value), _lower(value) + ("\U0010ffff" if is_prefix else "")


def _lower(text: str) -> str:
    """Return a text in lower case as SQLite's `lower` does it, for ASCII only."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
