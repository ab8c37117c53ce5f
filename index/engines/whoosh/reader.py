"""Reads the posting lists of a segment as memory-mapped arrays.

This module is the only one that uses private names of Whoosh; tests/test_private_names.py fails if
a new version of Whoosh lacks one of them.
"""

import mmap
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from copy import copy
from functools import cached_property
from pathlib import Path
from struct import Struct
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec, W3TermsReader, _lenfield
from whoosh.columns import NumericColumn
from whoosh.index import FileIndex
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.reading import IndexReader, TermNotFound
from whoosh.system import pack_ushort
from whoosh.util.numeric import byte_to_length

SIGNATURE = 0x4C525243  # "CRRL"
NO_FIELD = 0xFFFF

SAMPLE_STEP = 128
"""Keys of the term table between two that are kept in memory."""

RELEASE: int | None = getattr(mmap, "MADV_DONTNEED", None)
"""The advice to release the pages of a mapped file from memory, on systems that have it."""

MIN_RELEASED = 1 << 15
"""Postings whose pages are released from memory once they are read."""

HEADER_LENGTH = 5
"""Number of 32-bit integers before the first posting."""

NARROW_COLUMNS = ("weights", "places")
"""The columns that have 16 bits if their values fit."""

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]
Integers = npt.NDArray[np.uint32]


class Slice(NamedTuple):
    """The location of posting lists: postings `start` to `stop`, positions `first` to `last`.

    Ends are excluded. `is_term` is whether they are one list.
    """

    start: int
    stop: int
    first: int
    last: int
    is_term: bool = False


