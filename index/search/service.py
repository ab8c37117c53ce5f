"""What a library is asked: searches, facets, orders; answered by the engine and SQLite together."""

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from index import paths
from index.engines.base import Answers, Engine
from index.engines.scan import SqlScan
from index.errors import CarrelError
from index.facets.array_files import ArrayFiles
from index.facets.catalogue import Catalogue
from index.facets.columns import Column
from index.facets.counting import MOST_VALUES, Facet, counted
from index.progress import Progress
from index.query import Label, Phrase, Query, Range, asks_for_marks, every_leaf, parse
from index.query import State as StateTerm
from index.search.answer_cache import AnswerCache
from index.search.completion import Completions
from index.search.history import History
from index.search.index_sync import IndexState, IndexSync
from index.search.results import Hit, RelatedPaper, Results
from index.search.saved import SavedSearches
from index.search.spelling import Spelling
from index.search.value_ranges import IDENTIFIERS, ValueRanges
from index.store import Database, FacetReader, PaperSets, PaperStore
from index.text.folding import fold

if TYPE_CHECKING:
    from index.search.evaluation import Keys, Matches

MARKS = ("bookmarked", "read", "tagged", "noted")
"""The states of a paper that its reader has done something with."""

SPARE = 10

SORTS = ("relevance", "newest", "oldest", "title", "votes", "added")


FEW_TERMS = 4
"""Ranges and identifiers of one query that are looked up each on its own."""

LACKS = {"unread": "read", "untagged": "tagged"}
"""States of papers that lack another."""


