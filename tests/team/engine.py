"""A corpus as an engine of the tests in `tests/index`, and libraries that read one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from index import Library, Paper
from index.corpus.service import Corpus
from index.engines.base import Ask, IndexUpdate, Keys, Page, Scores
from index.papers.entries import ParsedPaper
from index.search.corpus_stems import CorpusStems
from index.store import Placement, Source

Stock = Callable[[Library], None]
NOWHERE = Source("", "", "", "", "")


def pushed(corpus: Corpus, papers: Sequence[Paper]) -> list[Placement]:
    """Write papers to a corpus, and make them visible."""
    entries = [ParsedPaper(paper, at, at) for at, paper in enumerate(papers, 1)]
    placements = corpus.writer.add(entries, NOWHERE)
    corpus.writer.status()
    return placements


@contextmanager
def opened(folder: Path, address: str) -> Iterator[Library]:
    """Open a library that reads a corpus."""
    with Library.open(folder) as library:
        library.connect(address)
        yield library


@contextmanager
def stocked(
    folder: Path, address: str, papers: Sequence[Paper], stock: Stock | None = None
) -> Iterator[Library]:
    """Open a library whose papers a new corpus in two shards has, too; it is deleted at the end.

    `stock` adds the papers to the library, by default as one source without marks.
    """
    with opened(folder, address) as library:
        corpus = corpus_of(library)
        corpus.writer.create(2, 0)
        try:
            if stock:
                stock(library)
            else:
                library.add(papers, "papers")
            pushed(corpus, papers)
            yield library
        finally:
            cluster = corpus.reader.cluster
            cluster.ask("indices.delete", index=cluster.index, patient=True)


def corpus_of(library: Library) -> Corpus:
    """Return the corpus of a library that reads one."""
    assert library.corpus
    return library.corpus


def in_order(papers: Iterable[Paper]) -> list[Paper]:
    """Return papers with arXiv ids, by which a corpus sorts those of equal scores.

    A library sorts them by the places at which it has them.
    """
    return [replace(paper, arxiv_id=f"2401.{paper.key:05}") for paper in papers]


class CorpusEngine:
    """A corpus that answers as an engine, for a library with the same papers, and their keys."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._reader = corpus_of(library).reader
        self.count = self._reader.count
        self.holds = self._reader.holds
        self.ids = self._reader.ids
        self.complete = self._reader.complete
        self.similar_words = self._reader.similar_words

    def search(self, ask: Ask) -> Page:
        """Return the rows asked for, in the time that a library gives a corpus."""
        with corpus_of(self._library).deadline(ask.stop):
            return self._reader.search(ask)

    def update(self, step: IndexUpdate) -> bool:
        """Add papers to the library and to the corpus."""
        papers = in_order(step.papers)
        self._library.add(papers, "papers")
        pushed(corpus_of(self._library), papers)
        return True

    def near(
        self, weights: Mapping[str, float], order: Keys, most: int | None = None
    ) -> tuple[Keys, Scores]:
        """Return the papers in `order` by their stems."""
        every = np.arange(1, self._library.count() + 1)
        return self._reader.near(weights, np.setdiff1d(every, order), most or self._library.count())

    def frequency(self, stem: str) -> int:
        """Return the number of papers with a stem, as it is asked for to find related ones."""
        return CorpusStems(self._reader, self._library._papers, {stem: 1.0}).frequency(stem)
