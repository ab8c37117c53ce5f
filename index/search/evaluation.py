"""Evaluates a query tree: the engine's words, the database's states, joined as arrays.

Every node becomes a mask over paper keys and a score for each. Keys count up from 1 without reuse,
so an array with a place for each is small and needs no lookup.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

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
)

FEW = 10
"""When fewer papers than these hold all the words, papers that hold some of them follow."""

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]
Leaf = Word | Phrase | Label | State | Range
StateKeys = Callable[[Label | State | Range | Phrase], Keys | None]
"""Returns the papers a term asks for; None where it is words to be searched for."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Papers in the order they are shown: `keys`, their `scores`, the first `full` hold all."""

    keys: Keys
    scores: Scores
    full: int


@dataclass(frozen=True, slots=True)
class _Answer:
    mask: Mask
    scores: Scores


class Evaluation:
    """One evaluation of queries over a library as it is: `everything` is all keys there are."""

    def __init__(self, engine: Answers, states: StateKeys, everything: Keys) -> None:
        self.engine = engine
        self.states = states
        self.all = everything
        self.size = int(self.all.max()) + 1 if len(everything) else 1
        self._found: dict[Leaf, Postings] = {}

    def run(self, query: Query, order: Keys, *, by_score: bool) -> Matches:
        """Return the papers of a query in an order given (all keys), or by score and then so."""
        tree = join_neighbours(query.tree)
        answer = self._answer(tree)
        first = self._sorted(answer, order, by_score)
        rest = np.empty(0, np.int64)
        scores = answer.scores[first]
        relaxed = relax(tree) if len(first) < FEW else None
        if relaxed is not None:
            some = self._answer(relaxed)
            some.mask[first] = False
            rest = self._sorted(some, order, by_score)
            scores = np.concatenate((scores, some.scores[rest]))
        return Matches(np.concatenate((first, rest)), scores, len(first))

    def _sorted(self, answer: _Answer, order: Keys, by_score: bool) -> Keys:
        if order is not self.all:  # a paper may have come since
            order = order[order < self.size]
        keys = order[answer.mask[order]]
        return keys[_falling(answer.scores[keys])] if by_score else keys

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
            if isinstance(part, Leaf):  # of many words each costs but its own papers
                found = self._leaf(part)
                answer.mask[found.keys] = True
                answer.scores[found.keys] += found.scores * np.float32(times)
            else:
                other = self._answer(part)
                np.logical_or(answer.mask, other.mask, out=answer.mask)
                np.add(answer.scores, other.scores * np.float32(times), out=answer.scores)
        return answer

    def _leaf(self, leaf: Leaf) -> Postings:
        """Return the papers that hold a leaf, asked for once however often it is written."""
        if leaf not in self._found:
            found = self._asked(leaf)
            known = found.keys < self.size  # a paper may have come since
            self._found[leaf] = Postings(found.keys[known], found.scores[known])
        return self._found[leaf]

    def _asked(self, leaf: Leaf) -> Postings:
        if isinstance(leaf, Word) or (isinstance(leaf, Phrase) and leaf.field not in VALUE_FIELDS):
            return self.engine.postings(leaf)
        keys = self.states(leaf)
        if keys is None:
            return self.engine.postings(leaf if isinstance(leaf, Phrase) else _spoken(leaf))
        return Postings(keys, np.zeros(len(keys), np.float32))


def _falling(scores: Scores) -> Keys:
    """Return the places of scores from the highest to the lowest, equal ones in their order.

    A score (none is below 0) and its place make one integer, which sorts much faster.
    """
    bits = np.uint64(0xFFFFFFFF) - scores.view(np.uint32).astype(np.uint64)
    both = np.sort((bits << np.uint64(32)) | np.arange(len(scores), dtype=np.uint64))
    return (both & np.uint64(0xFFFFFFFF)).astype(np.int64)


def relax(tree: Node) -> Node | None:
    """Return a query for papers that hold some of the words; None where there is nothing to relax.

    Only words that all had to be there are relaxed; states, fields and exclusions stay.
    """
    if not isinstance(tree, And):
        return None
    words = [part for part in tree.parts if _is_text(part)]
    if len(words) < 2:
        return None
    return all_of([any_of(words), *(part for part in tree.parts if not _is_text(part))])


def _spoken(node: Label | State | Range) -> Phrase:
    """Return a topic that is none of the library's as the phrase it is."""
    return Phrase(node.value, "", node.prefix) if isinstance(node, Label) else Phrase("")


def _is_text(part: Node) -> bool:
    return isinstance(part, Word | Phrase) and not part.field
