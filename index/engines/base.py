"""The interface of search engines, which index the database and resolve the leaves of queries.

A new engine is a module with a class that implements `Engine`, and one line in `registry.ENGINES`.
All tests in tests/index/test_engine.py that take the fixture `new_engine` or `engine` then run with
it too.
"""

from collections.abc import Iterable, Sequence
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
    """The changes between two database revisions: `total` new or changed `papers`, and the keys of
    `removed` papers.
    """

    since: int
    revision: int
    papers: Iterable[Paper]
    total: int
    removed: Iterable[int] = ()


class EngineBroken(CarrelError):
    """The index cannot be read and must be rebuilt from the database."""


class EngineUnwritable(EngineBroken):
    """The index cannot be written at its location; an existing index remains usable."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The papers that match a leaf: distinct `keys` (int64, in any order) and `scores` (float32).

    Scores are BM25 contributions; those of several leaves are added.
    """

    keys: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]

    @property
    def bytes(self) -> int:
        """The size of both arrays in memory."""
        return self.keys.nbytes + self.scores.nbytes

    @classmethod
    def empty(cls) -> "Postings":
        """Return the postings of a word that occurs in no paper."""
        return cls(np.empty(0, np.int64), np.empty(0, np.float32))


class Answers(Protocol):
    """Resolves the words of a query to papers."""

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that contain a word or phrase, with their scores.

        A word without a field is found in titles, abstracts, authors and years.
        """

    def title_bonus(self, leaves: Sequence[Word | Phrase]) -> Postings:
        """Return a bonus for papers whose titles cover most of a query, given its plain words."""


class Engine(Answers, Protocol):
    """A full-text index of titles and abstracts that can be rebuilt from the database at any time.

    Any method may raise EngineBroken. Thread-safe, also while another thread clears the index.
    """

    def revision(self) -> int:
        """Return the database revision the index was updated to, or -1 if there is no index."""

    def update(self, step: "IndexUpdate", progress: Progress | None = None) -> bool:
        """Update the index from one revision to another.

        Returns False, without any change, if another process is writing or the index is not at
        revision `step.since`. An update from -1 builds a new index.
        """

    def term(self, stem: str) -> Postings:
        """Return the papers whose title or abstract contains a stem, scored like a query word."""

    def vocabulary(self) -> Vocabulary:
        """Return the unstemmed words of all papers."""

    def size(self) -> int:
        """Return the number of papers in the index."""

    def check(self) -> None:
        """Verify all files of the index; raises EngineBroken if any is damaged."""

    def clear(self) -> None:
        """Delete the index."""

    def close(self) -> None:
        """Release files and memory."""
