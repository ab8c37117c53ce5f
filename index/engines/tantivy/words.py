"""Queries for the words and phrases of a query tree."""

import math
from collections.abc import Hashable, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

from tantivy import Query as TantivyQuery
from tantivy import Schema, Searcher

from index.engines.runs import BYLINE_FIELDS, UNSTEMMED_FIELDS, Run, Runs, Slot, in_field
from index.engines.tantivy.documents import PARTS, STARTS, TEXT, is_start
from index.engines.tantivy.sets import any_of, const
from index.query import Phrase, Word
from index.text.analysis import STOP_MARK, is_stop_word, stem
from index.text.folding import fold

MAX_RANKED_WORDS = 8
"""Words with a prefix that papers are ranked by, the most frequent; all are found."""

UNRANKED = 0.3
"""Score of a paper that has only other words with a prefix, as a share of their rarity."""

MAX_PHRASE_TERMS = 100
"""Words with a prefix at the end of a phrase that are found, the most frequent."""

MAX_PHRASES = 400
"""Phrases of a run that are searched for one by one; more are one regular expression."""

TIE = 0.2
"""Weight of other spellings of a word beside the best one; in the array engine, they are summed."""

boost = TantivyQuery.boost_query

Alternatives = dict[Hashable, TantivyQuery]
"""The queries that find a leaf, each with a name that is the same in other leaves."""


class Split(NamedTuple):
    """The query of a leaf in parts: its `main` term, and those found `instead` of or `besides` it.

    The best score of the former counts, and those of the latter are added. An `unscored` leaf is
    found by more than these.
    """

    main: TantivyQuery
    instead: Alternatives
    besides: Alternatives
    unscored: bool

    @property
    def others(self) -> Alternatives:
        """The queries besides the main one."""
        return self.instead | self.besides


