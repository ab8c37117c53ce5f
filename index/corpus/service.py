"""`Corpus`, through which a library reads a team's papers and writes to them."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np

from index.corpus.cluster import Cluster, CorpusUnavailable, limited
from index.corpus.copies import Copies, CopyWriter
from index.corpus.documents import same, same_as
from index.corpus.facets import Marked, count_facets
from index.corpus.pushing import CorpusWriter
from index.corpus.reader import ORDERS, CorpusReader
from index.corpus.translation import TooManyMarks, asks_for_local_papers
from index.engines.base import NO_KEYS, Ask, Keys, Page
from index.errors import CarrelError
from index.facets.counting import Facet
from index.facets.fields import FACET_FIELDS, FIELD_BY_NAME, STATES
from index.facets.service import with_parents
from index.progress import Stop
from index.store import FacetReader, PaperStore

log = logging.getLogger(__name__)

MARK_STATES = {row.name for row in STATES if row.field == "is" and row.mark}


class Corpus:
    """The papers of a team on a cluster; thread-safe.

    What it finds is copied to the library. If it cannot answer, `page` returns the reason, and the
    library answers instead.
    """

    def __init__(
        self,
        address: str,
        papers: PaperStore,
        marks: FacetReader,
        additions: CopyWriter,
    ) -> None:
        """`additions` writes papers to the library. Raises CarrelError for an invalid address."""
        self._cluster = Cluster(address)
        self._papers = papers
        self._marks = marks
        self.reader = CorpusReader(self._cluster, Copies(papers, additions, address))
        self.writer = CorpusWriter(self._cluster)

    @property
    def name(self) -> str:
        """The name of the corpus, for messages."""
        return self._cluster.name

    def deadline(self, stop: Stop) -> AbstractContextManager[None]:
        """Give all that is asked of the cluster in a block one deadline; see `limited`."""
        return limited(stop)

    def page(self, ask: Ask) -> Page | str:
        """Return the first page of a question, or why the library has to answer it.

        The reason is "" if only papers of the library can match.
        """
        if asks_for_local_papers(ask.tree):
            return ""
        if ask.sort not in ORDERS:
            return f"a corpus is not sorted by {ask.sort}"
        try:
            return self.reader.search(ask)
        except TooManyMarks:
            return "the query depends on too many marked papers"
        except CarrelError as error:  # or the library cannot be written, so nothing is copied
            log.info("corpus: %s", error)
            return str(error)

    def count(self, ask: Ask) -> int | None:
        """Return the number of papers that match a question; None if the library has to answer."""
        if asks_for_local_papers(ask.tree):
            return None
        try:
            with limited(ask.stop):
                return self.reader.count(ask)
        except (CorpusUnavailable, TooManyMarks):
            return None

    def size(self) -> int:
        """Return the number of papers when it was first asked for; 0 if that fails."""
        try:
            return self.reader.size()
        except CorpusUnavailable:
            return 0

    def facets(self, ask: Ask, dismissed: int, most: int) -> tuple[Facet, ...]:
        """Return the facets of a question's papers, all empty if the corpus does not answer."""
        try:
            with limited(ask.stop):
                return count_facets(self.reader, ask, self._marked(), dismissed, most)
        except (CorpusUnavailable, TooManyMarks) as error:
            log.info("corpus: cannot count facets: %s", error)
            return tuple(Facet(one.facet, one.name, (), is_partial=True) for one in FACET_FIELDS)

    def _marked(self) -> Marked:
        """Return the papers of the library with each state and each tag."""
        states, tags = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        for paper, state in self._marks.states():
            if state in MARK_STATES:
                states[state].append(paper)
        for paper, tag in with_parents(self._marks.marks("tag"), FIELD_BY_NAME["tag"].separator):
            tags[tag].append(paper)
        found = {"is": states, "tag": tags}
        return {
            name: {value: np.unique(np.array(keys, np.int64)) for value, keys in values.items()}
            for name, values in found.items()
        }

    def remove(self, names: Iterable[str]) -> int:
        """Delete papers by id, arXiv id or DOI from the corpus; return their number.

        Raises CarrelError, and deletes nothing, for a name that no paper has, or several have.
        """
        given = list(dict.fromkeys(names))
        keys = self._papers.keys_of(given)
        papers = {paper.key: paper for paper in self._papers.rows(list(keys.values()))}
        ids = {name: same(papers[keys[name]]) if name in keys else same_as(name) for name in given}
        return self.writer.remove(ids)

    def among(self, ask: Ask, papers: Iterable[int]) -> Keys:
        """Return which papers of the library are among those of a question."""
        within = np.array(sorted(papers), np.int64)
        try:
            parts = list(self.reader.ids(replace(ask, within=within))) if len(within) else []
        except (CorpusUnavailable, TooManyMarks):
            parts = []
        return np.concatenate([NO_KEYS, *parts])
