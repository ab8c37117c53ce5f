"""Evaluation of query trees: combines the engine's postings and the database's sets as arrays.

Every node becomes a mask over paper keys and an array of scores. Keys are small consecutive
integers that are never reused, so they serve as array indices.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
import numpy.typing as npt

from index.engines.base import Answers, Postings
from index.facets.fields import VALUE_FIELDS
from index.query import (
    And,
    Everything,
    Label,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Query,
    Range,
    State,
    Word,
    all_of,
    any_of,
    join_neighbours,
    leaves,
)

MIN_FULL_MATCHES = 10
"""If fewer papers match all words, papers that match only some of them are appended."""

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]
Leaf = Word | Phrase | Label | State | Range
StateKeys = Callable[[Label | State | Range | Phrase], Keys | None]
"""Returns the papers that match a term, or None if its words must be searched for."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Sorted `keys` of papers and their `scores`; the first `full` match the whole query.

    `hidden` papers match the whole query, too, but are left out.
    """

    keys: Keys
    scores: Scores
    full: int
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    mask: Mask
    scores: Scores


class Evaluation:
    """Evaluates queries on a snapshot of a library; `everything` holds all its keys.

    `ranks` are their places in it, by key.
    """

    def __init__(self, engine: Answers, states: StateKeys, everything: Keys, ranks: Keys) -> None:
        self.engine = engine
        self.states = states
        self.all = everything
        self.ranks = ranks
        self.size = int(self.all.max()) + 1 if len(everything) else 1
        self._found: dict[Leaf, Postings] = {}

    def run(self, query: Query, order: Keys, *, by_score: bool, hidden: Keys) -> Matches:
        """Return the papers that match a query, sorted by score if `by_score`, then as in `order`.

        `order` holds all keys that can match; the papers `hidden` are left out.
        """
        tree = join_neighbours(query.tree)
        hidden = hidden[hidden < self.size]
        answer = self._answer(tree)
        bonus = self._title_bonus(tree)
        answer.scores[bonus.keys] += bonus.scores
        left_out = int(answer.mask[hidden].sum())
        answer.mask[hidden] = False
        first = self._sorted(answer, order, by_score)
        rest = np.empty(0, np.int64)
        scores = answer.scores[first]
        relaxed = relax(tree) if len(first) < MIN_FULL_MATCHES else None
        if relaxed is not None:
            some = self._answer(relaxed)
            some.scores[bonus.keys] += bonus.scores
            some.mask[first] = False
            some.mask[hidden] = False
            rest = self._sorted(some, order, by_score)
            scores = np.concatenate((scores, some.scores[rest]))
        return Matches(np.concatenate((first, rest)), scores, len(first), left_out)

    def matching(self, tree: Node) -> Keys:
        """Return the papers that match a tree."""
        return np.flatnonzero(self._answer(join_neighbours(tree)).mask)

    def _title_bonus(self, tree: Node) -> Postings:
        words = [leaf for leaf in dict.fromkeys(leaves(tree)) if _is_text(leaf)]
        return self._known(self.engine.title_bonus(words)) if words else Postings.empty()

    def _known(self, found: Postings) -> Postings:
        """Return postings without papers that have been added since."""
        known = found.keys < self.size
        return found if known.all() else Postings(found.keys[known], found.scores[known])

    def _sorted(self, answer: _Answer, order: Keys, by_score: bool) -> Keys:
        if by_score and order is self.all:
            return self._by_score(answer)
        if order is not self.all:  # papers may have been added since
            order = order[order < self.size]
        keys = order[answer.mask[order]]
        return keys[_descending(answer.scores[keys])] if by_score else keys

    def _by_score(self, answer: _Answer) -> Keys:
        """Return the matching keys by descending score, those of equal scores in listing order.

        Sorting score and rank packed into one integer is much faster than sorting twice.
        """
        keys = np.flatnonzero(answer.mask)
        bits = np.uint64(0xFFFFFFFF) - answer.scores[keys].view(np.uint32).astype(np.uint64)
        both = np.sort((bits << np.uint64(32)) | self.ranks[keys].astype(np.uint64))
        return self.all[(both & np.uint64(0xFFFFFFFF)).astype(np.int64)]

    def _answer(self, node: Node) -> _Answer:
        match node:
            case Word() | Phrase() | Label() | State() | Range():
                found = self._leaf(node)
                return self._of(found.keys, found.scores)
            case And():
                return self._both(node)
            case Or():
                return self._either(node)
            case Not():
                return self._of(self.all[~self._answer(node.part).mask[self.all]])
            case Everything():
                return self._of(self.all)
            case Nothing():
                return self._of(np.empty(0, np.int64))

    def _of(self, keys: Keys, scores: Scores | None = None) -> _Answer:
        answer = _Answer(np.zeros(self.size, np.bool_), np.zeros(self.size, np.float32))
        answer.mask[keys] = True
        if scores is not None:
            answer.scores[keys] = scores
        return answer

    def _both(self, node: And) -> _Answer:
        answer: _Answer | None = None
        for part, times in Counter(node.parts).items():
            other = self._answer(part)
            if times > 1:
                np.multiply(other.scores, times, out=other.scores)
            if answer is None:
                answer = other
            else:
                np.logical_and(answer.mask, other.mask, out=answer.mask)
                np.add(answer.scores, other.scores, out=answer.scores)
            if not answer.mask.any():
                break
        return answer or self._of(self.all)

    def _either(self, node: Or) -> _Answer:
        answer = self._of(np.empty(0, np.int64))
        for part, times in Counter(node.parts).items():
            if isinstance(part, Leaf):  # avoids full-size arrays for each of many words
                found = self._leaf(part)
                answer.mask[found.keys] = True
                answer.scores[found.keys] += found.scores * np.float32(times)
            else:
                other = self._answer(part)
                np.logical_or(answer.mask, other.mask, out=answer.mask)
                np.add(answer.scores, other.scores * np.float32(times), out=answer.scores)
        return answer

    def _leaf(self, leaf: Leaf) -> Postings:
        """Return the papers that match a leaf, each distinct leaf resolved once."""
        if leaf not in self._found:
            self._found[leaf] = self._known(self._resolve(leaf))
        return self._found[leaf]

    def _resolve(self, leaf: Leaf) -> Postings:
        if isinstance(leaf, Word) or (isinstance(leaf, Phrase) and leaf.field not in VALUE_FIELDS):
            return self.engine.postings(leaf)
        keys = self.states(leaf)
        if keys is None:
            return self.engine.postings(leaf if isinstance(leaf, Phrase) else _as_phrase(leaf))
        return Postings(keys, np.zeros(len(keys), np.float32))


def _descending(scores: Scores) -> Keys:
    """Return the indices that sort non-negative scores in descending order, stably.

    Sorting score and index packed into one integer is much faster.
    """
    bits = np.uint64(0xFFFFFFFF) - scores.view(np.uint32).astype(np.uint64)
    both = np.sort((bits << np.uint64(32)) | np.arange(len(scores), dtype=np.uint64))
    return (both & np.uint64(0xFFFFFFFF)).astype(np.int64)


def relax(tree: Node) -> Node | None:
    """Return a query that matches papers with some of the words, or None if it has no such words.

    Only required words without a field are relaxed; states, fields and exclusions remain.
    """
    if not isinstance(tree, And):
        return None
    words = [part for part in tree.parts if _is_text(part)]
    if len(words) < 2:
        return None
    return all_of([any_of(words), *(part for part in tree.parts if not _is_text(part))])


def _as_phrase(node: Label | State | Range) -> Phrase:
    """Return the phrase to search for in place of a topic that the library does not have."""
    return Phrase(node.value, "", node.prefix) if isinstance(node, Label) else Phrase("")


def _is_text(part: Node) -> TypeGuard[Word | Phrase]:
    return isinstance(part, Word | Phrase) and not part.field