class Arrays:
    """The memory-mapped postings of a segment: `numbers` and `weights` of the postings, and the
    positions of all (`places`). Raises ValueError if the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        whole: Integers = np.frombuffer(self._map, "<u4")
        if len(whole) < HEADER_LENGTH or whole[0] != SIGNATURE:
            raise ValueError(f"{path.name} is not a postings file")
        count, places, *widths = whole[1:HEADER_LENGTH].tolist()
        if not {2, 4}.issuperset(widths):
            raise ValueError(f"{path.name} is not a postings file")
        sizes = [-(-n * width // 4) for n, width in ((count, widths[0]), (places, widths[1]))]
        if len(whole) != HEADER_LENGTH + count + sum(sizes):
            raise ValueError(f"{path.name} is truncated")
        self.numbers, weights, positions = np.split(
            whole[HEADER_LENGTH:], [count, count + sizes[0]]
        )
        self.weights: Integers = weights.view(f"<u{widths[0]}")[:count]
        self.places: Integers = positions.view(f"<u{widths[1]}")[:places]

    def release(self, at: Slice) -> None:
        """Release the pages of posting lists from memory, if there are many.

        Otherwise, those of short prefixes would be most of what a process holds. The system caches
        them, so that reading them again takes little longer.
        """
        if RELEASE is None or at.stop - at.start < MIN_RELEASED:
            return
        start = 4 * HEADER_LENGTH
        for values, first, last in (
            (self.numbers, at.start, at.stop),
            (self.weights, at.start, at.stop),
            (self.places, at.first, at.last),
        ):
            width = values.itemsize
            begin = -(-(start + first * width) // mmap.PAGESIZE) * mmap.PAGESIZE
            length = (start + last * width) // mmap.PAGESIZE * mmap.PAGESIZE - begin
            if length > 0:
                self._map.madvise(RELEASE, begin, length)
            start += -(-values.nbytes // 4) * 4


class SegmentTerms(W3TermsReader):
    """The terms of a segment and the arrays of their postings.

    Whoosh's term table consists of sorted records followed by their offsets. It is memory-mapped,
    so that a binary search needs no system calls.
    """

    def __init__(self, codec: W3Codec, storage: Any, segment: Any) -> None:
        name = segment.make_filename(W3Codec.TERMS_EXT)
        posts = segment.make_filename(W3Codec.POSTS_EXT)
        super().__init__(  # type: ignore[no-untyped-call]  # Whoosh's own
            codec, storage.open_file(name), storage.file_length(name), storage.open_file(posts)
        )
        self.arrays = Arrays(Path(storage.folder) / posts)
        with (Path(storage.folder) / name).open("rb") as file:
            self._records = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        table: Any = self._tindex
        kind = np.dtype(table.extras["indextype"]).newbyteorder(">")
        self._positions = np.frombuffer(self._records, kind, table.indexlen, table.indexbase)

    def matcher(
        self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None
    ) -> "ArrayMatcher":
        """Return the postings of a term for Whoosh's own searches; raises TermNotFound."""
        return ArrayMatcher(self, (fieldname, tbytes), format_, scorer)

    def find(self, field: str, term: str) -> Slice | None:
        """Return the location of a term's posting list, or None if there is none."""
        key = self._key(field, term)
        low, high = self._block(key)
        if low == high:
            return None
        # Each record begins with the lengths of its key and its value, and all values have one.
        record = _HEADER.pack(len(key), _VALUE_SIZE) + key
        start = int(self._positions[low])
        stop = int(self._positions[high]) if high < len(self._positions) else self._records_end
        found = self._records[start:stop].find(record)  # of bytes, faster than that of a map
        if found < 0:
            return None
        at = start + found
        after = at + len(record) + _VALUE_SIZE
        _, start, first = self._list_from(at)
        _, stop, last = self._list_from(after) if at < int(self._positions[-1]) else self._end
        return Slice(start, stop, first, last, is_term=True)

    def find_prefix(self, field: str, prefix: str) -> Slice:
        """Return the location of the posting lists of all terms with a prefix."""
        key = self._key(field, prefix)
        _, start, first = self._list_at(self._place(key))
        _, stop, last = self._list_at(
            self._place(key + b"\xff")
        )  # a byte that does not occur in UTF-8
        return Slice(start, stop, first, last)

    @property
    def fields(self) -> list[str]:
        """The names of the fields that have terms."""
        return sorted(self._fieldmap)

    def lists(self, field: str) -> tuple[list[bytes], list[int], Slice]:
        """Return the terms of a field, the number of postings of each, and where all of them are.

        Terms are in the order of their postings.
        """
        first = self._key(field, "")
        low, high = self._place(first), self._place(first + b"\xff")
        terms = [self._key_at(at)[len(first) :] for at in range(low, high)]
        counts = [self._list_at(at)[0] for at in range(low, high)]
        (_, start, begin), (_, stop, end) = self._list_at(low), self._list_at(high)
        return terms, counts, Slice(start, stop, begin, end)

    def words(self, field: str) -> Iterator[str]:
        """Yield the sorted terms of a field."""
        first = self._key(field, "")
        for at in range(self._place(first), self._place(first + b"\xff")):
            yield self._key_at(at)[len(first) :].decode()

    def _key(self, field: str, term: str) -> bytes:
        return pack_ushort(self._fieldmap.get(field, NO_FIELD)) + term.encode()

    def _block(self, key: bytes) -> tuple[int, int]:
        """Return the numbers of the few records that a key may be among, end excluded."""
        after = bisect_right(self._sample, key) * SAMPLE_STEP
        return max(0, after - SAMPLE_STEP), min(after, len(self._positions))

    def _place(self, key: bytes) -> int:
        """Return the number of the first record whose key is at least `key`."""
        low, high = self._block(key)
        while low < high:
            middle = (low + high) // 2
            if self._key_at(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low

    @cached_property
    def _sample(self) -> list[bytes]:
        """Every `SAMPLE_STEP`th key, which narrows a search to a few records."""
        keys = [self._key_at(at) for at in range(0, len(self._positions), SAMPLE_STEP)]
        if RELEASE is not None:  # most of the table's pages, which only this has read
            self._records.madvise(RELEASE)
        return keys

    @cached_property
    def _records_end(self) -> int:
        """The end of the last record, after which the file has other tables."""
        last = int(self._positions[-1])
        (length,) = _LENGTH.unpack_from(self._records, last)
        return last + _LENGTHS_SIZE + int(length) + _VALUE_SIZE

    def _key_at(self, at: int) -> bytes:
        position = int(self._positions[at])
        (length,) = _LENGTH.unpack_from(self._records, position)
        start = position + _LENGTHS_SIZE
        return self._records[start : start + length]

    def _list_at(self, at: int) -> tuple[int, int, int]:
        """Return the length, first posting and first position of a term's list."""
        if at == len(self._positions):
            return self._end
        return self._list_from(int(self._positions[at]))

    @property
    def _end(self) -> tuple[int, int, int]:
        """The same for the end of the table: an empty list after all others."""
        return 0, len(self.arrays.numbers), len(self.arrays.places)

    def _list_from(self, position: int) -> tuple[int, int, int]:
        """Return the same for the record at a position in the file."""
        (length,) = _LENGTH.unpack_from(self._records, position)
        count, offset = _INFO.unpack_from(self._records, position + _LENGTHS_SIZE + length)
        return count, *divmod(offset, 1 << 32)  # the offset packs both numbers


_LENGTH = Struct("!i")
_HEADER = Struct("!ii")
_LENGTHS_SIZE = _HEADER.size
"""The header of a record: the lengths of its key and of its value."""

_VALUE_SIZE = Struct("!BfIBBfIIqi").size
"""The size of a `W3TermInfo`, as `writer` writes it."""

_INFO = Struct("!5xI14xq")
"""The fields of a `W3TermInfo` that are used: the number of postings, and the first of them."""


class ArrayMatcher(LeafMatcher):
    """Iterates over a posting list, for Whoosh's own searches."""

    def __init__(
        self, terms: SegmentTerms, term: tuple[str, bytes], format: Any, scorer: Any
    ) -> None:
        at = terms.find(term[0], term[1].decode())
        if at is None:
            raise TermNotFound(f"no {term[0]} contains {term[1]!r}")
        start, stop, first = at[:3]
        self.format, self.scorer, self._term = format, scorer, term
        self._numbers = terms.arrays.numbers[start:stop].tolist()
        self._weights = terms.arrays.weights[start:stop].tolist()
        ends = first + np.cumsum(terms.arrays.weights[start:stop], dtype=np.int64)
        self._places, self._ends = terms.arrays.places, ends
        self._at = 0

    def is_active(self) -> bool:
        """Return whether there is a current posting."""
        return self._at < len(self._numbers)

    def id(self) -> int:
        """Return the document number."""
        return cast("int", self._numbers[self._at])

    def weight(self) -> float:
        """Return the frequency."""
        return float(self._weights[self._at])

    def value(self) -> bytes:
        """Return the packed positions."""
        end = int(self._ends[self._at])
        return array("I", self._places[end - self._weights[self._at] : end].tolist()).tobytes()

    def next(self) -> None:
        """Advance to the next posting."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:
        """Advance to the first posting with at least a document number."""
        if not self.is_active():
            raise ReadTooFar
        self._at = max(self._at, bisect_left(self._numbers, id))

    def copy(self) -> "ArrayMatcher":
        """Return an independent copy of this matcher."""
        return copy(self)

    def reset(self) -> None:
        """Return to the first posting."""
        self._at = 0

    def supports_block_quality(self) -> bool:
        """Return False: there are no blocks to skip."""
        return False


def terms_of(reader: IndexReader) -> SegmentTerms:
    """Return the terms of a segment; raises TypeError if another codec wrote it."""
    inner: Any = reader
    terms = inner._terms
    if not isinstance(terms, SegmentTerms):
        raise TypeError(f"{type(terms).__name__} has no array postings")
    return terms


def segments_of(index: FileIndex) -> list[Any]:
    """Return the segments of an index as of its latest commit."""
    inner: Any = index
    return list(inner._segments())


def column(reader: IndexReader, name: str) -> Numbers:
    """Return a numeric column of a segment, with one value per document."""
    return _values(reader.column_reader(name, translate=False), reader.doc_count_all())


def whole_column(index: Any, name: str) -> Numbers:
    """Return a numeric column of an index, with one value per document, deleted or not."""
    reader = index.reader()
    try:
        leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
        return np.concatenate([np.empty(0, np.int64), *(column(leaf, name) for leaf in leaves)])
    finally:
        reader.close()


def lengths(reader: IndexReader, field: str) -> Weights:
    """Return the number of terms in a field of each document, rounded as Whoosh does it."""
    inner: Any = reader
    name: Any = _lenfield
    count = reader.doc_count_all()
    values = inner._perdoc._cached_reader(name(field), LENGTHS_COLUMN)
    return np.zeros(count, np.float32) if values is None else _LENGTHS[_values(values, count)]


_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float32)


def _values(values: Any, count: int) -> Numbers:
    """Return all values of a column; documents after its end have the default, 0."""
    column = np.zeros(count, np.int64)
    if type(values) is NumericColumn.Reader:
        stored = values._dbfile.get_array(values._basepos, values._typecode, values._count)
        column[: len(stored)] = stored
        return column
    column[:] = [values[number] for number in range(count)]
    return column
