"""`Searcher`, which runs queries with the engine and SQLite."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from index.engines.base import Answers, EngineBroken
from index.engines.scan import SqlScan
from index.errors import CarrelError
from index.facets.array_files import ArrayFiles
from index.facets.catalogue import Catalogue
from index.facets.fields import STATES
from index.papers.paper import PaperKey
from index.query import Query, is_queue, parse
from index.search.dismissed import DismissedCache, DismissedPapers, without
from index.search.evaluation import Evaluation, Matches
from index.search.index_sync import IndexState, IndexSync
from index.search.likely import Likely
from index.search.orders import LIKELY, SORTS, Orders
from index.search.related import MIN_LEARNED_FROM, Similarity, sample
from index.search.results import Hit, RelatedPaper, Results
from index.search.spelling import replace_unknown_words
from index.search.terms import Keys, TermResolver, keys_array
from index.store import Database, PaperSets, PaperStore, SearchStore
from index.store.answer_cache import AnswerCache

MARK_STATES = tuple(row.name for row in STATES if row.field == "is" and row.mark)
"""The states of papers that have a mark of some kind."""

QUEUE_ORDER = "later"
"""The sort of the papers to read later, if no other is given: the order of the queue."""

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
        self._dismissed = DismissedCache(self._sets, cache)
        self._cache = cache
        self.likely = Likely(database, index, self._orders, cache)

    def warm_up(self) -> None:
        """Load everything that the first search needs, so that the first keystroke is fast."""
        self.search("a", limit=0, typing=True)
        with suppress(EngineBroken):  # the next search rebuilds it
            self._index.engine.vocabulary().near("a", 1)

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
        if sort == "relevance" and is_queue(query.tree):
            sort = QUEUE_ORDER
        index: IndexState = "current"
        dismissed = self._dismissed.papers()
        if query.is_everything:
            keys, left_out = self._everything(sort, dismissed, wait=wait)
            full, scores = len(keys), None
        else:
            hidden = dismissed.hidden_from(query.tree)
            (query, matches), index = self._matches(query, sort, selected, hidden, wait)
            keys, full, scores = matches.keys, matches.full, matches.scores
            left_out = matches.hidden
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
        query = replace(query, notes=(*query.notes, *self.likely.note(sort, query.text)))
        took = time.perf_counter() - started
        return Results(
            query, sort, keys, full, hits, took, index,
            dismissed=left_out, hidden=dismissed.version,
        )  # fmt: skip

    def dismissed_version(self) -> int:
        """Return the version of the set of dismissed papers; see `Results.hidden`."""
        return self._dismissed.papers().version

    def _everything(self, sort: str, dismissed: DismissedPapers, *, wait: bool) -> tuple[Keys, int]:
        """Return all papers that are not dismissed in an order, and the number of the others."""
        every = self.likely.order(wait=wait) if sort == LIKELY else self._orders.keys(sort)
        if not len(dismissed.keys):
            return every, 0
        if sort == LIKELY:  # whose order changes with the index, too
            shown = without(every, dismissed.keys)
            return shown, len(every) - len(shown)
        shown = self._cache.recall(
            ("shown", sort), lambda: without(every, dismissed.keys), marks=True
        )
        return shown, len(every) - len(shown)

    def _order(self, sort: str, answers: Answers) -> Keys:
        """Return the keys that can match in an order; of the queue, only those in it."""
        if sort == LIKELY:
            return self.likely.order_in(answers)
        if sort == QUEUE_ORDER:
            return keys_array(self._sets.queue())
        return self._orders.keys(sort)

    def _matches(
        self, query: Query, sort: str, selected: frozenset[int], hidden: Keys, wait: bool
    ) -> tuple[tuple[Query, Matches], IndexState]:
        """Return the matches of a query, and the query with unknown words replaced."""
        terms = self._terms.of(query, selected, wait=wait)

        def evaluate(engine: Answers) -> tuple[Query, Matches]:
            evaluation = Evaluation(engine, terms, *self._orders.listing())
            asked = query
            if engine is self._index.engine:
                asked = replace_unknown_words(
                    query, self._index.engine, self._papers, evaluation.matching
                )
            by_score = sort == "relevance"
            order = self._order(sort, engine)
            return asked, evaluation.run(asked, order, by_score=by_score, hidden=hidden)

        if wait:
            return self._index.answer(lambda: evaluate(self._index.engine)), "current"
        return self._index.answer_without_sync(evaluate, SqlScan(self._sets.containing))

    def related(
        self, keys: Sequence[PaperKey], *, limit: int = 20, unmarked: bool = False
    ) -> tuple[RelatedPaper, ...]:
        """Return the papers most similar to the given ones; see `Library.related`."""
        given = sample(keys)
        learned = self.likely.model_of(given) if len(given) >= MIN_LEARNED_FROM else None
        weights = learned.weights if learned else None
        similarity = Similarity(self._papers.rows(given), weights)
        left_out: set[int] = {*keys, *self._dismissed.papers().keys.tolist()}
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
