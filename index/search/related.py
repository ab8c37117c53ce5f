"""Papers related to given ones, ranked by the words in their texts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Protocol

from index.engines.base import Keys, Scores
from index.papers.paper import Paper, PaperKey
from index.search.shared_terms import PhraseForms, find_shared_terms, phrases
from index.search.stem_vectors import saturated_counts

MAX_LOOKED_UP_STEMS = 128
"""Stems that are looked up, those with the greatest weight; long abstracts have about as many."""

MAX_STEMS = 48
"""Stems that papers are ranked by, the most distinctive; more do not rank better (CSFCube)."""

MAX_GIVEN_PAPERS = 100
"""Given papers that are used; of more, an evenly spread sample."""

MIN_LEARNED_FROM = 3
"""Given papers from which a model is learned, as for the likeliest papers; fewer are compared."""


@dataclass(frozen=True, slots=True)
class SimilarPaper:
    """A paper similar to the given ones, with its score and each stem's contribution to it."""

    key: PaperKey
    score: float
    contributions: Mapping[str, float]


class StemSource(Protocol):
    """Ranks papers by their stems; see `Engine`, whose methods these are."""

    def size(self) -> int:
        """Return the number of papers."""

    def frequency(self, stem: str) -> int:
        """Return the number of papers that contain a stem."""

    def near(
        self, weights: Mapping[str, float], order: Keys, most: int | None = None
    ) -> tuple[Keys, Scores]:
        """Return papers by the sum of the weighted scores of their stems."""

    def parts(self, weights: Mapping[str, float], keys: Keys) -> list[dict[str, float]]:
        """Return what each stem adds to the scores of papers."""


class Similarity:
    """The profile of given papers: the weights of their stems, and the spellings of phrases.

    The weights of one paper are those of Okapi BM25 for long queries, normalized to unit length;
    those of two are the mean. Those of more are learned, see `LikelyModel`, and given as `learned`.
    """

    def __init__(self, papers: Sequence[Paper], learned: Mapping[str, float] | None = None) -> None:
        self.learned = learned
        self.weights: dict[str, float] = dict(learned or {})
        self.written: PhraseForms = {}
        for paper in papers:
            if learned is None:
                for stem, weight in _weights(paper).items():
                    self.weights[stem] = self.weights.get(stem, 0.0) + weight / len(papers)
            for found in phrases(paper):
                self.written.setdefault(found.phrase, Counter())[found.written] += 1

    def nearest(self, engine: StemSource, among: Keys, limit: int) -> list[SimilarPaper]:
        """Return the papers most similar to the given ones, by descending score.

        `among` holds the keys of the papers to choose from, in the order that breaks ties.
        """
        stems = self.weights if self.learned is not None else self._distinctive(engine)
        weights = {stem: self.weights[stem] for stem in stems}
        keys, scores = engine.near(weights, among, limit)
        return [
            SimilarPaper(PaperKey(key), score, parts)
            for key, score, parts in zip(
                keys.tolist(), scores.tolist(), engine.parts(weights, keys), strict=True
            )
        ]

    def _distinctive(self, engine: StemSource) -> list[str]:
        """Return the stems with the greatest weight for how rare they are."""
        by_weight = sorted(self.weights, key=lambda stem: (-self.weights[stem], stem))
        papers = max(engine.size(), 1)

        def distinctiveness(stem: str) -> float:
            rarity = log(papers / (engine.frequency(stem) + 1)) + 1
            return self.weights[stem] * rarity

        heaviest = by_weight[:MAX_LOOKED_UP_STEMS]
        return sorted(heaviest, key=distinctiveness, reverse=True)[:MAX_STEMS]

    def shared_terms(self, paper: Paper, near: SimilarPaper) -> tuple[str, ...]:
        """Return the terms that a paper shares with the given ones, by descending weight."""
        return find_shared_terms(paper, self.written, self.weights, near.contributions)


def sample(keys: Sequence[PaperKey]) -> list[PaperKey]:
    """Return at most `MAX_GIVEN_PAPERS` of some keys, evenly spread."""
    step = max(1.0, len(keys) / MAX_GIVEN_PAPERS)
    return [keys[int(at * step)] for at in range(min(len(keys), MAX_GIVEN_PAPERS))]


def _weights(paper: Paper) -> dict[str, float]:
    weights = saturated_counts(paper)
    length = sum(weight * weight for weight in weights.values()) ** 0.5
    return {stem: weight / length for stem, weight in weights.items()}
