"""Reading the posting lists of a segment as the arrays they are, mapped from their file.

All private names of Whoosh that Carrel uses are in this module; tests/test_private_names.py fails
when a new Whoosh has one no longer.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from copy import copy
from mmap import ACCESS_READ, mmap
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

SIGN = 0x4C525243  # "CRRL"
NO_FIELD = 0xFFFF

HEAD = 3
"""Integers before the first posting."""

Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]
Integers = npt.NDArray[np.uint32]


class Slice(NamedTuple):
    """Where lists of postings stand: from posting `start` to `stop`, from place `first` to `last`.

    All ends are excluded.
    """

    start: int
    stop: int
    first: int
    last: int


class Arrays:
    """The postings of a segment, mapped: `numbers` and `weights` of each posting, `places` of all.

    Raises ValueError for a file that is not what was written.
    """

    def __init__(self, path: Path) -> None:
        whole: Integers = np.memmap(path, dtype="<u4", mode="r")
        if len(whole) < HEAD or whole[0] != SIGN:
            raise ValueError(f"{path.name} holds no postings")
        count, places = int(whole[1]), int(whole[2])
        if len(whole) != HEAD + 2 * count + places:
            raise ValueError(f"{path.name} is cut off")
        self.numbers, self.weights, self.places = np.split(
            whole.view(np.ndarray)[HEAD:], [count, 2 * count]
        )


class Terms(W3TermsReader):
    """The terms of a segment, with the arrays their postings stand in.

    Whoosh's table of terms is a file of records in order, with their positions behind them; it is
    mapped, so that a term is found without a system call for each step.
    """

    def __init__(self, codec: W3Codec, storage: Any, segment: Any) -> None:
        name = segment.make_filename(W3Codec.TERMS_EXT)
        posts = segment.make_filename(W3Codec.POSTS_EXT)
        super().__init__(  # type: ignore[no-untyped-call]  # Whoosh's own
            codec, storage.open_file(name), storage.file_length(name), storage.open_file(posts)
        )
        self.arrays = Arrays(Path(storage.folder) / posts)
        with (Path(storage.folder) / name).open("rb") as file:
            self._records = mmap(file.fileno(), 0, access=ACCESS_READ)
        table: Any = self._tindex
        kind = np.dtype(table.extras["indextype"]).newbyteorder(">")
        self._positions = np.frombuffer(self._records, kind, table.indexlen, table.indexbase)

    def matcher(
        self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None
    ) -> "ArrayMatcher":
        """Return the postings of a term for Whoosh's own searching; raises TermNotFound."""
        return ArrayMatcher(self, (fieldname, tbytes), format_, scorer)

    def found(self, field: str, term: str) -> Slice | None:
        """Return where the list of a term stands; None where there is none."""
        key = self._key(field, term)
        at = self._place(key)
        if at == len(self._positions) or self._key_at(at) != key:
            return None
        count, start, first = self._list_at(at)
        weights = self.arrays.weights[start : start + count]
        return Slice(start, start + count, first, first + int(weights.sum()))

    def begun(self, field: str, prefix: str) -> Slice:
        """Return where the lists of all terms stand that begin so."""
        key = self._key(field, prefix)
        _, start, first = self._list_at(self._place(key))
        _, stop, last = self._list_at(self._place(key + b"\xff"))  # which no UTF-8 holds
        return Slice(start, stop, first, last)

    def words(self, field: str) -> Iterator[str]:
        """Yield the terms of a field, in order."""
        first = self._key(field, "")
        for at in range(self._place(first), self._place(first + b"\xff")):
            yield self._key_at(at)[len(first) :].decode()

    def _key(self, field: str, term: str) -> bytes:
        return pack_ushort(self._fieldmap.get(field, NO_FIELD)) + term.encode()

    def _place(self, key: bytes) -> int:
        """Return the number of the first record that comes at a key or behind it."""
        low, high = 0, len(self._positions)
        while low < high:
            middle = (low + high) // 2
            if self._key_at(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low

    def _key_at(self, at: int) -> bytes:
        position = int(self._positions[at])
        (length,) = _LENGTH.unpack_from(self._records, position)
        start = position + _LENGTHS_SIZE
        return self._records[start : start + length]

    def _list_at(self, at: int) -> tuple[int, int, int]:
        """Return the length of a term's list, its first posting and its first place."""
        if at == len(self._positions):
            return 0, len(self.arrays.numbers), len(self.arrays.places)
        position = int(self._positions[at])
        (length,) = _LENGTH.unpack_from(self._records, position)
        count, offset = _INFO.unpack_from(self._records, position + _LENGTHS_SIZE + length)
        return count, *divmod(offset, 1 << 32)  # the offset has room for both


_LENGTH = Struct("!i")
_LENGTHS_SIZE = Struct("!ii").size
"""A record: the length of its key and of its value, then both."""

_INFO = Struct("!5xI14xq")
"""What of a `W3TermInfo` is read: the number of postings, and where they begin."""


class ArrayMatcher(LeafMatcher):
    """Steps through a list posting by posting, as Whoosh's own searching does."""

    def __init__(self, terms: Terms, term: tuple[str, bytes], format: Any, scorer: Any) -> None:
        at = terms.found(term[0], term[1].decode())
        if at is None:
            raise TermNotFound(f"no {term[0]} has {term[1]!r}")
        start, stop, first, _ = at
        self.format, self.scorer, self._term = format, scorer, term
        self._numbers = terms.arrays.numbers[start:stop].tolist()
        self._weights = terms.arrays.weights[start:stop].tolist()
        ends = first + np.cumsum(terms.arrays.weights[start:stop], dtype=np.int64)
        self._places, self._ends = terms.arrays.places, ends
        self._at = 0

    def is_active(self) -> bool:
        """Tell whether there is a posting left."""
        return self._at < len(self._numbers)

    def id(self) -> int:
        """Return the document number."""
        return cast("int", self._numbers[self._at])

    def weight(self) -> float:
        """Return the frequency."""
        return float(self._weights[self._at])

    def value(self) -> bytes:
        """Return the places, as they were written."""
        end = int(self._ends[self._at])
        return array("I", self._places[end - self._weights[self._at] : end].tolist()).tobytes()

    def next(self) -> None:
        """Go to the next posting."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:
        """Go to the first posting of a document number or a higher one."""
        if not self.is_active():
            raise ReadTooFar
        self._at = max(self._at, bisect_left(self._numbers, id))

    def copy(self) -> "ArrayMatcher":
        """Return another that goes on from here."""
        return copy(self)

    def reset(self) -> None:
        """Go back to the first posting."""
        self._at = 0

    def supports_block_quality(self) -> bool:
        """Tell that there are no blocks to skip."""
        return False


def terms_of(reader: IndexReader) -> Terms:
    """Return the terms of a segment; raises TypeError for one that another codec wrote."""
    inner: Any = reader
    terms = inner._terms
    if not isinstance(terms, Terms):
        raise TypeError(f"{type(terms).__name__} has no arrays")
    return terms


def segments_of(index: FileIndex) -> list[Any]:
    """Return the segments of an index as it was last committed."""
    inner: Any = index
    return list(inner._segments())


def column(reader: IndexReader, name: str) -> Numbers:
    """Return a numeric column of a segment: a value for each document."""
    return _values(reader.column_reader(name, translate=False), reader.doc_count_all())


def highest(index: Any, name: str) -> int:
    """Return the highest value of a numeric column; 0 of an index without documents."""
    reader = index.reader()
    try:
        leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
        return max((int(column(leaf, name).max()) for leaf in leaves), default=0)
    finally:
        reader.close()


def lengths(reader: IndexReader, field: str) -> Weights:
    """Return the number of terms each document of a segment has in a field, as Whoosh rounds it."""
    inner: Any = reader
    name: Any = _lenfield
    count = reader.doc_count_all()
    values = inner._perdoc._cached_reader(name(field), LENGTHS_COLUMN)
    return np.zeros(count, np.float32) if values is None else _ROUNDED[_values(values, count)]


_ROUNDED = np.array([byte_to_length(byte) for byte in range(256)], np.float32)


def _values(values: Any, count: int) -> Numbers:
    """Return a column whole; what it does not reach up to is its default."""
    found = np.zeros(count, np.int64)
    if type(values) is NumericColumn.Reader:
        held = values._dbfile.get_array(values._basepos, values._typecode, values._count)
        found[: len(held)] = held
        return found
    found[:] = [values[number] for number in range(count)]
    return found
