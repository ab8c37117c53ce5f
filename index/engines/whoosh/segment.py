"""One segment of a Whoosh index: the frequencies of words and phrases in documents, as arrays."""

from collections.abc import Iterable, Iterator, Sequence

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

Sums = npt.NDArray[np.float64]

NOWHERE = np.empty(0, np.uint32), np.empty(0, np.uint32)
"""The postings of a phrase that no document contains."""

WHOLE, TITLE = "text", "title"
"""A field, and one whose words it contains: what is not in the first is not in the second."""

MAX_ABSENT_PHRASES = 1_000
"""Phrases that are remembered as missing, mostly words written apart that never are."""

FEW = 8
"""Ratio of documents to postings from which postings count as few."""

POSITION_BITS = 20
"""Number of bits that hold a position below its document number; texts are much shorter."""

HASH_BITS = 18

MAX_SORTED = 5_000
"""Positions of two words that are compared by sorting them; hashes then rule out most."""

MAX_ADDED = 1 << 17
"""Postings that are added at once, since NumPy copies them to numbers of 64 bits."""


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
        self._has_deleted = False
        self._absent: set[Run] = before._absent if before else set()
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
        self._has_deleted = True
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
        numbers, weights = self._counted(field, runs)
        if not self._has_deleted:
            return numbers, weights
        alive = np.flatnonzero(self.keys.take(numbers))
        return numbers.take(alive), weights.take(alive)

    def matches_outside(
        self, field: str, part: str, times: int, runs: Sequence[Run]
    ) -> tuple[Numbers, Weights]:
        """Return the matches in `field` outside `part`, which `field` contains `times` times."""
        weights = np.zeros(self.count, np.float32)
        for where, factor in ((field, 1), (part, -times)):
            numbers, added = self._counted(where, runs)
            weights[numbers] += np.float32(factor) * added
        numbers = np.flatnonzero((weights > 0) & (self.keys > 0))
        return numbers, weights.take(numbers)

    def _counted(self, field: str, runs: Sequence[Run]) -> tuple[Numbers, Weights]:
        """Return the documents that contain any of the runs, sorted, with frequencies."""
        slices = [at for run in runs if len(run) == 1 for at in self._slices(field, run[0])]
        phrases = [self._phrase(field, run) for run in runs if len(run) > 1]
        lists = [(self._numbers(at), self.arrays.weights[at.start : at.stop]) for at in slices]
        lists += [found for found in phrases if len(found[0])]
        if len(lists) == 1 and (not slices or slices[0].is_term):
            numbers, weights = lists[0]
            return numbers.astype(np.int64), weights.astype(np.float32)
        found = self._added(lists)
        self._release(slices)
        return found

    def _release(self, slices: Iterable[Slice]) -> None:
        """Release the pages of the lists of whole prefixes, which are read once and not again."""
        for at in slices:
            if not at.is_term:
                self.arrays.release(at)

    def _added(self, lists: Sequence[tuple[Integers, Integers]]) -> tuple[Numbers, Weights]:
        """Return the documents in any list, sorted, with the sums of their frequencies."""
        if sum(len(numbers) for numbers, _ in lists) * FEW > self.count:
            sums: Sums = np.zeros(self.count)
            for numbers, weights in lists:
                for start in range(0, len(numbers), MAX_ADDED):
                    end = start + MAX_ADDED
                    sums += np.bincount(numbers[start:end], weights[start:end], self.count)
            found = np.flatnonzero(sums > 0)
            return found, sums.take(found).astype(np.float32)
        # Sorting few is faster than counting for each document of the segment.
        none = np.empty(0, np.uint32)
        joined = np.concatenate((none, *(numbers for numbers, _ in lists)))
        added = np.concatenate((none, *(weights for _, weights in lists)))
        order = np.argsort(joined, kind="stable")  # which finds that the lists are sorted
        joined, added = joined.take(order), added.take(order)
        starts = starts_of_runs(joined)
        sums = np.add.reduceat(added, starts) if len(starts) else added
        return joined.take(starts).astype(np.int64), sums.astype(np.float32)

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

    def _phrase(self, field: str, run: Run) -> tuple[Integers, Integers]:
        """Return the documents that contain a phrase, sorted, with frequencies."""
        if field in (WHOLE, TITLE) and run in self._absent:
            return NOWHERE
        found = self._find_phrase(field, run)
        if field == WHOLE and not len(found[0]):
            if len(self._absent) > MAX_ABSENT_PHRASES:
                self._absent.clear()
            self._absent.add(run)
        return found

    def _find_phrase(self, field: str, run: Run) -> tuple[Integers, Integers]:
        slots = [(step, list(self._slices(field, slot))) for step, slot in enumerate(run)]
        wholes = [(step, Slot((slot.whole,))) for step, slot in enumerate(run) if slot.whole]
        slots += [(step, list(self._slices(field, whole))) for step, whole in wholes]
        slots.sort(key=lambda slot: sum(at.stop - at.start for at in slot[1]))  # the rarest first
        starts = np.empty(0, np.int64)
        for at, (step, slices) in enumerate(slots):
            documents = distinct(starts >> POSITION_BITS) if at else None
            positions = self._positions(slices, documents) - step
            self._release(slices)
            if at:
                starts = common(starts, positions)
            else:
                starts = distinct(np.sort(positions, kind="stable"))
            if not len(starts):
                return NOWHERE
        numbers = starts >> POSITION_BITS
        firsts = starts_of_runs(numbers)
        weights = np.diff(firsts, append=len(numbers))
        return numbers.take(firsts).astype(np.uint32), weights.astype(np.uint32)

    def _positions(self, slices: Sequence[Slice], documents: Numbers | None) -> Numbers:
        """Return the positions in all or some documents, each combined with its document number."""
        parts = [np.empty(0, np.int64)]
        for at in slices:
            numbers, weights = self._numbers(at), self.arrays.weights[at.start : at.stop]
            if at.last > len(self.arrays.places):
                raise EngineBroken("the search index is damaged: position out of range")
            places = self.arrays.places[at.first : at.last]
            if documents is not None:
                chosen = self._postings_of(documents, numbers, is_sorted=at.is_term)
                ends = np.cumsum(weights, dtype=np.uint32).take(chosen).astype(np.int64)
                numbers, weights = numbers.take(chosen), weights.take(chosen)
                # The offset of each chosen posting's positions, relative to the chosen ones joined.
                offsets = np.repeat(ends - np.cumsum(weights, dtype=np.int64), weights)
                places = places.take(offsets + np.arange(len(offsets)))
            positions: Numbers = np.repeat(numbers.astype(np.int64) << POSITION_BITS, weights)
            positions += places
            parts.append(positions)
        return np.concatenate(parts)

    def _postings_of(self, documents: Numbers, numbers: Integers, *, is_sorted: bool) -> Numbers:
        """Return the indices of the postings that belong to some sorted documents."""
        if is_sorted and len(documents) * FEW < len(numbers):
            wanted = documents.astype(np.uint32)
            at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
            return at.take(np.flatnonzero(numbers.take(at) == wanted))
        mask = np.zeros(self.count, np.bool_)
        mask[documents] = True
        return np.flatnonzero(mask.take(numbers))


