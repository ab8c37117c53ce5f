"""`Searcher`, which runs queries with the engine and SQLite."""

import time
from collections.abc import Sequence, Set
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from index.engines.base import NEVER, Answers, Ask, EngineBroken, Keys, ListingOrder, Page
from index.engines.scan import SqlScan
from index.errors import CarrelError
from index.facets.array_files import ArrayFiles
from index.facets.catalogue import Catalogue
from index.facets.fields import STATES
from index.papers.paper import PaperKey
from index.progress import Stop
from index.query import Query, QueryNote, is_queue, join_neighbours, parse
from index.search.corpus_stems import CorpusStems
from index.search.dismissed import DismissedCache, DismissedPapers, without
from index.search.index_sync import IndexState, IndexSync
from index.search.likely import Likely
from index.search.orders import LIKELY, SORTS, Orders
from index.search.related import MIN_LEARNED_FROM, Similarity, SimilarPaper, sample
from index.search.results import Hit, RelatedPaper, Results, Rows
from index.search.spelling import replace_unknown_words
from index.search.terms import TermResolver, keys_array
from index.store import Database, PaperSets, PaperStore, SearchStore
from index.store.answer_cache import AnswerCache

if TYPE_CHECKING:
    from index.corpus.service import Corpus

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
        self._catalogue = catalogue
        self._terms = TermResolver(self._sets, catalogue, self._orders, cache)
        self._dismissed = DismissedCache(self._sets, cache)
        self._cache = cache
        self.likely = Likely(database, index, self._orders, files, cache)
        self.corpus: Corpus | None = None

    def warm_up(self) -> None:
        """Load everything that the first search needs, so that the first keystroke is fast."""
        self.search("1", limit=0, typing=True)  # a number is searched for in all fields
        self._catalogue.column("category", wait=False)
        with suppress(EngineBroken):  # the next search rebuilds it
            self._index.engine.similar_words("a", 1)

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
        stop: Stop | None = None,
        local: bool = False,
    ) -> Results:
        """Return the results of a query; see `Library.search`.

        `local` results are of the library's papers, even if there is a corpus.
        """
        if sort not in SORTS:
            raise CarrelError(f"unknown sort {sort!r}; use one of {', '.join(SORTS)}")
        started = time.perf_counter()
        query = parse(text, typing=typing, saved=self._saved.texts())
        if sort == "relevance" and is_queue(query.tree):
            sort = QUEUE_ORDER
        dismissed = self._dismissed.papers()
        hidden = dismissed.hidden_from(query.tree)
        ask = Ask(
            query.tree, by_score=sort == "relevance", sort=sort, offset=offset, limit=limit,
            without=hidden, stop=stop or NEVER,
        )  # fmt: skip
        answer = None
        if self.corpus and not local:
            sets = self._terms.of(query, selected, wait=False)
            with self.corpus.deadline(ask.stop):
                query, answer = self._from_corpus(self.corpus, query, replace(ask, sets=sets))
        index: IndexState = "corpus"
        if answer is not None:
            rows = answer
        elif query.is_everything:
            keys, left_out = self._everything(sort, dismissed, wait=wait)
            rows, index = Rows(Page.of(keys, hidden=left_out)), "current"
        else:
            sets, listing = self._terms.of(query, selected, wait=wait), self._orders.listing()
            ask = replace(ask, sets=sets, listing=listing)
            (query, rows), index = self._matches(query, ask, sort, wait)
        notes = (*query.notes, *self.likely.note(sort, query.text), *_missing(rows.first, query))
        hits = self._hits(rows.first, offset, limit)
        took = time.perf_counter() - started
        return Results(
            replace(query, notes=notes), sort, rows, hits, took, index,
            dismissed=rows.first.hidden, hidden=dismissed.version,
        )  # fmt: skip

    def _from_corpus(self, corpus: "Corpus", query: Query, ask: Ask) -> tuple[Query, Rows | None]:
        """Return the papers of a corpus that match, and the query with unknown words replaced.

        If the library has to answer instead, there are no papers, and a note says why.
        """
        started = time.perf_counter()
        page = corpus.page(replace(ask, tree=join_neighbours(query.tree)))
        is_slow = time.perf_counter() - started > MAX_CORRECTED_S
        is_empty = isinstance(page, Page) and not page.full and page.exact
        if is_empty and query.words and not is_slow and not ask.stop.is_set():
            with suppress(CarrelError):
                counts = partial(corpus.reader.counts, ask)
                corrected = replace_unknown_words(query, corpus.reader, self._papers, ask, counts)
                if corrected is not query:
                    query, ask = corrected, replace(ask, tree=corrected.tree)
                    page = corpus.page(replace(ask, tree=join_neighbours(ask.tree)))
        if isinstance(page, Page):
            return query, Rows(page, (corpus.reader, replace(ask, tree=join_neighbours(ask.tree))))
        if page:
            note = QueryNote(f"{LOCAL}: {page}", len(query.text), len(query.text))
            query = replace(query, notes=(*query.notes, note))
        return query, None

    def count_in_corpus(self, text: str) -> int | None:
        """Return the number of papers of a corpus that match a query, without those dismissed.

        Without a corpus, or if the library has to answer instead, return None.
        """
        if self.corpus is None:
            return None
        query = parse(text, saved=self._saved.texts())
        sets = self._terms.of(query, frozenset(), wait=False)
        hidden = self._dismissed.papers().hidden_from(query.tree)
        return self.corpus.count(Ask(join_neighbours(query.tree), sets, without=hidden))

    def _hits(self, page: Page, offset: int, limit: int) -> tuple[Hit, ...]:
        """Return the rows of a page that were asked for."""
        first = offset - page.start
        keys = page.keys[first : first + limit].tolist() if limit else []
        scores = page.scores[first : first + limit].tolist()
        ids = self._papers.ids_of(map(PaperKey, keys))
        return tuple(
            Hit(ids[key], round(score, 4), "all" if row < page.full else "some", key)
            for row, (key, score) in enumerate(zip(keys, scores, strict=False), offset)
            if key in ids
        )

    def listing(self) -> ListingOrder:
        """Return all papers in listing order."""
        return self._orders.listing()

    def dismissed_version(self) -> int:
        """Return the version of the set of dismissed papers; see `Results.hidden`."""
        return self._dismissed.papers().version

    def _everything(self, sort: str, dismissed: DismissedPapers, *, wait: bool) -> tuple[Keys, int]:
        """Return all papers that are not dismissed in an order, and the number of the others."""
        every = self.likely.order(wait=wait) if sort == LIKELY else self._orders.keys(sort)
        if not len(dismissed.keys):
            return every, 0
        if sort == LIKELY:  # whose order also changes with the index
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
        self, query: Query, ask: Ask, sort: str, wait: bool
    ) -> tuple[tuple[Query, Rows], IndexState]:
        """Return the papers that match a query, and the query with unknown words replaced."""

        def evaluate(engine: Answers) -> tuple[Query, Rows]:
            asked = query
            if engine is self._index.engine:
                asked = replace_unknown_words(query, self._index.engine, self._papers, ask)
            order = self._order(sort, engine)
            whole = replace(ask, tree=join_neighbours(asked.tree), order=order)
            return asked, Rows(engine.search(whole), (engine, whole))

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
        near = self._nearest(similarity, among, left_out, limit + SPARE_RELATED)
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

    def _nearest(
        self, similarity: Similarity, among: Keys, left_out: Set[int], most: int
    ) -> list[SimilarPaper]:
        """Return similar papers, of a corpus if there is one that answers."""
        if self.corpus:
            with suppress(CarrelError), self.corpus.deadline(NEVER):
                stems = CorpusStems(self.corpus.reader, self._papers, similarity.weights)
                return similarity.nearest(stems, keys_array(sorted(left_out)), most)
        return self._index.answer(lambda: similarity.nearest(self._index.engine, among, most))


def _missing(page: Page, query: Query) -> tuple[QueryNote, ...]:
    """Return a note that an answer is incomplete, if it is, and the notes of the answer."""
    end = len(query.text)
    notes = [QueryNote(note, end, end) for note in page.notes]
    if not page.exact:
        what = f": {', '.join(page.missing)}" if page.missing else ""
        notes.append(QueryNote(f"{INCOMPLETE}{what}", end, end))
    return tuple(notes)


MAX_CORRECTED_S = 0.5
"""Seconds that a corpus may take for words to be corrected, which takes a request for each."""

LOCAL = "your library answers instead"

INCOMPLETE = "not everything was searched, so papers may be missing"
