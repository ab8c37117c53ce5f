"""Facets of a library: columns of values, from papers and from marks, and their counts."""

from collections.abc import Iterable, Iterator, Mapping

from index.facets.catalogue import Catalogue
from index.facets.columns import Column, Keys
from index.facets.counting import MOST_VALUES, Facet, counted
from index.store import Database, FacetReader
from index.store.answer_cache import AnswerCache
from index.text.folding import fold


class Facets:
    """Counts the facets of results; any thread may call.

    `catalogue` holds the columns counted from papers, in files that are updated in the background.
    """

    def __init__(self, database: Database, catalogue: Catalogue, cache: AnswerCache) -> None:
        self.catalogue = catalogue
        self._reader = FacetReader(database)
        self._cache = cache

    def count(
        self, keys: Keys, *, most: int | None = MOST_VALUES, wait: bool = True
    ) -> tuple[Facet, ...]:
        """Return the facets of papers.

        `most` limits the values of each facet, None returns all. Without `wait`, columns that are
        out of date are counted as they are, and columns not counted yet are left out.
        """
        return counted(keys, self._columns(wait=wait), most)

    def column(self, field: str) -> Column | None:
        """Return the values of a field as last counted, or None if they have not been counted."""
        return self._columns(wait=False).get(field)

    def _columns(self, *, wait: bool) -> Mapping[str, Column]:
        return {**self.catalogue.columns(wait=wait), **self._mark_columns()}

    def _mark_columns(self) -> dict[str, Column]:
        """Return the columns that SQLite reads quickly: sources, tags and states."""
        recall, reader = self._cache.recall, self._reader
        return {
            "source": recall("sources", lambda: Column.of(reader.sources(), fold)),
            "tag": recall(
                "tags", lambda: Column.of(with_parent_tags(reader.tags()), fold), marks=True
            ),
            "is": recall("states", lambda: Column.of(reader.states(), str), marks=True),
        }


def with_parent_tags(tags: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield papers and tags, and each tag's parents too: `nlp` for `nlp/rag`."""
    for paper, tag in tags:
        parts = tag.split("/")
        for length in range(len(parts), 0, -1):
            yield paper, "/".join(parts[:length])
