"""An index as of one commit: resolves query leaves to arrays of papers and BM25 scores."""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from index.engines.arrays.postings import Postings
from index.engines.vocabulary import Vocabulary
from index.engines.whoosh.index import WhooshIndex
from index.engines.whoosh.reader import Numbers, Weights
from index.engines.whoosh.schema import TITLE_WEIGHT
from index.engines.whoosh.segment import Run, Segment, Slot, segment_name
from index.facets.fields import NAME_FIELDS
from index.query import Phrase, Word
from index.text.analysis import STOP_MARK, stem
from index.text.folding import fold
from index.text.query_terms import halves, query_terms
from index.text.rewriting import rewrite_phrase
from index.text.stopwords import STOP_WORDS
from index.text.unspaced import is_unspaced, signs

K1, B = 1.2, 0.75

BYLINE_FIELDS = ("author", "year")
"""Fields that words without a field are found in besides title and abstract."""

UNSTEMMED_FIELDS = (*NAME_FIELDS, "year")

BYLINE_WEIGHT = 1.0
"""Weight of a match in an author's name or the year, as a factor of its BM25 score."""

TITLE_BONUS = 0.4
"""Weight of the share of a query that a title covers; larger ones cost nDCG on CACM."""

MAX_KNOWN_RUNS = 1_000
"""Leaves whose runs are cached, since a word is looked up in several fields."""

MAX_FUZZY_WORDS = 40
MAX_WILDCARD_WORDS = 400

MAX_CACHE_BYTES = 32_000_000

