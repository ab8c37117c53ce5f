"""Papers in the order of a year, a date, a count or an identifier: a range of it is one slice."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.facets.fields import IDENTIFIER_FIELDS
from index.papers.identifiers import parse_arxiv, parse_doi
from index.query import Label, Range
from index.store import PaperSets
from index.store.answer_cache import AnswerCache

Keys = npt.NDArray[np.int64]
Value = int | str

_PARSERS = {"doi": parse_doi, "arxiv": parse_arxiv}
"""Identifiers that are written in several ways."""


class SortedValues:
    """Values in order, and the keys of their papers beside them."""

    def __init__(self, values: Sequence[Value], keys: Keys) -> None:
        self.values = values
        self.keys = keys

    def between(self, low: Value | None, high: Value | None) -> Keys:
        """Return the papers with values from one to another, both included; None is open."""
        first = 0 if low is None else bisect_left(self.values, low)
        last = None if high is None else bisect_right(self.values, high)
        return self.keys[first:last]


class ValueRanges:
    """Answers ranges and identifiers from memory: many in one query cost little more than one."""

    def __init__(self, sets: PaperSets, memory: AnswerCache) -> None:
        self._sets = sets
        self._memory = memory

    def of(self, term: Label | Range, *, many: bool) -> Keys:
        """Return the papers that a term asks for, one of `many` or of a few.

        A few are looked up in the database; for many all values are read once.
        """
        field, bounds = term.field, _bounds(term)
        if many:
            ordered = self._memory.recall(("ordered", field), lambda: self._read(field))
            return ordered.between(*bounds)
        return self._memory.recall(term, lambda: self._looked_up(field, *bounds))

    def _looked_up(self, field: str, low: Value | None, high: Value | None) -> Keys:
        keys = self._sets.in_range(field, low, high)
        if field in IDENTIFIER_FIELDS and low == high:  # a whole one may be of a merged paper
            behind = self._sets.merged_into(field, str(low))
            keys = np.union1d(keys, np.fromiter(behind, np.int64, len(behind)))
        return keys

    def _read(self, field: str) -> SortedValues:
        rows = self._sets.sorted_values(field)
        same: dict[Value, Value] = {}  # many papers share a date
        values = [same.setdefault(value, value) for value, _ in rows]
        return SortedValues(values, np.fromiter((key for _, key in rows), np.int64, len(rows)))


def _bounds(term: Label | Range) -> tuple[Value | None, Value | None]:
    """Return the lowest and the highest value a term asks for; None is open."""
    if isinstance(term, Range):
        return term.low, term.high
    value, begun = term.value, term.prefix
    if term.field in _PARSERS:
        whole = _PARSERS[term.field](value)
        value, begun = (value, True) if begun or not whole else (whole, False)
    return _lower(value), _lower(value) + ("\U0010ffff" if begun else "")


def _lower(text: str) -> str:
    """Return a text as SQLite's `lower` has it."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