class Searcher:
    """The half of a library that answers; any thread may call.

    `search` answers from the index as it was last brought up to date, and brings it up to date
    itself where no one else is doing so. `saved` are the saved searches, `history` the queries
    asked before.
    """

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._sets = PaperSets(database)
        self._index = IndexSync(engine, database)
        self._memory = AnswerCache(database)
        self._readings = FacetReader(database)
        self._kept = ArrayFiles(paths.catalogue_folder(database.folder), database.meta("library"))
        self.catalogue = Catalogue(self._kept, database)
        self._orders = ValueRanges(self._sets, self._memory)
        self.saved = SavedSearches(
            database, self._index, self._memory, partial(self.search, limit=0)
        )
        self.history = History(database)
        self.completing = Completions(self._index, self._column)
        self.completing.names["query"] = self.saved.texts
        self.suggesting = Spelling(self._index, self._papers)

    # -- the index ---------------------------------------------------------------------------------

    def behind(self) -> int:
        """Return how many papers the index has still to follow."""
        return self._index.behind()

    def catch_up(self, progress: Progress | None = None) -> None:
        """Bring the index up to date with the database.

        Where another thread or process is doing so, its last state serves on; where there is none
        yet, it is waited for.
        """
        self._index.catch_up(progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Throw the index away and build it again from the database."""
        self._index.rebuild(progress)
        self.catalogue.clear()

    def warm_up(self) -> None:
        """Load what a first search needs, so that no key has to wait for it."""
        self.search("a", limit=0, typing=True)

    # -- finding papers ----------------------------------------------------------------------------

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
        """Return the papers a query asks for, best first, or in another of `SORTS`.

        `typing` takes the last word as a beginning; `selected` are the keys `is:selected` means.
        With `wait` the index is brought up to date before, built where it is missing; without it
        the index answers as it is, and SQLite where there is none: `Results.index` tells. Whole
        names and topics likewise are those last counted, and phrases where none are.
        Raises CarrelError for an unknown sort; never for what the query says.
        """
        if sort not in SORTS:
            raise CarrelError(f"no sort is called {sort!r}; write one of {', '.join(SORTS)}")
        started = time.perf_counter()
        query = parse(text, typing=typing, saved=self.saved.texts())
        index: IndexState = "there"
        if query.is_everything:
            keys = self._order(sort)
            full, scores = len(keys), None
        else:
            matches, index = self._matches(query, sort, selected, wait)
            keys, full, scores = matches.keys, matches.full, matches.scores
        shown = [int(key) for key in keys[offset : offset + limit]] if limit else []
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
    ) -> "tuple[Matches, IndexState]":
        from index.search.evaluation import Evaluation, keys_array

        asked = {leaf for leaf in every_leaf(query.tree) if isinstance(leaf, Range | Label)}
        many = len(asked) > FEW_TERMS

        def states(term: Label | StateTerm | Range | Phrase) -> "Keys | None":
            if isinstance(term, Phrase) or term.field in ("category", "topic"):
                return self._valued(term, wait)
            if term == StateTerm("is", "selected"):
                return keys_array(selected)
            if isinstance(term, Range) or (isinstance(term, Label) and term.field in IDENTIFIERS):
                return self._orders.of(term, many=many)
            return self._memory.recall(
                term, lambda: keys_array(self._state(term)), marks=asks_for_marks(term)
            )

        def ask(engine: Answers) -> "Matches":
            evaluation = Evaluation(engine, states, self._order("relevance"))
            return evaluation.run(query, self._order(sort), by_score=sort == "relevance")

        if wait:
            return self._index.answer(lambda: ask(self._index.engine)), "there"
        return self._index.answer_now(ask, SqlScan(self._sets.holding))

    def related_to(
        self, keys: Sequence[int], *, limit: int = 20, unmarked: bool = False
    ) -> tuple[RelatedPaper, ...]:
        """Return the papers most like those with these keys, the nearest first, and what ties them.

        None of the given is among them, nor, with `unmarked`, any that was read or marked. A paper
        that shares no telling word is left out. See `index.search.related` for the ranking.
        """
        from index.search.related import Similarity, spread

        likeness = Similarity(self._papers.rows(spread(keys)))
        # More than are asked for, since some may share nothing worth telling.
        among = self._others(keys, unmarked)
        near = self._index.answer(
            lambda: likeness.nearest(self._index.engine, among, limit + SPARE)
        )
        papers = {paper.key: paper for paper in self._papers.rows([one.key for one in near])}
        told = (
            RelatedPaper(paper.id, one.key, round(one.score, 4), likeness.shares(paper, one))
            for one in near
            if (paper := papers.get(one.key))
        )
        return tuple(islice((one for one in told if one.shares), limit))

    def _others(self, keys: Iterable[int], unmarked: bool) -> "Keys":
        """Return all keys but some, and but those of papers that were read or marked."""
        import numpy as np

        left_out = set(keys)
        if unmarked:
            left_out.update(*(self._sets.state("is", state) for state in MARKS))
        everything = self._order("relevance")
        gone = np.fromiter(left_out, np.int64, len(left_out))
        return everything[np.isin(everything, gone, invert=True)]

    def _state(self, term: Label | StateTerm) -> "Iterable[int]":
        """Return the papers in a state or with a label; what papers have is in columns at hand."""
        lack = LACKS.get(term.value) if isinstance(term, StateTerm) else None
        if lack:
            return self._others(self._sets.state("is", lack), unmarked=False)
        if isinstance(term, StateTerm) and term.field == "has" and term.value != "note":
            column = self.catalogue.column("has", wait=False)
            if column and self.catalogue.has_current():
                return column.papers(column.find(term.value))
        return self._sets.of(term)

    def _valued(self, term: Label | StateTerm | Range | Phrase, wait: bool) -> "Keys | None":
        """Return the papers that have a value; None for one that is none, and may be a phrase."""
        from index.search.evaluation import keys_array

        assert isinstance(term, Label | Phrase)
        if (
            isinstance(term, Label)
            and term.field == "category"
            and not self.catalogue.has_current()
        ):
            return self._memory.recall(term, lambda: keys_array(self._sets.in_category(term)))
        column = self.catalogue.column(term.field, wait=wait) or Column.empty(fold)
        text = term.text if isinstance(term, Phrase) else term.value
        if not column.key(text):
            return None
        if term.prefix:
            found = column.papers(*column.beginning(text))
        elif (at := column.find(text)) >= 0:
            found = column.papers(at)
        elif term.field == "category":
            found = column.papers(*column.beginning(f"{text}."))
        else:
            return None
        return found if len(found) or term.field == "category" else None

    # -- facets ------------------------------------------------------------------------------------

    def facets(
        self,
        results: Results | str = "",
        *,
        most: int | None = MOST_VALUES,
        wait: bool = True,
    ) -> tuple[Facet, ...]:
        """Return what the papers of a result, or of a query, have in common, counted.

        `most` is how many values of each facet are told, None for all. Without `wait` what has to
        be counted from texts first is left out, or as it was last counted.
        """
        if isinstance(results, str):
            results = self.search(results, limit=0)
        columns = {**self.catalogue.columns(wait=wait), **self._marked()}
        return counted(results.keys, columns, most)

    def _column(self, field: str) -> Column | None:
        """Return the values of a field as they were last counted; None where none were."""
        return {**self.catalogue.columns(wait=False), **self._marked()}.get(field)

    def _marked(self) -> dict[str, Column]:
        """Return the columns that SQLite fills quickly: sources, tags and states."""
        # A tag has the papers of those below it.
        return {
            "source": self._memory.recall(
                "sources", lambda: Column.of(self._readings.sources(), fold)
            ),
            "tag": self._memory.recall(
                "tags", lambda: Column.of(above(self._readings.tags()), fold), marks=True
            ),
            "is": self._memory.recall(
                "states", lambda: Column.of(self._readings.states(), str), marks=True
            ),
        }

    def _order(self, sort: str) -> "Keys":
        """Return all keys in the order of a sort; for relevance, of the lists they came in."""
        return self._memory.recall(("order", sort), lambda: self._listing(sort))

    def _listing(self, sort: str) -> "Keys":
        """Return the same from the cache where it is kept, or read anew."""
        import numpy as np

        name, revision = f"order-{sort}.npz", self._database.clock("revision")
        known, arrays = self._kept.read(name)
        if known == revision and "keys" in arrays:
            return arrays["keys"].astype(np.int64)
        keys = np.array(self._sets.order(sort), np.int64)
        self._kept.write(name, revision, {"keys": keys.astype(np.int32)})
        return keys


def above(tags: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield papers and tags, and besides each tag those it lies below: `nlp` of `nlp/rag`."""
    for paper, tag in tags:
        parts = tag.split("/")
        for length in range(len(parts), 0, -1):
            yield paper, "/".join(parts[:length])