MAX_HALF_RARITY = 1_000
"""How many times rarer than a word its halves may be, for it to match when written as two words."""


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
        self._known_runs: dict[tuple[Word | Phrase, bool, bool], list[Run]] = {}

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
        held = [self._with_title(leaf).keys for leaf in leaves]
        share = np.zeros(
            max((int(keys.max(initial=0)) for keys in held), default=0) + 1, np.float32
        )
        for keys, idf in zip(held, idfs, strict=True):
            share[keys] += idf
        keys = np.flatnonzero(share)
        total = idfs.sum()
        bonus = np.float32(TITLE_BONUS * total) * (share[keys] / total) ** 3
        return Postings(keys, bonus / self._title_norms[keys])

    def _with_title(self, leaf: Word | Phrase) -> Postings:
        """Return the papers whose titles match a leaf, without scores."""

        def find() -> Postings:
            runs = self._runs(_in_field(leaf, "title"))
            parts = [segment.keys[segment.matches("title", runs)[0]] for segment in self.segments]
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
        scored = self._scored(self._matches(leaf.field or "text", self._runs(leaf)))
        if not isinstance(leaf, Word):
            return scored
        if leaf.prefix and len(scored.keys):
            scored = self._exact_first(scored, leaf)
        return scored if leaf.field or leaf.fuzzy else self._with_byline(scored, leaf)

    def _with_byline(self, scored: Postings, leaf: Word) -> Postings:
        """Add the papers that have a word in an author's name or the year."""
        fields = BYLINE_FIELDS if leaf.text.isdigit() else BYLINE_FIELDS[:1]
        named = [self.postings(_in_field(leaf, field)) for field in fields]
        named = [found for found in named if len(found.keys)]
        if not named:
            return scored
        size = max(int(found.keys.max(initial=0)) for found in (scored, *named)) + 1
        sums = np.zeros(size, np.float32)
        sums[scored.keys] = scored.scores
        for found in named:
            sums[found.keys] += np.float32(BYLINE_WEIGHT) * found.scores
        keys = np.flatnonzero(sums)
        return Postings(keys, sums[keys])

    # -- leaf to runs of terms ---------------------------------------------------------------------

    def _runs(self, leaf: Word | Phrase, *, is_part: bool = False) -> list[Run]:
        """Return the runs of consecutive terms that match a leaf; one of them is enough.

        A word that `is_part` of a word written apart is not split further.
        """
        stemmed = leaf.field not in UNSTEMMED_FIELDS
        known = (_in_field(leaf, ""), stemmed, is_part)
        if known not in self._known_runs:
            if len(self._known_runs) > MAX_KNOWN_RUNS:
                self._known_runs.clear()
            self._known_runs[known] = self._find_runs(leaf, is_part=is_part)
        return self._known_runs[known]

    def _find_runs(self, leaf: Word | Phrase, *, is_part: bool) -> list[Run]:
        stemmed = leaf.field not in UNSTEMMED_FIELDS
        if isinstance(leaf, Word) and (leaf.fuzzy or leaf.wildcard):
            return [(Slot(self._similar_terms(leaf, stemmed)),)]
        runs = self._text_runs(leaf, stemmed)
        if isinstance(leaf, Phrase) and stemmed:
            for text in rewrite_phrase(leaf.text, self._is_known):
                runs += self._text_runs(replace(leaf, text=text), stemmed)
        if isinstance(leaf, Word) and stemmed and not is_part:
            runs += chain.from_iterable(self._runs(word, is_part=True) for word in leaf.joined)
            runs += self._half_runs(leaf.text)
        return list(dict.fromkeys(runs))

    def _similar_terms(self, leaf: Word, stemmed: bool) -> tuple[str, ...]:
        """Return the terms that a fuzzy word or one with wildcards stands for."""
        text = fold(leaf.text)
        if leaf.wildcard:
            words = self.vocabulary.matching(text, MAX_WILDCARD_WORDS)
            words = self.vocabulary.distinctive(words) if stemmed else words
        else:
            words = self.vocabulary.near(text, MAX_FUZZY_WORDS if stemmed else MAX_WILDCARD_WORDS)
        if stemmed:
            return tuple(dict.fromkeys(map(stem, words)))
        terms = [segment.terms for segment in self.segments]
        return tuple(word for word in words if any(one.find(leaf.field, word) for one in terms))

    def _is_known(self, word: str) -> bool:
        return self.vocabulary.count(word) > 0

    def _text_runs(self, leaf: Word | Phrase, stemmed: bool) -> list[Run]:
        """Return the runs of the terms of a leaf as written."""
        runs = [_run(terms) for terms in query_terms(leaf.text, stemmed=stemmed)]
        return [*runs, *self._prefix_runs(leaf, stemmed)] if leaf.prefix else runs

    def _prefix_runs(self, leaf: Word | Phrase, stemmed: bool) -> Iterator[Run]:
        """Yield the runs of a leaf whose last word is a prefix."""
        for *before, last in query_terms(leaf.text, stemmed=False):
            if not stemmed:
                yield (*_run(before), Slot((), last))
                continue
            stems = [STOP_MARK + word if word in STOP_WORDS else stem(word) for word in before]
            yield (*_run(stems), Slot(tuple(self.vocabulary.odd_stems(last)), last))

    def _half_runs(self, text: str) -> Iterator[Run]:
        """Yield the pairs of known words into which a word can be split."""
        word = fold(text)
        # If halves are much rarer than the word, they are probably typing errors.
        least = max(1, self.vocabulary.count(word) // MAX_HALF_RARITY)
        for pair in halves(word) if text.isalnum() else ():
            if all(self.vocabulary.count(half) >= least for half in pair):
                yield _run(list(map(stem, pair)))

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
            parts.append(TermMatches(segment.keys[numbers], weights, norms[numbers]))
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
        return Postings(scored.keys, scored.scores + bonus[scored.keys])


@lru_cache(maxsize=1_024)
def _in_field(leaf: Word | Phrase, field: str) -> Word | Phrase:
    """Return a leaf that matches the same words in a field."""
    if isinstance(leaf, Phrase):
        return replace(leaf, field=field)
    joined = () if field in BYLINE_FIELDS else leaf.joined
    return replace(leaf, field=field, joined=tuple(replace(word, field=field) for word in joined))


def _run(terms: list[str]) -> Run:
    return tuple(map(_slot, terms))


def _slot(term: str) -> Slot:
    """Return the slot of a term; a letter of a script without spaces begins pairs of letters."""
    return Slot((), term) if is_unspaced(term) and len(signs(term)) == 1 else Slot((term,))
