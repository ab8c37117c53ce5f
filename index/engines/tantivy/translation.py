"""Translation of query trees to the queries of tantivy."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import prod

import numpy as np
from tantivy import Occur, Schema, Searcher
from tantivy import Query as TantivyQuery

from index.engines.arrays.evaluation import as_phrase, is_plain, is_text
from index.engines.base import Ask, Keys, Scores
from index.engines.runs import BYLINE_FIELDS, UNSTEMMED_FIELDS, Run, Runs, Slot, in_field
from index.engines.tantivy.documents import KEY, PARTS, TEXT
from index.engines.tantivy.sets import Clauses, SetQueries, any_of, boolean, const, everything
from index.query import And, Everything, Node, Not, Nothing, Or, Phrase, Word, leaves
from index.text.analysis import STOP_MARK, stem
from index.text.folding import fold

TITLE_BONUS = 0.4
"""Weight of the share of a query that a title covers, as in the array engine."""

MAX_BONUS_WORDS = 20
"""Words of a query that the title bonus is for, the first ones."""

MAX_RANKED_WORDS = 8
"""Words with a prefix that papers are ranked by, the most frequent; all are found."""

UNRANKED = 0.3
"""Score of a paper that has only other words with a prefix, as a share of their rarity."""

MAX_PHRASE_TERMS = 100
"""Words with a prefix at the end of a phrase that are found, the most frequent."""

MAX_PHRASES = 400
"""Phrases of a run that are searched for one by one; more are one regular expression."""

boost = TantivyQuery.boost_query


class Translation:
    """Translates the trees of one question."""

    def __init__(self, searcher: Searcher, schema: Schema, runs: Runs, ask: Ask) -> None:
        self._searcher = searcher
        self._schema = schema
        self._runs = runs
        self.ask = ask
        self.sets = SetQueries(searcher, schema, ask)
        self._papers = max(1, searcher.num_docs)
        self._known: dict[tuple[Word | Phrase, str], TantivyQuery] = {}

    # -- trees -------------------------------------------------------------------------------------

    def query(self, tree: Node) -> TantivyQuery:
        """Return the query of a tree, with scores."""
        match tree:
            case Everything():
                return everything()
            case Nothing():
                return TantivyQuery.empty_query()
            case And():
                return self._and(tree)
            case Or():
                parts = Counter(tree.parts).items()
                return boolean([(Occur.Should, self._times(part, n)) for part, n in parts])
            case Not():
                return boolean([(Occur.Must, everything()), (Occur.MustNot, self.query(tree.part))])
        if is_text(tree):
            return self._leaf(tree)
        assert not isinstance(tree, Word)
        found = self.sets.of(tree)
        return self._leaf(as_phrase(tree)) if found is None else found

    def _and(self, tree: And) -> TantivyQuery:
        clauses: Clauses = [
            (Occur.MustNot, self.query(part.part))
            if isinstance(part, Not)
            else (Occur.Must, self._times(part, times))
            for part, times in Counter(tree.parts).items()
        ]
        if all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, everything()))
        return boolean(clauses)

    def _times(self, part: Node, times: int) -> TantivyQuery:
        query = self.query(part)
        return query if times == 1 else boost(query, float(times))

    # -- words and phrases -------------------------------------------------------------------------

    def _leaf(self, leaf: Word | Phrase) -> TantivyQuery:
        clauses = [self._in_field(leaf, leaf.field or TEXT)]
        if isinstance(leaf, Word) and leaf.prefix:
            clauses.append(self._in_field(Word(leaf.text, leaf.field), leaf.field or TEXT))
        if isinstance(leaf, Word) and not leaf.field and not leaf.fuzzy:
            fields = BYLINE_FIELDS if leaf.text.isdigit() else BYLINE_FIELDS[:1]
            clauses += [self._in_field(in_field(leaf, field), field) for field in fields]
        return any_of(clauses)

    def _in_field(self, leaf: Word | Phrase, field: str) -> TantivyQuery:
        """Return the query of a leaf in one field, in which all of its runs count as one term."""
        known = leaf, field
        if known not in self._known:
            self._known[known] = self._build(leaf, field)
        return self._known[known]

    def _build(self, leaf: Word | Phrase, field: str) -> TantivyQuery:
        runs = self._runs.of(in_field(leaf, field))
        slots = [run[0] for run in runs if len(run) == 1]
        terms = dict.fromkeys(term for slot in slots for term in slot.terms)
        found = self._ranked(field, list(terms))
        for slot in slots:
            if slot.prefix:
                found += self._prefix(field, slot.prefix)
        places = PARTS if field == TEXT else (field,)
        stops = [(Slot((term,)),) for term in terms if term.startswith(STOP_MARK)]
        for run in (*(run for run in runs if len(run) > 1), *stops):
            phrases = [self._phrase(place, run) for place in places]
            found.append(TantivyQuery.disjunction_max_query(phrases))
        return found[0] if len(found) == 1 else TantivyQuery.disjunction_max_query(found)

    def _ranked(self, field: str, terms: Sequence[str]) -> list[TantivyQuery]:
        """Return the queries of terms, each of which counts as if all were one."""
        counts = {term: self._searcher.doc_freq(field, term) for term in terms}
        each = self._rarity(sum(counts.values()))
        return [
            weighted_term(self._searcher, self._schema, (field, term), each)
            for term, count in counts.items()
            if count
        ]

    def _prefix(self, field: str, prefix: str) -> list[TantivyQuery]:
        """Return queries for all terms with a prefix, of which the most frequent rank papers."""
        words = self._runs.vocabulary.most_common(prefix, MAX_RANKED_WORDS)
        stems = dict.fromkeys(words if field in UNSTEMMED_FIELDS else map(stem, words))
        ranked = [term for term in stems if term.startswith(prefix)]
        count = sum(self._searcher.doc_freq(field, term) for term in ranked)
        each = self._rarity(count)
        every = TantivyQuery.fuzzy_term_query(self._schema, field, prefix, 0, prefix=True)
        return [*self._ranked(field, ranked), const(every, UNRANKED * each)]

    def _phrase(self, field: str, run: Run) -> TantivyQuery:
        """Return the query for any of the phrases of a run, which count as one."""
        slots = [self._existing(field, slot) for slot in run]
        if prod(map(len, slots)) > MAX_PHRASES:
            patterns: list[str | tuple[int, str]] = ["|".join(map(_escaped, one)) for one in slots]
            return TantivyQuery.regex_phrase_query(self._schema, field, patterns)
        each = self._rarity(min(sum(counts.values()) for counts in slots))
        phrases = [self._one_phrase(field, terms, each) for terms in product(*slots)]
        if not phrases:
            return TantivyQuery.empty_query()
        return phrases[0] if len(phrases) == 1 else TantivyQuery.disjunction_max_query(phrases)

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

    def _rarity(self, papers: int) -> float:
        return rarity(self._papers, papers)

    # -- titles ------------------------------------------------------------------------------------

    def title_bonus(self, tree: Node, keys: Keys, lengths: Scores) -> Scores:
        """Return the bonus of some papers for titles that cover most of a query.

        It is that of the array engine. `lengths` are those of their titles, as shares of the mean.
        """
        words = [leaf for leaf in dict.fromkeys(leaves(tree)) if is_plain(leaf)][:MAX_BONUS_WORDS]
        rarities = np.array([self._rarity(self._count(leaf)) for leaf in words], np.float32)
        total = rarities.sum()
        if not len(keys) or not total:
            return np.zeros(len(keys), np.float32)
        # Which words each title has is read as bits from one score.
        clauses: Clauses = [(Occur.Must, const(self.sets.one_of(keys), 0.0))]
        for bit, leaf in enumerate(words):
            clauses.append((Occur.Should, const(self._in_field(leaf, "title"), float(1 << bit))))
        found = self._searcher.search(boolean(clauses), len(keys), count=False).hits
        addresses = [address for _, address in found]
        held = dict(zip(self._searcher.fast_field_values(KEY, addresses), found, strict=True))
        bits = np.array([int(held[key][0]) if key in held else 0 for key in keys.tolist()])
        has = (bits[:, None] >> np.arange(len(words))) & 1
        share = (has * rarities).sum(axis=1) / total
        bonus: Scores = (TITLE_BONUS * total * share**3 / (0.5 + 0.5 * lengths)).astype(np.float32)
        return bonus

    def _count(self, leaf: Word | Phrase) -> int:
        """Return about how many papers match a leaf."""
        counts = [
            min(self._searcher.doc_freq(TEXT, slot.terms[0]) if slot.terms else 0 for slot in run)
            for run in self._runs.of(leaf)
        ]
        if isinstance(leaf, Word) and leaf.prefix:
            words = self._runs.vocabulary.most_common(fold(leaf.text), MAX_RANKED_WORDS)
            counts += [self._searcher.doc_freq(TEXT, stem(word)) for word in words]
        return min(self._papers, sum(counts))


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
