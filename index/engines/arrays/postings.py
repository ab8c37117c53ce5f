"""The postings of the leaves of queries, and the interface of what looks them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index.engines.base import Keys, Scores
from index.query import Phrase, Word


@dataclass(frozen=True, slots=True)
class Postings:
    """The papers that match a leaf: distinct `keys` (int64, in any order) and `scores` (float32).

    Scores are BM25 contributions; those of several leaves are added.
    """

    keys: Keys
    scores: Scores

    @property
    def bytes(self) -> int:
        """The size of both arrays in memory."""
        return self.keys.nbytes + self.scores.nbytes

    @classmethod
    def empty(cls) -> "Postings":
        """Return the postings of a word that occurs in no paper."""
        return cls(np.empty(0, np.int64), np.empty(0, np.float32))


class Leaves(Protocol):
    """Resolves the words and phrases of a query to papers."""

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that contain a word or phrase, with their scores.

        A word without a field is found in titles, abstracts, authors and years.
        """

    def title_bonus(self, leaves: Sequence[Word | Phrase]) -> Postings:
        """Return a bonus for papers whose titles cover most of a query, given its plain words."""


class Stems(Protocol):
    """Resolves stems to papers."""

    def term(self, stem: str) -> Postings:
        """Return the papers whose title or abstract contains a stem, scored like a query word."""
