"""The facets of a library, counted from columns of values of papers and of marks."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from index.facets.catalogue import Catalogue
from index.facets.columns import Column, FacetColumn, Keys, key_of
from index.facets.counting import MAX_VALUES, Facet, count_facets
from index.facets.fields import COMPUTED_STATE, FIELDS, Field
from index.facets.pairs import Pairs
from index.store import Database, FacetReader
from index.store.answer_cache import AnswerCache


class Facets:
    """Counts the facets of results; thread-safe.

    `catalogue` holds the columns counted from papers, in files that are updated in the background.
    """

    def __init__(self, database: Database, catalogue: Catalogue, cache: AnswerCache) -> None:
        self.catalogue = catalogue
        self._reader = FacetReader(database)
        self._cache = cache

    def count(
        self,
        keys: Keys,
        *,
        most: int | None = MAX_VALUES,
        wait: bool = True,
        dismissed: int = 0,
    ) -> tuple[Facet, ...]:
        """Return the facets of papers; `dismissed` more are counted as a state alone.

        `most` limits the values of each facet; None returns all. Without `wait`, outdated columns
        are used as they are, columns not counted yet are left out, and their facets are partial.
        """
        columns = self._columns(wait=wait)
        partial = () if wait else self.catalogue.outdated()
        return count_facets(keys, columns, most, dismissed, partial)

    def column(self, field: str) -> FacetColumn | None:
        """Return the values of a field as last counted, or None if they were never counted."""
        return self._columns(wait=False).get(field)

    def _columns(self, *, wait: bool) -> Mapping[str, FacetColumn]:
        counted = self.catalogue.columns(wait=wait)
        return {**counted, **self._mark_columns(counted.get(COMPUTED_STATE.name))}

    def _mark_columns(self, computed: FacetColumn | None) -> dict[str, Column]:
        """Return the columns that are read from SQLite: sources, tags and states."""
        columns: dict[str, Column] = {}
        for field in FIELDS:
            if field.counted_from in ("sources", "marks", "states"):
                states = computed if field.counted_from == "states" else None
                read = partial(self._read, field, states)
                name = "column", field.name, self.catalogue.revision() if states else -1
                marks = field.counted_from != "sources"
                columns[field.name] = self._cache.recall(name, read, marks=marks)
        return columns

    def _read(self, field: Field, computed: FacetColumn | None) -> Column:
        reader, key = self._reader, key_of(field)
        match field.counted_from:
            case "sources":
                return Column.of_groups(reader.sources(), key)
            case "marks":
                return Column.of(with_parents(reader.marks(field.mark), field.separator), key)
            case _:
                states = Column.of(reader.states(), key)
                if computed is None:
                    pairs = self._cache.recall("computed states", reader.computed_states)
                    return states.changed((), Pairs(pairs))
                groups = [(name, computed.papers(at)) for at, name in enumerate(computed.names)]
                return states.changed((), Column.of_groups(groups, key).pairs)


def with_parents(values: Iterable[tuple[int, str]], separator: str) -> Iterator[tuple[int, str]]:
    """Yield papers with their values and all parents of these: for `nlp/rag` also `nlp`."""
    for paper, value in values:
        parts = value.split(separator) if separator else [value]
        for length in range(len(parts), 0, -1):
            yield paper, separator.join(parts[:length])
