"""An index at one commit: leaves of a query become arrays of papers and BM25 scores."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from index.engines.base import Postings
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh.index import WhooshIndex
from index.engines.whoosh.reader import Numbers, Weights
from index.engines.whoosh.schema import TITLE_WEIGHT
from index.engines.whoosh.segment import Run, Segment, Slot
from index.facets.fields import NAME_FIELDS
from index.query import Phrase, Word
from index.text.analysis import halves, query_terms, stem
from index.text.folding import fold
from index.text.stopwords import STOP_WORDS

K1, B = 1.2, 0.75


MOST_NEAR = 40


CACHE_BYTES = 32_000_000


COMMON = 1_000
"""How much rarer than a word its halves may be, for the word to be found written as both."""


class TermMatches(NamedTuple):
    """How often each of some papers holds something, and what its length makes of it; parallel."""

    keys: Numbers
    weights: Weights
    norms: Weights


class Snapshot:
    """An index at one commit, with the answers to the leaves that were asked for last."""

    def __init__(self, searcher: Any, files: WhooshIndex) -> None:
        self.searcher = searcher
        self.files = files
        # The reader of an index without documents has no columns.
        leaves = [leaf for leaf, _ in searcher.leaf_searchers() if leaf.doc_count_all()]
        self.segments = [Segment(leaf.reader()) for leaf in leaves]
        self.papers = max(1, searcher.doc_count())
        self._norms: dict[str, list[Weights]] = {}
        self._cache: OrderedDict[Word | Phrase | str, Postings] = OrderedDict()
        self._cached_bytes = 0
        self._lexicons: dict[str, Vocabulary] = {}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The written words."""
        return self.files.vocabulary()

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that hold a leaf, scored."""
        return self._kept(leaf, lambda: self._answer(leaf))

    def term(self, stem: str) -> Postings:
        """Return the papers that hold one term of the analysed text, scored."""
        return self._kept(stem, lambda: self._scored(self._found("text", [(Slot((stem,)),)])))

    def _kept(self, name: Word | Phrase | str, ask: Callable[[], Postings]) -> Postings:
        """Return an answer from the cache, where it was given before."""
        if name in self._cache:
            self._cache.move_to_end(name)
            return self._cache[name]
        answer = self._cache[name] = ask()
        self._cached_bytes += answer.bytes
        while self._cached_bytes > CACHE_BYTES and len(self._cache) > 1:
            self._cached_bytes -= self._cache.popitem(last=False)[1].bytes
        return answer

    def _answer(self, leaf: Word | Phrase) -> Postings:
        scored = self._scored(self._found(leaf.field or "text", self._runs(leaf)))
        if isinstance(leaf, Word) and leaf.prefix and len(scored.keys):
            return self._exact_first(scored, leaf)
        return scored

    # -- what a leaf stands for --------------------------------------------------------------------

    def _runs(self, leaf: Word | Phrase, *, apart: bool = False) -> list[Run]:
        """Return the runs of consecutive terms a leaf stands for; a paper needs one of them.

        A word that was written `apart` is not parted again.
        """
        stemmed = leaf.field not in NAME_FIELDS
        if isinstance(leaf, Word) and leaf.fuzzy:
            words = self.vocabulary if stemmed else self._lexicon(leaf.field)
            near = words.near(fold(leaf.text), MOST_NEAR)
            return [(Slot(tuple(dict.fromkeys(map(stem, near) if stemmed else near))),)]
        runs = [_run(terms) for terms in query_terms(leaf.text, stemmed=stemmed)]
        if leaf.prefix:
            runs += self._begun(leaf, stemmed)
        if isinstance(leaf, Word) and stemmed and not apart:
            runs += chain.from_iterable(self._runs(word, apart=True) for word in leaf.joined)
            runs += self._in_halves(leaf.text)
        return list(dict.fromkeys(runs))

    def _begun(self, leaf: Word | Phrase, stemmed: bool) -> Iterator[Run]:
        """Yield the runs that a leaf becomes when its last word is written on."""
        for *before, last in query_terms(leaf.text, stemmed=False):
            if not stemmed:
                yield (*_run(before), Slot((), last))
                continue
            kept = [stem(word) for word in before if word not in STOP_WORDS]
            yield (*_run(kept), Slot(tuple(self.vocabulary.odd_stems(last)), last))

    def _in_halves(self, text: str) -> Iterator[Run]:
        """Yield the pairs of known words that a word may be written as."""
        word = fold(text)
        # Of a common word that few halves are more than slips of the pen.
        least = max(1, self.vocabulary.count(word) // COMMON)
        for pair in halves(word) if text.isalnum() else ():
            if all(self.vocabulary.count(half) >= least for half in pair):
                yield _run(list(map(stem, pair)))

    def _lexicon(self, field: str) -> Vocabulary:
        """Return the words of a field that is not stemmed."""
        if field not in self._lexicons:
            words = (word for segment in self.segments for word in segment.terms.words(field))
            self._lexicons[field] = Vocabulary.of(dict.fromkeys(words, 1))
        return self._lexicons[field]

    # -- what papers hold --------------------------------------------------------------------------

    def _found(self, field: str, runs: list[Run]) -> TermMatches:
        """Return how often papers hold any of some runs in a field."""
        where = "text" if field == "abstract" else field
        parts = [TermMatches(np.empty(0, np.int64), *[np.empty(0, np.float32)] * 2)]
        for segment, norms in zip(self.segments, self._norms_of(where), strict=True):
            if field == "abstract":
                numbers, weights = segment.holding_less(where, "title", TITLE_WEIGHT, runs)
            else:
                numbers, weights = segment.holding(where, runs)
            parts.append(TermMatches(segment.keys[numbers], weights, norms[numbers]))
        return TermMatches(*map(np.concatenate, zip(*parts, strict=True)))

    def _norms_of(self, field: str) -> list[Weights]:
        """Return what the length of each document's field adds to a frequency in BM25."""
        if field not in self._norms:
            average = self.searcher.avg_field_length(field, 1.0) or 1.0
            self._norms[field] = [
                (K1 * (1 - B + B * segment.lengths(field) / average)).astype(np.float32)
                for segment in self.segments
            ]
        return self._norms[field]

    # -- scores ------------------------------------------------------------------------------------

    def _scored(self, found: TermMatches) -> Postings:
        """Return BM25 scores as Whoosh has them; several runs count as one term.

        Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, with Whoosh's idf.
        """
        idf = math.log(self.papers / (len(found.keys) + 1)) + 1
        scores = np.float32(idf * (K1 + 1)) * found.weights / (found.weights + found.norms)
        return Postings(found.keys, np.maximum(scores, np.float32(1e-6)))

    def _exact_first(self, scored: Postings, leaf: Word) -> Postings:
        """Let papers with the very word that was typed rank before those with longer ones."""
        exact = self.postings(Word(leaf.text, leaf.field))
        if not len(exact.keys):
            return scored
        bonus = np.zeros(max(scored.keys.max(), exact.keys.max()) + 1, np.float32)
        bonus[exact.keys] = exact.scores
        return Postings(scored.keys, scored.scores + bonus[scored.keys])


def _run(terms: list[str]) -> Run:
    return tuple(Slot((term,)) for term in terms)
