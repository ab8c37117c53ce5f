"""Resolution of states, labels and ranges in queries to paper keys."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from index.facets.catalogue import Catalogue
from index.facets.columns import Column, FacetColumn
from index.facets.fields import (
    COUNTED_LABELS,
    FIELD_BY_NAME,
    IDENTIFIER_FIELDS,
    STATE_BY_NAME,
)
from index.query import Label, Phrase, Query, Range, State, asks_for_marks, every_leaf
from index.search.orders import Orders
from index.search.value_ranges import ValueRanges
from index.store import PaperSets
from index.store.answer_cache import AnswerCache
from index.text.folding import fold

MAX_SINGLE_LOOKUPS = 4
"""Ranges and identifiers of one query that are looked up one by one; for more, columns are read."""

Keys = npt.NDArray[np.int64]
Term = Label | State | Range | Phrase


def keys_array(keys: Iterable[int]) -> Keys:
    """Return keys as an array."""
    return keys if isinstance(keys, np.ndarray) else np.fromiter(keys, np.int64)


class TermResolver:
    """Resolves terms to the papers that match them; thread-safe."""

    def __init__(
        self, sets: PaperSets, catalogue: Catalogue, orders: Orders, cache: AnswerCache
    ) -> None:
        self._sets = sets
        self._catalogue = catalogue
        self._orders = orders
        self._cache = cache
        self._ranges = ValueRanges(sets, cache)

    def of(self, query: Query, selected: frozenset[int], *, wait: bool) -> "QueryTerms":
        """Return the resolver for the terms of one query."""
        ranges = {leaf for leaf in every_leaf(query.tree) if isinstance(leaf, Range | Label)}
        return QueryTerms(self, selected, wait=wait, many=len(ranges) > MAX_SINGLE_LOOKUPS)

    def range(self, term: Label | Range, *, many: bool) -> Keys:
        """Return the papers in a range or with an identifier; `many` if the query has many such."""
        return self._ranges.of(term, many=many)

    def state(self, term: Label | State) -> Keys:
        """Return the papers in a state or with a label, cached until papers or marks change."""
        return self._cache.recall(
            term, lambda: keys_array(self._state(term)), marks=asks_for_marks(term)
        )

    def _state(self, term: Label | State) -> Iterable[int]:
        if isinstance(term, Label):
            return self._sets.with_label(term)
        row = STATE_BY_NAME[term.field, term.value]
        if row.inverse_of:
            return self.except_for(self._sets.state(term.field, row.inverse_of))
        if row.sql:
            column = self._catalogue.column(term.field, wait=False)
            if column and self._catalogue.has_current():
                return column.papers(column.find(term.value))
        return self._sets.state(term.field, term.value)

    def except_for(self, keys: Iterable[int]) -> Keys:
        """Return the keys of all papers except some, in listing order."""
        everything = self._orders.keys("relevance")
        return everything[np.isin(everything, keys_array(keys), invert=True)]

    def value(self, term: Label | Phrase, *, wait: bool) -> Keys | None:
        """Return the papers with a value of a field, or None if no paper has that value."""
        field = FIELD_BY_NAME[term.field]
        from_column = field.kind == "label" and field.counted_from == "column"
        if from_column and not self._catalogue.has_current():
            assert isinstance(term, Label)
            return self._cache.recall(term, lambda: keys_array(self._sets.with_value(term)))
        column: FacetColumn = self._catalogue.column(term.field, wait=wait) or Column.empty(fold)
        text = term.text if isinstance(term, Phrase) else term.value
        if not column.key(text):
            return None
        if term.prefix:
            found = column.with_prefix(text)
        elif (at := column.find(text)) >= 0:
            found = column.papers(at)
        elif from_column:
            below = column.with_prefix(text + field.separator) if field.separator else ()
            found = keys_array(below)
        else:
            return None
        return found if len(found) or from_column else None


class QueryTerms:
    """Resolves the terms of one query; see `Evaluation`."""

    def __init__(
        self, terms: TermResolver, selected: frozenset[int], *, wait: bool, many: bool
    ) -> None:
        self._terms = terms
        self._selected = selected
        self._wait = wait
        self._many = many

    def __call__(self, term: Term) -> Keys | None:
        """Return the papers that match a term, or None if its words must be searched for."""
        if isinstance(term, Phrase) or term.field in COUNTED_LABELS:
            assert isinstance(term, Label | Phrase)
            return self._terms.value(term, wait=self._wait)
        if term == State("is", "selected"):
            return keys_array(self._selected)
        if isinstance(term, Range) or term.field in IDENTIFIER_FIELDS:
            assert isinstance(term, Label | Range)
            return self._terms.range(term, many=self._many)
        return self._terms.state(term)
