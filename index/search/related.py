"""Papers related to given ones, ranked by the words in their texts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from index.engines.base import Engine, Postings
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

Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SimilarPaper:
    """A paper similar to the given ones, with its score and each stem's contribution to it."""

    key: PaperKey
    score: float
    contributions: Mapping[str, float]


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

    def nearest(self, engine: Engine, among: Keys, limit: int) -> list[SimilarPaper]:
        """Return the papers most similar to the given ones, by descending score.

        `among` holds the keys of the papers to choose from, in the order that breaks ties.
        """
        size = int(among.max(initial=0)) + 1
        weighted = dict(self._weighted_postings(engine, size))
        scores = np.zeros(size, np.float32)
        for found in weighted.values():
            scores[found.keys] += found.scores
        candidates = scores[among]
        least = np.partition(candidates, -limit)[-limit] if limit < len(candidates) else 0.0
        keys = among[(candidates >= least) & (candidates > 0)]
        keys = keys[np.argsort(-scores[keys], kind="stable")][:limit]
        contributions = _contributions(weighted, keys, size)
        return [
            SimilarPaper(PaperKey(int(key)), float(scores[key]), own)
            for key, own in zip(keys, contributions, strict=True)
        ]

    def _weighted_postings(self, engine: Engine, size: int) -> Iterator[tuple[str, Postings]]:
        """Yield the most distinctive stems, with weighted postings for keys below `size`."""
        for stem in self.weights if self.learned is not None else self._distinctive(engine):
            found = engine.term(stem)
            known = found.keys < size  # papers may have been added since
            weight = np.float32(self.weights[stem])
            yield stem, Postings(found.keys[known], found.scores[known] * weight)

    def _distinctive(self, engine: Engine) -> list[str]:
        """Return the stems with the greatest weight for how rare they are."""
        by_weight = sorted(self.weights, key=lambda stem: (-self.weights[stem], stem))
        papers = max(engine.size(), 1)

        def distinctiveness(stem: str) -> float:
            rarity = log(papers / (len(engine.term(stem).keys) + 1)) + 1
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


def _contributions(
    weighted: Mapping[str, Postings], keys: Keys, size: int
) -> list[dict[str, float]]:
    """Return the contribution of each stem to the score of each paper."""
    places = np.full(size, -1)
    places[keys] = np.arange(len(keys))
    contributions: list[dict[str, float]] = [{} for _ in keys]
    for stem, found in weighted.items():
        at = places[found.keys]
        chosen = at >= 0
        for place, score in zip(at[chosen].tolist(), found.scores[chosen].tolist(), strict=True):
            contributions[place][stem] = score
    return contributions
