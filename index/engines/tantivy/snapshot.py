"""A tantivy index as of one commit: answers questions in pages."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property

import numpy as np
from tantivy import Occur, Schema, Searcher
from tantivy import Query as TantivyQuery

from index.engines.arrays import evaluation
from index.engines.arrays.evaluation import is_text, relax
from index.engines.arrays.near import nearest
from index.engines.arrays.postings import Postings
from index.engines.base import MIN_FULL_MATCHES, NO_KEYS, Ask, Keys, Page, Scores
from index.engines.runs import Runs
from index.engines.tantivy.documents import KEY, TEXT, TITLE_LENGTH
from index.engines.tantivy.rows import FoundRows, count_of, keys_of
from index.engines.tantivy.sets import MAX_TERMS, Clauses, boolean, const
from index.engines.tantivy.translation import Translation, parts_of
from index.engines.tantivy.words import rarity, weighted_term
from index.engines.vocabulary import Vocabulary
from index.query import And, Label, Node, Phrase, Range, State, Word, every_leaf, leaves

log = logging.getLogger(__name__)

MIN_ROWS = 200
"""Rows that are returned even if fewer are asked for, and that the title bonus sorts."""

MORE = 4
"""How many times more papers are fetched if too few of the nearest are among those wanted."""


class TantivySnapshot:
    """Answers questions by tantivy's queries, or without scores by arrays of keys."""

    def __init__(self, searcher: Searcher, schema: Schema, vocabulary: Vocabulary) -> None:
        self.searcher = searcher
        self.vocabulary = vocabulary
        self._schema = schema
        self._runs = Runs(lambda: vocabulary, self._holds)

    def _holds(self, field: str, term: str) -> bool:
        return self.searcher.doc_freq(field, term) > 0

    # -- queries -----------------------------------------------------------------------------------

    def page(self, ask: Ask) -> Page:
        """Return the rows that a question asks for; see `Answers.search`."""
        if ask.stop.is_set():
            return _not_searched(ask)
        ask = _remembered(ask)
        if not has_words(ask):
            return evaluation.search(self, ask)
        try:
            if not ask.by_score:
                return self._listed(ask)
            return self._ranked(ask, 0 if ask.offset < MIN_ROWS else ask.offset, ask.limit)
        except ValueError as error:  # a limit of tantivy's queries, which no rebuild changes
            log.warning("tantivy cannot search for %s: %s", ask.tree, error)
            return _not_searched(ask)

    def ids(self, ask: Ask) -> Iterator[Keys]:
        """Yield the keys of all papers found; see `Answers.ids`."""
        ask = _remembered(ask)
        if has_words(ask) and ask.by_score:
            yield self._ranked(ask, 0, max(1, self.searcher.num_docs)).keys
        else:
            yield self.page(ask).keys

    def count(self, ask: Ask) -> int:
        """Return the number of papers that match; see `Answers.count`."""
        ask = _remembered(ask)
        if not has_words(ask):
            return evaluation.count(self, ask)
        translation = self._translation(ask)
        return count_of(self.searcher, self._shown(translation, translation.query(ask.tree)))

    def holds(self, leaf: Word | Phrase) -> bool:
        """Return whether any paper contains a word or phrase."""
        field = leaf.field if leaf.field and leaf.field != "abstract" else TEXT
        singles = (run[0] for run in self._runs.of(leaf) if len(run) == 1)
        if any(self._holds(field, term) for slot in singles for term in slot.terms):
            return leaf.field != "abstract" or self.count(Ask(leaf)) > 0
        return self.count(Ask(leaf)) > 0

    def _translation(self, ask: Ask) -> Translation:
        return Translation(self.searcher, self._schema, self._runs, ask)

    def _ranked(self, ask: Ask, start: int, rows: int) -> Page:
        """Return rows of the papers that match in full, then of those that match in part."""
        translation = self._translation(ask)
        rows = max(rows, MIN_ROWS)
        whole = self._shown(translation, translation.query(ask.tree))
        first, full = self._first(translation, ask)
        keys, scores = self._rows(translation, whole, first, full, range(start, start + rows))
        total = full
        relaxed = relax(ask.tree) if ask.relax and full < MIN_FULL_MATCHES else None
        exact = relaxed is None or not ask.stop.is_set()
        if relaxed is not None and exact:
            some = self._rest(translation, ask, relaxed, first.keys)
            best, count = self._top(some, 0, MIN_ROWS)
            best = self._by_title(translation, best)
            after = max(0, start - full)
            wanted = range(after, after + rows)
            others, theirs = self._rows(translation, some, best, count, wanted)
            keys, scores = np.concatenate((keys, others)), np.concatenate((scores, theirs))
            total += count
        hidden = self._hidden(translation, ask)
        return Page(start, keys, scores, total, full, hidden, exact, (), self)

    def _first(self, translation: Translation, ask: Ask) -> tuple[FoundRows, int]:
        """Return the first papers that match in full, sorted, and the number of all of them.

        Most are found by the main part of the query. Those that also match another part are found
        again, with the scores of all parts.
        """
        whole = translation.query(ask.tree)
        if translation.sets.is_slow and (few := self._few(translation)) is not None:
            return self._first(self._translation(few), few)
        parts = translation.parts(ask.tree)
        found, total = self._top(self._shown(translation, parts.main), 0, MIN_ROWS)
        if parts.again:
            again = self._shown(translation, parts.again)
            more, count = self._top(again, 0, MIN_ROWS)
            found = found.joined(more, MIN_ROWS)
            if count and not parts.unscored:
                total += count_of(
                    self.searcher, boolean([(Occur.Must, again), (Occur.MustNot, parts.main)])
                )
        if parts.unscored:
            total = count_of(self.searcher, self._shown(translation, whole))
        if len(found.keys) < min(total, MIN_ROWS):
            found, _ = self._top(self._shown(translation, whole), 0, MIN_ROWS)
        return self._by_title(translation, found), total

    def _few(self, translation: Translation) -> Ask | None:
        """Return a question with its large sets cut to the papers with its words, if these are few.

        A large set takes long to search for.
        """
        ask = translation.ask
        words = And(tuple(part for part in parts_of(ask.tree) if is_text(part)))
        query = translation.query(words)
        if not words.parts or count_of(self.searcher, query) > MAX_TERMS:
            return None
        keys = keys_of(self.searcher, query)
        keys = keys if ask.within is None else np.intersect1d(keys, ask.within)

        def sets(term: Label | State | Range | Phrase) -> Keys | None:
            found = ask.sets(term)
            return None if found is None else np.intersect1d(found, keys)

        return replace(ask, sets=sets, within=keys, without=np.intersect1d(ask.without, keys))

    def _rows(
        self,
        translation: Translation,
        query: TantivyQuery,
        first: FoundRows,
        total: int,
        wanted: range,
    ) -> tuple[Keys, Scores]:
        """Return rows of a query, of which the `first` are known, with their scores."""
        keys, scores = (
            first.keys[wanted.start : wanted.stop],
            first.scores[wanted.start : wanted.stop],
        )
        after = max(wanted.start, len(first.keys))
        if after < min(total, wanted.stop):
            others = [(Occur.Must, query), (Occur.MustNot, translation.sets.one_of(first.keys))]
            more, _ = self._top(boolean(others), after - len(first.keys), wanted.stop - after)
            keys, scores = np.concatenate((keys, more.keys)), np.append(scores, more.scores)
        return keys, scores

    def _by_title(self, translation: Translation, found: FoundRows) -> FoundRows:
        """Return papers sorted by score and title bonus."""
        tree = translation.ask.tree
        scores = found.scores + translation.title_bonus(tree, found.keys, found.lengths)
        return found.sorted(scores)

    def _listed(self, ask: Ask) -> Page:
        """Return all papers that match in full, then those that match in part, in an order."""
        translation = self._translation(ask)
        order = ask.listing.keys if ask.order is None else ask.order
        size = int(ask.listing.keys.max(initial=0)) + 1
        order = order[order < size]

        def listed(query: TantivyQuery) -> Keys:
            mask = np.zeros(size, np.bool_)
            keys = keys_of(self.searcher, query)
            mask[keys[keys < size]] = True
            return order[mask[order]]

        keys = first = listed(self._shown(translation, translation.query(ask.tree)))
        relaxed = relax(ask.tree) if ask.relax and len(first) < MIN_FULL_MATCHES else None
        if relaxed is not None:
            keys = np.concatenate((first, listed(self._rest(translation, ask, relaxed, first))))
        scores = np.zeros(len(keys), np.float32)
        return Page(0, keys, scores, len(keys), len(first), self._hidden(translation, ask))

    def _rest(self, translation: Translation, ask: Ask, relaxed: Node, found: Keys) -> TantivyQuery:
        """Return the query for the papers that match in part only, without the few `found`."""
        some = self._shown(translation, translation.query(relaxed))
        return boolean([(Occur.Must, some), (Occur.MustNot, translation.sets.one_of(found))])

    def _hidden(self, translation: Translation, ask: Ask) -> int:
        """Return the number of papers that match but are left out."""
        if not len(ask.without):
            return 0
        left_out, found = translation.sets.among(ask.without), translation.query(ask.tree)
        return count_of(self.searcher, boolean([(Occur.Must, found), (Occur.Must, left_out)]))

    def _shown(self, translation: Translation, query: TantivyQuery) -> TantivyQuery:
        """Return a query without the papers that are left out."""
        ask = translation.ask
        clauses: Clauses = [(Occur.Must, query)]
        if len(ask.without):
            clauses.append((Occur.MustNot, translation.sets.among(ask.without)))
        if ask.within is not None:
            clauses.append((Occur.Must, translation.sets.among(ask.within)))
        return query if len(clauses) == 1 else boolean(clauses)

    def _top(self, query: TantivyQuery, start: int, rows: int) -> tuple[FoundRows, int]:
        """Return rows of a query, and the number of papers that match it."""
        found = self.searcher.search(query, rows, count=True, offset=start)
        addresses = [address for _, address in found.hits]
        values = self.searcher.fast_field_values
        keys = values(KEY, addresses) if addresses else []
        scores = np.fromiter((score for score, _ in found.hits), np.float32, len(addresses))
        lengths = values(TITLE_LENGTH, addresses) if len(addresses) <= MIN_ROWS else []
        shares = np.array(lengths, np.float32) / self._mean_title
        count = int(found.count)  # type: ignore[attr-defined]
        return FoundRows(np.array(keys, np.int64), scores, shares), count

    @cached_property
    def _mean_title(self) -> np.float32:
        """The mean number of terms in a title."""
        mean = {"mean": {"avg": {"field": TITLE_LENGTH}}}
        found = self.searcher.aggregate(TantivyQuery.all_query(), mean)
        return np.float32(found["mean"]["value"] or 1.0)

    # -- leaves, for questions without words to find ----------------------------------------------

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that contain a word or phrase, without scores."""
        keys = keys_of(self.searcher, self._translation(Ask(leaf)).query(leaf))
        return Postings(keys, np.zeros(len(keys), np.float32))

    def title_bonus(self, words: Sequence[Word | Phrase]) -> Postings:
        """Return no bonus."""
        return Postings.empty()

    # -- stems -------------------------------------------------------------------------------------

    def near(
        self, weights: Mapping[str, float], order: Keys, most: int | None
    ) -> tuple[Keys, Scores]:
        """Return papers by the weighted scores of their stems; see `Engine.near`."""
        query = boolean([(Occur.Should, self._weighted(*one)) for one in weights.items()])
        every = max(1, self.searcher.num_docs)
        wanted = every if most is None else min(every, MORE * most)
        while True:
            found, total = self._top(query, 0, wanted)
            size = max(int(order.max(initial=0)), int(found.keys.max(initial=0))) + 1
            scores = np.zeros(size, np.float32)
            scores[found.keys] = found.scores
            chosen, theirs = nearest(scores, order, most)
            if most is None or len(chosen) == most or len(found.keys) == total:
                return chosen, theirs
            wanted = min(every, MORE * wanted)

    def parts(self, weights: Mapping[str, float], keys: Keys) -> list[dict[str, float]]:
        """Return what each stem adds to the scores of papers; see `Engine.parts`."""
        places = {key: place for place, key in enumerate(keys.tolist())}
        parts: list[dict[str, float]] = [{} for _ in places]
        if not places:
            return parts
        among = const(TantivyQuery.term_set_query(self._schema, KEY, list(places)), 0.0)
        for stem, weight in weights.items():
            query = boolean([(Occur.Must, self._weighted(stem, weight)), (Occur.Must, among)])
            found, _ = self._top(query, 0, len(places))
            for key, score in zip(found.keys.tolist(), found.scores.tolist(), strict=True):
                parts[places[key]][stem] = score
        return parts

    def _weighted(self, stem: str, weight: float) -> TantivyQuery:
        papers = self.searcher.doc_freq(TEXT, stem)
        idf = rarity(self.searcher.num_docs, papers)
        return weighted_term(self.searcher, self._schema, (TEXT, stem), weight * idf)


def has_words(ask: Ask) -> bool:
    """Return whether papers have to match words, rather than only sets, or not to match words."""
    return any(
        is_text(leaf) or (isinstance(leaf, Phrase | Label | State) and ask.sets(leaf) is None)
        for leaf in leaves(ask.tree)
    )


def _not_searched(ask: Ask) -> Page:
    """Return a page without papers, which says what was not searched."""
    texts = (getattr(leaf, "text", "") for leaf in every_leaf(ask.tree))
    missing = tuple(dict.fromkeys(filter(None, texts)))
    return Page(0, NO_KEYS, np.empty(0, np.float32), 0, 0, 0, False, missing)


def _remembered(ask: Ask) -> Ask:
    """Return a question that looks up each of its sets once."""
    return replace(ask, sets=cache(ask.sets))
