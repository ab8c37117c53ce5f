"""The stems of a corpus, by which related papers are found in it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from index.engines.base import Keys, Scores
from index.papers.paper import PaperKey
from index.search.stem_vectors import saturated_counts
from index.store import PaperStore

if TYPE_CHECKING:
    from index.corpus.reader import CorpusReader


class CorpusStems:
    """The stems of a corpus, as `Similarity` asks for them."""

    def __init__(
        self, reader: "CorpusReader", papers: PaperStore, stems: Mapping[str, float]
    ) -> None:
        self._reader = reader
        self._papers = papers
        self._counts = reader.frequencies(list(stems))

    def size(self) -> int:
        """Return the number of papers."""
        return self._reader.size()

    def frequency(self, stem: str) -> int:
        """Return the number of papers that contain a stem."""
        return self._counts.get(stem, 0)

    def near(
        self, weights: Mapping[str, float], excluded: Keys, most: int | None = None
    ) -> tuple[Keys, Scores]:
        """Return the papers by the weighted scores of their stems, without those `excluded`."""
        return self._reader.near(weights, excluded, most or 0)

    def parts(self, weights: Mapping[str, float], keys: Keys) -> list[dict[str, float]]:
        """Return the weights of the stems that papers have, which is nearly what they add."""
        counts = {
            paper.key: saturated_counts(paper)
            for paper in self._papers.rows(list(map(PaperKey, keys.tolist())))
        }
        return [
            {
                stem: weight
                for stem, weight in weights.items()
                if stem in counts.get(PaperKey(key), ())
            }
            for key in keys.tolist()
        ]
