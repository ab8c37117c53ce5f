"""Collects the postings of a segment as arrays and writes them."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.system import pack_ushort

from index.engines.whoosh.lexicon import Lexicon, NumberedText, WordTable
from index.engines.whoosh.reader import (
    SIGNATURE,
    Integers,
    Numbers,
    SegmentTerms,
    terms_of,
)
from index.engines.whoosh.spool import Spool

NO_POSITION = bytes(4)
"""The position of a posting in a field without positions."""

MAX_BATCH_TEXTS = 2_000
"""Texts split into terms at a time."""

_MAX_BATCH_WORDS = 1_000_000
"""Words whose terms are counted at a time."""

MAX_BATCH_OCCURRENCES = 1_500_000
"""Occurrences of terms sorted at a time."""


class SortedPostings(NamedTuple):
    """Postings of a field sorted by term: the `terms`, the number of postings of each, and the
    arrays of all postings.
    """

    field: str
    terms: list[bytes]
    counts: Numbers
    numbers: Integers
    weights: Integers
    places: Integers


class Occurrences(NamedTuple):
    """Occurrences of terms as parallel arrays; `numbers` are document numbers."""

    terms: Integers
    numbers: Integers
    places: Integers


class FieldPostings:
    """The texts of a field in the order of documents, and postings of existing segments."""

    def __init__(self) -> None:
        self._words, self._numbers, self._lengths = (array("I") for _ in range(3))
        self._terms, self._documents, self._weights, self._places = (array("I") for _ in range(4))
        self._word_table: WordTable | None = None

    def add_text(self, number: int, text: NumberedText) -> None:
        """Add the text of a document."""
        self._word_table = text.words
        self._numbers.append(number)
        self._lengths.append(len(text.numbers))
        self._words += text.numbers

    def add_posting(self, term: int, number: int, weight: int, places: bytes) -> None:
        """Add a posting, which has as many positions as its weight."""
        self._terms.append(term)
        self._documents.append(number)
        self._weights.append(weight)
        self._places.frombytes(places)

    def add_lists(
        self, terms: Integers, documents: Integers, weights: Integers, places: Integers
    ) -> None:
        """Add postings as arrays, with all their positions one after another."""
        for known, more in zip(
            (self._terms, self._documents, self._weights, self._places),
            (terms, documents, weights, places),
            strict=True,
        ):
            known.frombytes(more.astype(np.uint32, copy=False).tobytes())

    def occurrences(self) -> Occurrences:
        """Return all occurrences of terms: those in texts, then those of existing segments."""
        terms, places = (np.empty(self._count(), np.uint32) for _ in range(2))
        result = Occurrences(terms, self._empty_numbers(len(terms)), places)
        at = 0
        for part in self._parts():
            for whole, some in zip(result, part, strict=True):
                whole[at : at + len(some)] = some
            at += len(part.terms)
        return result

    def _empty_numbers(self, count: int) -> Integers:
        """Return an array that the document numbers fit in, which are most often below 65,536."""
        known = (_integers(some).max(initial=0) for some in (self._numbers, self._documents))
        return np.empty(count, np.uint16 if max(known) < 1 << 16 else np.uint32)

    def _count(self) -> int:
        """Return the number of occurrences."""
        words, total = _integers(self._words), int(_integers(self._weights).sum())
        if self._word_table is not None:
            sizes = _integers(self._word_table.sizes)
            for first in range(0, len(words), _MAX_BATCH_WORDS):
                total += int(sizes[words[first : first + _MAX_BATCH_WORDS]].sum())
        return total

    def _parts(self) -> Iterator[Occurrences]:
        numbers, lengths = _integers(self._numbers), _integers(self._lengths)
        words = _integers(self._words)
        at = 0
        for first in range(0, len(numbers), MAX_BATCH_TEXTS):
            some = slice(first, first + MAX_BATCH_TEXTS)
            end = at + int(lengths[some].sum())
            yield self._split(words[at:end], numbers[some], lengths[some])
            at = end
        weights = _integers(self._weights)
        yield Occurrences(
            np.repeat(_integers(self._terms), weights),
            np.repeat(_integers(self._documents), weights),
            _integers(self._places),
        )

    def _split(self, words: Integers, numbers: Integers, lengths: Integers) -> Occurrences:
        """Return the occurrences of terms in texts, whose words are split into terms."""
        assert self._word_table is not None
        sizes = _integers(self._word_table.sizes)
        place = _starts(_integers(self._word_table.spans)[words])
        place -= np.repeat(place[_starts(lengths)], lengths)  # each text starts at 0; none is empty
        counts = sizes[words]
        pieces = np.repeat(_starts(sizes)[words] - _starts(counts), counts)
        pieces += np.arange(len(pieces), dtype=np.uint32)
        return Occurrences(
            _integers(self._word_table.terms)[pieces],
            np.repeat(np.repeat(numbers, lengths), counts),
            np.repeat(place, counts) + _integers(self._word_table.places)[pieces],
        )


class ArrayPool:
    """Collects the postings of a segment, in place of Whoosh's own pool.

    Documents are added in the order of their numbers, and so are the postings of each term.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._fields: dict[str, FieldPostings] = {}

    def add(self, item: tuple[str, bytes, int, float, NumberedText | bytes]) -> None:
        """Add a posting (field, term, document, weight, positions), or a text in its place."""
        name, term, number, weight, given = item
        field = self._fields.get(name) or self._fields.setdefault(name, FieldPostings())
        if isinstance(given, NumberedText):
            field.add_text(number, given)
        else:
            known = self._lexicon.terms
            at = known.setdefault(term, len(known))
            field.add_posting(at, number, int(weight), given or NO_POSITION)

    def add_segment(self, reader: Any, start: int, documents: dict[int, int] | None) -> None:
        """Add the postings of a segment that is merged.

        Its documents have numbers from `start`, or those in `documents` if some are deleted. Whoosh
        would add each posting by itself.
        """
        terms, count = terms_of(reader), reader.doc_count_all()
        renumbered = np.arange(start, start + count)
        if documents is not None:
            renumbered[:] = -1
            renumbered[list(documents)] = list(documents.values())
        for name in terms.fields:
            field = self._fields.get(name) or self._fields.setdefault(name, FieldPostings())
            field.add_lists(*self._lists(terms, name, renumbered))

    def _lists(
        self, terms: SegmentTerms, name: str, renumbered: Numbers
    ) -> tuple[Integers, Integers, Integers, Integers]:
        """Return the postings of a field: numbers of terms and documents, weights, positions."""
        words, counts, at = terms.lists(name)
        known = self._lexicon.terms
        places = np.array([known.setdefault(word, len(known)) for word in words], np.uint32)
        weights = terms.arrays.weights[at.start : at.stop]
        numbers = renumbered[terms.arrays.numbers[at.start : at.stop]]
        kept = numbers >= 0
        positions = terms.arrays.places[at.first : at.last][np.repeat(kept, weights)]
        return (
            np.repeat(places, counts)[kept],
            numbers[kept].astype(np.uint32),
            weights[kept].astype(np.uint32),
            positions.astype(np.uint32),
        )

    def iter_postings(self) -> Iterator[SortedPostings]:
        """Yield all postings by field; each has as many positions as its weight."""
        written = list(self._lexicon.terms)
        for name in sorted(self._fields):
            yield from _sorted_postings(name, self._fields.pop(name).occurrences(), written)

    def cleanup(self) -> None:
        """Discard all postings."""
        self._fields.clear()


