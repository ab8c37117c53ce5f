"""The interface of a search engine: it indexes the database and answers the leaves of a query.

A new engine is a module with a class that implements `Engine`, and one line in `registry.ENGINES`.
It then runs every test of tests/index/test_engine.py that takes the fixture `new_engine` or
`engine`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.engines.vocabulary import Vocabulary
from index.errors import CarrelError
from index.papers.paper import Paper
from index.progress import Progress
from index.query import Phrase, Word


@dataclass(frozen=True, slots=True)
class IndexUpdate:
    """What changed from one database revision to another: `papers` new or changed, `total` of them,
    and the keys of those `removed`.
    """

    since: int
    revision: int
    papers: Iterable[Paper]
    total: int
    removed: Iterable[int] = ()


class EngineBroken(CarrelError):
    """An index that cannot be read: it is to be rebuilt from the database."""


class EngineUnwritable(EngineBroken):
    """An index that cannot be written where it is; what there was of it serves on."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The papers that hold a leaf: `keys` (int64, each once, in any order) and `scores` (float32).

    Scores are BM25 contributions: those of several leaves add up.
    """

    keys: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]

    @property
    def bytes(self) -> int:
        """The memory of both arrays."""
        return self.keys.nbytes + self.scores.nbytes

    @classmethod
    def none(cls) -> "Postings":
        """Return the postings of a word that no paper holds."""
        return cls(np.empty(0, np.int64), np.empty(0, np.float32))


class Answers(Protocol):
    """What answers the words of a query."""

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that hold a word or phrase, with their scores."""


class Engine(Answers, Protocol):
    """A full-text index of titles and abstracts that can be rebuilt from the database at any time.

    Any method may raise EngineBroken, and any thread may call: another may clear it meanwhile.
    """

    def followed(self) -> int:
        """Return the database revision the index has followed; -1 where there is no index."""

    def follow(self, step: "IndexUpdate", progress: Progress | None = None) -> bool:
        """Bring the index from one revision to the next.

        Returns False, and does nothing, where another process is writing or the index is not at the
        revision the step begins from. A step from -1 builds the index anew.
        """

    def term(self, stem: str) -> Postings:
        """Return the papers that hold a stem in title or abstract, scored as a word of a query."""

    def vocabulary(self) -> Vocabulary:
        """Return the words of all papers as they are written."""

    def size(self) -> int:
        """Return the number of papers in the index."""

    def check(self) -> None:
        """Read all of the index; raises EngineBroken where it is not what was written."""

    def clear(self) -> None:
        """Throw the index away."""

    def close(self) -> None:
        """Let go of files and memory."""
