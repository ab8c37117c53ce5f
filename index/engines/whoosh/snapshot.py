"""An index as of one commit: resolves query leaves to arrays of papers and BM25 scores."""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from index.engines.arrays.postings import Postings
from index.engines.runs import BYLINE_FIELDS, Run, Runs, Slot, in_field
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh.index import WhooshIndex
from index.engines.whoosh.reader import Numbers, Weights
from index.engines.whoosh.schema import TITLE_WEIGHT
from index.engines.whoosh.segment import Segment, segment_name
from index.query import Phrase, Word

K1, B = 1.2, 0.75

BYLINE_WEIGHT = 1.0
"""Weight of a match in an author's name or the year, as a factor of its BM25 score."""

TITLE_BONUS = 0.4
"""Weight of the share of a query that a title covers; larger ones cost nDCG on CACM."""

MAX_CACHE_BYTES = 32_000_000


class TermMatches(NamedTuple):
    """Papers, the frequencies of a match in them, and length norms, as parallel arrays."""

    keys: Numbers
    weights: Weights
    norms: Weights


class Snapshot:
    """An index as of one commit, with a cache of the postings of recent leaves."""

    def __init__(self, searcher: Any, files: WhooshIndex, before: "Snapshot | None" = None) -> None:
        self.searcher = searcher
        self.files = files
        # The reader of an empty segment has no columns.
        leaves = [leaf for leaf, _ in searcher.leaf_searchers() if leaf.doc_count_all()]
        known = {segment.name: segment for segment in before.segments} if before else {}
        readers = [leaf.reader() for leaf in leaves]
        self.segments: list[Segment] = [
            Segment(reader, known.get(segment_name(reader))) for reader in readers
        ]
        self.papers = max(1, searcher.doc_count())
        self._norms: dict[str, list[Weights]] = {}
        self._cache: OrderedDict[Hashable, Postings] = OrderedDict()
        self._cached_bytes = 0
        self._runs = Runs(lambda: self.vocabulary, self._holds)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The unstemmed words of all papers."""
        return self.files.vocabulary()

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that match a leaf, scored."""
        return self._cached(leaf, lambda: self._resolve(leaf))

    def term(self, stem: str) -> Postings:
        """Return the papers that contain a stem, scored."""
        return self._cached(stem, lambda: self._scored(self._matches("text", [(Slot((stem,)),)])))

    def _cached(self, name: Hashable, compute: Callable[[], Postings]) -> Postings:
        """Return postings from the cache, computed if they are not in it."""
        if name in self._cache:
            self._cache.move_to_end(name)
            return self._cache[name]
        postings = self._cache[name] = compute()
        self._cached_bytes += postings.bytes
        while self._cached_bytes > MAX_CACHE_BYTES and len(self._cache) > 1:
            self._cached_bytes -= self._cache.popitem(last=False)[1].bytes
        return postings

    def title_bonus(self, leaves: Sequence[Word | Phrase]) -> Postings:
        """Return a bonus for papers whose titles cover most of a query, by the idf of its words.

        The bonus grows with the cube of the share, to separate known titles from those with a word
        in common, and is divided by the length norm of the title.
        """
        idfs = np.array([self._idf(len(self.postings(leaf).keys)) for leaf in leaves], np.float32)
        sums = np.zeros(len(self._title_norms), np.float32)
        for leaf, idf in zip(leaves, idfs, strict=True):
            sums[self._with_title(leaf).keys] += idf
        keys = np.flatnonzero(sums > 0)
        total = idfs.sum()
        share = sums.take(keys) / total
        bonus = np.float32(TITLE_BONUS * total) * share * share * share
        return Postings(keys, bonus / self._title_norms.take(keys))

    def _with_title(self, leaf: Word | Phrase) -> Postings:
        """Return the papers whose titles match a leaf, without scores."""

        def find() -> Postings:
            runs = self._runs.of(in_field(leaf, "title"))
            parts = [one.keys.take(one.matches("title", runs)[0]) for one in self.segments]
            keys = np.concatenate((np.empty(0, np.int64), *parts))
            return Postings(keys, np.empty(0, np.float32))

        return self._cached(("title", leaf), find)

    @cached_property
    def _title_norms(self) -> Weights:
        """The length norm of the title of each paper, by key."""
        norms = np.ones(max((int(one.keys.max()) for one in self.segments), default=0) + 1)
        average = self.searcher.avg_field_length("title", 1.0) or 1.0
        for segment in self.segments:
            norms[segment.keys] = 0.5 + 0.5 * segment.lengths("title") / average
        return norms.astype(np.float32)

    def _resolve(self, leaf: Word | Phrase) -> Postings:
        scored = self._scored(self._matches(leaf.field or "text", self._runs.of(leaf)))
        if not isinstance(leaf, Word):
            return scored
        if leaf.prefix and len(scored.keys):
            scored = self._exact_first(scored, leaf)
        return scored if leaf.field or leaf.fuzzy else self._with_byline(scored, leaf)

    def _with_byline(self, scored: Postings, leaf: Word) -> Postings:
        """Add the papers that have a word in an author's name or the year."""
        fields = BYLINE_FIELDS if leaf.text.isdigit() else BYLINE_FIELDS[:1]
        named = [self.postings(in_field(leaf, field)) for field in fields]
        named = [found for found in named if len(found.keys)]
        if not named:
            return scored
        size = max(int(found.keys.max(initial=0)) for found in (scored, *named)) + 1
        sums = np.zeros(size, np.float32)
        sums[scored.keys] = scored.scores
        for found in named:
            sums[found.keys] += np.float32(BYLINE_WEIGHT) * found.scores
        keys = np.flatnonzero(sums > 0)
        return Postings(keys, sums.take(keys))

    def _holds(self, field: str, term: str) -> bool:
        """Return whether a field of any paper has a term."""
        return any(segment.terms.find(field, term) for segment in self.segments)

    # -- runs to papers ----------------------------------------------------------------------------

    def _matches(self, field: str, runs: list[Run]) -> TermMatches:
        """Return the papers that contain any of the runs in a field, with frequencies."""
        where = "text" if field == "abstract" else field
        parts = [TermMatches(np.empty(0, np.int64), *[np.empty(0, np.float32)] * 2)]
        for segment, norms in zip(self.segments, self._norms_of(where), strict=True):
            if field == "abstract":
                numbers, weights = segment.matches_outside(where, "title", TITLE_WEIGHT, runs)
            else:
                numbers, weights = segment.matches(where, runs)
            parts.append(TermMatches(segment.keys.take(numbers), weights, norms.take(numbers)))
        return TermMatches(*map(np.concatenate, zip(*parts, strict=True)))

    def _norms_of(self, field: str) -> list[Weights]:
        """Return the length norm of each document's field in BM25, by segment."""
        if field not in self._norms:
            average = self.searcher.avg_field_length(field, 1.0) or 1.0
            self._norms[field] = [
                (K1 * (1 - B + B * segment.lengths(field) / average)).astype(np.float32)
                for segment in self.segments
            ]
        return self._norms[field]

    # -- scores ------------------------------------------------------------------------------------

    def _scored(self, found: TermMatches) -> Postings:
        """Return BM25 scores, with all runs counted as one term and Whoosh's idf.

        Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009.
        """
        idf = self._idf(len(found.keys))
        scores = np.float32(idf * (K1 + 1)) * found.weights / (found.weights + found.norms)
        return Postings(found.keys, np.maximum(scores, np.float32(1e-6)))

    def _idf(self, papers: int) -> float:
        return math.log(self.papers / (papers + 1)) + 1

    def _exact_first(self, scored: Postings, leaf: Word) -> Postings:
        """Rank papers with the exact word before those that only match it as a prefix."""
        exact = self.postings(Word(leaf.text, leaf.field))
        if not len(exact.keys):
            return scored
        bonus = np.zeros(max(scored.keys.max(), exact.keys.max()) + 1, np.float32)
        bonus[exact.keys] = exact.scores
        return Postings(scored.keys, scored.scores + bonus.take(scored.keys))
