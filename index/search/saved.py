"""Saved searches: named queries, with counts of all papers and of new ones."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from index.errors import CarrelError, UnknownSearch
from index.query import (
    MAX_QUERY_CHARS,
    asks_for_marks,
    every_leaf,
    fold_name,
    name_hint,
    parse,
)
from index.query.names import is_number, validate_name
from index.search.index_sync import IndexSync
from index.search.results import Results
from index.store import Database, SavedSearch, SearchStore
from index.store.answer_cache import AnswerCache
from index.text.cleaning import clean, one_line


@dataclass(frozen=True, slots=True)
class SearchCount:
    """A saved search, the number of papers that fully match it, and how many of these are new.

    Papers added to the library since the last visit are new; those of a corpus never are.
    """

    search: SavedSearch
    count: int
    new: int


class Search(Protocol):
    """Searches a library, as `Searcher.search` does."""

    def __call__(self, text: str, *, limit: int, wait: bool) -> Results:
        """Return the results of a query."""


class SavedSearches:
    """The saved searches of a library; thread-safe.

    Names are case-insensitive; the first nine searches can also be referred to by number.
    """

    def __init__(
        self,
        database: Database,
        index: IndexSync,
        cache: AnswerCache,
        search: Search,
        dismissed_version: Callable[[], int],
        count_in_corpus: Callable[[str], int | None] = lambda _: None,
    ) -> None:
        """`count_in_corpus` counts the papers of a query in a corpus, if one is read."""
        self._searches = SearchStore(database)
        self._index = index
        self._cache = cache
        self._search = search
        self._dismissed_version = dismissed_version
        self._count_in_corpus = count_in_corpus

    def all(self) -> list[SavedSearch]:
        """Return the saved searches in order."""
        return self._searches.all()

    def texts(self) -> dict[str, str]:
        """Return the query of each search by its name."""
        return self._searches.texts()

    def get(self, name: str) -> SavedSearch:
        """Return a saved search by name or number; raises UnknownSearch."""
        every, wanted = self.all(), fold_name(name)
        for search in every:
            if fold_name(search.name) == wanted:
                return search
        if is_number(wanted) and int(wanted) <= len(every):
            return every[int(wanted) - 1]
        near = name_hint(name, [search.name for search in every])
        raise UnknownSearch(f"unknown saved search {one_line(name)!r}{near}")

    def add(self, name: str, query: str) -> SavedSearch | None:
        """Save a query, with no papers counted as new; return the search that it replaced, if any.

        Raises CarrelError for an invalid name or an empty query.
        """
        name, query = validate_name(name), clean(query)[:MAX_QUERY_CHARS]
        if not query:
            raise CarrelError("cannot save an empty query; it matches every paper")
        before = [s for s in self.all() if fold_name(s.name) == fold_name(name)]
        self._searches.put(name, fold_name(name), query)
        return before[0] if before else None

    def remove(self, name: str) -> SavedSearch:
        """Delete a saved search and return it; raises UnknownSearch."""
        search = self.get(name)
        self._searches.remove(fold_name(search.name))
        return search

    def counts(self) -> list[SearchCount]:
        """Return the counts of all saved searches."""
        return [self.count(search) for search in self.all()]

    def count(self, search: SavedSearch) -> SearchCount:
        """Return the count of a saved search, cached until papers or marks it uses change.

        That of a corpus is not cached.
        """
        in_corpus = self._count_in_corpus(search.query)
        return self._count(search) if in_corpus is None else SearchCount(search, in_corpus, 0)

    def _count(self, search: SavedSearch) -> SearchCount:
        """Return the count of a saved search in the library."""

        def compute() -> tuple[int, int]:
            results = self._search(search.query, limit=0, wait=False)
            full = results.all_keys()[: results.full]
            return len(full), int((full > search.seen).sum())

        self._index.sync()
        tree = parse(search.query, saved=self.texts()).tree
        marks = any(asks_for_marks(leaf) for leaf in every_leaf(tree))
        dismissed = self._dismissed_version()
        name = ("saved", tree, search.seen, self._index.engine.revision(), dismissed)
        return SearchCount(search, *self._cache.recall(name, compute, marks=marks))

    def visit(self, name: str) -> SearchCount:
        """Return the count of a saved search, and mark its new papers as seen.

        Raises UnknownSearch.
        """
        search = self.get(name)
        in_corpus = self._count_in_corpus(search.query)
        if in_corpus is not None:
            return SearchCount(search, in_corpus, 0)
        self._index.sync()
        # Papers that are not indexed yet cannot be shown, so they remain new.
        newest = self._searches.newest_paper(self._index.engine.revision())
        count = self._count(search)
        if newest > search.seen:
            self._searches.mark_seen(fold_name(search.name), newest)
        return count
