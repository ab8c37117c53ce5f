"""Papers in the order in which the reader is likely to keep them."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from index.engines.base import Answers, Keys
from index.engines.scan import SqlScan
from index.facets.array_files import ArrayFiles
from index.papers.paper import Paper, PaperKey
from index.query import QueryNote
from index.search.index_sync import IndexSync
from index.search.likely_model import LikelyModel, LikelyWords
from index.search.orders import LIKELY, Orders
from index.search.stem_vectors import StemVector, StemVectors
from index.store import Database, PaperSets, PaperStore
from index.store.answer_cache import AnswerCache

MAX_JUDGED = 300
"""Papers of each kind that are learned from, those kept or dismissed last."""

MAX_SAMPLE = 256
"""Papers of the library that others are compared with; at least half as many are used."""

SAMPLE_FILE = "sample.npz"
"""The cache file of the sample's vectors, which take half a second to compute."""

NOTHING_LEARNED = LikelyModel()


class Judged(NamedTuple):
    """The papers to learn from, in the order of their keys."""

    kept: tuple[PaperKey, ...] = ()
    dismissed: tuple[PaperKey, ...] = ()


class _Sorted(NamedTuple):
    """The keys last sorted, and what their order depends on."""

    model: LikelyModel
    listed: Keys
    revision: int
    keys: Keys


class Likely:
    """Learns from marks, and sorts papers by what it has learned; thread-safe.

    Kept papers are those bookmarked or in the queue. A model is learned again, from vectors that
    are cached, as soon as a paper is kept or dismissed; it depends on nothing but the library.
    """

    def __init__(
        self,
        database: Database,
        index: IndexSync,
        orders: Orders,
        files: ArrayFiles,
        cache: AnswerCache,
    ) -> None:
        self._database = database
        self._papers = PaperStore(database)
        self._sets = PaperSets(database)
        self._index = index
        self._orders = orders
        self._files = files
        self._cache = cache
        self._lock = threading.Lock()
        self._sampled: tuple[PaperKey, ...] | None = None
        self._vectors = StemVectors(())
        self._known: dict[PaperKey, StemVector] = {}
        self._revision = -1
        self._learned = Judged(), NOTHING_LEARNED
        self._sorted: _Sorted | None = None

    # -- learning ----------------------------------------------------------------------------------

    def model(self) -> LikelyModel:
        """Return the model of the papers kept and dismissed so far."""
        judged = self._cache.recall("judged", self._judged, marks=True)
        if not judged.kept:
            return NOTHING_LEARNED
        with self._lock:
            if self._forget_changed_papers() or judged != self._learned[0]:
                self._learned = judged, self._learn(judged)
            return self._learned[1]

    def model_of(self, kept: Iterable[PaperKey]) -> LikelyModel:
        """Return the model of given papers, as if the reader had kept only these."""
        judged = self._cache.recall("judged", self._judged, marks=True)
        given = tuple(sorted(kept))
        rejected = tuple(key for key in judged.dismissed if key not in set(given))
        with self._lock:
            self._forget_changed_papers()
            return self._learn(Judged(given, rejected))

    def _judged(self) -> Judged:
        kept = self._sets.last_marked(("bookmark", "later"), (), MAX_JUDGED)
        dismissed = self._sets.last_marked(("dismissed",), ("bookmark", "later"), MAX_JUDGED)
        return Judged(tuple(sorted(kept)), tuple(sorted(dismissed)))

    def _learn(self, judged: Judged) -> LikelyModel:
        kept, dismissed = (self._vectors_of(keys) for keys in judged)
        return LikelyModel.learn(self._vectors, kept, dismissed)

    def _forget_changed_papers(self) -> bool:
        """Forget vectors that are out of date; return whether any paper has changed."""
        revision = self._database.clock("revision")
        if revision == self._revision:
            return False
        if self._revision < 0:
            self._read()
        before = self._revision
        changed = set(self._papers.changed_keys(before)) if before >= 0 else set()
        sampled = self._sample()
        # The revision is lower after a backup was restored.
        if revision < before or sampled != self._sampled or not changed.isdisjoint(sampled):
            self._vectors = StemVectors(self._papers.rows(sampled))
            self._sampled, self._known = sampled, {}
            arrays = {**self._vectors.arrays, "keys": np.array(sampled, np.int64)}
            self._files.write(SAMPLE_FILE, revision, arrays)
        for key in self._known.keys() & changed:
            del self._known[key]
        self._revision = revision
        return True

    def _read(self) -> None:
        """Read the sample last used, with the revision that it was of, if there is one."""
        revision, arrays = self._files.read(SAMPLE_FILE)
        with suppress(KeyError, ValueError):
            self._vectors = StemVectors.read(arrays)
            self._sampled = tuple(map(PaperKey, arrays["keys"].tolist()))
            self._revision = revision

    def _sample(self) -> tuple[PaperKey, ...]:
        """Return papers spread over the library, nearly the same ones as it grows."""
        every = np.sort(self._orders.keys("relevance"))
        highest = int(every[-1]) if len(every) else 0
        step = 1
        while highest // step > MAX_SAMPLE:
            step *= 2
        return tuple(PaperKey(key) for key in every[every % step == 0].tolist())

    def _vectors_of(self, keys: Sequence[PaperKey]) -> list[StemVector]:
        missing = [key for key in keys if key not in self._known]
        for paper in self._papers.rows(missing):
            self._known[paper.key] = self._vectors.of(paper)
        return [self._known[key] for key in keys if key in self._known]

    # -- sorting -----------------------------------------------------------------------------------

    def order(self, *, wait: bool = True) -> Keys:
        """Return all keys, the likeliest first; without kept papers, in listing order.

        With `wait`, the index is first synced. Without it, papers are in listing order, too, if
        there is no index.
        """
        if wait:
            return self._index.answer(lambda: self.order_in(self._index.engine))
        return self._index.answer_without_sync(self.order_in, SqlScan(self._sets.containing))[0]

    def order_in(self, answers: Answers) -> Keys:
        """Return all keys as `order` does; anything but the engine gives listing order."""
        listed, engine = self._orders.keys("relevance"), self._index.engine
        model = self.model() if answers is engine else NOTHING_LEARNED
        if not model.weights or not len(listed):
            return listed
        revision = engine.revision()
        last = self._sorted
        if last and last.model is model and last.listed is listed and last.revision == revision:
            return last.keys
        keys, _ = engine.near(model.weights, listed)
        self._sorted = _Sorted(model, listed, revision, keys)
        return keys

    def words(self, paper: Paper) -> LikelyWords:
        """Return the words of a paper that count for it and against it."""
        model = self.model()
        return self._index.answer(lambda: model.words(paper, self._index.engine))

    def note(self, sort: str, text: str) -> tuple[QueryNote, ...]:
        """Return a note that papers are in listing order since none is kept, if so."""
        if sort != LIKELY or self.model().kept:
            return ()
        return (QueryNote(NOTHING_KEPT, len(text), len(text)),)


NOTHING_KEPT = "no papers kept yet, so they are in listing order; bookmark some to learn from"
