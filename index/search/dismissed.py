"""The dismissed papers, which results leave out unless a query asks for them."""

import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.query import Node, shows_dismissed
from index.store import PaperSets
from index.store.answer_cache import AnswerCache

Keys = npt.NDArray[np.int64]

NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)  # comparing arrays yields an array
class DismissedPapers:
    """The sorted keys of the dismissed papers; `version` differs for another set of papers."""

    keys: Keys
    version: int

    def hidden_from(self, tree: Node) -> Keys:
        """Return the keys of the papers that the results of a query leave out."""
        return NONE if shows_dismissed(tree) else self.keys


class DismissedCache:
    """Caches the dismissed papers until marks change; thread-safe."""

    def __init__(self, sets: PaperSets, cache: AnswerCache) -> None:
        self._sets = sets
        self._cache = cache

    def papers(self) -> DismissedPapers:
        """Return the dismissed papers."""
        return self._cache.recall("dismissed", self._load, marks=True)

    def _load(self) -> DismissedPapers:
        found = self._sets.state("is", "dismissed")
        keys = np.sort(np.fromiter(found, np.int64, len(found)))
        return DismissedPapers(keys, zlib.crc32(keys.tobytes()) if len(keys) else 0)


def without(keys: Keys, hidden: Keys) -> Keys:
    """Return keys without the hidden ones, in their order."""
    if not len(hidden) or not len(keys):
        return keys
    is_hidden = np.zeros(max(int(keys.max()), int(hidden[-1])) + 1, np.bool_)
    is_hidden[hidden] = True
    return keys[~is_hidden[keys]]
