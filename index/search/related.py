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
from index.text.analysis import terms

MAX_LOOKED_UP_STEMS = 128
"""Stems that are looked up, those with the greatest weight; long abstracts have about as many."""

MAX_STEMS = 48
"""Stems that papers are ranked by, the most distinctive; more do not rank better (CSFCube)."""

MAX_GIVEN_PAPERS = 100
"""Given papers that are used; of more, an evenly spread sample."""

K3 = 8.0
"""The saturation of repeated words in a given paper; Okapi's value for long queries.

Robertson, Walker, Jones, Hancock-Beaulieu and Gatford, Okapi at TREC-3, 1994.
"""

TITLE_WEIGHT = 2

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
    those of several papers are the mean, Rocchio's centroid (Relevance feedback in information
    retrieval, 1971).
    """

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.weights: dict[str, float] = {}
        self.written: PhraseForms = {}
        for paper in papers:
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
        by_weight = sorted(self.weights, key=lambda stem: (-self.weights[stem], stem))
        heaviest = by_weight[:MAX_LOOKED_UP_STEMS]
        found = {stem: engine.term(stem) for stem in heaviest}
        papers = max(engine.size(), 1)

        def distinctiveness(stem: str) -> float:
            return self.weights[stem] * (log(papers / (len(found[stem].keys) + 1)) + 1)

        for stem in sorted(found, key=distinctiveness, reverse=True)[:MAX_STEMS]:
            keys, scores = found[stem].keys, found[stem].scores
            known = keys < size  # papers may have been added since
            yield stem, Postings(keys[known], scores[known] * np.float32(self.weights[stem]))

    def shared_terms(self, paper: Paper, near: SimilarPaper) -> tuple[str, ...]:
        """Return the terms that a paper shares with the given ones, by descending weight."""
        return find_shared_terms(paper, self.written, self.weights, near.contributions)


def sample(keys: Sequence[PaperKey]) -> list[PaperKey]:
    """Return at most `MAX_GIVEN_PAPERS` of some keys, evenly spread."""
    step = max(1.0, len(keys) / MAX_GIVEN_PAPERS)
    return [keys[int(at * step)] for at in range(min(len(keys), MAX_GIVEN_PAPERS))]


def _weights(paper: Paper) -> dict[str, float]:
    counts = Counter(term.text for term in terms(paper.abstract))
    for term in terms(paper.title):
        counts[term.text] += TITLE_WEIGHT
    weights = {stem: count * (K3 + 1) / (count + K3) for stem, count in counts.items()}
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
