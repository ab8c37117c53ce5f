"""Evaluation of query trees: combines the postings of words and the library's sets as arrays.

Every node becomes a mask over paper keys and an array of scores. Keys are small consecutive
integers that are never reused, so they serve as array indices.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
import numpy.typing as npt

from index.engines.arrays.postings import Leaves, Postings
from index.engines.base import MIN_FULL_MATCHES, Ask, Keys, Page, Scores
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
    Range,
    State,
    Word,
    all_of,
    any_of,
    leaves,
)

FEW = 8
"""How many times more papers than matches there are, for the matches to be few."""

Mask = npt.NDArray[np.bool_]
Leaf = Word | Phrase | Label | State | Range


def search(words: Leaves, ask: Ask) -> Page:
    """Return all the rows of an answer; see `Answers.search`."""
    return Evaluation(words, ask).page()


def ids(words: Leaves, ask: Ask) -> Iterator[Keys]:
    """Yield all the keys of an answer at once; see `Answers.ids`."""
    yield Evaluation(words, ask).page().keys


def count(words: Leaves, ask: Ask) -> int:
    """Return the number of papers that match; see `Answers.count`."""
    if not is_text(ask.tree):
        return len(Evaluation(words, ask).matching())
    keys = words.postings(ask.tree).keys
    return len(keys) if ask.within is None else int(among(keys, ask.within).sum())


def among(keys: Keys, others: Keys) -> Mask:
    """Return for each key whether it is one of others."""
    highest = max(int(keys.max(initial=0)), int(others.max(initial=0)))
    return mask_of(others, highest + 1).take(keys)


def mask_of(keys: Keys, size: int) -> Mask:
    """Return the mask of some keys, which are less than `size`."""
    mask = np.zeros(size, np.bool_)
    mask[keys] = True
    return mask


def chosen(keys: Keys, mask: Mask) -> Keys:
    """Return the keys that are in a mask, in their order; an index of booleans is much slower."""
    return keys.take(np.flatnonzero(mask.take(keys)))


@dataclass(frozen=True, slots=True)
class _Answer:
    mask: Mask
    scores: Scores


class Evaluation:
    """The evaluation of one question on a snapshot of a library."""

    def __init__(self, words: Leaves, ask: Ask) -> None:
        self.words = words
        self.ask = ask
        self.all = ask.listing.keys
        self.size = max(1, len(ask.listing.places))
        self._found: dict[Leaf, Postings] = {}
        self._missing: list[str] = []

    def page(self) -> Page:
        """Return the papers that match, sorted: all of them, whatever rows were asked for."""
        answer = self._answer(self.ask.tree)
        bonus = self._title_bonus(self.ask.tree)
        answer.scores[bonus.keys] += bonus.scores
        hidden = self._hide(answer)
        first = self._sorted(answer)
        keys, scores = first, answer.scores.take(first)
        few = self.ask.relax and len(first) < MIN_FULL_MATCHES
        relaxed = relax(self.ask.tree) if few else None
        if relaxed is not None:
            some = self._answer(relaxed)
            some.scores[bonus.keys] += bonus.scores
            self._hide(some)
            some.mask[first] = False
            rest = self._sorted(some)
            keys = np.concatenate((first, rest))
            scores = np.concatenate((scores, some.scores.take(rest)))
        missing = tuple(dict.fromkeys(self._missing))
        return Page(0, keys, scores, len(keys), len(first), hidden, not missing, missing)

    def matching(self) -> Keys:
        """Return the papers that match the whole query, in the order of their keys."""
        answer = self._answer(self.ask.tree)
        self._hide(answer)
        return np.flatnonzero(answer.mask)

    def _hide(self, answer: _Answer) -> int:
        """Remove the papers that are left out; return the number of those hidden."""
        if self.ask.within is not None:
            inside = self.ask.within[self.ask.within < self.size]
            np.logical_and(answer.mask, mask_of(inside, self.size), out=answer.mask)
        hidden = self.ask.without[self.ask.without < self.size]
        found = int(answer.mask[hidden].sum())
        answer.mask[hidden] = False
        return found

    def _title_bonus(self, tree: Node) -> Postings:
        words = [leaf for leaf in dict.fromkeys(leaves(tree)) if is_plain(leaf)]
        if not words or self.ask.stop.is_set():
            return Postings.empty()
        return self._known(self.words.title_bonus(words))

    def _known(self, found: Postings) -> Postings:
        """Return postings without papers that have been added since."""
        if found.keys.max(initial=0) < self.size:
            return found
        known = np.flatnonzero(found.keys < self.size)
        return Postings(found.keys.take(known), found.scores.take(known))

    def _sorted(self, answer: _Answer) -> Keys:
        order = self.ask.order
        by_score = self.ask.by_score
        if order is None or order is self.all:
            if by_score:
                return self._by_score(answer)
            order = self.all
        else:  # papers may have been added since
            order = order[order < self.size]
        keys = chosen(order, answer.mask)
        return keys.take(descending(answer.scores.take(keys))) if by_score else keys

    def _by_score(self, answer: _Answer) -> Keys:
        """Return the matching keys by descending score, those of equal scores in listing order."""
        keys = np.flatnonzero(answer.mask)
        if len(keys) * FEW < len(self.all):
            keys = self.all.take(np.sort(self.ask.listing.places.take(keys)))
        else:
            keys = chosen(self.all, answer.mask)
        return keys.take(descending(answer.scores.take(keys)))

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
                return self._of(chosen(self.all, ~self._answer(node.part).mask))
            case Everything():
                return self._of(self.all)
            case Nothing():
                return self._of(np.empty(0, np.int64))

    def _of(self, keys: Keys, scores: Scores | None = None) -> _Answer:
        answer = _Answer(mask_of(keys, self.size), np.zeros(self.size, np.float32))
        if scores is not None:
            answer.scores[keys] = scores
        return answer

    def _both(self, node: And) -> _Answer:
        if not node.parts:
            return self._of(self.all)
        answer = self._of(np.empty(0, np.int64))
        answer.mask[:] = True
        for part, times in Counter(node.parts).items():
            self._combine(answer, part, np.float32(times), np.logical_and)
            if not answer.mask.any():
                break
        return answer

    def _either(self, node: Or) -> _Answer:
        answer = self._of(np.empty(0, np.int64))
        for part, times in Counter(node.parts).items():
            self._combine(answer, part, np.float32(times), np.logical_or)
        return answer

    def _combine(self, answer: _Answer, part: Node, times: np.float32, how: np.ufunc) -> None:
        """Combine an answer's mask with that of a part, and add the part's scores some times."""
        if isinstance(part, Leaf):  # avoids scores of all papers for each of many words
            found = self._leaf(part)
            how(answer.mask, mask_of(found.keys, self.size), out=answer.mask)
            answer.scores[found.keys] += found.scores * times
        else:
            other = self._answer(part)
            how(answer.mask, other.mask, out=answer.mask)
            np.add(answer.scores, other.scores * times, out=answer.scores)

    def _leaf(self, leaf: Leaf) -> Postings:
        """Return the papers that match a leaf, each distinct leaf resolved once."""
        if leaf not in self._found:
            self._found[leaf] = self._known(self._resolve(leaf))
        return self._found[leaf]

    def _resolve(self, leaf: Leaf) -> Postings:
        if self.ask.stop.is_set():
            self._missing.append(getattr(leaf, "text", "") or leaf.field)
            return Postings.empty()
        if is_text(leaf):
            return self.words.postings(leaf)
        assert not isinstance(leaf, Word)
        keys = self.ask.sets(leaf)
        if keys is None:
            return self.words.postings(as_phrase(leaf))
        return Postings(keys, np.zeros(len(keys), np.float32))


def descending(scores: Scores) -> Keys:
    """Return the indices that sort non-negative scores in descending order, stably.

    The bits of such scores are in their order. NumPy sorts 16 bits at a time in linear time, four
    times faster than all of them at once.
    """
    bits = ~scores.view(np.uint32)
    order = np.argsort(bits.astype(np.uint16), kind="stable")  # the lower half
    higher = (bits >> np.uint32(16)).astype(np.uint16)
    return order.take(np.argsort(higher.take(order), kind="stable"))


def relax(tree: Node) -> Node | None:
    """Return a query that matches papers with some of the words, or None if it has no such words.

    Only required words without a field are relaxed; states, fields and exclusions remain.
    """
    if not isinstance(tree, And):
        return None
    words = [part for part in tree.parts if is_plain(part)]
    if len(words) < 2:
        return None
    return all_of([any_of(words), *(part for part in tree.parts if not is_plain(part))])


def as_phrase(leaf: Leaf) -> Phrase:
    """Return the phrase to search for in place of a value that the library does not have."""
    if isinstance(leaf, Phrase):
        return leaf
    return Phrase(leaf.value, "", leaf.prefix) if isinstance(leaf, Label) else Phrase("")


def is_text(leaf: Node) -> TypeGuard[Word | Phrase]:
    """Return whether a leaf is found in texts, rather than one of the library's sets."""
    return isinstance(leaf, Word) or (isinstance(leaf, Phrase) and leaf.field not in VALUE_FIELDS)


def is_plain(part: Node) -> TypeGuard[Word | Phrase]:
    """Return whether a leaf is a word or phrase without a field."""
    return isinstance(part, Word | Phrase) and not part.field