def starts_of_runs(numbers: npt.NDArray[np.integer]) -> Numbers:
    """Return the indices at which sorted numbers differ from those before."""
    first = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=first[1:])
    return np.flatnonzero(first)


def distinct(numbers: Numbers) -> Numbers:
    """Return sorted numbers without repetitions, and without negative ones."""
    found = numbers.take(starts_of_runs(numbers))
    return found[np.searchsorted(found, 0) :]


def common(numbers: Numbers, others: Numbers) -> Numbers:
    """Return those of some sorted numbers that are among others, which may be in any order."""
    if len(numbers) + len(others) > MAX_SORTED:
        numbers, others = _likely_common(numbers, others)
    if not len(others):
        return others
    others = np.sort(others, kind="stable")  # which finds that most are sorted
    at = np.minimum(np.searchsorted(others, numbers), len(others) - 1)
    return numbers.take(np.flatnonzero(others.take(at) == numbers))


def _likely_common(numbers: Numbers, others: Numbers) -> tuple[Numbers, Numbers]:
    """Return the numbers in either array whose hashes are in both: all common ones, and a few."""
    table = np.zeros(1 << HASH_BITS, np.bool_)
    hashes, hashes_of_others = _hashes(numbers), _hashes(others)
    table[hashes] = True
    likely = np.flatnonzero(table.take(hashes_of_others))
    table[hashes] = False
    table[hashes_of_others.take(likely)] = True
    return numbers.take(np.flatnonzero(table.take(hashes))), others.take(likely)


def _hashes(numbers: Numbers) -> Numbers:
    """Return a hash of `HASH_BITS` bits for each number (multiplicative, Knuth, vol. 3, 6.4)."""
    product = numbers.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (product >> np.uint64(64 - HASH_BITS)).view(np.int64)
