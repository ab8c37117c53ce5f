"""`Searcher`, which runs queries with the engine and SQLite."""

import time
from collections.abc import Sequence
from itertools import islice

from index.engines.base import Answers
from index.engines.scan import SqlScan
from index.errors import CarrelError
from index.facets.array_files import ArrayFiles
from index.facets.catalogue import Catalogue
from index.facets.fields import STATES
from index.papers.paper import PaperKey
from index.query import Query, parse
from index.search.evaluation import Evaluation, Matches
from index.search.index_sync import IndexState, IndexSync
from index.search.orders import SORTS, Orders
from index.search.related import Similarity, sample
from index.search.results import Hit, RelatedPaper, Results
from index.search.spelling import replace_unknown_words
from index.search.terms import TermResolver
from index.store import Database, PaperSets, PaperStore, SearchStore
from index.store.answer_cache import AnswerCache

MARK_STATES = tuple(row.name for row in STATES if row.field == "is" and row.mark)
"""The states of papers that have a mark of some kind."""

SPARE_RELATED = 10
"""Related papers fetched beyond the limit, since some share no distinctive term."""


class Searcher:
    """Runs queries on a library; thread-safe."""

    def __init__(
        self,
        database: Database,
        index: IndexSync,
        catalogue: Catalogue,
        files: ArrayFiles,
        cache: AnswerCache,
    ) -> None:
        self._papers = PaperStore(database)
        self._sets = PaperSets(database)
        self._saved = SearchStore(database)
        self._index = index
        self._orders = Orders(database, files, cache)
        self._terms = TermResolver(self._sets, catalogue, self._orders, cache)

    def warm_up(self) -> None:
        """Load everything that the first search needs, so that the first keystroke is fast."""
        self.search("a", limit=0, typing=True)

    def search(
        self,
        text: str = "",
        *,
        limit: int = 50,
        offset: int = 0,
        sort: str = "relevance",
        typing: bool = False,
        selected: frozenset[int] = frozenset(),
        wait: bool = True,
    ) -> Results:
        """Return the results of a query; see `Library.search`."""
        if sort not in SORTS:
            raise CarrelError(f"unknown sort {sort!r}; use one of {', '.join(SORTS)}")
        started = time.perf_counter()
        query = parse(text, typing=typing, saved=self._saved.texts())
        index: IndexState = "current"
        if query.is_everything:
            keys = self._orders.keys(sort)
            full, scores = len(keys), None
        else:
            (query, matches), index = self._matches(query, sort, selected, wait)
            keys, full, scores = matches.keys, matches.full, matches.scores
        shown = [PaperKey(int(key)) for key in keys[offset : offset + limit]] if limit else []
        ids = self._papers.ids_of(shown)
        hits = tuple(
            Hit(
                ids[key],
                round(float(scores[at]), 4) if scores is not None else 0.0,
                "all" if at < full else "some",
                key,
            )
            for at, key in enumerate(shown, offset)
            if key in ids
        )
        return Results(query, sort, keys, full, hits, time.perf_counter() - started, index)

    def _matches(
        self, query: Query, sort: str, selected: frozenset[int], wait: bool
    ) -> tuple[tuple[Query, Matches], IndexState]:
        """Return the matches of a query, and the query with unknown words replaced."""
        terms = self._terms.of(query, selected, wait=wait)

        def evaluate(engine: Answers) -> tuple[Query, Matches]:
            evaluation = Evaluation(engine, terms, self._orders.keys("relevance"))
            asked = query
            if engine is self._index.engine:
                asked = replace_unknown_words(
                    query, self._index.engine, self._papers, evaluation.matching
                )
            order = self._orders.keys(sort)
            return asked, evaluation.run(asked, order, by_score=sort == "relevance")

        if wait:
            return self._index.answer(lambda: evaluate(self._index.engine)), "current"
        return self._index.answer_without_sync(evaluate, SqlScan(self._sets.containing))

    def related(
        self, keys: Sequence[PaperKey], *, limit: int = 20, unmarked: bool = False
    ) -> tuple[RelatedPaper, ...]:
        """Return the papers most similar to the given ones; see `Library.related`."""
        similarity = Similarity(self._papers.rows(sample(keys)))
        left_out: set[int] = set(keys)
        if unmarked:
            left_out.update(*(self._sets.state("is", state) for state in MARK_STATES))
        among = self._terms.except_for(left_out)
        near = self._index.answer(
            lambda: similarity.nearest(self._index.engine, among, limit + SPARE_RELATED)
        )
        papers = {paper.key: paper for paper in self._papers.rows([one.key for one in near])}
        found = (
            RelatedPaper(
                paper.id,
                one.key,
                paper.title,
                round(one.score, 4),
                similarity.shared_terms(paper, one),
            )
            for one in near
            if (paper := papers.get(one.key))
        )
        return tuple(islice((one for one in found if one.shared_terms), limit))