def _sorted_postings(
    name: str, found: Occurrences, written: list[bytes]
) -> Iterator[SortedPostings]:
    """Yield the postings of a field, in batches of terms that limit the peak of memory."""
    present = _present(found.terms, written)
    ranks = np.empty(len(written), np.uint32)
    ranks[present] = np.arange(len(present))
    np.take(ranks, found.terms, out=found.terms, mode="clip")
    ends = np.cumsum(np.bincount(found.terms))
    steps = np.arange(0, len(found.terms), MAX_BATCH_OCCURRENCES)
    cuts = np.unique(np.searchsorted(ends, steps)).tolist()
    for first, end in pairwise([*cuts, len(present)]):
        yield _sort_batch(name, found, first, [written[term] for term in present[first:end]])


def _sort_batch(name: str, found: Occurrences, first: int, terms: list[bytes]) -> SortedPostings:
    """Return the postings of consecutive terms; `first` is the rank of the first one."""
    chosen = np.flatnonzero((found.terms >= first) & (found.terms < first + len(terms)))
    # Sorting term and index packed into one integer is much faster than sorting by term.
    both = found.terms[chosen].astype(np.uint64) - np.uint64(first) << np.uint64(32)
    both |= chosen.astype(np.uint32)
    both.sort()
    order = both.astype(np.uint32)  # the lower half
    ranks, numbers = (both >> np.uint64(32)).astype(np.int64), found.numbers[order]
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (ranks[1:] != ranks[:-1]) | (numbers[1:] != numbers[:-1])
    starts = np.flatnonzero(begins)
    return SortedPostings(
        name,
        terms,
        np.bincount(ranks[starts]),
        numbers[starts],
        np.diff(starts, append=len(order)).astype(np.uint32),
        found.places[order],
    )


