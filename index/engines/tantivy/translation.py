"""Translation of query trees to the queries of tantivy."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from tantivy import Occur, Schema, Searcher
from tantivy import Query as TantivyQuery

from index.engines.arrays.evaluation import as_phrase, is_plain, is_text
from index.engines.base import Ask, Keys, Scores
from index.engines.runs import Runs
from index.engines.tantivy.documents import KEY
from index.engines.tantivy.sets import Clauses, SetQueries, any_of, boolean, const
from index.engines.tantivy.sets import everything as every_paper
from index.engines.tantivy.words import TIE, Split, WordQueries, best_of, boosted, is_start_of
from index.query import And, Everything, Node, Not, Nothing, Or, Phrase, Word, leaves

TITLE_BONUS = 0.4
"""Weight of the share of a query that a title covers, as in the array engine."""

MAX_BITS = 20
"""Words that are looked for in titles at once: a score is exact up to 24 bits."""


class Parts(NamedTuple):
    """The query of a tree in parts: most papers are found by `main`, which has one term a word.

    Papers that match other terms are found `again`, with their scores. Only the whole query finds
    those that are `unscored`.
    """

    main: TantivyQuery
    again: TantivyQuery | None = None
    unscored: bool = False


class Translation:
    """Translates the trees of one question."""

    def __init__(self, searcher: Searcher, schema: Schema, runs: Runs, ask: Ask) -> None:
        self._searcher = searcher
        self._schema = schema
        self.ask = ask
        self.words = WordQueries(searcher, schema, runs)
        self.sets = SetQueries(searcher, schema, ask)

    # -- trees -------------------------------------------------------------------------------------

    def query(self, tree: Node) -> TantivyQuery:
        """Return the query of a tree, with scores."""
        match tree:
            case Everything():
                return every_paper()
            case Nothing():
                return TantivyQuery.empty_query()
            case And():
                return self._and(tree)
            case Or():
                parts = Counter(tree.parts).items()
                return boolean([(Occur.Should, boosted(self.query(one), n)) for one, n in parts])
            case Not():
                return boolean(
                    [(Occur.Must, every_paper()), (Occur.MustNot, self.query(tree.part))]
                )
        if is_text(tree):
            return self.words.of(tree)
        assert not isinstance(tree, Word)
        found = self.sets.of(tree)
        return self.words.of(as_phrase(tree)) if found is None else found

    def parts(self, tree: Node) -> Parts:
        """Return the query of a tree in parts, which are fast where unions of terms are slow.

        It has one part if it takes long to search for: a large set, a phrase, or many terms.
        """
        whole = self.query(tree)
        parts = Counter(parts_of(tree))
        words = [part for part in parts if is_plain(part)]
        if not words or self.sets.is_slow or any(map(_takes_long, leaves(tree))):
            return Parts(whole)
        rest = self._clauses(And(tuple(part for part in parts if part not in words)))
        split = [(self.words.split(leaf), parts[leaf]) for leaf in words]
        main = [(Occur.Must, boosted(leaf.main, times)) for leaf, times in split]
        names = list(dict.fromkeys(key for leaf, _ in split for key in leaf.others))
        again = [
            boolean([*clauses, *rest])
            for name in names
            for clauses in (_with(name, split), _beside(name, split))
            if clauses
        ]
        if len(names) > 1:
            among = [
                any_of([leaf.others[one] for leaf, _ in split if one in leaf.others])
                for one in names
            ]
            several = boolean([(Occur.Should, one) for one in among], 2)
            again.append(boolean([(Occur.Must, const(several, 0.0)), (Occur.Must, whole)]))
        unscored = any(leaf.unscored for leaf, _ in split)
        return Parts(boolean([*main, *rest]), best_of(again) if again else None, unscored)

    def _and(self, tree: And) -> TantivyQuery:
        clauses = self._clauses(tree)
        if all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, every_paper()))
        return boolean(clauses)

    def _clauses(self, tree: And) -> Clauses:
        return [
            (Occur.MustNot, self.query(part.part))
            if isinstance(part, Not)
            else (Occur.Must, boosted(self.query(part), times))
            for part, times in Counter(tree.parts).items()
        ]

    # -- titles ------------------------------------------------------------------------------------

    def title_bonus(self, tree: Node, keys: Keys, lengths: Scores) -> Scores:
        """Return the bonus of some papers for titles that cover most of a query.

        It is that of the array engine. `lengths` are those of their titles, as shares of the mean.
        """
        words = [leaf for leaf in dict.fromkeys(leaves(tree)) if is_plain(leaf)]
        words = [leaf for leaf in words if not is_start_of(leaf)]
        counts = map(self.words.count, words)
        rarities = np.array([self.words.rarity(count) for count in counts], np.float32)
        total = rarities.sum()
        if not len(keys) or not total:
            return np.zeros(len(keys), np.float32)
        share = np.zeros(len(keys), np.float32)
        for first in range(0, len(words), MAX_BITS):
            some = slice(first, first + MAX_BITS)
            bits = self._in_titles(words[some], keys)
            share += ((bits[:, None] >> np.arange(len(words[some]))) & 1) @ rarities[some] / total
        bonus: Scores = (TITLE_BONUS * total * share**3 / (0.5 + 0.5 * lengths)).astype(np.float32)
        return bonus

    def _in_titles(self, words: Sequence[Word | Phrase], keys: Keys) -> Keys:
        """Return which words the title of each paper has, as the bits of a number."""
        clauses: Clauses = [(Occur.Must, const(self.sets.one_of(keys), 0.0))]
        for bit, leaf in enumerate(words):
            titled = best_of([*self.words.in_field(leaf, "title").values()])
            clauses.append((Occur.Should, const(titled, float(1 << bit))))
        found = self._searcher.search(boolean(clauses), len(keys), count=False).hits
        addresses = [address for _, address in found]
        theirs = self._searcher.fast_field_values(KEY, addresses)
        held = {key: int(score) for key, (score, _) in zip(theirs, found, strict=True)}
        return np.array([held.get(key, 0) for key in keys.tolist()], np.int64)


def parts_of(tree: Node) -> tuple[Node, ...]:
    """Return the parts that papers have to match, all of them."""
    return tree.parts if isinstance(tree, And) else (tree,)


def _takes_long(leaf: Node) -> bool:
    """Return whether a leaf is a phrase, or stands for many terms."""
    if isinstance(leaf, Word):
        return leaf.fuzzy or leaf.wildcard or (leaf.prefix and not is_start_of(leaf))
    return isinstance(leaf, Phrase)


def _with(name: Hashable, split: Sequence[tuple[Split, int]]) -> Clauses:
    """Return the clauses for the papers that match one of the other terms, and all other leaves."""
    clauses: Clauses = []
    for leaf, times in split:
        found = leaf.others.get(name)
        clauses.append((Occur.Must, boosted(leaf.main if found is None else found, times)))
        if name in leaf.besides:
            clauses.append((Occur.Should, boosted(leaf.main, times)))
    return clauses


def _beside(name: Hashable, split: Sequence[tuple[Split, int]]) -> Clauses:
    """Return the clauses for papers that match a term found instead of the main one, and that."""
    if not any(name in leaf.instead for leaf, _ in split):
        return []
    others = [(leaf.instead[name], times) for leaf, times in split if name in leaf.instead]
    clauses: Clauses = [(Occur.Must, boosted(leaf.main, times)) for leaf, times in split]
    return [*clauses, *((Occur.Must, boosted(found, TIE * times)) for found, times in others)]
