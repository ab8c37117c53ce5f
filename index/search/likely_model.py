"""A linear model of what a reader keeps: which words speak for a paper, and which against it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from index.engines.base import Engine, Postings
from index.papers.paper import Paper, PaperKey
from index.search.shared_terms import PhraseForms, find_shared_terms, phrases
from index.search.stem_vectors import StemVector, StemVectors

MAX_STEMS = 256
"""Stems that papers are ranked by, those with the greatest absolute weight.

With 512, hidden topics are found slightly earlier, and scoring takes twice as long.
"""


@dataclass(frozen=True, slots=True)
class LikelyWords:
    """The words of a paper that speak for it and against it, each by descending weight."""

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

    def scores(self, postings: Mapping[str, Postings], size: int) -> npt.NDArray[np.float32]:
        """Return the score of each paper by key, for keys below `size`; it may be negative.

        `postings` are those of all stems that have a weight.
        """
        scores = np.zeros(size, np.float32)
        for stem, weight in self.weights.items():
            keys, own = postings[stem].keys, postings[stem].scores
            known = keys < size  # papers may have been added since
            if not known.all():
                keys, own = keys[known], own[known]
            scores[keys] += own * np.float32(weight)
        return scores

    def words(self, paper: Paper, engine: Engine) -> LikelyWords:
        """Return the words of a paper that speak for it and against it."""
        own: PhraseForms = {}
        stems: set[str] = set()
        for found in phrases(paper):
            own.setdefault(found.phrase, Counter())[found.written] += 1
            stems |= found.stems & self.weights.keys()
        parts = {
            stem: self.weights[stem] * _score(engine, stem, paper.key) for stem in sorted(stems)
        }

        def strongest(sign: int) -> tuple[str, ...]:
            weights = {stem: sign * part for stem, part in parts.items() if sign * part > 0}
            return find_shared_terms(paper, own, weights, weights)

        return LikelyWords(strongest(1), strongest(-1))


def _score(engine: Engine, stem: str, key: PaperKey) -> float:
    """Return the score of one paper for a stem, 0 if it is not indexed with it."""
    found = engine.term(stem)
    return float(found.scores[found.keys == key].sum())