def _present(terms: Integers, written: list[bytes]) -> list[int]:
    """Return the distinct terms that occur, sorted by their text."""
    occurs = np.zeros(len(written), np.bool_)
    occurs[terms] = True
    return sorted(np.flatnonzero(occurs).tolist(), key=written.__getitem__)


def _integers(numbers: "array[int]") -> Integers:
    return np.frombuffer(numbers, np.uint32) if numbers else np.empty(0, np.uint32)


def _starts(counts: Integers) -> Integers:
    """Return the start of each of consecutive groups with the given sizes."""
    return np.cumsum(counts, dtype=np.uint32) - counts


class ArrayWriter:
    """Writes the postings of an `ArrayPool`, in place of Whoosh's FieldWriter."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._terms: Any = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._file = segment.create_file(storage, W3Codec.POSTS_EXT)
        self._folder = storage.folder
        self.is_closed = False

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[SortedPostings]) -> None:
        """Write all postings of a segment and its term table."""
        fields: dict[str, int] = {}
        self._terms.extras["fieldmap"] = fields
        posting = place = 0
        folder = self._folder
        with Spool(folder) as numbers, Spool(folder) as weights, Spool(folder) as places:
            for part in items:
                field = fields.setdefault(part.field, len(fields))
                self._add_terms(field, part, posting, place)
                posting, place = posting + len(part.numbers), place + len(part.places)
                numbers.add(part.numbers)
                weights.add(part.weights)
                places.add(part.places)
            widths = weights.width, places.width
            self._write([np.array((SIGNATURE, posting, place, *widths), np.uint32)], 4)
            for column, width in ((numbers, 4), (weights, widths[0]), (places, widths[1])):
                self._write(column.parts(), width)

    def _write(self, arrays: Iterable[Integers], width: int) -> None:
        """Write arrays of integers of `width` bytes, padded to a multiple of four."""
        size = 0
        for numbers in arrays:
            self._file.write(numbers.astype(f"<u{width}", copy=False).tobytes())
            size += len(numbers) * width
        self._file.write(bytes(-size % 4))

    def _add_terms(self, field: int, part: SortedPostings, posting: int, place: int) -> None:
        """Write terms of a field; `posting` and `place` are the first of their lists."""
        starts = np.cumsum(part.counts) - part.counts
        totals = np.add.reduceat(part.weights, starts, dtype=np.int64)
        offsets = ((starts + posting) << 32) + np.cumsum(totals) - totals + place
        highest = np.maximum.reduceat(part.weights, starts)
        first, last = part.numbers[starts], part.numbers[starts + part.counts - 1]
        columns = (totals, part.counts, highest, first, last, offsets)
        prefix, add = pack_ushort(field), self._terms.add
        for term, total, count, highest_weight, low, high, offset in zip(
            part.terms, *(column.tolist() for column in columns), strict=True
        ):
            info = _INFO.pack(0, total, count, 0, 0, highest_weight, low, high, offset, count)
            add(prefix + term, info)

    def close(self) -> None:
        """Close both files."""
        self._terms.close()
        self._file.close()
        self.is_closed = True


_INFO = Struct("!BfIBBfIIqi")
"""A `W3TermInfo`: nothing inlined, total weight, number of postings, no lengths, highest weight,
first and last document, offset of the postings, and their number again.
"""
