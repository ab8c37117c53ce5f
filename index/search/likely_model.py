"""A linear model of the papers that a reader keeps: the words that count for a paper and against
it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from index.engines.base import Engine
from index.papers.paper import Paper
from index.search.shared_terms import PhraseForms, find_shared_terms, phrases
from index.search.stem_vectors import StemVector, StemVectors

MAX_STEMS = 256
"""Stems that papers are ranked by, those with the greatest absolute weight.

With 512, hidden topics are found slightly earlier, and scoring takes twice as long.
"""


@dataclass(frozen=True, slots=True)
class LikelyWords:
    """The words of a paper that count for it and against it, each by descending weight."""

    likely: tuple[str, ...] = ()
    unlikely: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class LikelyModel:
    """The weights of stems, learned from `kept` and `dismissed` papers.

    Rocchio's classifier: the mean of the kept papers minus that of the others (Relevance feedback
    in information retrieval, 1971). A support vector machine ranks no better (tests/README.md).
    """

    kept: int = 0
    dismissed: int = 0
    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def learn(
        cls, vectors: StemVectors, kept: Sequence[StemVector], dismissed: Sequence[StemVector]
    ) -> "LikelyModel":
        """Return the model of kept papers, against the dismissed ones and a sample of all papers.

        Without kept papers, it has no weights.
        """
        if not kept:
            return cls(0, len(dismissed))
        others = vectors.mean_of([*vectors.sample, *dismissed])
        weights = vectors.mean_of(kept) - others
        return cls(len(kept), len(dismissed), vectors.heaviest(weights, MAX_STEMS))

    def words(self, paper: Paper, engine: Engine) -> LikelyWords:
        """Return the words of a paper that count for it and against it."""
        own: PhraseForms = {}
        stems: set[str] = set()
        for found in phrases(paper):
            own.setdefault(found.phrase, Counter())[found.written] += 1
            stems |= found.stems & self.weights.keys()
        weights = {stem: self.weights[stem] for stem in sorted(stems)}
        (parts,) = engine.parts(weights, np.array([paper.key]))

        def strongest(sign: int) -> tuple[str, ...]:
            weights = {stem: sign * part for stem, part in parts.items() if sign * part > 0}
            return find_shared_terms(paper, own, weights, weights)

        return LikelyWords(strongest(1), strongest(-1))
