"""Queries for papers by their values: ranges, whole values, and the sets that the library looks up.

None of them adds to the score of a paper.
"""

from collections.abc import Sequence

import numpy as np
from tantivy import FieldType, Occur, Schema, Searcher
from tantivy import Query as TantivyQuery

from index.engines.arrays.evaluation import among
from index.engines.base import Ask, Keys
from index.engines.tantivy.documents import KEY, RANGES, VALUE, date_number, value_term
from index.query import Label, Phrase, Range, State

MIN_RUN = 2_000
"""Keys in a row that are found as a range: it takes about as long as so many single keys."""

MAX_TERMS = 400
"""Keys that are found faster one by one than as a set, which is compared with all keys."""

Clauses = list[tuple[Occur, TantivyQuery]]

boolean = TantivyQuery.boolean_query
const = TantivyQuery.const_score_query


class SetQueries:
    """Makes the queries for the values in one question."""

    def __init__(self, searcher: Searcher, schema: Schema, ask: Ask) -> None:
        self._searcher = searcher
        self._schema = schema
        self._ask = ask
        self.is_slow = False

    def of(self, leaf: Phrase | Label | State | Range) -> TantivyQuery | None:
        """Return the query of a leaf, or None if its words must be searched for.

        Years, dates, votes, venues and categories are in the index; others the library looks up.
        """
        if isinstance(leaf, Range) and leaf.field in RANGES:
            return self._range(leaf)
        if isinstance(leaf, Phrase | Label) and not leaf.prefix:
            term = value_term(leaf.field, leaf.text if isinstance(leaf, Phrase) else leaf.value)
            if self._searcher.doc_freq(VALUE, term):
                return const(TantivyQuery.term_query(self._schema, VALUE, term), 0.0)
        keys = self._ask.sets(leaf)
        return None if keys is None else self.among(keys)

    def among(self, keys: Keys) -> TantivyQuery:
        """Return the query for the papers with some keys."""
        every = self._ask.listing.keys
        if 0 < len(every) < 2 * len(keys):
            others = every[~among(every, keys)]
            if not len(others):
                return everything()
            return boolean([(Occur.Must, everything()), (Occur.MustNot, self._in_runs(others))])
        return const(self._in_runs(keys), 0.0) if len(keys) else TantivyQuery.empty_query()

    def one_of(self, keys: Keys) -> TantivyQuery:
        """Return the query for the papers with some keys; `is_slow` if they are many."""
        if len(keys) <= MAX_TERMS:
            terms = (TantivyQuery.term_query(self._schema, KEY, key) for key in keys.tolist())
            return boolean([(Occur.Should, term) for term in terms])
        self.is_slow = True
        return TantivyQuery.term_set_query(self._schema, KEY, keys.tolist())

    def _range(self, leaf: Range) -> TantivyQuery:
        low, high = (
            date_number(bound) if isinstance(bound, str) else bound
            for bound in (leaf.low, leaf.high)
        )
        field = RANGES[leaf.field]
        if low is None and high is None:
            return const(TantivyQuery.exists_query(field), 0.0)
        found = TantivyQuery.range_query(self._schema, field, FieldType.Integer, low, high)
        return const(found, 0.0)

    def _in_runs(self, keys: Keys) -> TantivyQuery:
        """Return the query for some keys, of which long runs are ranges."""
        if len(keys) < MIN_RUN:
            return self.one_of(keys)
        keys = np.sort(keys)
        starts, ends = self._runs(keys)
        is_long = ends - starts >= MIN_RUN
        rest = keys[np.repeat(~is_long, ends - starts)]
        found = [self.one_of(rest)] if len(rest) else []
        for low, high in zip(keys[starts[is_long]], keys[ends[is_long] - 1], strict=True):
            bounds = FieldType.Unsigned, int(low), int(high)
            found.append(TantivyQuery.range_query(self._schema, KEY, *bounds))
        return any_of(found)

    def _runs(self, keys: Keys) -> tuple[Keys, Keys]:
        """Return where runs of sorted keys start and end; keys of no paper do not end a run."""
        every = self._ask.listing.keys
        exists = np.zeros(max(int(keys[-1]), int(every.max(initial=0))) + 1, np.bool_)
        exists[every] = exists[keys] = True
        place = np.cumsum(exists)[keys]
        breaks = np.flatnonzero(np.diff(place) != 1) + 1
        return np.append(0, breaks), np.append(breaks, len(keys))


def everything() -> TantivyQuery:
    """Return the query for all papers."""
    return const(TantivyQuery.all_query(), 0.0)


def any_of(queries: Sequence[TantivyQuery]) -> TantivyQuery:
    """Return the query for the papers of any of some queries."""
    return queries[0] if len(queries) == 1 else boolean([(Occur.Should, one) for one in queries])
