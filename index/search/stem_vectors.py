"""Papers as vectors of the weights of their stems, compared with a sample of the library."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.facets.columns import Arrays
from index.papers.paper import Paper
from index.text.analysis import STOP_MARK, split_word, split_words

K3 = 8.0
"""The saturation of repeated words in a given paper; Okapi's value for long queries.

Robertson, Walker, Jones, Hancock-Beaulieu and Gatford, Okapi at TREC-3, 1994.
"""

TITLE_WEIGHT = 2

Weights = npt.NDArray[np.float64]


class StemVector(NamedTuple):
    """A paper: the `numbers` of its stems in the vocabulary of `StemVectors`, and their weights."""

    numbers: npt.NDArray[np.int64]
    weights: Weights


def saturated_counts(paper: Paper) -> dict[str, float]:
    """Return the stems of a paper with their counts, those of the title doubled, saturated."""
    counts: Counter[str] = Counter()
    for text, times in ((paper.abstract, 1), (paper.title, TITLE_WEIGHT)):
        for word in split_words(text):
            for piece in split_word(word).pieces:
                if not piece.stem.startswith(STOP_MARK):
                    counts[piece.stem] += times
    return {stem: count * (K3 + 1) / (count + K3) for stem, count in counts.items()}


class StemVectors:
    """Vectors of unit length, weighted by how rare a stem is in a sample of the library.

    `sample` holds the vectors of the sample. The vocabulary grows with each paper; arrays of
    weights are as long as the vocabulary was when they were computed.
    """

    def __init__(self, sample: Sequence[Paper]) -> None:
        self._numbers: dict[str, int] = {}
        counted = [self._counted(paper) for paper in sample]
        holding = np.bincount(
            np.concatenate([_NO_NUMBERS, *(one.numbers for one in counted)]),
            minlength=len(self._numbers),
        )
        self._rarity = np.log((len(sample) + 1) / (holding + 1)) + 1
        self._unknown_rarity = log(len(sample) + 1) + 1
        self.sample = tuple(map(self._weighted, counted))

    @property
    def arrays(self) -> Arrays:
        """The arrays from which `read` returns vectors of the same sample."""
        none = StemVector(_NO_NUMBERS, _NO_WEIGHTS)
        numbers, weights = map(np.concatenate, zip(none, *self.sample, strict=True))
        known = len(self._rarity)  # the stems of the sample come first
        return {
            "stems": np.frombuffer("\n".join(list(self._numbers)[:known]).encode(), np.uint8),
            "rarity": self._rarity.view(np.int64),
            "lengths": np.array([len(one.numbers) for one in self.sample], np.int64),
            "numbers": numbers,
            "weights": weights.view(np.int64),
        }

    @classmethod
    def read(cls, arrays: Arrays) -> "StemVectors":
        """Return the vectors stored as arrays; raises KeyError or ValueError if invalid."""
        vectors = cls(())
        stems = arrays["stems"].tobytes().decode()
        vectors._numbers = {stem: at for at, stem in enumerate(stems.split("\n") if stems else ())}
        vectors._rarity = arrays["rarity"].view(np.float64)
        ends = np.cumsum(arrays["lengths"])
        numbers = arrays["numbers"].astype(np.int64)
        if len(vectors._numbers) != len(vectors._rarity) or numbers.max(initial=-1) >= len(
            vectors._rarity
        ):
            raise ValueError("the arrays of a sample do not match")
        parts = (numbers, arrays["weights"].view(np.float64))
        each = zip(*(np.split(part, ends[:-1]) for part in parts), strict=True)
        vectors.sample = tuple(StemVector(*pair) for pair in each) if len(ends) else ()
        vectors._unknown_rarity = log(len(ends) + 1) + 1
        return vectors

    def of(self, paper: Paper) -> StemVector:
        """Return the vector of a paper."""
        return self._weighted(self._counted(paper))

    def mean_of(self, vectors: Iterable[StemVector]) -> Weights:
        """Return the mean of vectors, zeros if there are none."""
        found = list(vectors)
        sums = np.bincount(
            np.concatenate([_NO_NUMBERS, *(vector.numbers for vector in found)]),
            np.concatenate([_NO_WEIGHTS, *(vector.weights for vector in found)]),
            len(self._numbers),
        )
        return sums / max(len(found), 1)

    def heaviest(self, weights: Weights, most: int) -> Mapping[str, float]:
        """Return the stems with the greatest absolute weights, sorted, with these.

        More than `most` are returned if several have the smallest of these weights.
        """
        size = np.abs(weights)
        least = np.partition(size, -most)[-most] if most < len(size) else 0.0
        chosen = np.flatnonzero((size >= least) & (size > 0)).tolist()
        stems = list(self._numbers)
        return dict(sorted((stems[at], float(weights[at])) for at in chosen))

    def _counted(self, paper: Paper) -> StemVector:
        counts = saturated_counts(paper)
        numbers = [self._numbers.setdefault(stem, len(self._numbers)) for stem in counts]
        return StemVector(np.array(numbers, np.int64), np.array(list(counts.values())))

    def _weighted(self, counted: StemVector) -> StemVector:
        numbers, weights = counted
        rarity = np.full(len(numbers), self._unknown_rarity)
        known = numbers < len(self._rarity)
        rarity[known] = self._rarity[numbers[known]]
        weights = weights * rarity
        return StemVector(numbers, weights / (np.linalg.norm(weights) or 1.0))


_NO_NUMBERS = np.empty(0, np.int64)
_NO_WEIGHTS = np.empty(0, np.float64)