class WordQueries:
    """Makes the queries of words and phrases, each once for one question."""

    def __init__(self, searcher: Searcher, schema: Schema, runs: Runs) -> None:
        self._searcher = searcher
        self._schema = schema
        self._runs = runs
        self._papers = max(1, searcher.num_docs)
        self._known: dict[tuple[Word | Phrase, str], Alternatives] = {}

    def of(self, leaf: Word | Phrase) -> TantivyQuery:
        """Return the query of a leaf: in texts, with that of its exact word and that in names."""
        found = best_of([*self.in_field(leaf, leaf.field or TEXT).values()], TIE)
        return any_of([found, *self._exact(leaf).values(), *self._names(leaf).values()])

    def split(self, leaf: Word | Phrase) -> Split:
        """Return the query of a leaf without a field in parts.

        Other words and names with a few letters, which most papers have, are not scored.
        """
        instead = dict(self.in_field(leaf, TEXT))
        main = instead.pop(next(iter(instead))) if instead else TantivyQuery.empty_query()
        exact, names = self._exact(leaf), self._names(leaf)
        if is_start_of(leaf):
            return Split(main, {}, exact, bool(instead or names))
        return Split(main, instead, exact | names, unscored=False)

    def _exact(self, leaf: Word | Phrase) -> Alternatives:
        """Return the query of the exact word, which ranks papers with it before the others."""
        if not isinstance(leaf, Word) or not leaf.prefix or is_stop_word(leaf.text):
            return {}
        found = self.in_field(Word(leaf.text, leaf.field), leaf.field or TEXT)
        return {("exact", leaf): best_of([*found.values()], TIE)} if found else {}

    def _names(self, leaf: Word | Phrase) -> Alternatives:
        """Return the queries of a word in the names of authors and in years."""
        if not isinstance(leaf, Word) or leaf.field or leaf.fuzzy:
            return {}
        fields = BYLINE_FIELDS if leaf.text.isdigit() else BYLINE_FIELDS[:1]
        found = {field: self.in_field(in_field(leaf, field), field) for field in fields}
        return {(field, leaf): best_of([*one.values()]) for field, one in found.items() if one}

    def in_field(self, leaf: Word | Phrase, field: str) -> Alternatives:
        """Return the queries of a leaf in one field, of which the best counts for a paper."""
        known = leaf, field
        if known not in self._known:
            self._known[known] = self._build(leaf, field)
        return self._known[known]

    def _build(self, leaf: Word | Phrase, field: str) -> Alternatives:
        runs = self._runs.of(in_field(leaf, field))
        slots = [run[0] for run in runs if len(run) == 1]
        terms = dict.fromkeys(term for slot in slots for term in slot.terms)
        prefixes = dict.fromkeys(slot.prefix for slot in slots if slot.prefix)
        starts: Alternatives = {("prefix", one): self._prefix(field, one) for one in prefixes}
        ranked = self._ranked(field, list(terms))
        found: Alternatives = {**starts, **ranked} if leaf.prefix else {**ranked, **starts}
        counted = sum(self._searcher.doc_freq(field, term) for term in terms)
        each = self.rarity(counted) if counted else None
        places = PARTS if field == TEXT else (field,)
        stops = [(Slot((term,)),) for term in terms if term.startswith(STOP_MARK)]
        for run in (*(run for run in runs if len(run) > 1), *stops):
            if phrases := [
                phrase for place in places for phrase in self._phrases(place, run, each)
            ]:
                found[run] = best_of(phrases, TIE)
        return found

    def _ranked(self, field: str, terms: Sequence[str]) -> Alternatives:
        """Return the queries of terms, the most frequent first; each counts as if all were one."""
        counts = {term: self._searcher.doc_freq(field, term) for term in terms}
        each = self.rarity(sum(counts.values()))
        return {
            term: weighted_term(self._searcher, self._schema, (field, term), each)
            for term, count in sorted(counts.items(), key=lambda item: -item[1])
            if count
        }

    def _prefix(self, field: str, prefix: str) -> TantivyQuery:
        """Return the query for all terms with a prefix, of which the most frequent rank papers."""
        if field in STARTS and is_start(prefix):
            return best_of([*self._ranked(STARTS[field], [prefix]).values()])
        words = self._runs.vocabulary.most_common(prefix, MAX_RANKED_WORDS)
        stems = dict.fromkeys(words if field in UNSTEMMED_FIELDS else map(stem, words))
        ranked = [term for term in stems if term.startswith(prefix)]
        count = sum(self._searcher.doc_freq(field, term) for term in ranked)
        each = self.rarity(count)
        every = TantivyQuery.fuzzy_term_query(self._schema, field, prefix, 0, prefix=True)
        return best_of([*self._ranked(field, ranked).values(), const(every, UNRANKED * each)])

    def _phrases(self, field: str, run: Run, each: float | None) -> list[TantivyQuery]:
        """Return queries for the phrases of a run, which count as one, by default as its words."""
        slots = [self._existing(field, slot) for slot in run]
        if not all(slots):
            return []
        wholes = [(at, slot.whole) for at, slot in enumerate(run) if slot.whole]
        if wholes:
            placed: list[list[str | tuple[int, str]]]
            placed = [[*enumerate(terms), *wholes] for terms in product(*slots)]
            return [TantivyQuery.phrase_query(self._schema, field, one) for one in placed]
        if prod(map(len, slots)) > MAX_PHRASES:
            patterns: list[str | tuple[int, str]] = ["|".join(map(_escaped, one)) for one in slots]
            return [TantivyQuery.regex_phrase_query(self._schema, field, patterns)]
        if each is None:
            each = self.rarity(min(sum(counts.values()) for counts in slots))
        return [self._one_phrase(field, terms, each) for terms in product(*slots)]

    def _one_phrase(self, field: str, terms: tuple[str, ...], weight: float) -> TantivyQuery:
        if len(terms) == 1:
            return TantivyQuery.term_query(self._schema, field, terms[0])
        counts = (self._searcher.doc_freq(field, term) for term in terms)
        theirs = sum(lucene_idf(self._papers, count) for count in counts)
        phrase = TantivyQuery.phrase_query(self._schema, field, list(terms))
        return boost(phrase, weight / theirs)

    def _existing(self, field: str, slot: Slot) -> dict[str, int]:
        """Return the terms of a slot in a field with their papers, with a prefix the frequent ones.

        Each term makes a phrase of its own: a regular expression of all takes longer to compile.
        """
        terms = list(slot.terms)
        if slot.prefix:
            words = self._runs.vocabulary.most_common(slot.prefix, MAX_PHRASE_TERMS)
            terms += words if field in UNSTEMMED_FIELDS else map(stem, words)
        counts = {term: self._searcher.doc_freq(field, term) for term in dict.fromkeys(terms)}
        return {term: count for term, count in counts.items() if count}

    def rarity(self, papers: int) -> float:
        """Return the idf of a term in some papers."""
        return rarity(self._papers, papers)

    def count(self, leaf: Word | Phrase) -> int:
        """Return about how many papers match a leaf."""
        counts = [
            min(self._searcher.doc_freq(TEXT, slot.terms[0]) if slot.terms else 0 for slot in run)
            for run in self._runs.of(leaf)
        ]
        if isinstance(leaf, Word) and leaf.prefix:
            words = self._runs.vocabulary.most_common(fold(leaf.text), MAX_RANKED_WORDS)
            counts += [self._searcher.doc_freq(TEXT, stem(word)) for word in words]
        return min(self._papers, sum(counts))


def is_start_of(leaf: Word | Phrase) -> bool:
    """Return whether a leaf is the first letters of words, which are terms of their own."""
    return isinstance(leaf, Word) and leaf.prefix and is_start(fold(leaf.text))


def boosted(query: TantivyQuery, times: float) -> TantivyQuery:
    """Return a query whose scores count several times."""
    return query if times == 1 else boost(query, float(times))


def best_of(queries: Sequence[TantivyQuery], tie: float = 0.0) -> TantivyQuery:
    """Return the query for the papers of any of some queries, with the best of their scores.

    The other scores count as the fraction `tie`.
    """
    if not queries:
        return TantivyQuery.empty_query()
    return queries[0] if len(queries) == 1 else TantivyQuery.disjunction_max_query(queries, tie)


def rarity(total: int, papers: int) -> float:
    """Return the idf of a term in some papers of all, as in the array engine."""
    return max(0.0, math.log(max(total, 1) / (papers + 1)) + 1)


def weighted_term(
    searcher: Searcher, schema: Schema, term: tuple[str, str], weight: float
) -> TantivyQuery:
    """Return the query of a term in a field, with a weight in place of its idf.

    Tantivy multiplies scores by the idf of Lucene's BM25, which is divided out.
    """
    papers, total = searcher.doc_freq(*term), max(1, searcher.num_docs)
    theirs = lucene_idf(total, papers)
    return boost(TantivyQuery.term_query(schema, *term), weight / theirs)


def lucene_idf(total: int, papers: int) -> float:
    """Return the idf of a term in some papers of all, as tantivy computes it."""
    return math.log(1 + max(0.0, total - papers + 0.5) / (papers + 0.5)) or 1.0


def _escaped(term: str) -> str:
    """Return the regular expression for a term."""
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in term)
