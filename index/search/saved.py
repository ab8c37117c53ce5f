"""Saved searches: queries kept by a name, counted, with what is new since the last visit."""

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
    """A saved search with the number of papers that hold it in full, and of the new among them.

    New are those added since the last visit.
    """

    search: SavedSearch
    count: int
    new: int


class Search(Protocol):
    """Searches a library, as `Searcher.search` does."""

    def __call__(self, text: str, *, limit: int) -> Results:
        """Return the results of a query."""


class SavedSearches:
    """The saved searches of a library; any thread may call.

    A name is found without regard to case, and the first nine by the digit of their place too.
    """

    def __init__(
        self,
        database: Database,
        index: IndexSync,
        memory: AnswerCache,
        search: Search,
    ) -> None:
        self._searches = SearchStore(database)
        self._index = index
        self._memory = memory
        self._search = search

    def all(self) -> list[SavedSearch]:
        """Return the saved searches in their order."""
        return self._searches.all()

    def texts(self) -> dict[str, str]:
        """Return the query of each by its name."""
        return self._searches.texts()

    def get(self, name: str) -> SavedSearch:
        """Return a saved search by its name or digit; raises UnknownSearch."""
        every, wanted = self.all(), fold_name(name)
        for search in every:
            if fold_name(search.name) == wanted:
                return search
        if is_number(wanted) and int(wanted) <= len(every):
            return every[int(wanted) - 1]
        near = name_hint(name, [search.name for search in every])
        raise UnknownSearch(f"no search is saved as {one_line(name)!r}{near}")

    def add(self, name: str, query: str) -> SavedSearch | None:
        """Save a query by a name, with nothing new in it; return the one whose place it took.

        Raises CarrelError for a name that cannot be one, and for an empty query.
        """
        name, query = validate_name(name), clean(query)[:MAX_QUERY_CHARS]
        if not query:
            raise CarrelError("an empty query asks for every paper; there is nothing to save")
        before = [s for s in self.all() if fold_name(s.name) == fold_name(name)]
        self._searches.put(name, fold_name(name), query)
        return before[0] if before else None

    def remove(self, name: str) -> SavedSearch:
        """Forget a saved search and return what it was; raises UnknownSearch."""
        search = self.get(name)
        self._searches.remove(fold_name(search.name))
        return search

    def counts(self) -> list[SearchCount]:
        """Return all of them, counted."""
        return [self.counted(search) for search in self.all()]

    def counted(self, search: SavedSearch) -> SearchCount:
        """Count a saved search; one counted before is known until papers or its marks change."""

        def ask() -> tuple[int, int]:
            results = self._search(search.query, limit=0)
            full = results.keys[: results.full]
            return len(full), int((full > search.seen).sum())

        self._index.sync()
        tree = parse(search.query, saved=self.texts()).tree
        marks = any(asks_for_marks(leaf) for leaf in every_leaf(tree))
        asked = ("saved", tree, search.seen, self._index.engine.followed())
        return SearchCount(search, *self._memory.recall(asked, ask, marks=marks))

    def visit(self, name: str) -> SearchCount:
        """Count a saved search that is opened now; what it holds is new no more afterwards.

        Raises UnknownSearch.
        """
        search = self.get(name)
        self._index.sync()
        # What the index does not know yet cannot be shown: it stays new.
        upto = self._searches.newest_paper(self._index.engine.followed())
        counted = self.counted(search)
        if upto > search.seen:
            self._searches.mark_seen(fold_name(search.name), upto)
        return counted
