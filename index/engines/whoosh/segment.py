"""One segment of a Whoosh index: how often its documents hold words and phrases, as arrays."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.reading import IndexReader

from index.engines.base import EngineBroken
from index.engines.whoosh.reader import Integers, Numbers, Slice, Weights, column, lengths, terms_of

Mask = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float64]

NOWHERE = Slice(0, 0, 0, 0)

PLACES = 20
"""Bits that a place in a text takes beside its document's number; texts end well before."""


class Slot(NamedTuple):
    """What stands at one place of a text: one of some terms, or any that begins with a prefix."""

    terms: tuple[str, ...]
    prefix: str = ""


Run = tuple[Slot, ...]
"""Slots at places one after another: a word is a run of one, a phrase of several."""


class Segment:
    """The postings of one segment, and which paper each of its documents is."""

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        self.count = reader.doc_count_all()
        self.terms = terms_of(reader)
        self.arrays = self.terms.arrays
        self._lengths: dict[str, Weights] = {}
        self.keys = self._read_keys()

    def _read_keys(self) -> Numbers:
        """Return the key of each document's paper, 0 where the document was deleted.

        Raises EngineBroken where a writer has taken the file away: Whoosh would read it as zeros.
        """
        keys = column(self.reader, "key")
        if not keys.all():
            raise EngineBroken("a segment of the search index is no longer there")
        segment = self.reader.segment()
        keys[list(segment.deleted_docs()) if segment else []] = 0
        return keys

    def lengths(self, field: str) -> Weights:
        """Return the length of each document's field, in terms."""
        if field not in self._lengths:
            self._lengths[field] = lengths(self.reader, field)
        return self._lengths[field]

    def holding(self, field: str, runs: Sequence[Run]) -> tuple[Numbers, Weights]:
        """Return the documents that hold any of some runs of terms, and how often each does.

        Of documents that were deleted nothing is told.
        """
        numbers, weights = self._lone(field, runs) or self._dense(self.weights(field, runs))
        alive = self.keys[numbers] > 0
        return (numbers, weights) if alive.all() else (numbers[alive], weights[alive])

    def holding_less(
        self, field: str, part: str, times: int, runs: Sequence[Run]
    ) -> tuple[Numbers, Weights]:
        """Return the same of a field without a part of it that it has several times."""
        weights = self.weights(field, runs) - times * self.weights(part, runs)
        return self._dense(np.where(self.keys > 0, weights, 0).astype(np.float32))

    def _lone(self, field: str, runs: Sequence[Run]) -> tuple[Numbers, Weights] | None:
        """Return the list of the one term that is asked for, as it stands; None for more."""
        if len(runs) != 1 or len(runs[0]) != 1 or runs[0][0].prefix or len(runs[0][0].terms) != 1:
            return None
        at = self.terms.found(field, runs[0][0].terms[0]) or NOWHERE
        numbers = self._numbers(at).astype(np.int64)
        return numbers, self.arrays.weights[at.start : at.stop].astype(np.float32)

    def _dense(self, weights: Weights) -> tuple[Numbers, Weights]:
        numbers = np.flatnonzero(weights > 0)
        return numbers, weights[numbers]

    def weights(self, field: str, runs: Sequence[Run]) -> Weights:
        """Return how often each document holds any of some runs of terms."""
        weights = np.zeros(self.count)
        for run in runs:
            if len(run) == 1:
                self._add_word(weights, field, run[0])
            else:
                self._add_phrase(weights, field, run)
        return weights.astype(np.float32)

    def _add_word(self, weights: Sums, field: str, slot: Slot) -> None:
        for at in self._slices(field, slot):
            numbers = self._numbers(at)
            # Of several terms a document may have more than one.
            weights += np.bincount(numbers, self.arrays.weights[at.start : at.stop], self.count)

    def _numbers(self, at: Slice) -> Integers:
        """Return the documents of lists.

        Raises EngineBroken for one that is not there: what counts them would take memory for it.
        """
        numbers = self.arrays.numbers[at.start : at.stop]
        if len(numbers) and numbers.max() >= self.count:
            raise EngineBroken("the search index is damaged (documents that are not there)")
        return numbers

    def _slices(self, field: str, slot: Slot) -> Iterator[Slice]:
        """Yield where the lists of a slot's terms stand, none of them twice."""
        if slot.prefix:
            begun = self.terms.begun(field, slot.prefix)
            if begun.start < begun.stop:
                yield begun
        for term in slot.terms:
            if not (slot.prefix and term.startswith(slot.prefix)):
                at = self.terms.found(field, term)
                if at:
                    yield at

    def _add_phrase(self, weights: Sums, field: str, run: Run) -> None:
        slices = [list(self._slices(field, slot)) for slot in run]
        holding = self._holding_all(slices)
        if not holding.any():
            return
        follows = self._places(slices[0], holding)
        for step, several in enumerate(slices[1:], 1):
            there = self._places(several, holding) - step
            follows = np.intersect1d(follows, there, assume_unique=True)
        weights += np.bincount(follows >> PLACES, minlength=self.count)

    def _holding_all(self, slices: list[list[Slice]]) -> Mask:
        """Return which documents hold something of each slot."""
        holding = np.ones(self.count, np.bool_)
        for several in slices:
            here = np.zeros(self.count, np.bool_)
            for at in several:
                here[self._numbers(at)] = True
            holding &= here
        return holding

    def _places(self, slices: list[Slice], holding: Mask) -> Numbers:
        """Return all places of some lists in the documents wanted, as numbers that compare."""
        parts = [np.empty(0, np.int64)]
        for at in slices:
            numbers = self._numbers(at)
            weights = self.arrays.weights[at.start : at.stop]
            if at.last > len(self.arrays.places):
                raise EngineBroken("the search index is damaged (places that are not there)")
            kept = holding[numbers]
            ends = np.cumsum(weights, dtype=np.int64)[kept]
            counts = weights[kept].astype(np.int64)
            moves = ends - np.cumsum(counts)  # from where the places kept would stand side by side
            chosen = np.repeat(moves, counts)
            chosen += np.arange(len(chosen))
            each = np.repeat(numbers[kept].astype(np.int64) << PLACES, counts)
            parts.append(each + self.arrays.places[at.first : at.last][chosen])
        return np.concatenate(parts)
