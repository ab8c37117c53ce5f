"""One segment of a Whoosh index: the frequencies of words and phrases in documents, as arrays."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from whoosh.reading import IndexReader

from index.engines.base import EngineBroken
from index.engines.runs import Run, Slot
from index.engines.whoosh.reader import (
    Integers,
    Numbers,
    SegmentTerms,
    Slice,
    Weights,
    column,
    lengths,
    terms_of,
)

Mask = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float64]

FEW = 8
"""Ratio of documents to postings from which postings count as few."""

POSITION_BITS = 20
"""Number of bits that hold a position below its document number; texts are much shorter."""


def segment_name(reader: IndexReader) -> str:
    """Return the name of a reader's segment."""
    segment = reader.segment()
    return str(segment.segment_id()) if segment else ""


class Segment:
    """The postings of one segment, and the paper key of each of its documents.

    A commit only deletes documents of a segment: what was read of it `before` is taken from there.
    """

    def __init__(self, reader: IndexReader, before: "Segment | None" = None) -> None:
        self.reader = reader
        self.count = reader.doc_count_all()
        self.terms: SegmentTerms = before.terms if before else terms_of(reader)
        self.arrays = self.terms.arrays
        self._lengths: dict[str, Weights] = before._lengths if before else {}
        self._stored: Numbers = before._stored if before else self._read_keys()
        self.keys = self._without_deleted()

    @property
    def name(self) -> str:
        """The name of the segment, which no other has."""
        return segment_name(self.reader)

    def _read_keys(self) -> Numbers:
        """Return the paper key of each document.

        Raises EngineBroken if a writer has deleted the file, which Whoosh would read as zeros.
        """
        keys = column(self.reader, "key")
        if not keys.all():
            raise EngineBroken("a segment of the search index was deleted")
        return keys

    def _without_deleted(self) -> Numbers:
        """Return the paper key of each document, 0 for deleted documents."""
        segment = self.reader.segment()
        deleted = list(segment.deleted_docs()) if segment else []
        if not deleted:
            return self._stored
        keys = self._stored.copy()
        keys[deleted] = 0
        return keys

    def lengths(self, field: str) -> Weights:
        """Return the number of terms in a field of each document."""
        if field not in self._lengths:
            self._lengths[field] = lengths(self.reader, field)
        return self._lengths[field]

    def matches(self, field: str, runs: Sequence[Run]) -> tuple[Numbers, Weights]:
        """Return the documents that contain any of the runs, with frequencies.

        Deleted documents are left out.
        """
        slices = self._slices_of(field, runs)
        is_phrase = any(len(run) > 1 for run in runs)
        few = None if is_phrase else self._few(slices)
        numbers, weights = few or self._nonzero(self._counted(field, runs, slices))
        alive = self.keys[numbers] > 0
        return (numbers, weights) if alive.all() else (numbers[alive], weights[alive])

    def matches_outside(
        self, field: str, part: str, times: int, runs: Sequence[Run]
    ) -> tuple[Numbers, Weights]:
        """Return the matches in `field` outside `part`, which `field` contains `times` times."""
        weights = self.weights(field, runs) - times * self.weights(part, runs)
        return self._nonzero(np.where(self.keys > 0, weights, 0).astype(np.float32))

    def _few(self, slices: Sequence[Slice]) -> tuple[Numbers, Weights] | None:
        """Return the matches in posting lists if these are short, or only one, else None.

        They are sorted, which is faster than counting for each document of the segment.
        """
        if len(slices) == 1 and slices[0].is_term:
            numbers, weights = self._postings(slices)
            return numbers.astype(np.int64), weights.astype(np.float32)
        if sum(at.stop - at.start for at in slices) * FEW > self.count:
            return None
        numbers, weights = self._postings(slices)
        distinct, places = np.unique(numbers, return_inverse=True)
        return distinct.astype(np.int64), np.bincount(places, weights).astype(np.float32)

    def _nonzero(self, weights: Weights) -> tuple[Numbers, Weights]:
        numbers = np.flatnonzero(weights > 0)
        return numbers, weights[numbers]

    def weights(self, field: str, runs: Sequence[Run]) -> Weights:
        """Return how often each document contains any of the runs."""
        return self._counted(field, runs, self._slices_of(field, runs))

    def _slices_of(self, field: str, runs: Sequence[Run]) -> list[Slice]:
        """Return the locations of the posting lists of all runs of one word."""
        return [at for run in runs if len(run) == 1 for at in self._slices(field, run[0])]

    def _counted(self, field: str, runs: Sequence[Run], slices: Sequence[Slice]) -> Weights:
        """Return how often each document contains any of the runs, given those of one word."""
        # With several terms, a document may occur more than once.
        weights: Sums = np.bincount(*self._postings(slices), self.count).astype(np.float64)
        for run in runs:
            if len(run) > 1:
                self._add_phrase(weights, field, run)
        return weights.astype(np.float32)

    def _postings(self, slices: Sequence[Slice]) -> tuple[Integers, Integers]:
        """Return the document numbers and frequencies in posting lists, one after another."""
        if len(slices) == 1:
            (at,) = slices
            return self._numbers(at), self.arrays.weights[at.start : at.stop]
        numbers = [self._numbers(at) for at in slices]
        weights = [self.arrays.weights[at.start : at.stop] for at in slices]
        none = np.empty(0, np.uint32)
        return np.concatenate((none, *numbers)), np.concatenate((none, *weights))

    def _numbers(self, at: Slice) -> Integers:
        """Return the document numbers in posting lists.

        Raises EngineBroken if one is out of range, which would exhaust memory when counted.
        """
        numbers = self.arrays.numbers[at.start : at.stop]
        if len(numbers) and numbers.max() >= self.count:
            raise EngineBroken("the search index is damaged: document number out of range")
        return numbers

    def _slices(self, field: str, slot: Slot) -> Iterator[Slice]:
        """Yield the locations of the posting lists of a slot's terms, without duplicates."""
        if slot.prefix:
            at_prefix = self.terms.find_prefix(field, slot.prefix)
            if at_prefix.start < at_prefix.stop:
                yield at_prefix
        for term in slot.terms:
            if not (slot.prefix and term.startswith(slot.prefix)):
                at = self.terms.find(field, term)
                if at:
                    yield at

    def _add_phrase(self, weights: Sums, field: str, run: Run) -> None:
        slices = [list(self._slices(field, slot)) for slot in run]
        candidates = self._with_all_slots(slices)
        if not candidates.any():
            return
        starts = self._positions(slices[0], candidates)
        for step, several in enumerate(slices[1:], 1):
            shifted = self._positions(several, candidates) - step
            starts = np.intersect1d(starts, shifted, assume_unique=True)
        weights += np.bincount(starts >> POSITION_BITS, minlength=self.count)

    def _with_all_slots(self, slices: list[list[Slice]]) -> Mask:
        """Return the mask of documents that contain a term of every slot."""
        mask = np.ones(self.count, np.bool_)
        for several in slices:
            with_slot = np.zeros(self.count, np.bool_)
            for at in several:
                with_slot[self._numbers(at)] = True
            mask &= with_slot
        return mask

    def _positions(self, slices: list[Slice], candidates: Mask) -> Numbers:
        """Return the positions in some documents, each combined with its document number."""
        parts = [np.empty(0, np.int64)]
        for at in slices:
            numbers = self._numbers(at)
            weights = self.arrays.weights[at.start : at.stop]
            if at.last > len(self.arrays.places):
                raise EngineBroken("the search index is damaged: position out of range")
            wanted = candidates[numbers]
            ends = np.cumsum(weights, dtype=np.int64)[wanted]
            counts = weights[wanted].astype(np.int64)
            offsets = ends - np.cumsum(counts)  # of each list, relative to the wanted lists joined
            chosen = np.repeat(offsets, counts)
            chosen += np.arange(len(chosen))
            each = np.repeat(numbers[wanted].astype(np.int64) << POSITION_BITS, counts)
            places = self.arrays.places[at.first : at.last][chosen]
            parts.append(each + places.astype(np.int64))
        return np.concatenate(parts)
