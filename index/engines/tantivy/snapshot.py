"""A tantivy index as of one commit: answers questions in pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from tantivy import Occur, Schema, Searcher
from tantivy import Query as TantivyQuery

from index.engines.arrays import evaluation
from index.engines.arrays.evaluation import is_text, relax
from index.engines.arrays.near import nearest
from index.engines.arrays.postings import Postings
from index.engines.base import MIN_FULL_MATCHES, NO_KEYS, Ask, Keys, Page, Scores
from index.engines.runs import Runs
from index.engines.tantivy.documents import KEY, TEXT
from index.engines.tantivy.translation import (
    Clauses,
    Translation,
    boolean,
    const,
    rarity,
    weighted_term,
)
from index.engines.vocabulary import Vocabulary
from index.query import Label, Node, Phrase, Range, State, Word, every_leaf, leaves

MIN_ROWS = 200
"""Rows that are returned even if fewer are asked for: they cost little."""

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
            texts = (getattr(leaf, "text", "") for leaf in every_leaf(ask.tree))
            missing = tuple(dict.fromkeys(filter(None, texts)))
            return Page(0, NO_KEYS, np.empty(0, np.float32), 0, 0, 0, False, missing)
        ask = _remembered(ask)
        if not is_ranked(ask):
            return evaluation.search(self, ask)
        return self._ranked(ask, max(ask.limit, MIN_ROWS))

    def ids(self, ask: Ask) -> Iterator[Keys]:
        """Yield the keys of all papers found; see `Answers.ids`."""
        ask = _remembered(ask)
        if not is_ranked(ask):
            yield from evaluation.ids(self, ask)
        else:
            yield self._ranked(ask, max(1, self.searcher.num_docs), start=0).keys

    def count(self, ask: Ask) -> int:
        """Return the number of papers that match; see `Answers.count`."""
        if not is_ranked(ask):
            return evaluation.count(self, ask)
        return self._count(self._shown(self._translation(ask), ask, ask.tree))

    def _translation(self, ask: Ask) -> Translation:
        return Translation(self.searcher, self._schema, self._runs, ask)

    def _ranked(self, ask: Ask, rows: int, start: int | None = None) -> Page:
        """Return rows of the papers that match in full, then of those that match in part."""
        first = ask.offset if start is None else start
        translation = self._translation(ask)
        whole = self._shown(translation, ask, ask.tree)
        query = translation.with_title_bonus(ask.tree, whole)
        keys, scores, full = self._top(query, first, rows)
        total = full
        relaxed = relax(ask.tree) if ask.relax and full < MIN_FULL_MATCHES else None
        if relaxed is not None and not ask.stop.is_set():
            some = self._shown(translation, ask, relaxed)
            rest = boolean([(Occur.Must, some), (Occur.MustNot, translation.query(ask.tree))])
            query = translation.with_title_bonus(ask.tree, rest)
            more = max(1, rows - len(keys))
            others, their_scores, count = self._top(query, max(0, first - full), more)
            keys, scores = np.concatenate((keys, others)), np.concatenate((scores, their_scores))
            total += count
        hidden = 0
        if len(ask.without):
            left_out = translation.among(ask.without)
            found = translation.query(ask.tree)
            hidden = self._count(boolean([(Occur.Must, found), (Occur.Must, left_out)]))
        exact = relaxed is None or not ask.stop.is_set()
        return Page(first, keys, scores, total, full, hidden, exact, (), self)

    def _shown(self, translation: Translation, ask: Ask, tree: Node) -> TantivyQuery:
        """Return the query for the papers of a tree, without those that are left out."""
        clauses: Clauses = [(Occur.Must, translation.query(tree))]
        if len(ask.without):
            clauses.append((Occur.MustNot, translation.among(ask.without)))
        if ask.within is not None:
            clauses.append((Occur.Must, translation.among(ask.within)))
        return boolean(clauses)

    def _top(self, query: TantivyQuery, start: int, rows: int) -> tuple[Keys, Scores, int]:
        """Return the keys and scores of rows, and the number of papers found."""
        found = self.searcher.search(query, rows, count=True, offset=start)
        addresses = [address for _, address in found.hits]
        keys = self.searcher.fast_field_values(KEY, addresses) if addresses else []
        scores = np.fromiter((score for score, _ in found.hits), np.float32, len(addresses))
        return np.array(keys, np.int64), scores, int(found.count)  # type: ignore[attr-defined]

    def _count(self, query: TantivyQuery) -> int:
        return int(self.searcher.search(query, 1, count=True).count)  # type: ignore[attr-defined]

    # -- leaves, for questions without scores ------------------------------------------------------

    def postings(self, leaf: Word | Phrase) -> Postings:
        """Return the papers that contain a word or phrase, without scores."""
        query = self._translation(Ask(leaf)).query(leaf)
        limit = max(1, self.searcher.num_docs)
        found = self.searcher.search(query, limit, count=False, order_by_field=KEY).hits
        keys = np.fromiter((key for key, _ in found), np.int64, len(found))
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
            keys, found, total = self._top(query, 0, wanted)
            size = max(int(order.max(initial=0)), int(keys.max(initial=0))) + 1
            scores = np.zeros(size, np.float32)
            scores[keys] = found
            chosen, theirs = nearest(scores, order, most)
            if most is None or len(chosen) == most or len(keys) == total:
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
            found, scores, _ = self._top(query, 0, len(places))
            for key, score in zip(found.tolist(), scores.tolist(), strict=True):
                parts[places[key]][stem] = score
        return parts

    def _weighted(self, stem: str, weight: float) -> TantivyQuery:
        papers = self.searcher.doc_freq(TEXT, stem)
        idf = rarity(self.searcher.num_docs, papers)
        return weighted_term(self.searcher, self._schema, (TEXT, stem), weight * idf)


def is_ranked(ask: Ask) -> bool:
    """Return whether papers are sorted by scores of words, rather than listed in an order."""
    return ask.by_score and any(
        is_text(leaf)
        or (isinstance(leaf, Phrase | Label | State | Range) and ask.sets(leaf) is None)
        for leaf in leaves(ask.tree)
    )


def _remembered(ask: Ask) -> Ask:
    """Return a question that looks up each of its sets once."""
    return replace(ask, sets=cache(ask.sets))
