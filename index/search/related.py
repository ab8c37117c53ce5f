"""Papers like given ones, by the words of their texts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from index.engines.base import Engine, Postings
from index.papers.paper import Paper, PaperKey
from index.search.shared_terms import PhraseForms, phrases, shares
from index.text.analysis import terms

MOST_READ = 128
"""Stems, those of the greatest weight, that are looked up: a long abstract has so many."""

MOST_STEMS = 48
"""Those of them, the most telling, that papers are looked for by: more rank no better (CSFCube)."""

MOST_GIVEN = 100
"""Papers that stand for all that are given, where those are more."""

K3 = 8.0
"""How soon a word repeated in a given paper counts no more: Okapi's own value for long queries.

Robertson, Walker, Jones, Hancock-Beaulieu and Gatford, Okapi at TREC-3, 1994.
"""

TITLE_WEIGHT = 2

Keys = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SimilarPaper:
    """A paper that is like others: its key, its score, and what each stem adds to that."""

    key: PaperKey
    score: float
    ties: Mapping[str, float]


class Similarity:
    """What given papers are about: the weights of their stems, and each phrase as it is written.

    The weight of a stem in one paper is that of Okapi BM25 for long queries, brought to a length of
    one; in several it is the mean, Rocchio's centroid (Relevance feedback in information
    retrieval, 1971).
    """

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.weights: dict[str, float] = {}
        self.written: PhraseForms = {}
        for paper in papers:
            for stem, weight in _weights(paper).items():
                self.weights[stem] = self.weights.get(stem, 0.0) + weight / len(papers)
            for said in phrases(paper):
                self.written.setdefault(said.phrase, Counter())[said.written] += 1

    def nearest(self, engine: Engine, among: Keys, most: int) -> list[SimilarPaper]:
        """Return the papers most like the given ones, the nearest first, equal ones in order.

        `among` are the keys of those that may be named, in their order.
        """
        size = int(among.max(initial=0)) + 1
        added = dict(self._added(engine, size))
        scores = np.zeros(size, np.float32)
        for found in added.values():
            scores[found.keys] += found.scores
        reached = scores[among]
        least = np.partition(reached, -most)[-most] if most < len(reached) else 0.0
        keys = among[(reached >= least) & (reached > 0)]
        keys = keys[np.argsort(-scores[keys], kind="stable")][:most]
        ties = _parted(added, keys, size)
        return [
            SimilarPaper(PaperKey(int(key)), float(scores[key]), own)
            for key, own in zip(keys, ties, strict=True)
        ]

    def _added(self, engine: Engine, size: int) -> Iterator[tuple[str, Postings]]:
        """Yield the most telling stems, each with what it adds to papers with keys below `size`."""
        heaviest = sorted(self.weights, key=lambda stem: (-self.weights[stem], stem))[:MOST_READ]
        found = {stem: engine.term(stem) for stem in heaviest}
        papers = max(engine.size(), 1)

        def telling(stem: str) -> float:
            return self.weights[stem] * (log(papers / (len(found[stem].keys) + 1)) + 1)

        for stem in sorted(found, key=telling, reverse=True)[:MOST_STEMS]:
            keys, scores = found[stem].keys, found[stem].scores
            known = keys < size  # a paper may have come since
            yield stem, Postings(keys[known], scores[known] * np.float32(self.weights[stem]))

    def shares(self, paper: Paper, near: SimilarPaper) -> tuple[str, ...]:
        """Return the words and phrases that tie a paper to the given ones, the strongest first."""
        return shares(paper, self.written, self.weights, near.ties)


def spread(keys: Sequence[PaperKey]) -> list[PaperKey]:
    """Return at most `MOST_GIVEN` of some keys, evenly spread over them."""
    step = max(1.0, len(keys) / MOST_GIVEN)
    return [keys[int(at * step)] for at in range(min(len(keys), MOST_GIVEN))]


def _weights(paper: Paper) -> dict[str, float]:
    counts = Counter(term.text for term in terms(paper.abstract))
    for term in terms(paper.title):
        counts[term.text] += TITLE_WEIGHT
    weights = {stem: count * (K3 + 1) / (count + K3) for stem, count in counts.items()}
    length = sum(weight * weight for weight in weights.values()) ** 0.5
    return {stem: weight / length for stem, weight in weights.items()}


def _parted(added: Mapping[str, Postings], keys: Keys, size: int) -> list[dict[str, float]]:
    """Return what each stem adds to each of some papers."""
    places = np.full(size, -1)
    places[keys] = np.arange(len(keys))
    ties: list[dict[str, float]] = [{} for _ in keys]
    for stem, found in added.items():
        at = places[found.keys]
        held = at >= 0
        for place, score in zip(at[held].tolist(), found.scores[held].tolist(), strict=True):
            ties[place][stem] = score
    return ties
