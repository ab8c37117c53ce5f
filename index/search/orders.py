"""Sort orders: all keys of a library in the order of a sort, cached in files."""

import numpy as np

from index.engines.base import Keys, ListingOrder
from index.facets.array_files import ArrayFiles
from index.store import Database, PaperSets
from index.store.answer_cache import AnswerCache

LIKELY = "likely"
"""The sort by what the reader is likely to keep; see `index.search.likely`."""

SORTS = ("relevance", "newest", "oldest", "title", "votes", "added", LIKELY)


class Orders:
    """Returns all keys in the order of a sort; thread-safe."""

    def __init__(self, database: Database, files: ArrayFiles, cache: AnswerCache) -> None:
        self._database = database
        self._sets = PaperSets(database)
        self._files = files
        self._cache = cache

    def keys(self, sort: str) -> Keys:
        """Return all keys in the order of one of `SORTS` but `LIKELY`.

        For relevance, they are in listing order.
        """
        return self._cache.recall(("order", sort), lambda: self._load(sort))

    def listing(self) -> ListingOrder:
        """Return all keys in listing order, and the place of each key in it."""

        def load() -> ListingOrder:
            keys = self.keys("relevance")
            return ListingOrder(keys, _places(keys))

        return self._cache.recall("listing", load)

    def _load(self, sort: str) -> Keys:
        """Return an order from its file if that is up to date, otherwise from the database."""
        name, revision = f"order-{sort}.npz", self._database.clock("revision")
        known, arrays = self._files.read(name)
        if known == revision and "keys" in arrays:
            return arrays["keys"].astype(np.int64)
        keys = self._sets.order(sort)
        self._files.write(name, revision, {"keys": keys.astype(np.int32)})
        return keys


def _places(keys: Keys) -> Keys:
    places = np.zeros(int(keys.max(initial=0)) + 1, np.int64)
    places[keys] = np.arange(len(keys))
    return places
