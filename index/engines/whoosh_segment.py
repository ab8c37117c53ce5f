"""One segment of a Whoosh index: how often its documents hold words and phrases, as arrays."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh.reading import IndexReader

from index.engines import whoosh_codec
from index.engines.whoosh_codec import Numbers, Slice, Weights

Mask = npt.NDArray[np.bool_]

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
        self.terms = whoosh_codec.terms_of(reader)
        self.arrays = self.terms.arrays
        self._lengths: dict[str, Weights] = {}

    @cached_property
    def keys(self) -> Numbers:
        """The key of each document's paper, 0 where the document was deleted."""
        keys = whoosh_codec.column(self.reader, "key")
        keys[[number for number in range(len(keys)) if self.reader.is_deleted(number)]] = 0
        return keys

    def lengths(self, field: str) -> Weights:
        """Return the length of each document's field, in terms."""
        if field not in self._lengths:
            self._lengths[field] = whoosh_codec.lengths(self.reader, field)
        return self._lengths[field]

    def weights(self, field: str, runs: Iterable[Run]) -> Weights:
        """Return how often each document holds any of some runs of terms."""
        weights = np.zeros(self.count, np.float32)
        for run in runs:
            if len(run) == 1:
                self._add_word(weights, field, run[0])
            else:
                self._add_phrase(weights, field, run)
        return weights

    def _add_word(self, weights: Weights, field: str, slot: Slot) -> None:
        for at in self._slices(field, slot):
            numbers = self.arrays.numbers[at.start : at.stop]
            held = self.arrays.weights[at.start : at.stop]
            # Of several terms a document may have more than one.
            weights += np.bincount(numbers, held, self.count).astype(np.float32)

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

    def _add_phrase(self, weights: Weights, field: str, run: Run) -> None:
        slices = [list(self._slices(field, slot)) for slot in run]
        holding = self._holding_all(slices)
        if not holding.any():
            return
        follows = self._places(slices[0], holding)
        for step, several in enumerate(slices[1:], 1):
            there = self._places(several, holding) - step
            follows = np.intersect1d(follows, there, assume_unique=True)
        weights += np.bincount(follows >> PLACES, minlength=self.count).astype(np.float32)

    def _holding_all(self, slices: list[list[Slice]]) -> Mask:
        """Return which documents hold something of each slot."""
        holding = np.ones(self.count, np.bool_)
        for several in slices:
            here = np.zeros(self.count, np.bool_)
            for at in several:
                here[self.arrays.numbers[at.start : at.stop]] = True
            holding &= here
        return holding

    def _places(self, slices: list[Slice], holding: Mask) -> Numbers:
        """Return all places of some lists in the documents wanted, as numbers that compare."""
        parts = [np.empty(0, np.int64)]
        for at in slices:
            numbers = self.arrays.numbers[at.start : at.stop].astype(np.int64)
            each = np.repeat(numbers, self.arrays.weights[at.start : at.stop])
            wanted = holding[each]
            places = self.arrays.places[at.first : at.last]
            parts.append((each[wanted] << PLACES) + places[wanted])
        return np.concatenate(parts)
